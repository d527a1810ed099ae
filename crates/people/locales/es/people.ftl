# The page behind a link
invite-title = Su visita por video
invite-next = Qué pasa ahora
invite-next-who = Le hacemos una pregunta para saber que es usted.
invite-next-check-in = Preparamos la visita con su teléfono o computadora. La primera vez son unos { $first } minutos, porque hay papeles que leer y firmar. Después, unos { $next } minutos.
invite-next-wait = Espera en una sala de espera privada hasta que le dejen entrar.
invite-start = Empezar
invite-try = Pruebe antes la cámara y el sonido (se abre en otra página)
invite-device = Este enlace funciona en un solo teléfono o computadora: donde usted empiece.
invite-stop = Puede parar cuando quiera. No cambia su atención. ¿Necesita ayuda? Llame al { $phone }.
invite-no-secret = Este enlace no está completo
invite-no-secret-detail = Ábralo otra vez desde el mensaje que le enviamos. O llámenos.
invite-mail-app = Abra este enlace en Safari o Chrome, por favor
invite-mail-app-detail = Su aplicación de correo o de mensajes lo abrió dentro de ella. Ahí no funciona una visita por video. No toque todavía el botón: vuelva al mensaje, mantenga pulsado el enlace y ábralo en Safari o Chrome.
invite-old = Este navegador no puede mostrar la visita
invite-old-detail = No toque todavía el botón. Abra el enlace en la versión más nueva de Chrome, Edge, Firefox o Safari. En un iPhone, use Safari. O llámenos.
invite-no-script = Esta página necesita JavaScript
invite-no-script-detail = Active JavaScript en su navegador, o abra el enlace en otro navegador. O llámenos.
notice-title = Hay algo nuevo para usted
notice-next-read = Puede leer lo que su consultorio tiene para usted.
notice-start = Abrir

# A link that does not open
invite-unknown = No conocemos este enlace
invite-unknown-detail = Tal vez no esté completo. Ábralo otra vez desde el mensaje que le enviamos. O llámenos y le enviaremos uno nuevo.
invite-expired = Este enlace ya venció
invite-expired-detail = El tiempo de este enlace terminó. Llámenos y le enviaremos uno nuevo.
invite-withdrawn = Este enlace fue reemplazado
invite-withdrawn-detail = Su consultorio anuló este enlace o le envió uno más nuevo. Busque un mensaje más reciente. O llámenos.
invite-cancelled = Esta visita fue cancelada
invite-cancelled-detail = No tiene que hacer nada. Si quiere otra hora, llámenos.
invite-locked = Este enlace está bloqueado
invite-locked-detail = La respuesta no fue correcta demasiadas veces. Bloqueamos el enlace para protegerle. Llámenos y le enviaremos uno nuevo.
invite-other-device = Este enlace está abierto en otro aparato
invite-other-device-detail = Un enlace funciona en un solo teléfono o computadora. Siga allí, por favor. Para seguir aquí, pulse “Seguir con otro teléfono o tableta” en esa pantalla. Si no fue usted, o no puede usarlo, llámenos.
invite-call = Llamar al { $phone }
invite-not-your-fault = Usted no hizo nada malo. Siempre podemos ayudarle por teléfono.

# The second fact
who-title = ¿Es usted?
who-why = Díganos su fecha de nacimiento. Así su visita queda privada.
who-birth-date = Su fecha de nacimiento
who-birth-hint = Primero el mes. Por ejemplo, el 9 de marzo de 1961: 3 / 9 / 1961
who-private = Solo revisamos que sea la misma. Nunca la ponemos en un mensaje.
who-wrong = { $left ->
    [one] No es la fecha que tiene su consultorio. Puede probar 1 vez más.
   *[other] No es la fecha que tiene su consultorio. Puede probar { $left } veces más.
  }
birth-date-missing = Escriba mes, día y año.
birth-date-no-such-day = Ese día no existe. Revise mes, día y año. Use solo números.
birth-date-future = Ese día todavía no llega. Revise el año.
birth-date-too-long-ago = Escriba el año con cuatro números, como 1961.
date-month = Mes
date-day = Día
date-year = Año

# The entry code of supporters and interpreters
entry-code = Código de entrada
entry-code-why = Escriba los seis números que el consultorio le dijo por teléfono. Así la visita sigue siendo privada.
entry-code-hint = Seis números, por ejemplo: 123 456
entry-code-lost = ¿No tiene código? Llame al consultorio. Nunca está en un mensaje.
entry-code-slip = Escriba los seis números.

