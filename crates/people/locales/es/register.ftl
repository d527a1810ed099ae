# Pacientes desde un archivo
import-go = Agregar desde un archivo
import-title = Agregar pacientes desde un archivo
import-under = Usted ve todo antes de que se agregue a alguien.
import-file = Archivo
import-file-hint = Un archivo CSV de una hoja de cálculo o de otro programa. Como máximo 5,000 filas y 2 MB.
import-read = Mirar el archivo
import-how = Qué necesita el archivo
import-how-needs = La primera fila nombra las columnas. Cada fila tiene un nombre, una fecha de nacimiento y un correo o un teléfono.
import-how-more = También puede tener el idioma, qué ayuda en una visita y una frase de control. Otras columnas no se leen.
import-how-dates = Fechas de nacimiento con cuatro números para el año, como 3/9/1961 o 1961-03-09.
import-how-kept = El archivo se guarda cifrado hasta que usted termine, un día como máximo.
import-file-empty = Este archivo está vacío. Elija el archivo que tiene a sus pacientes.
import-file-not-text = Este no es un archivo de texto. En su hoja de cálculo elija «Guardar como» y luego CSV. Después elija ese archivo.
import-file-no-rows = Este archivo tiene una sola fila. La primera fila nombra las columnas y los pacientes van debajo.
import-file-too-many-rows = Este archivo tiene más de 5,000 filas. Divídalo en archivos más pequeños y agréguelos uno tras otro.
import-file-too-many-columns = Este archivo tiene más de 40 columnas. Quite las que no necesita.
import-nothing-yet = Todavía no se agregó nada.
import-drop = Parar y quitar el archivo
import-windows = Este archivo no dice cómo están escritas sus letras. Lo leímos como Windows-1252. Revise los nombres con acentos. Si se ven mal, guarde el archivo como «CSV UTF-8» y elíjalo otra vez.
import-columns = Qué es cada columna
import-column = En el archivo
import-example = Por ejemplo
import-meaning = Es
import-field-skip = No se lee
import-field-name = Nombre completo
import-field-first = Nombre
import-field-last = Apellido
import-field-born = Fecha de nacimiento
import-field-email = Correo electrónico
import-field-phone = Teléfono
import-field-lang = Idioma
import-field-aids = Qué ayuda en una visita
import-field-phrase = Frase de control
import-order = En una fecha como 3/9/1961
import-order-hint = Las fechas que empiezan con el año se leen de las dos maneras.
import-order-month = 3 es el mes
import-order-day = 3 es el día
import-lang = Idioma de las filas que no lo dicen
import-lang-hint = Para páginas, mensajes y visitas.
import-again = Mirar otra vez
import-columns-no-name = Ninguna columna tiene el nombre. Diga cuál es el nombre completo, o cuáles son nombre y apellido.
import-columns-no-birth-date = Ninguna columna tiene la fecha de nacimiento. Diga cuál es.
import-columns-twice = Dos columnas significan lo mismo. Elija «No se lee» para una de ellas.
import-new = { $n ->
    [one] 1 paciente nuevo
   *[other] { $n } pacientes nuevos
  }
import-sample = Los primeros, tal como quedarán:
import-row = Fila { $n }
import-alike = { $n ->
    [one] 1 fila se parece a alguien
   *[other] { $n } filas se parecen a alguien
  }
import-alike-hint = Nacieron el mismo día, con un nombre parecido o el mismo correo. Quedan fuera si usted no las marca.
import-like = Se parece a: { $who }
import-pick = Agregar como paciente nuevo
import-wrong = { $n ->
    [one] 1 fila tiene un error
   *[other] { $n } filas tienen un error
  }
import-wrong-hint = Estas filas quedan fuera. Después puede guardarlas como archivo, corregirlas y agregarlas.
import-not-shown = Hay más. Todas vienen en el archivo de las filas que quedan fuera.
import-add = { $n ->
    [0] Agregar los que marcó
    [one] Agregar 1 paciente nuevo y los que marcó
   *[other] Agregar { $n } pacientes nuevos y los que marcó
  }
import-add-new = { $n ->
    [one] Agregar 1 paciente nuevo
   *[other] Agregar { $n } pacientes nuevos
  }
import-added = { $n ->
    [0] No se agregó a nadie.
    [one] Se agregó 1 paciente.
   *[other] Se agregaron { $n } pacientes.
  }
import-left-out = { $n ->
    [one] 1 fila quedó fuera
   *[other] { $n } filas quedaron fuera
  }
import-left-out-hint = Guárdelas como archivo. La última columna dice por qué quedó fuera cada una. Corríjalas y agregue ese archivo.
import-left-out-go = Guardar las filas que quedaron fuera
import-why = Por qué quedó fuera
import-why-alike = Se parece a un paciente que ya está aquí. Búsquelo. Si es otra persona, agréguela a mano.
import-remove = ¿Terminó?
import-remove-hint = Esto quita el archivo de aquí. Los pacientes se quedan.
import-remove-go = Terminé, quitar el archivo
import-cut-short = Esto se detuvo a la mitad. Ya pasaron { $n } de { $of } filas. Nada se agrega dos veces si usted sigue.
import-go-on = Seguir
import-fault-lang = Aquí no se conoce ese idioma. Escriba inglés o español, o déjelo vacío.
import-fault-row-long = Esta fila tiene más celdas que la primera. Quizás un nombre lleva una coma: póngalo entre comillas.
import-fault-date-form = No podemos leer esta fecha. Escríbala como 3/9/1961 o 1961-03-09.
import-fault-date-missing = Falta la fecha de nacimiento. Escríbala como 3/9/1961 o 1961-03-09.

# Lo que salió del consultorio
give-address = Su dirección
give-address-hint = Si la conoce. La lista que un paciente puede pedir la nombra.
accounting-title = Lo que salió del consultorio
accounting-under = Cada copia de un expediente que se entregó: a quién, para qué, y por qué esto y nada más.
accounting-none = No se entregó nada
accounting-none-hint = Las copias se hacen desde el expediente. Cada una llega aquí sola.
accounting-older = Anteriores
accounting-of-one = Nacimiento: { $born }. Lo que se entregó de este expediente.
accounting-six-years = Los últimos seis años. Puede imprimir esta página para el paciente. El registro anotó que usted la abrió.
given-by = la entregó { $name }
given-parts = Nombre y fecha de nacimiento
given-contact = correo y teléfono
given-aids = qué ayuda en una visita
given-words = Por qué: { $words }
given-counts = Va en la lista para el paciente
