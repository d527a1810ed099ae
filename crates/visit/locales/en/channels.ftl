# What the house rules on channels say in visits
readiness-sound-only = If the camera does not work in the visit, we talk without it.
readiness-by-phone = If nothing works, call { $phone }: we can talk by phone.
link-mail-is-off = The house rules send no mail to patients. Call, or print this page and hand it over.
visit-done-cancelled-call = The visit is cancelled. No letter goes out: please call the patient.
visit-call-companions = Not everybody who comes along gets a letter. Please call those whom this visit lists.
welcome-choose-phrase = Choose your own words for our messages
