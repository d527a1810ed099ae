
# Lo que muestran las consultas, junto a las respuestas del análisis
fact-consent-coverage = { $n } de { $of } pacientes admitidos en una sala en los últimos 90 días habían aceptado antes la telesalud.
fact-consent-coverage-how = Cada paciente admitido en una sala en los últimos 90 días: ¿era un sí su respuesta más reciente a este profesional en ese momento?
fact-place-private = { $n } de { $of } pacientes admitidos en una sala en los últimos 90 días habían respondido si estaban solos.
fact-place-private-how = Cada paciente admitido en una sala en los últimos 90 días: ¿hay en el registro de llegada una respuesta sobre su lugar?
fact-checks-good = { $n } de { $of } registros de llegada de los últimos 90 días pasaron todas las pruebas de cámara, micrófono, luz y sonido.
fact-checks-good-how = Cada registro de llegada terminado en los últimos 90 días con prueba de equipo: ¿dio la prueba algún hallazgo?