# Ways in and out
sign-in-title = Entrar
sign-in-staff = Esta página es para quienes trabajan en el consultorio.
sign-in-demo = Mirar como
sign-in-patients = ¿Es paciente? Abra el enlace del mensaje de su consultorio.
signed-out-title = Usted salió
signed-out-text = Ahora nadie puede ver su información en este navegador. Puede cerrar esta página.
signed-out-again = ¿Quiere volver? Abra otra vez el enlace de su consultorio.

# Patients
patients-title = Pacientes
patients-search = Buscar por nombre
patients-search-go = Buscar
patients-none = Todavía no hay pacientes
patients-none-add = Agregue al primer paciente para reservar una visita.
patients-none-own = Aquí aparecen las personas de cuyo equipo de atención usted forma parte. Eso pasa al reservar una visita.
patients-no-hit = Nadie con ese nombre
patients-no-hit-detail = Pruebe con las primeras letras del nombre o del apellido.
patients-book = Reservar una visita
patients-more = Hay más. Escriba un nombre para encontrar a alguien.
patient-add = Agregar paciente
patient-add-title = Agregar un paciente
patient-added = El paciente fue agregado.
patient-name = Nombre
patient-name-hint = Nombre y apellido, como los usa el paciente.
patient-birth-date = Fecha de nacimiento
patient-email = Correo electrónico
patient-email-hint = Para el enlace de una visita. Los mensajes nunca llevan información de salud.
patient-phone = Teléfono
patient-lang = Idioma
patient-lang-hint = Para páginas, mensajes y visitas.
patient-aids = Qué ayuda en una visita
patient-aids-hint = Por ejemplo: letra grande, intérprete de señas, más tiempo.
patient-check-phrase = Frase de control
patient-check-phrase-hint = Unas palabras que elige el paciente. Cada mensaje nuestro las lleva, para que sepa que somos nosotros.
patient-fault-name-missing = Escriba el nombre del paciente.
patient-fault-name-long = Este nombre es demasiado largo. Use 120 letras como máximo.
patient-fault-date-missing = Escriba mes, día y año de nacimiento.
patient-fault-date-no-such-day = Ese día no existe. Revise mes, día y año. Use solo números.
patient-fault-date-future = Esta fecha de nacimiento está en el futuro. Revise el año.
patient-fault-date-too-long-ago = Escriba el año de nacimiento con cuatro números, como 1961.
patients-papers = Papeles
patient-fault-contact-missing = Escriba un correo electrónico o un teléfono para poder avisar al paciente.
patient-fault-email = Este correo no está completo. Debe verse como nombre@example.org.
patient-fault-phone = Este teléfono no parece correcto. Use de 7 a 15 números, por ejemplo 555-010-0142.
patient-fault-lang = Elija un idioma.
patient-fault-aids-long = Es demasiado largo. Use 280 letras como máximo.
patient-fault-check-phrase-long = Esta frase de control es demasiado larga. Use 60 letras como máximo.
lang-en = Inglés
lang-es = Español

# Chart
chart-title = Expediente
chart-trail = El registro anotó que usted abrió este expediente.
chart-about = Sobre el paciente
chart-team = Equipo de atención
chart-team-hint = Solo estas personas pueden abrir este expediente.

# Cómo entra el personal
sign-in-password = Con contraseña y código
sign-in-email = Correo electrónico
sign-in-password-label = Contraseña
sign-in-code = Código de su aplicación
sign-in-code-hint = Seis números. Cambian cada 30 segundos y cada código sirve una vez.
sign-in-go = Entrar
sign-in-lost = ¿Sin teléfono ni llave? Use un código guardado
sign-in-wrong = No coincide. Revise los tres: correo, contraseña y el código que su aplicación muestra ahora.
sign-in-wait = { $seconds ->
    [one] Hubo demasiados errores. Espere 1 segundo e inténtelo otra vez.
   *[other] Hubo demasiados errores. Espere { $seconds } segundos e inténtelo otra vez.
  }
