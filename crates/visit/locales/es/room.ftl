# Palabras de la sala y de la prueba de cámara y micrófono. Las mismas claves que en/room.ftl.

# Abrir
title-lobby = Sala de espera
title-room = Su visita
title-turn = Es su turno
title-over = Fin de la visita
connecting-title = Abrimos su visita
connecting-text = Un momento.
connecting-slow = Tarda más de lo normal. Seguimos intentando.

# Sala de espera
lobby-you-are = Está en la sala de espera
lobby-position = { $form ->
   *[other] { $position }.º
}
lobby-next = Su turno es el próximo
lobby-minutes = { $minutes ->
    [0] en cualquier momento
    [one] alrededor de 1 minuto
   *[other] alrededor de { $minutes } minutos
}
lobby-no-estimate = { $clinician } le hará pasar
lobby-you-will-see = Su consulta es con { $clinician }.
lobby-who-lets-in = Solo esa persona o nuestro equipo puede hacerle pasar.
lobby-also = Quién más viene
say-coming = { $host } También estará: { $others }.
say-coming-alone = { $host } No viene nadie más.
lobby-from-desk = De la consulta, { $time }
lobby-no-messages = Si le escribimos, lo lee aquí.
lobby-keep-open = Deje esta página abierta. Cuando sea su turno, suena un timbre y la página lo dice.
lobby-screen-on = Su pantalla sigue encendida mientras espera.
lobby-ring = Probar el timbre
lobby-elsewhere = Seguir con otro teléfono o tableta
lessons-title = Mientras espera
lesson-place = Cómo hacer que nadie escuche
lesson-place-text = Cierre la puerta. Use auriculares. Apague los altavoces inteligentes. Si alguien entra, dígalo o pulse el botón para eso. Puede parar cuando quiera.
lesson-link = Cómo saber si un mensaje es nuestro
lesson-link-text = Nuestros mensajes llevan las palabras que usted eligió. Nunca piden claves ni dinero. ¿Tiene dudas? No pulse el enlace. Llámenos.
lesson-after = Qué hacer al terminar la consulta
lesson-after-text = Cierre esta página. En un teléfono o computadora compartidos, cierre también el navegador. Deje la pantalla con clave. Lo que debe saber está en su portal.
lobby-nobody-sees = Nadie puede verle ni oírle todavía.
lobby-look = Cómo se verá usted
lobby-leave = Salir
lobby-call = O llame al { $phone }.
lobby-time = Visita a las { $time }, { $minutes } minutos

# Verdad
how-private = ¿Qué tan privado es esto?
new-page = (abre otra página)
truth-before = Preparamos la privacidad. Todavía no se envía nada.
truth-stuck = Preparar la privacidad tarda demasiado. No se envía nada. Abra su enlace en otra pestaña o llame.
truth-alone = Privado. Solo está usted aquí.
truth-so-far = Privado por ahora. Comprobemos que no hay nadie en medio.
truth-private = Privado.
truth-people = { $count ->
    [one] Solo usted puede ver y oír esto.
   *[other] Solo las { $count } personas que ve pueden ver y oír esto.
}
truth-checked = Comprobado de viva voz { $time }.
truth-known = Comprobado de viva voz en una visita anterior.
truth-chain = { $by } comprobó a { $name } por usted.
truth-ahead = Está con { $name }, de nuestro equipo, que comprueba quién es usted. Su médico aún no ha llegado.
truth-ahead-desk = Está a solas con { $name }. El médico aún no ha llegado.
truth-ahead-so-far = Comparen las seis cifras para estar seguros de que no hay nadie en medio.
truth-ahead-checked = Solo ustedes dos oyen esto: comprobado de viva voz a las { $time }.
truth-stopped = La imagen y el sonido están parados.
truth-quiet = Hace un rato que no sabemos nada de la página de quien dirige. La lista de personas puede ser antigua.
truth-paused = La página de quien dirige no responde. Su imagen y su sonido están en pausa.
truth-split = Quien dirige ve a otras personas que usted. La imagen y el sonido están parados.
truth-go-on = Seguir de todos modos
truth-locked = Puerta cerrada.
truth-not-recorded = No se graba.
clock = Tiempo de visita

