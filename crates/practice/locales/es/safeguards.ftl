# Decisiones sobre salvaguardas, la norma propuesta, los diez consejos, evaluaciones
safeguards-title = Decisiones sobre salvaguardas
safeguards-under = La norma de seguridad nombra 22 salvaguardas que usted decide: hacerlo, hacer algo igual, o decir por qué no.
safeguards-decided = { $n } de { $of } decididas
safeguard-gap = Sin decisión todavía
safeguard-old = Decidida hace más de un año
safeguard-decision = Su decisión
safeguard-decision-done = Se hace
safeguard-decision-equivalent = Se hace algo equivalente
safeguard-decision-not-reasonable = Aquí no es razonable
safeguard-how = Cómo se hace, o qué se hace en su lugar
safeguard-how-hint = Qué, quién, cada cuánto. Al menos 10 letras.
safeguard-reason = Por qué no tal como está
safeguard-reason-hint = Hace falta para algo equivalente y cuando no es razonable.
safeguard-sign = Decidir y firmar
safeguard-does = Lo que hace Alcove
safeguard-past = Decisiones hasta ahora
safeguard-clash = Alguien decidió esto hace un momento; lo suyo está a la derecha. Lo de usted sigue aquí: envíelo otra vez para añadirlo.
safeguard-fault-decision = Elija una de las tres.
safeguard-fault-how = Diga cómo, con al menos 10 letras.
safeguard-fault-reason = Dé el motivo, con al menos 10 letras.
safeguard-fault-long = Escriba menos de 4,000 letras.
proposed-title = Norma propuesta
proposed-under = Lo que pediría un cambio de la norma de seguridad (90 FR 898). Está propuesto y no está en vigor.
proposed-label = Propuesto, no en vigor
proposed-unseen = Alcove no puede ver esto por sí mismo.
tips-title = Diez consejos
tips-under = Diez consejos de la oficina federal de tecnología de salud para consultorios pequeños, según sus respuestas.
tip-from = Según { $n } de { $of } respuestas
tip-yes = Se sigue
tip-partly = Se sigue en parte
tip-no = No se sigue
tip-unknown = Aún no se sabe
risk-todo-safeguards = { $n ->
    [one] 1 decisión sobre salvaguardas cumple un año: decida de nuevo
   *[other] { $n } decisiones sobre salvaguardas cumplen un año: decida de nuevo
  }
