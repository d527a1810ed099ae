# Somebody who acts for the patient
companion-asked-representative = Le pedimos que venga a esta videovisita como **representante**. Usted actúa por el paciente.
acting-link = Alguien que actúa por el paciente
acting-title = Quién actúa por el paciente en esta visita
acting-under = Reciben un enlace y un código propios. Todo termina con su autoridad.
acting-none = Ahora nadie actúa por este paciente
acting-none-hint = Primero añádalos en la página del paciente: quiénes son, con qué autoridad, para qué y hasta cuándo.
acting-until = Hasta el { $when }
acting-do = Invitar
