# In which states somebody may treat
licences-title = Licenses
licences-under = Who may treat patients in which state. You are told { $n } days before a license ends.
licences-of = Licenses of { $name }
licences-nobody = Nobody here treats patients yet
licences-look = { $n ->
    [one] 1 license runs out within 60 days, has run out, or has no last day on record.
   *[other] { $n } licenses run out within 60 days, have run out, or have no last day on record.
}
licence-none = No license is on record. A visit with a patient in any state stops until somebody decides.
licence-no-end = Last day not entered
licence-run-out = Ran out on { $day }
licence-soon = Runs out on { $day }
licence-until = Until { $day }
licence-end = Take out
licence-add = Add a license
licence-state = State that issued it
licence-choose = Choose a state
licence-compact = Counts under a compact
licence-compact-hint = Only if this license or authority is good in other states as well.
licence-compact-none = No, in this state alone
licence-last-day = Last day
licence-last-day-hint = As the board of the state shows it. When you renew, add the new line and take the old one out.
licence-fault-state = Choose the state that issued the license.
licence-fault-compact = Choose a compact from the list, or none.
licence-fault-not-member = This state is no member of that compact on our list.
licence-fault-until = Enter the last day of the license.
licence-fault-past = That day is in the past. A license that has ended covers no visit.
licence-compacts = The compacts and their states
licence-compacts-lead = Compare these lists with their source before you rely on them. Where a state is missing, enter its license as a line of its own.
licence-each-state = Each state is issued alone: enter one line for each.
licence-as-of = As of { $day }; compare at { $source }
compact-nlc = Nurse Licensure Compact (multistate license)
compact-psypact = PSYPACT (authority for telepsychology)
compact-imlc = Interstate Medical Licensure Compact
compact-pt = Physical Therapy Compact
compact-counseling = Counseling Compact
compact-aslp = Audiology and Speech-Language Pathology Compact
compact-ot = Occupational Therapy Compact
