# Durante la visita: lo que dice la conexión cuando algo se rechaza o falla, y palabras de la fila.

message-too-long = Eso era demasiado largo para enviarlo.
message-too-long-detail = Hágalo más corto e inténtelo otra vez. No cambió nada más.
message-malformed = Esta página envió algo que no pudimos leer.
message-malformed-detail = Vuelva a cargar la página. No cambió nada y no se molestó a nadie.
message-version = Esta página es antigua.
message-version-detail = Vuelva a cargar la página para tener la nueva.
message-unknown = Esta página pidió algo que no conocemos.
message-unknown-detail = Vuelva a cargar la página para tener la más nueva.
message-too-fast = Eso fue demasiado de una vez.
message-too-fast-detail = Espere un momento e inténtelo otra vez.
message-too-many-mistakes = Esta página tuvo demasiados problemas seguidos.
message-too-many-mistakes-detail = La conexión se cerró. Vuelva a cargar la página para regresar.

hello-first = Esta página no dijo quién es.
hello-first-detail = Regrese y abra la sala otra vez.
ticket-over = Esta entrada a la sala ya se usó o es demasiado antigua.
ticket-over-detail = Regrese a la página anterior y presione el botón otra vez.
resume-over = No pudimos traerle de vuelta desde aquí.
resume-over-detail = Regrese a la página anterior y presione el botón otra vez.
signed-out = Su sesión está cerrada.
signed-out-detail = Inicie sesión otra vez y abra la sala otra vez.
superseded = La sala está abierta en otra pestaña o ventana.
superseded-detail = Siga allí. Esta está cerrada.
too-slow = Su conexión no alcanzó.
too-slow-detail = Intentaremos traerle de vuelta.
server-full = Hay demasiadas personas conectadas en este momento.
server-full-detail = Espere un minuto e inténtelo otra vez, o llame al consultorio.

not-yours = Solo el anfitrión puede hacer eso.
not-yours-detail = Pídaselo al anfitrión.
person-not-here = Esa persona ya no está aquí.
person-not-here-detail = La lista de su pantalla estará al día en un momento.
not-admitted = Usted todavía no está en la sala.
not-admitted-detail = Espere hasta que el anfitrión le deje entrar.
room-full = La sala está llena.
room-full-detail = En una sala caben cuatro personas. Primero tiene que salir alguien.
room-locked = La sala está cerrada con llave.
room-locked-detail = Abra la sala y luego deje entrar.
visit-over = Esta visita terminó.
visit-over-detail = Aquí no hay nada más que hacer. Llame al consultorio si tiene una pregunta.
room-not-open = Esta sala todavía no se puede abrir.
room-not-open-detail = Envíe primero la invitación y luego abra la sala.
offer-refused = No se pudo conectar el sonido y la imagen.
offer-refused-detail = Vuelva a cargar la página. Si sigue igual, use un navegador actual o llame al consultorio.
media-full = El sonido y la imagen están ocupados en este momento.
media-full-detail = Espere un momento e inténtelo otra vez.
try-again = Algo falló de nuestro lado.
try-again-detail = No cambió nada. Inténtelo otra vez en un momento.

during-page-closed = Página no abierta
during-role-patient = Paciente
during-role-clinician = Profesional clínico
during-role-deputy = Personal
during-role-representative = Representante
during-role-supporter = Acompañante
during-role-interpreter = Intérprete
