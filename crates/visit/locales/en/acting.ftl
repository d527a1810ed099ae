# Somebody who acts for the patient
companion-asked-representative = You are asked to join this video visit as **representative**. You act for the patient.
acting-link = Somebody who acts for the patient
acting-title = Who acts for the patient in this visit
acting-under = They get a link and a code of their own. It all ends with their authority.
acting-none = Nobody acts for this patient now
acting-none-hint = Add them on the patient's page first: who they are, by which authority, for what and until when.
acting-until = Until { $when }
acting-do = Invite
