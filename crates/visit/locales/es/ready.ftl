# La prueba de aparatos, la sala de práctica, las salas propias y lo que el personal revisa de sí mismo.

device-title = Este aparato
device-lead = Marque lo que es cierto. ¿No está seguro? Déjelo vacío. Nada de esto impide su consulta.
device-lock = Pide una clave, un dedo o la cara para abrirse
device-lock-hint = Así nadie más puede ver después su consulta.
device-encrypted = Lo que guarda está bajo llave (cifrado)
device-encrypted-hint = Los teléfonos nuevos lo hacen solos cuando tienen clave.
device-updated = Tiene las últimas mejoras instaladas
device-updated-hint = Busque «actualización» en Ajustes.
device-protected = Tiene protección contra virus, o no la necesita
device-protected-hint = Los teléfonos y tabletas no la necesitan. Windows ya la trae.
device-network = Uso mi propia red
device-network-hint = La red de su casa o los datos de su teléfono. No la de un café, hotel o aeropuerto.

place-listening = ¿Hay cerca un altavoz inteligente o un asistente de voz encendido?
place-listening-hint = Como Alexa, Google o Siri. Apáguelo si puede.
place-listening-none = No, o está apagado
place-listening-on = Sí, está encendido
place-listening-unsure = No lo sé

badge-weak-network = Internet débil
badge-no-sound = No oye el sonido
badge-browser = Navegador muy antiguo
badge-unsafe-device = Aparato no del todo seguro

sheet-speaker = Se oye el sonido
sheet-network = Internet suficiente
sheet-browser = El navegador sirve para la visita
sheet-device = Aparato seguro: cinco preguntas contestadas

try-title = Haga una prueba
try-lead = Vea si su cámara, su sonido y su internet funcionan. Tómese todo el tiempo que quiera. Puede volver cuantas veces guste.
try-plain = Este navegador no puede hacer la prueba
try-plain-hint = Abra esta página en Safari, Chrome o Firefox. O llame al { $phone } y le ayudamos.
try-audio = ¿No tiene cámara?
try-audio-hint = Está bien. Puede venir a la consulta solo con sonido. Siga sin la cámara.
try-private = Nadie de la clínica le ve ni le oye aquí. No se guarda nada.
try-link = Pruebe antes la cámara y el sonido
try-link-hint = Nadie mira. No se guarda nada.

own-title = ¿Todo listo para hoy?
own-lead = Revise su cámara, sonido, internet, sala y aparato antes de la primera consulta. Es un minuto.
own-back = Hoy
own-done = Usted se revisó hoy a las { $time }.
own-heard = Alguien puede oírle ahí.
own-again = Revisar otra vez
own-first = Antes de su primera consulta
own-first-hint = Revise su cámara, sonido, sala y aparato una vez al día.
own-go = Revisar ahora
own-devices = Cámara, sonido e internet
own-no-script = Este navegador no puede medir. Conteste las preguntas y siga.
own-place = Su lugar
own-room = ¿Qué sala?
own-room-hint = Aquí están las salas de la clínica con lo que se midió en ellas.
own-room-none = Otro lugar, como mi casa
own-near = ¿Quién puede oírle?
own-near-alone = Nadie más que las personas de la consulta
own-near-others = Alguien que no debería oírlo
own-near-others-hint = Vaya a otra sala o cierre la puerta antes de la primera consulta.
own-save = Guardar para hoy
own-kept = Se guardan palabras, cinco respuestas y los números de la red, con su nombre y la hora. Ni imagen ni sonido.

sheet-host-place = Anfitrión: un lugar privado
sheet-host-checks = Anfitrión: cámara, sonido, luz, silencio e internet
sheet-host-device = Anfitrión: aparato seguro, cinco preguntas contestadas

rooms-title = Salas para consultas
rooms-under = Las salas de la clínica, con la luz y el ruido medidos. Cada una se revisa una vez al año.
rooms-none = Todavía no hay salas
rooms-none-hint = Agregue las salas donde hay consultas y mida cada una.
rooms-name = Nombre de la sala
rooms-name-hint = Como todos la llaman, por ejemplo «Sala 2» o «Sala tranquila, primer piso».
rooms-add = Agregar y medir
rooms-fault-name = Escriba un nombre de { $n } letras como máximo.
rooms-fault-twice = Ya hay una sala con este nombre. Elija otro.
rooms-fault-many = Hay demasiadas salas. Quite las que no se usan.
rooms-fault-measure = Falta medir la luz y el ruido. Pulse el botón que enciende cámara y micrófono, espere las dos palabras y guarde.
rooms-unknown = Sin medir
rooms-fit = Apta para consultas
rooms-unfit = Aún no es apta
rooms-overdue = Revisar otra vez
rooms-measured = Brillo { $luma } de 255, ruido { $db } dBFS.
rooms-by = Revisada por { $by } el { $date }.
rooms-due = Toca otra vez el { $date }.
rooms-gone = Salas que se quitaron
rooms-take-out = Quitar esta sala
rooms-put-back = Poner de nuevo esta sala
rooms-measure = Medir esta sala
rooms-measure-lead = Siéntese donde será la consulta, con la puerta cerrada y las lámparas como siempre. Use el aparato de las consultas.
rooms-no-script = Este navegador no puede medir. Abra la página en Chrome, Edge, Firefox o Safari.
rooms-look = Mire y escuche
rooms-closes = La puerta cierra
rooms-unheard = Nadie oye desde fuera lo que se dice
rooms-unheard-hint = Pida a un colega que espere fuera mientras usted habla.
rooms-no-machines = Ningún altavoz inteligente ni asistente de voz escucha aquí
rooms-save = Guardar esta revisión
rooms-history = Revisiones
rooms-history-none = Nadie ha medido esta sala todavía.
rooms-against-light = La luz no alcanza.
rooms-against-noise = Hay ruido.
rooms-against-door = La puerta no cierra.
rooms-against-walls = Se oye desde fuera.
rooms-against-machines = Una máquina puede escuchar.

fact-room-checks = { $n } de { $of } salas se hallaron aptas para consultas en el último año.
fact-room-checks-how = Cada sala en uso del registro de salas: ¿su última revisión tiene menos de un año y salió bien?
room-todo-again = Revise de nuevo: { $name }