# Personas
you = Usted
role-host = profesional
role-deputy = personal
role-patient = paciente
role-representative = representante
role-supporter = acompañante
role-interpreter = intérprete
person-muted = sin sonido
tile-large = Grande
tile-large-label = Grande: { $name }
person-away = { $name } perdió la conexión. Guardamos su lugar.
person-no-picture = Cámara apagada
person-joining = La imagen está en camino
alone-host = Está a solas en la sala.
alone-host-text = Haga pasar a las personas de la lista de espera.
alone-guest = Ya está dentro. { $name } llega enseguida.
alone-guest-plain = Ya está dentro. Los demás llegan enseguida.

# Código hablado
code-title = Seis cifras para comparar
code-ask = Pida a { $name } que lea seis cifras en voz alta o las muestre
code-read = Lea estas seis cifras a { $name }, por favor, o muéstrelas
code-why-host = En voz, en señas o en papel, deben ser iguales a estas. Entonces no hay nadie en medio. El chat no prueba nada.
code-why-guest = { $name } también ve seis cifras. Diga las suyas, en voz o en señas, o muéstrelas en un papel. El chat no prueba nada. Pregunte si son iguales. Luego pulse lo que oyó o vio.
code-ask-here = { $name } dice que las cifras son iguales. ¿Oyó o vio usted lo mismo?
code-once-more = Comparar otra vez
code-matches = Son iguales
code-mismatch = No son iguales
code-large = Ver en grande
code-large-why = ¿Sin voz? Escriba estas cifras en un papel y muéstrelo a su cámara. O muestre esta pantalla a una cámara.
code-skip = Ahora no
code-again = Comparar las cifras
code-again-label = Comparar las cifras con { $name }
check-matches = comprobado de viva voz { $time }
check-matches-by = comprobado de viva voz por { $by } { $time }
check-known-device-by = dispositivo que { $by } conoce
check-known-device = dispositivo conocido
check-skipped = sin comprobar de viva voz
check-mismatch = las cifras no eran iguales
check-not-yet = sin comprobar todavía
door-someone = Alguien
door-list-says = La lista de la consulta dice: { $name }, { $role }.
door-differs = La lista de la consulta dice { $name }, { $role }. Pregunte quién es antes de hacerle pasar.
door-tries = Preguntó { $count } veces.
door-spent = Demasiados intentos. Pídale que llame o envíele un enlace nuevo.
device-new = Dispositivo no visto antes.
device-known = Dispositivo conocido.
device-changed = Otro dispositivo que la última vez.
device-is-changed = { $name } usa otro dispositivo que la última vez. Comparen las seis cifras antes de decir algo personal.
unmet = Ahora dirige la visita { $name }. Ustedes dos todavía no han comparado cifras.
unmet-compare = Pedir cifras para comparar
unmet-unheard = No llegaron cifras. Puede que { $name } ya no tenga. Siga si quiere, pero nadie comprobó que están a solas. Para estar seguro, llame a la consulta.
asking-no-digits = Quiere comparar cifras, pero ya no quedan. Siga si quiere, pero nadie comprobó que están a solas. Para estar seguro, llame a esta persona.
digits-doubted = { $name } dice que las cifras no eran iguales, por eso se pararon su imagen y su sonido. Compárenlas otra vez o llame por teléfono.
say-someone = Hay alguien en la puerta.
code-was-matches = Las cifras eran iguales a las { $time }. No hay nadie en medio.
code-was-known-device = Este dispositivo se comprobó de viva voz en una visita anterior.
code-was-mismatch = Las cifras no eran iguales a las { $time }.
code-was-skipped = Sin comparar, se dejó a las { $time }. Todavía puede leer o mostrar estas cifras a { $name }.
code-tries = Intento { $count } en esta visita. Cada intento es una posibilidad en un millón para quien esté en medio.
auditors = Para auditores
auditors-why = Estas 30 cifras son iguales en todas las páginas de esta sala. Cambian cuando alguien entra o sale.
asking-keys = En la sala, sin claves
person-no-keys = Las claves están en camino
stopped-mismatch = Las cifras no eran iguales. Puede haber alguien en medio, por eso paramos la imagen y el sonido. No cuente nada personal aquí.
stopped-leaking = Este navegador envió algo sin sellar, por eso paramos la imagen y el sonido. Use otro navegador, por favor.
stopped-unsealed = Este navegador no puede sellar la imagen y el sonido, por eso no enviamos nada. Use otro navegador, por favor.
stopped-split = Quien dirige ve a otras personas que usted, por eso paramos la imagen y el sonido. No diga nada personal aquí.
say-code = Seis cifras para comparar: { $digits }
say-checked = Comprobado de viva voz. No hay nadie en medio.

