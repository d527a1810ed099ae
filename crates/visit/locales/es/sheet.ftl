# La hoja de protocolo de una visita.

sheet-title = Hoja de protocolo
sheet-back = Volver a la visita
sheet-print = Imprimir
sheet-before = Antes de la visita
sheet-during = Durante la visita
sheet-after = Después de la visita

sheet-done = { $n ->
    [0] Hecho
    [one] { $n } hecho
   *[other] { $n } hechos
}
sheet-waived = { $n ->
    [0] Eximido
    [one] { $n } eximido
   *[other] { $n } eximidos
}
sheet-failed = { $n ->
    [0] No superado
    [one] { $n } no superado
   *[other] { $n } no superados
}
sheet-missing = { $n ->
    [0] No hecho
    [one] { $n } no hecho
   *[other] { $n } no hechos
}
sheet-later = { $n ->
    [0] Pendiente
    [one] { $n } pendiente
   *[other] { $n } pendientes
}

sheet-booked = Visita reservada
sheet-preferences = Se preguntó cómo contactar
sheet-aids = Se preguntó por idioma, intérprete y apoyos
sheet-screen = Aceptó firmar en pantalla
sheet-notice = Recibió el aviso de privacidad
sheet-consent = Consentimiento para telesalud
sheet-promise = Promesa de guardar la privacidad
sheet-interpreter = Intérprete del registro
sheet-exception = Interpretó otra persona, con el motivo registrado
sheet-place = Un lugar privado
sheet-camera = La cámara funciona
sheet-microphone = El micrófono funciona
sheet-light = Luz suficiente
sheet-voice = La voz se oye
sheet-noise = Suficiente silencio
sheet-location = Lugar y teléfono indicados, en un estado que atendemos
sheet-lobby = Esperó en la sala de espera
sheet-admitted = Entrada de uno en uno
sheet-encrypted = Imagen y sonido cifrados de extremo a extremo
sheet-code = Cifras comparadas de viva voz
sheet-ended = Visita terminada para todos
sheet-summary = Resumen entregado en el portal
sheet-not-recorded = La visita no se grabó: Alcove no graba.
sheet-printed = A fecha de
sheet-found = Lo que no se hizo, no se superó o se eximió se cuenta en los hallazgos del consultorio, sin nombres.
sheet-findings = Ver los hallazgos
