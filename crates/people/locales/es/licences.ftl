# En qué estados puede atender alguien
licences-title = Licencias
licences-under = Quién puede atender a pacientes en qué estado. Se le avisa { $n } días antes de que termine una licencia.
licences-of = Licencias de { $name }
licences-nobody = Aquí todavía nadie atiende a pacientes
licences-look = { $n ->
    [one] 1 licencia vence en 60 días, ya venció o no tiene último día registrado.
   *[other] { $n } licencias vencen en 60 días, ya vencieron o no tienen último día registrado.
}
licence-none = No hay ninguna licencia registrada. Una consulta con un paciente en cualquier estado se detiene hasta que alguien decida.
licence-no-end = Sin último día registrado
licence-run-out = Venció el { $day }
licence-soon = Vence el { $day }
licence-until = Hasta el { $day }
licence-end = Quitar
licence-add = Agregar una licencia
licence-state = Estado que la emitió
licence-choose = Elija un estado
licence-compact = Vale por un convenio entre estados
licence-compact-hint = Solo si esta licencia o autorización vale también en otros estados.
licence-compact-none = No, solo en este estado
licence-last-day = Último día
licence-last-day-hint = Como lo muestra la junta del estado. Al renovar, agregue la línea nueva y quite la anterior.
licence-fault-state = Elija el estado que emitió la licencia.
licence-fault-compact = Elija un convenio de la lista, o ninguno.
licence-fault-not-member = En nuestra lista, este estado no es miembro de ese convenio.
licence-fault-until = Escriba el último día de la licencia.
licence-fault-past = Ese día ya pasó. Una licencia vencida no cubre ninguna consulta.
licence-compacts = Los convenios y sus estados
licence-compacts-lead = Compare estas listas con su fuente antes de confiar en ellas. Si falta un estado, registre su licencia en una línea propia.
licence-each-state = Cada estado se emite por separado: registre una línea por cada uno.
licence-as-of = Al { $day }; compare en { $source }
compact-nlc = Convenio de licencias de enfermería (licencia multiestatal)
compact-psypact = PSYPACT (autorización para telepsicología)
compact-imlc = Convenio interestatal de licencias médicas
compact-pt = Convenio de fisioterapia
compact-counseling = Convenio de consejería
compact-aslp = Convenio de audiología y patología del habla y lenguaje
compact-ot = Convenio de terapia ocupacional