# Mensajes y archivos
talk = Chat
talk-label-new = { $count ->
    [0] Chat
    [one] Chat, 1 mensaje nuevo
   *[other] Chat, { $count } mensajes nuevos
}
talk-title = Mensajes y archivos
talk-private = Solo las personas de esta sala pueden leer esto. Quien llegue después no lo ve. Se borra cuando termina la visita.
talk-none = Todavía nada.
talk-label = Su mensaje
talk-send = Enviar
talk-count = { $count } de { $most } letras
talk-failed = No se envió. Escríbalo otra vez.
talk-stopped = La imagen y el sonido están parados por seguridad, y los mensajes también.
talk-offline = Sin conexión. Podrá escribir cuando vuelva.
talk-no-keys = Preparamos la privacidad. Podrá escribir en un momento.
talk-paused = La página de quien dirige no responde, por eso los mensajes también esperan.
talk-alone = Todavía no hay nadie más.
say-chat = { $name } escribió: { $text }
say-file = { $name } le envía un archivo.
file-choose = Enviar un archivo
file-most = Archivos de hasta 25 MB
file-save = Guardar
file-save-label = Guardar { $name }
file-stop = Parar
file-stop-label = Parar { $name }
file-progress = Cuánto está hecho
file-nameless = Un archivo
file-is-sending = Enviando…
file-is-sent = Enviado. Se borra cuando termina la visita.
file-is-asking = Llega un archivo…
file-is-offered = Ábralo solo si lo esperaba.
file-is-fetching = Recibiendo…
file-is-saved = Guardado en este dispositivo.
file-is-stopped = Usted lo paró. Nadie lo recibió.
file-too-large = Este archivo pasa de 25 MB. Elija uno más pequeño.
file-gone = Este archivo ya no está. Pídalo otra vez.
file-full = En esta visita no caben más archivos. Dé los demás a la consulta después de la visita.
file-damaged = Este archivo no llegó como se envió. No lo use. Pídalo otra vez.
file-lost = Se perdió la conexión. Pruebe otra vez.
file-not-here = Ya no está en la sala.

# Dispositivos propios
turn-on = Encender cámara y micrófono
turn-on-why = La cámara solo se enciende cuando usted pulsa.
turn-on-asking = Su navegador pregunta ahora. Pulse Permitir.
picture-offer = ¿Sin cámara? Mostrar imagen de prueba
picture-note = Imagen y tono de prueba, solo en la demostración
sound-blocked = Pulse para oír a los demás
own-off = Su cámara está apagada
own-picture-asked = Este consultorio pide una imagen. Encienda su cámara, por favor.
trouble-title = Su cámara y su micrófono están apagados
trouble-camera-denied = El navegador no permite la cámara.
trouble-mic-denied = El navegador no permite el micrófono.
trouble-camera-none = No encontramos ninguna cámara.
trouble-mic-none = No encontramos ningún micrófono.
trouble-camera-in_use = Otro programa usa la cámara. Ciérrelo y pruebe otra vez.
trouble-mic-in_use = Otro programa usa el micrófono. Ciérrelo y pruebe otra vez.
trouble-camera-failed = La cámara se detuvo.
trouble-mic-failed = El micrófono se detuvo.
try-again = Probar otra vez
how-to-allow = Cómo permitirlo
advice-app = Su aplicación de correo o de mensajes abrió esta página dentro de ella. Pida un enlace nuevo al consultorio y ábralo en Safari o Chrome.
advice-ios = Abra Ajustes, luego Apps, luego Safari. Pulse Cámara y después Micrófono, y elija Permitir. Vuelva y pulse Probar otra vez.
advice-safari = Pulse Safari en la barra de menús y luego Ajustes de este sitio web. Ponga Cámara y Micrófono en Permitir. Luego pulse Probar otra vez.
advice-android = Pulse el signo a la izquierda de la dirección y luego Permisos. Permita Cámara y Micrófono. Luego pulse Probar otra vez.
advice-firefox = Pulse la cámara tachada a la izquierda de la dirección y quite el bloqueo. Luego pulse Probar otra vez.
advice-chrome = Pulse el signo a la izquierda de la dirección. Active Cámara y Micrófono. Luego pulse Probar otra vez.
advice-edge = Pulse el candado a la izquierda de la dirección y luego Permisos de este sitio. Permita Cámara y Micrófono. Luego pulse Probar otra vez.
advice-other = Abra los ajustes de esta página cerca de la dirección. Permita Cámara y Micrófono. Luego pulse Probar otra vez.

