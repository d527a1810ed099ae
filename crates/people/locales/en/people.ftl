# The page behind a link
invite-title = Your video visit
invite-next = What happens next
invite-next-who = We ask one question, so we know it is you.
invite-next-check-in = We get you and your phone or computer ready. About 5 minutes.
invite-next-wait = You wait in a private waiting room until your clinician lets you in.
invite-start = Start
invite-device = This link works on one phone or computer only: the one you start on.
invite-stop = You can stop at any time. It does not change your care. Need help? Call { $phone }.
invite-no-secret = This link is not complete
invite-no-secret-detail = Please open it again from the message your practice sent you. Or call us.
invite-no-script = This page needs JavaScript
invite-no-script-detail = Please turn on JavaScript in your browser, or open the link in another browser. Or call us.
notice-title = Something new for you
notice-next-read = You can read what your practice has for you.
notice-start = Open

# A link that does not open
invite-unknown = We do not know this link
invite-unknown-detail = It may not be complete. Please open it again from the message your practice sent you. Or call us and we will send a new one.
invite-expired = This link is too old
invite-expired-detail = The time for this link is over. Call us and we will send a new one.
invite-withdrawn = This link was replaced
invite-withdrawn-detail = Your practice took this link back, or sent you a newer one. Please look for a newer message. Or call us.
invite-locked = This link is locked
invite-locked-detail = The answer was wrong too many times, so we locked the link to keep you safe. Call us and we will send a new one.
invite-other-device = This link is open on another device
invite-other-device-detail = A link works on one phone or computer only. Please go on there. If it was not you, or you cannot use that one, call us.
invite-call = Call { $phone }
invite-not-your-fault = You did nothing wrong. We can always help you by phone.

# The second fact
who-title = Is it you?
who-why = Please tell us your birth date. It keeps your visit private.
who-birth-date = Your birth date
who-birth-hint = For example: 3 / 9 / 1961
who-private = We only check that it matches. We never put it in a message.
who-wrong = { $left ->
    [one] That does not match what your practice has. You have 1 more try.
   *[other] That does not match what your practice has. You have { $left } more tries.
  }
birth-date-missing = Please fill in month, day and year.
birth-date-no-such-day = There is no such day. Please check month, day and year. Use numbers only.
birth-date-future = This day is not here yet. Please check the year.
birth-date-too-long-ago = Please write the year with four numbers, like 1961.
date-month = Month
date-day = Day
date-year = Year

# The entry code of supporters and interpreters
entry-code = Entry code
entry-code-why = Please type the six digits that the practice told you by phone. They keep this visit private.
entry-code-hint = Six digits, for example: 123 456
entry-code-lost = No code? Call the practice. It is never in a message.
entry-code-slip = Please type all six digits.

# Ways in and out
sign-in-title = Sign in
sign-in-staff = This page is for people who work at the practice.
sign-in-demo = Look around as
sign-in-patients = Are you a patient? Open the link in the message from your practice.
signed-out-title = You are signed out
signed-out-text = Nobody can use this browser to see your information now. You can close this page.
signed-out-again = Want to come back? Open the link from your practice again.

# Patients
patients-title = Patients
patients-search = Find by name
patients-search-go = Search
patients-none = No patients yet
patients-none-add = Add the first patient to book a visit.
patients-none-own = People show up here when you are on their care team. Booking a visit does that.
patients-no-hit = Nobody by that name
patients-no-hit-detail = Try the first letters of the first or last name.
patients-book = Book a visit
patients-more = There are more. Type a name to find one.
patient-add = Add patient
patient-add-title = Add a patient
patient-added = The patient was added.
patient-name = Name
patient-name-hint = First and last name, as the patient uses it.
patient-birth-date = Birth date
patient-email = Email
patient-email-hint = For the link to a visit. Messages never hold health information.
patient-phone = Phone
patient-lang = Language
patient-lang-hint = For pages, messages and visits.
patient-aids = What helps in a visit
patient-aids-hint = For example: large type, a sign language interpreter, more time.
patient-check-phrase = Check phrase
patient-check-phrase-hint = A few words the patient picks. Every message from us carries them, so the patient knows it is really us.
patient-fault-name-missing = Write the patient's name.
patient-fault-name-long = This name is too long. Use 120 letters at most.
patient-fault-date-missing = Fill in month, day and year of the birth date.
patient-fault-date-no-such-day = There is no such day. Check month, day and year. Use numbers only.
patient-fault-date-future = This birth date is in the future. Check the year.
patient-fault-date-too-long-ago = Write the year of birth with four numbers, like 1961.
patient-fault-contact-missing = Write an email address or a phone number, so that we can reach the patient.
patient-fault-email = This email address is not complete. It should look like name@example.org.
patient-fault-phone = This phone number does not look right. Use 7 to 15 numbers, for example 555-010-0142.
patient-fault-lang = Choose a language.
patient-fault-aids-long = This is too long. Use 280 letters at most.
patient-fault-check-phrase-long = This check phrase is too long. Use 60 letters at most.
lang-en = English
lang-es = Spanish

# Chart
chart-title = Chart
chart-trail = The audit trail noted that you opened this chart.
chart-about = About the patient
chart-team = Care team
chart-team-hint = Only these people can open this chart.
chart-team-until = until