passkey-wrong = Esta llave de acceso no deja entrar aquí. Use otra, o entre con contraseña y código.
saved-wrong = No coincide. Revise el correo, el código guardado y, si tiene, la contraseña.
again-wrong = No coincide. Inténtelo otra vez.
passkey-use = Usar una llave de acceso
passkey-make = Crear una llave de acceso
passkey-no-script = Una llave de acceso necesita JavaScript. Sin él, use contraseña y código.
passkey-none = Este navegador no tiene llaves de acceso. Use contraseña y código, u otro navegador.
passkey-stopped = La llave de acceso no funcionó, o usted la detuvo. Inténtelo otra vez, o use contraseña y código.
passkey-over = Tardó demasiado
passkey-over-detail = No se guardó nada. Vuelva atrás, recargue la página e inténtelo otra vez.
passkey-refused = No se pudo guardar esta llave de acceso
passkey-refused-detail = Su dispositivo no comprobó que es usted, o ya tiene una llave de esta cuenta. Vuelva atrás e inténtelo otra vez, o use otro dispositivo.
passkey-of-another = Esta llave de acceso es de otra cuenta
passkey-of-another-detail = Una cuenta es de una sola persona, y una llave de acceso también. Use un dispositivo o una llave propia.
passkey-taken = Este dispositivo ya tiene una llave de acceso aquí, suya o de un colega. Una llave es de una sola persona: use un dispositivo o una llave propia, o contraseña y código.
passkey-too-many = Ya tiene suficientes llaves de acceso
passkey-too-many-detail = Quite una que ya no use y después cree una nueva.
proof-last = Es su última forma de entrar
proof-last-detail = Configure primero otra forma de entrar. Después podrá quitar esta.

# Una prueba reciente
again-title = ¿Sigue siendo usted?
again-why = El paso siguiente es importante. Confirme que es usted, para que nadie más lo haga en su navegador abierto.
again-go = Soy yo
again-nothing = Todavía no tiene cómo confirmarlo
again-nothing-detail = Entre otra vez y configure una llave de acceso, o una contraseña con una aplicación de códigos, en "Mi cuenta".

# Códigos guardados
saved-title = Usar un código guardado
saved-what = Con un código guardado puede configurar una nueva llave de acceso, o una nueva contraseña y aplicación. Lo que tenía antes dejará de funcionar.
saved-code = Código guardado
saved-code-hint = 16 letras y números. Cada uno sirve una vez.
saved-password = Contraseña
saved-password-hint = Solo si entra con contraseña.
saved-none = ¿No tiene un código guardado? Dos personas de administración de su consultorio pueden dejarle entrar otra vez.
codes-title = Guarde estos códigos
codes-what = Si pierde su teléfono o su llave, uno de estos códigos le deja entrar. Imprímalos o escríbalos. Guárdelos donde nadie más mire, no en esta computadora.
codes-once = Solo los mostramos ahora y nosotros no los conocemos. Cada código sirve una vez.
codes-print = Imprimir
codes-saved = Ya los guardé

# Configurar una forma de entrar
welcome-title = Configure su forma de entrar
welcome-what = Este enlace es solo para usted. En la página siguiente configura cómo entra. Tarda unos 3 minutos.
welcome-no-secret = Ábralo otra vez desde el mensaje. O pida uno nuevo a quien le invitó.
welcome-over = Este enlace no funciona
welcome-over-detail = Ya se usó, se cambió por otro o es muy viejo. Pida uno nuevo a la administración de su consultorio.
welcome-not-yet = Este enlace funciona más tarde
welcome-not-yet-detail = Se abre el { $when }. Hasta entonces puede detenerlo, si no lo pidió.
set-up-title = ¿Cómo va a entrar?
set-up-for = { $name }, usted entra como { $email }.
set-up-passkey = Una llave de acceso (lo mejor)
set-up-passkey-what = Usa su dedo, su cara o el PIN de su dispositivo. Nadie puede robarla con una página falsa.
set-up-or-password = O una contraseña y una aplicación de códigos
set-up-password = Contraseña nueva
set-up-password-hint = Al menos 15 caracteres. Sirven unas pocas palabras que solo usted juntaría.
set-up-app = Aplicación de códigos
set-up-app-hint = Abra una aplicación de autenticación en su teléfono y escanee esta imagen.
set-up-app-typed = ¿Sin cámara? Escriba esta clave en la aplicación:
set-up-picture = Imagen con la clave para su aplicación de códigos
set-up-code-wrong = Este código no corresponde. Escriba los seis números que la aplicación muestra ahora.
set-up-go = Guardar y entrar
password-short = Esta contraseña es muy corta. Use al menos 15 caracteres.
password-long = Esta contraseña es muy larga. Use 256 caracteres como máximo.
password-guessable = Esta contraseña es fácil de adivinar. No use nombres, fechas, teclas seguidas ni palabras muy conocidas.

# La propia cuenta
account-title = Mi cuenta
account-ways = Cómo entra
account-no-way = Todavía no configuró una forma de entrar.
account-prove = Para cambiar algo aquí, primero confirme que es usted.
account-passkey = Llave de acceso
account-made = Creada: { $when }
account-used = Último uso: { $when }
account-password = Contraseña y aplicación de códigos
account-password-title = Contraseña y aplicación de códigos
account-password-set-up = Configurar contraseña y aplicación
account-password-change = Cambiar contraseña y aplicación
account-codes = Códigos guardados
account-codes-left = { $n ->
    [one] Queda 1 código
   *[other] Quedan { $n } códigos
  }