# Controles
controls = Controles
mute = Silenciar
unmute = Activar voz
camera-off = Parar cámara
camera-on = Encender cámara
camera = Cámara
turn = Girar
turn-label = Girar la cámara
devices = Equipos
people = Personas
people-waiting = , { $count } en espera
leave = Salir
end = Terminar
end-label = Terminar la visita para todos
key-hint = tecla { $key }

# Conexión
state-joining = Conectamos imagen y sonido…
state-weak = Conexión débil. El sonido va primero.
state-lost = No hay imagen ni sonido. Los recuperamos.
state-given_up = La imagen y el sonido no volvieron.
state-reconnecting = Sin conexión con la consulta. Seguimos intentando.
state-gone = Sin conexión con la consulta.
state-good = Buena conexión
again = Probar ahora
call-instead = O llame al { $phone }.

# Panel de quien dirige
panel = Personas y puerta
waiting-title = En espera
waiting-none = Nadie espera.
waiting-deputy = El profesional deja entrar a las personas. Usted puede mientras el profesional no está.
waiting-for = { $minutes ->
    [0] acaba de llegar
    [one] espera 1 min
   *[other] espera { $minutes } min
}
admit = Hacer pasar
admit-label = Hacer pasar a { $name }
admitting = Un momento…
toast-waiting = { $name } espera
inside-title = En la sala
remove = Expulsar
remove-label = Expulsar a { $name }
to-lobby = A la espera
to-lobby-label = A la espera: { $name }
door-title = Puerta
lock = Cerrar la puerta
lock-on = Cerrada. Nadie más puede entrar.
lock-off = Abierta. Usted hace pasar a cada persona.
say-title = Mensaje a la sala de espera
say-label = Lo ven todos los que esperan esta visita
say-hint = Sin detalles de salud, por favor.
say-letters = { $count ->
    [one] Queda 1 letra
   *[other] Quedan { $count } letras
}
say-send = Enviar
say-quick-late = Voy con 5 minutos de retraso. ¡Perdone la espera!
close = Cerrar

# Preguntas
cancel = Cancelar
ask-end = ¿Terminar la visita para todos?
ask-end-text = Todos salen de la sala. A quienes esperan se les dice que la visita terminó.
ask-end-yes = Terminar la visita
ask-leave = ¿Salir de la visita?
ask-leave-text = Puede volver mientras la visita esté abierta.
ask-leave-host = La visita sigue sin usted. Para cerrarla para todos, pulse Terminar.
ask-leave-yes = Salir
ask-remove = ¿Expulsar a { $name }?
ask-remove-text = Sale enseguida y no puede volver a esta visita con el mismo enlace.
ask-remove-yes = Expulsar
devices-title = Cámara, micrófono, altavoz
devices-camera = Cámara
devices-mic = Micrófono
devices-speaker = Altavoz
devices-level = Su voz
devices-default = Normal
devices-first = Primero encienda cámara y micrófono. Después puede elegir.
devices-none = No hay
devices-done = Listo

