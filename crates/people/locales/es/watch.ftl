# Un expediente abierto por una emergencia
emergency-not-yours = Este expediente no está abierto para usted
emergency-not-yours-why = Usted no está en el equipo de atención de esta persona, o no existe tal expediente.
emergency-not-yours-ask = ¿Atiende a esta persona? Pida a alguien del equipo, o a la persona encargada de privacidad, que le agregue. Toma un minuto.
emergency-is-it = ¿Es una emergencia?
emergency-short = Puede abrir el expediente 30 minutos, para leer. La persona encargada de privacidad se entera de inmediato, y el paciente lo puede ver.
emergency-open = Abrir por emergencia
emergency-title = Abrir un expediente por emergencia
emergency-what = Qué pasa cuando lo abre
emergency-what-read = Puede leer este expediente 30 minutos. No puede escribir en él.
emergency-what-told = Se avisa ahora a la persona encargada de privacidad, y el paciente puede ver quién lo abrió y cuándo.
emergency-what-review = Después lo revisa otra persona. Queda anotada cada página que abra.
emergency-find-hint = Los dos datos deben ser correctos. Esta página nunca muestra una lista.
emergency-name-hint = El nombre completo, como está en el expediente.
emergency-nobody = No hay nadie con este nombre y esta fecha de nacimiento. Revise los dos, o llame a la recepción.
emergency-several = Hay varias personas con este nombre y esta fecha de nacimiento. Llame a la recepción: saben qué expediente necesita.
emergency-why = ¿Por qué tiene que ser ahora?
emergency-why-danger = La vida o la salud está en peligro ahora
emergency-why-covering = El clínico del paciente no está y esto no puede esperar
emergency-why-asked = Un hospital u otra clínica lo necesita ahora
emergency-why-other = Otra cosa
emergency-words = En sus propias palabras
emergency-words-hint = Basta una frase, de al menos 10 letras.
emergency-fault-reason = Elija una razón.
emergency-fault-words = Escriba de 10 a 1,000 letras.
emergency-open-now = Abrir 30 minutos
emergency-ended = El expediente está cerrado otra vez. Gracias.
emergency-elsewhere = ¿Alguien que no está en esta lista le necesita ahora?
emergency-elsewhere-go = Abrir un expediente por emergencia

# Las personas encargadas lo revisan
emergencies-title = Expedientes abiertos por emergencia
emergencies-under = Otra persona revisa cada uno. Después de { $n } horas está atrasado.
emergencies-none = Nada espera revisión
emergencies-none-detail = Cuando alguien abre un expediente por emergencia, usted se entera de inmediato y lo encuentra aquí.
emergencies-waiting = Esperan revisión
emergencies-reviewed = Revisados
emergency-one-title = Abierto por emergencia
emergency-about = Qué pasó
emergency-who = Lo abrió
emergency-patient = Expediente de
emergency-a-patient = un paciente
emergency-ended-at = Terminó
emergency-by-hand = cerrado a mano
emergency-reason = Razón
emergency-said = Sus palabras
emergency-looks = Qué se abrió
emergency-review = Revisión
emergency-waits = { $n ->
    [0] Espera desde hoy
    [one] Espera desde hace 1 día
   *[other] Espera desde hace { $n } días
  }
emergency-outcome = ¿Estaba justificado?
emergency-justified = Justificado
emergency-not-justified = No justificado
emergency-not-justified-hint = Entonces abra también un incidente: puede ser una violación de privacidad.
emergency-review-words = Qué encontró
emergency-review-go = Terminar la revisión
emergency-reviewed-by = Revisado por { $name }
emergency-fault-outcome = Elija una respuesta.
emergency-review-alone = Nadie más aquí puede revisarlo, así que lo revisa usted. Eso queda registrado.
emergency-review-oneself = Usted abrió este expediente
emergency-review-oneself-detail = Debe revisarlo otra persona encargada de privacidad o de seguridad.
emergency-review-open = El expediente sigue abierto
emergency-review-open-detail = Puede revisarlo cuando termine el tiempo: 30 minutos como máximo.
emergency-review-done = Esto ya está revisado
emergency-review-done-detail = Alguien fue más rápido. Vuelva a la lista para ver qué encontró.
watch-practice = Consultorio

# Equipos de atención
team-since = desde el { $at }
team-approved = con permiso de { $name }
team-until = hasta el { $at }
team-soon = Confirmar antes del { $at }
team-overdue = Falta confirmar desde el { $at }
team-confirm = Sigue siendo necesario
team-end = Terminar
team-add = Agregar un colega
team-who = Colega
team-why = ¿Por qué necesita este expediente?
team-add-go = Agregar al equipo
team-no-why = Diga por qué
team-no-why-detail = Escriba en pocas palabras por qué su colega necesita este expediente. Regrese e intente de nuevo.
team-oneself = No para usted
team-oneself-detail = Otra persona debe decir que usted todavía necesita este expediente.
teams-title = Equipos por confirmar
teams-under = Dos veces al año alguien dice si cada colega todavía necesita cada expediente.
teams-none = Nada por confirmar
teams-none-detail = Dos semanas antes de que toque un lugar en un equipo, aparece aquí.

# Sale una copia
give-title = Copia de un expediente
give-under = Sale del consultorio: diga para quién, para qué, y elija solo lo necesario.
give-recipient = Para quién
give-purpose = Para qué
give-for-treatment = Tratamiento
give-for-patient = El paciente la pidió
give-for-authorization = El paciente firmó para ello
give-for-law = La ley lo exige
give-for-payment = Pago
give-for-operations = Funcionamiento del consultorio
give-for-other = Otra cosa
give-parts = Además del nombre y la fecha de nacimiento
give-contact = Correo y teléfono
give-words = Por qué esto y nada más
give-words-hint = Hace falta para pago, funcionamiento y otras cosas.
give-fault-purpose = Elija para qué es.
give-fault-recipient = Escriba quién la recibe, de 2 a 200 letras.
give-fault-words = Escriba de 10 a 1,000 letras por qué necesitan esto.
give-go = Hacer la copia
give-noted = Para { $to }, { $at }. El registro lo anota.
emergency-words-hidden = Solo la persona responsable de privacidad lee las palabras.