account-codes-new = Crear códigos nuevos
account-remove = Quitar
account-where = Dónde tiene la sesión abierta
account-here = Este navegador
account-elsewhere = Otro navegador
account-since = { $how }, desde { $when }
account-seen = Última actividad: { $when }
account-at-once = Su cuenta se usó en otro lugar mientras usted estaba aquí. ¿Fue usted? Si no, cierre esa sesión y avise al responsable de seguridad. Una cuenta es de una sola persona.
account-at-once-badge = En uso al mismo tiempo
account-end = Cerrar esa sesión
account-ended = Esa sesión está cerrada.
account-added = Se guardó la llave de acceso.
account-removed = Se quitó.
account-password-set = Se guardaron la contraseña y la aplicación de códigos.
how-passkey = Con una llave de acceso
how-password = Con contraseña y código
how-enrolment = Configurado con un enlace
how-link = Con un enlace de demostración

# Quién trabaja aquí
staff-title = Personal
staff-invite = Invitar
staff-invite-title = Invitar a una persona
staff-invited = El enlace va en camino a su correo. Funciona 7 días.
staff-look = Verlo
staff-state-invited = Invitación enviada
staff-state-active = Cuenta activa
staff-state-suspended = Cuenta suspendida
staff-state-removed = Cuenta quitada
staff-one-title = Cuenta
staff-about = Cuenta
staff-has = { $passkeys ->
    [one] 1 llave de acceso, { $codes } códigos guardados.
   *[other] { $passkeys } llaves de acceso, { $codes } códigos guardados.
  }
staff-has-password = Contraseña y aplicación de códigos.
staff-signed-in = { $n ->
    [0] Sin sesión abierta.
    [one] Sesión abierta en 1 navegador.
   *[other] Sesión abierta en { $n } navegadores.
  }
staff-acts = Lo que puede hacer
staff-end-sessions = Cerrar todas sus sesiones
staff-suspend = Suspender
staff-suspend-hint = Termina de inmediato las páginas, visitas y llamadas de esta persona. Nadie puede entrar en la cuenta hasta que usted la abra otra vez.
staff-reinstate = Dejar entrar otra vez
staff-link = Enviar un enlace nuevo
staff-prove = Para lo demás, primero confirme que es usted.
staff-oneself = No en su propia cuenta
staff-oneself-detail = Nadie puede suspenderse ni dejarse entrar. Pídalo a otra persona.
staff-name = Nombre
staff-name-hint = Como lo ven los pacientes, con título: Dra. Ana Ruiz
staff-email-hint = Con él entra, y allí llega el enlace.
staff-roles = Funciones
staff-roles-hint = Lo que esta persona puede hacer. Marque todas las que correspondan.
staff-credentials = Credenciales
staff-credentials-hint = Lo que va detrás del nombre, como MD o RN.
staff-licence = Licencia en
staff-licence-hint = Dos letras por estado, como MA NH.
staff-fault-name = Escriba un nombre de 120 letras como máximo.
staff-fault-email = Este correo no está completo. Debe ser como nombre@example.org.
staff-fault-email-taken = Otra cuenta entra con este correo.
staff-fault-shared = Una cuenta es para una persona. Escriba el nombre y el correo de esa persona, no los de una recepción ni de un equipo.
staff-fault-roles = Marque al menos una función.
staff-fault-licence = Escriba dos letras por estado, con espacios.
staff-fault-credentials = Es muy largo. Use 20 letras como máximo.
recovery-ask = Empezar a dejarle entrar de nuevo
recovery-hint = Para quien perdió el teléfono, la llave y los códigos guardados. Otra persona titular o de administración debe aceptar. Después pasa un día hasta que el enlace se abre.
recovery-approve = Acepto: enviar el enlace
recovery-stop = Detenerlo
recovery-asked = { $by } pide que { $name } pueda configurar una nueva forma de entrar. Falta que otra persona acepte.
recovery-opens = { $name } recibe una nueva forma de entrar. El enlace se abre el { $when }. Hasta entonces cualquiera de ustedes puede detenerlo.
recovery-own = Dos colegas le dan una nueva forma de entrar. ¿No lo pidió? Deténgalo ahora.
recovery-oneself = No para usted
recovery-oneself-detail = Otras dos personas deben aceptar una nueva forma de entrar para usted.
recovery-same-person = Debe aceptar otra persona
recovery-same-person-detail = Usted lo pidió. Debe aceptar otra persona titular o de administración.
recovery-not-now = Ahora no es posible
recovery-not-now-detail = Ya está en marcha, o ya terminó. Recargue la página para verlo.