# Fin
ended-title = La visita terminó
ended-text = Gracias. Su cámara y su micrófono están apagados.
ended-phone-title = Su visita sigue por teléfono
ended-phone-text = Le llamaremos ahora. Tenga el teléfono cerca. Su cámara y su micrófono están apagados.
ended-talk = Los mensajes y archivos de esta visita están borrados.
ended-next = Continuar
ended-host-next = Escribir el resumen
left-title = Salió de la visita
left-text = Su cámara y su micrófono están apagados. Puede volver mientras la visita esté abierta.
changed-title = Mire su página de visita, por favor
changed-text = Algo de su visita cambió. Su página de visita muestra qué sigue. Su cámara y su micrófono están apagados.
left-back = Volver a mi página de visita
removed-title = Ya no está en esta visita
removed-text = La consulta cerró su lugar en esta sala. Si cree que es un error, llame al { $phone }.
removed-text-plain = La consulta cerró su lugar en esta sala. Si cree que es un error, llame a la consulta.
refused-title = Esta página no pudo abrir la visita
refused-text = Vuelva a su página de visita y pulse el botón otra vez. Cada entrada sirve una sola vez.
no-ticket-title = Esta sala se abre desde su página de visita
no-ticket-text = Abra otra vez el enlace de su mensaje y siga los pasos. Guardamos su lugar.
unsupported-title = Este navegador no puede mostrar la visita
unsupported-text = Use la versión más nueva de Chrome, Edge, Firefox o Safari. En un iPhone, use Safari.
mail-app-title = Abra esta página en su navegador
mail-app-text = Su aplicación de correo o chat abrió esta página dentro de ella. Allí la cámara y el micrófono fallan a menudo. Vuelva al mensaje, mantenga pulsado el enlace y ábralo en Safari o Chrome. ¿Empezó el registro en la aplicación? Entonces pida antes un enlace nuevo al consultorio.
insecure-title = Esta página no tiene una conexión segura
insecure-text = La cámara y el micrófono solo funcionan en una dirección segura (https). Pida a la consulta el enlace correcto.
go-back = Volver
to-day = A la página del día
incident = Código para la consulta: { $incident }

# Para el lector de pantalla
say-reconnecting = Se perdió la conexión. Seguimos intentando.
say-lost = Sin conexión. Pulse Probar ahora o llame a la consulta.
say-back = Conectado otra vez.
say-returned = Está otra vez en la sala de espera. Nadie puede verle ni oírle.
say-admitted = Es su turno. Ya está en la sala.
say-message = Mensaje nuevo de la consulta: { $text }
say-position = Ahora es el número { $position }.
say-locked = La puerta está cerrada.
say-unlocked = La puerta está abierta otra vez.
say-came = { $name } entró.
say-went = { $name } salió.
say-away = { $name } perdió la conexión.
say-waiting = { $name } espera.
over-left = Salió de la visita.
over-changed = Algo de su visita cambió. Vuelva a su página de visita, por favor.
over-removed = Ya no está en esta visita.
over-ended = La visita terminó.
over-by-phone = Su visita sigue por teléfono. Le llamaremos ahora.
say-problem = { $text }
say-weak = La conexión es débil.
say-good = La conexión es buena otra vez.
say-media-lost = No hay imagen ni sonido. Los recuperamos.
say-given-up = La imagen y el sonido no volvieron. Pulse Probar ahora.
say-no-devices = La cámara y el micrófono no se encendieron. Hay consejos en la página.
say-some-devices = No todo se encendió. Hay consejos en la página.
say-mic-gone = Su micrófono se detuvo.
say-camera-gone = Su cámara se detuvo.
say-mic-on = Micrófono encendido
say-mic-off = Micrófono apagado
say-camera-on = Cámara encendida
say-camera-off = Cámara apagada
press-offline = Ahora no hay conexión. Pulse otra vez cuando vuelva.
say-sent = Mensaje enviado.

