# Traducciones de textos importantes
translations-title = Traducciones
translations-under = Los consentimientos, avisos y textos de emergencia no se muestran en otros idiomas hasta que alguien cualificado los aprueba.
translation-notice = Aviso de prácticas de privacidad
translation-emergency = Qué hacer en una emergencia
translation-version = Español, versión { $version }
translation-waits = Espera a un lector cualificado
translation-approved = Leído por { $name } ({ $qualification }), anotado por { $by } el { $day }
translation-shown = Se muestra
translation-hidden = Oculto
translation-status = El español que entregamos está escrito con cuidado, pero ningún traductor cualificado lo ha firmado. Eso le toca a su consultorio.
translation-approve = Aprobar este texto
translation-name = Quién lo ha leído
translation-name-hint = El traductor o intérprete cualificado, por su nombre.
translation-qualification = Su cualificación
translation-qualification-hint = Por ejemplo: certificado de ATA, o CCHI con su número.
translation-whole = Lo ha leído entero y está bien
translation-withdraw = Ocultarlo otra vez
translation-fault-name = Escriba quién lo ha leído.
translation-fault-qualification = Escriba qué lo cualifica.
translation-fault-whole = Marque que ha leído exactamente esta versión, entera.

# A consent that is read aloud: the short question
by-voice-means = Qué respondió el paciente cuando preguntó: “¿Qué puede hacer después de decir que sí?”
by-voice-means-hint = Pregunte con sus palabras y deje que responda con las suyas.
by-voice-means-stay = Tiene que seguir con la consulta
by-voice-means-stop = Puede parar en cualquier momento, sin costo
by-voice-means-pay = Tiene que pagar si para
by-voice-means-missing = Haga la pregunta corta y marque la respuesta.
by-voice-means-wrong = Explique otra vez que puede parar en cualquier momento, sin costo. Pregunte de nuevo y marque la nueva respuesta.
