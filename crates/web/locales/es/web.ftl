# Marcos
shell-skip = Ir al contenido
shell-simple-on = Letras grandes, una cosa a la vez
shell-simple-off = Volver a letras normales
shell-call = ¿Necesita ayuda? Llame al { $phone }.
shell-private = ¿Qué tan privado es esto?
shell-new-page = (abre otra página)
shell-rail = Páginas principales
shell-sign-out = Cerrar sesión
idle-title = ¿Sigue ahí?
idle-text = Su sesión se cerrará pronto, para que nadie más vea esta pantalla. Lo que escribió y no guardó se perdería.
idle-stay = Seguir con la sesión
shell-account = Mi cuenta
shell-demo = Demostración: personas inventadas, sin datos reales.
no-script = La visita por video necesita JavaScript
no-script-detail = Está apagado en este navegador. Puede llenar estas páginas sin él, pero la visita no funciona. Actívelo, por favor, y cargue esta página otra vez.
no-script-call = O llame al { $phone }. Buscamos otro modo para usted.
shell-emergency = Abierto por una emergencia. Puede leer, no escribir.
shell-emergency-left = { $n ->
    [one] Queda 1 minuto, hasta las { $at }.
   *[other] Quedan { $n } minutos, hasta las { $at }.
  }
shell-emergency-end = Terminar ahora
shell-step = Paso { $now } de { $of }

# Formularios
form-optional = (opcional)
form-faults = Revise esto, por favor
form-continue = Continuar
form-back = Atrás
form-save = Guardar
form-cancel = Cancelar

# Barra lateral
rail-day = Hoy
rail-patients = Pacientes
rail-practice = Consultorio
rail-staff = Personal

# Funciones
role-owner = Titular
role-administrator = Administración
role-privacy-official = Responsable de privacidad
role-security-official = Responsable de seguridad
role-clinician = Profesional clínico
role-desk = Recepción
role-assistant = Asistente

# Relaciones
relation-care-team = Equipo de atención
relation-host = Anfitrión
relation-deputy = Suplente
relation-patient = Paciente
relation-representative = Representante
relation-supporter = Acompañante
relation-interpreter = Intérprete

# Fallos: qué pasó y qué hacer
failure-sign-in = Inicie sesión, por favor
failure-sign-in-detail = No ha iniciado sesión, o la sesión se cerró porque no hubo actividad. Inicie sesión o abra otra vez el enlace de su consultorio.
failure-second-fact = Primero, una pregunta más
failure-second-fact-detail = Abra otra vez el enlace de su consultorio y responda la pregunta. Así su visita sigue siendo privada.
failure-prove-again = Muestre que sigue siendo usted
failure-prove-again-detail = Esto pide que confirme otra vez quién es, para que nadie más lo haga en su navegador abierto. No se guardó nada. Confirme que es usted y hágalo otra vez.
failure-prove-again-go = Confirmar que soy yo
failure-not-found = Aquí no hay nada
failure-not-found-detail = La dirección puede estar mal, la página puede haberse cerrado o no está abierta para usted. Vuelva atrás o llame a su consultorio.
failure-bad-input = No pudimos leer eso
failure-bad-input-detail = Faltaba algo o no tenía la forma correcta. Vuelva atrás e inténtelo otra vez.
failure-stale-form = Esta página estuvo abierta demasiado tiempo
failure-stale-form-detail = Para protegerle, no lo guardamos. Vuelva atrás, recargue la página y envíela otra vez.
failure-other-site = Esto vino de otro sitio web
failure-other-site-detail = Para protegerle, no lo hicimos. Abra la página aquí e inténtelo otra vez.
failure-wrong-method = Esta dirección no funciona así
failure-wrong-method-detail = Vuelva atrás y use los botones de la página.
failure-wrong-kind = No podemos leer este tipo de archivo o formulario
failure-wrong-kind-detail = Vuelva atrás y use el formulario de la página.
failure-too-large = Es demasiado grande
failure-too-large-detail = No se guardó nada. Hágalo más corto o más pequeño e inténtelo otra vez.
failure-set-up = Este consultorio todavía no está abierto
failure-set-up-detail = La persona propietaria aún lo está preparando: primero hay que nombrar a los responsables y el contacto para quejas.
failure-changed = Alguien acaba de cambiar esto
failure-changed-detail = No se perdió nada. Recargue la página para ver lo nuevo e inténtelo otra vez.
failure-too-many = Demasiados intentos
failure-too-many-detail = Espere unos minutos e inténtelo otra vez. O llame a su consultorio.
failure-busy = Ahora mismo estamos ocupados
failure-busy-detail = No se perdió nada. Inténtelo otra vez en un momento.
failure-broken = Algo falló de nuestro lado
failure-broken-detail = No es culpa suya. Inténtelo otra vez. Si vuelve a pasar, llame a su consultorio.
failure-again = Intentar otra vez
failure-home = Ir a la página de inicio
failure-incident = Si nos llama, diga este número: { $incident }

# Las zonas, como las llama la gente
zone-eastern = hora del Este
zone-central = hora del Centro
zone-mountain = hora de la Montaña
zone-arizona = hora de Arizona
zone-pacific = hora del Pacífico
zone-alaska = hora de Alaska
zone-hawaii = hora de Hawái
zone-puerto-rico = hora de Puerto Rico
zone-guam = hora de Guam
