# Una visita que sigue por teléfono
by-phone-title = Seguir por teléfono
by-phone-under = La sala se cierra para todos. Después llame al paciente.
by-phone-video = El video no funciona
by-phone-wish = El paciente prefiere el teléfono
by-phone-refused = Esta visita no puede seguir por teléfono
by-phone-refused-detail = Terminó, o todavía no abre, o las reglas de la casa no incluyen visitas por teléfono. Mire la visita una vez más.
visit-done-by-phone = La sala está cerrada. Llame ahora al paciente. ¿Hay un intérprete reservado? Póngalo primero en la línea.
ended-by-phone = Su visita sigue por teléfono
ended-by-phone-lead = Le llamamos ahora. Tenga el teléfono cerca. La cámara y el micrófono están apagados.
