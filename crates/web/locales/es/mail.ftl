
# Correo. Dice que algo espera, nunca qué, de quién ni por quién (R102).
mail-hello = Hola:
mail-invitation-subject = Su visita por video con { $practice }
mail-invitation-text = Tiene una visita por video con { $practice } el { $when }. Abra este enlace unos minutos antes:
mail-notice-subject = { $practice }: algo le espera
mail-notice-text = Algo le espera en el portal de { $practice }. Abra este enlace para leerlo:
mail-moved-subject = { $practice }: cambió la hora de su visita
mail-moved-text = Su visita con { $practice } es ahora el { $when }. Abra este enlace unos minutos antes:
mail-cancelled-subject = { $practice }: su visita está cancelada
mail-cancelled-text = Su visita con { $practice } del { $when } está cancelada. Llámenos para otra hora.
mail-joining-subject = Su reunión por video con { $practice }
mail-joining-text = Le pedimos que participe en una reunión por video con { $practice } el { $when }. Abra este enlace unos minutos antes. También necesita los seis números que le decimos por teléfono:
mail-joining-moved-subject = { $practice }: cambió la hora de su reunión por video
mail-joining-moved-text = Su reunión por video con { $practice } ahora es el { $when }. El enlace que tiene sigue siendo el mismo.
mail-joining-cancelled-subject = { $practice }: su reunión por video se canceló
mail-joining-cancelled-text = Su reunión por video con { $practice } del { $when } se canceló. No hace falta que venga.
mail-phrase = Sus propias palabras, para que sepa que somos nosotros: "{ $phrase }". Si no son sus palabras, no abra el enlace. Llámenos.
mail-no-phrase = ¿No está seguro de que somos nosotros? No abra el enlace. Llámenos.
mail-never-ask = Nunca le pedimos datos, contraseñas ni dinero por teléfono, correo o mensaje.
mail-phone = Llame a { $practice }: { $phone }
