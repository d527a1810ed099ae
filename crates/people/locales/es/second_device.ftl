# Una visita empezada en un aparato sigue en otro
other-device-title = Siga con otro teléfono o tableta
other-device-link = Seguir con otro teléfono o tableta
other-device-back = Volver a su registro
other-device-what = Usted empezó aquí. Puede seguir con su teléfono, por ejemplo porque tiene mejor cámara.
other-device-show = Mostrar la imagen
other-device-anew = Mostrar una imagen nueva
other-device-picture = Imagen que abre su visita en el teléfono
other-device-1 = Apunte a esto con la cámara de su teléfono. Abra el enlace que aparece.
other-device-2 = Escriba allí este código:
other-device-3 = Diga otra vez quién es. Entonces su teléfono tiene la visita, y aquí se cierra la sesión.
other-device-minutes = { $n ->
    [one] Sirve un minuto más, una sola vez.
   *[other] Sirve { $n } minutos más, una sola vez.
}
other-device-look = Ver si funcionó
other-device-safe = No muestre esta pantalla a nadie más.
other-device-moved = Su visita sigue en su otro aparato
other-device-moved-detail = Aquí se cerró la sesión. Puede cerrar esta página.
other-device-not-you = ¿No fue usted? Llame ahora al { $phone }.
other-device-go-on = Siga con este aparato
other-device-lead = Usted empezó su visita en otra pantalla. Necesita el código que está allí.
other-device-no-secret = Apunte otra vez a la otra pantalla.
other-device-code = Código de la otra pantalla
other-device-code-hint = Seis números
other-device-code-slip = Escriba los seis números de la otra pantalla.
other-device-code-wrong = Este no es el código de la otra pantalla. Mire otra vez.
other-device-take = Seguir aquí
other-device-then = Entonces se cierra la sesión en el otro aparato.
other-device-over = Esta imagen ya no sirve
other-device-over-detail = Se usó, es muy vieja, o el código estuvo mal demasiadas veces. Muestre una imagen nueva en la primera pantalla.
