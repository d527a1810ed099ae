# What the house rules on channels say in visits
readiness-sound-only = Si la cámara no funciona en la consulta, hablamos sin ella.
readiness-by-phone = Si nada funciona, llame al { $phone }: podemos hablar por teléfono.
link-mail-is-off = Las reglas de la casa no envían correo a los pacientes. Llame, o imprima esta página y entréguela.
visit-done-cancelled-call = La consulta está cancelada. No sale ninguna carta: llame al paciente.
visit-call-companions = No todas las personas que acompañan reciben una carta. Llame, por favor, a las que aparecen en esta visita.
welcome-choose-phrase = Elija sus propias palabras para nuestros mensajes
