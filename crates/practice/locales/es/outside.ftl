# Alguien de fuera avisa de un mensaje
report-message-title = Avísenos de un mensaje falso
report-message-lead = ¿Recibió un correo, un mensaje de texto o una llamada que dice ser nuestra y algo no le parece bien? Avísenos. No tiene que decir quién es.
report-message-what = ¿Qué decía y cómo llegó?
report-message-hint = No escriba sobre su salud. Copie lo que pedía y la dirección o el número del que venía.
report-message-go = Enviárnoslo
report-message-fault = Escriba en pocas palabras qué decía el mensaje.
report-message-filed = Gracias. Lo miramos
report-message-filed-detail = No abra enlaces de ese mensaje ni lo responda. ¿Ya lo hizo? Llámenos ahora: { $phone }
report-message-back = Comprobar otro mensaje
report-message-full = Hoy recibimos muchísimos avisos
report-message-full-detail = Por favor, llámenos y cuéntenos del mensaje.
incident-outsider = alguien de fuera