# Prueba de cámara y micrófono (alcove-ready)
ready-start = Encender cámara y micrófono
ready-before = Presione el botón. Si su teléfono o computadora pregunta, elija Permitir. Si no funciona, puede continuar.
ready-asking = Su navegador pregunta ahora. Pulse Permitir.
ready-light = Luz
ready-voice = Su voz
ready-noise = Ruido de fondo
ready-camera = Cámara
ready-quiet-now = Guarde silencio 5 segundos, por favor.
ready-say-now = Ahora diga unas palabras, como «Buenos días».
ready-measuring = Midiendo…
ready-light-good = Buena
ready-light-ok = Suficiente
ready-light-poor-dark = Poca
ready-light-poor-bright = Demasiada
ready-light-none = Sin imagen
ready-light-advice-dark = Mire hacia una ventana o encienda una lámpara delante de usted.
ready-light-advice-bright = Dé la espalda a la ventana o baje la lámpara.
ready-voice-good = Bien
ready-voice-poor = Muy baja
ready-voice-none = No se oye
ready-voice-advice = Acérquese al micrófono o elija otro.
ready-noise-good = Silencio
ready-noise-ok = Bien
ready-noise-poor = Fuerte
ready-noise-none = Sin medir
ready-noise-advice = Cierre la puerta o una ventana, o use auriculares.
ready-light-poor-behind = Luz por detrás
ready-light-advice-behind = La luz viene de atrás. Gire, o cierre la cortina que tiene detrás.
ready-behind-hint = Luz por detrás
ready-network = Internet
ready-network-good = Bueno
ready-network-ok = Suficiente
ready-network-poor = Débil
ready-network-none = Sin medir
ready-network-away = No hay paso
ready-network-advice-ok = El video puede pararse a ratos. Acérquese al router o cierre otros programas.
ready-network-advice = Pruebe otra red o acérquese al router. Solo con sonido puede funcionar, y una llamada también.
ready-browser = Navegador
ready-browser-good = Funciona
ready-browser-poor = Muy antiguo para la visita
ready-browser-advice = La visita no funciona en este navegador. Actualícelo, o use la versión más nueva de Safari, Chrome o Firefox. Su lugar está guardado en este dispositivo: llámenos y le mandamos un enlace nuevo.
ready-speaker = Sonido
ready-speaker-play = Tocar un sonido
ready-speaker-yes = Lo oí
ready-speaker-no = No oí nada
ready-speaker-good = Se oye
ready-speaker-poor = No se oye
ready-speaker-advice = Suba el volumen. Vea si los auriculares están conectados. Toque el sonido otra vez.
ready-back-camera = Segunda cámara
ready-other-camera = Probar la otra cámara
ready-back-ok = Funciona
ready-back-none = No se enciende
ready-mirror-title = Véase y óigase
ready-mirror-lead = Su imagen y su sonido van a nuestro servidor y vuelven, bajo llave. Así le verán los demás.
ready-mirror-start = Mostrarme
ready-mirror-stop = Parar
ready-mirror-hear = Oírme (use auriculares)
ready-mirror-opening = Un momento…
ready-mirror-on = Esto volvió de nuestro servidor. Muévase un poco.
ready-mirror-sound-only = No hay imagen. Pulse Oírme y diga unas palabras.
ready-mirror-over = Se acabó el tiempo. Pulse Mostrarme para seguir.
ready-mirror-busy = Mucha gente prueba ahora. Pulse Mostrarme otra vez en un momento.
ready-mirror-failed = No funcionó. Haga la prueba de arriba: dice qué falla.
ready-one-next = Siguiente pregunta
ready-one-back = Pregunta anterior
ready-one-where = Pregunta { $now } de { $of }
ready-picture-hint = Usted, como le verán los demás
ready-dark-hint = Un poco oscuro
ready-bright-hint = Un poco claro
ready-again = Medir otra vez
ready-denied = El navegador no permite la cámara o el micrófono.
ready-none = No encontramos cámara ni micrófono.
ready-in_use = Otro programa usa la cámara o el micrófono. Ciérrelo y pruebe otra vez.
ready-failed = La cámara o el micrófono no se encendieron.
ready-no-camera = Sin cámara también está bien. Le oirán.
ready-picture-needed = Este consultorio pide una imagen. Pruebe otra cámara, o siga y dígalo al consultorio.
ready-done = Todo medido.
emergency = Tarjeta de emergencia
