# The page behind a link
invite-title = Your video visit
invite-next = What happens next
invite-next-who = We ask one question, so we know it is you.
invite-next-check-in = We get you and your phone or computer ready. The first time it takes about { $first } minutes, as there are papers to read and sign. After that, about { $next } minutes.
invite-next-wait = You wait in a private waiting room until your clinician lets you in.
invite-start = Start
invite-try = Try camera and sound first (opens a new page)
invite-device = This link works on one phone or computer only: the one you start on.
invite-stop = You can stop at any time. It does not change your care. Need help? Call { $phone }.
invite-no-secret = This link is not complete
invite-no-secret-detail = Please open it again from the message your practice sent you. Or call us.
invite-mail-app = Please open this link in Safari or Chrome
invite-mail-app-detail = Your mail or chat app opened it inside itself. A video visit does not work there. Do not press the button yet: go back to the message, press and hold the link, and open it in Safari or Chrome.
invite-old = This browser cannot show the visit
invite-old-detail = Do not press the button yet. Open the link in the newest Chrome, Edge, Firefox or Safari. On an iPhone, use Safari. Or call us.
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
invite-cancelled = This visit was cancelled
invite-cancelled-detail = There is nothing you need to do. If you would like a new time, please call us.
invite-locked = This link is locked
invite-locked-detail = The answer was wrong too many times, so we locked the link to keep you safe. Call us and we will send a new one.
invite-other-device = This link is open on another device
invite-other-device-detail = A link works on one phone or computer only. Please go on there. To go on here, press “Go on with another phone or tablet” on that screen. If it was not you, or you cannot use that one, call us.
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
patients-papers = Papers
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

# How staff sign in
sign-in-password = With password and code
sign-in-email = Email
sign-in-password-label = Password
sign-in-code = Code from your app
sign-in-code-hint = Six numbers. They change every 30 seconds, and each code works one time.
sign-in-go = Sign in
sign-in-lost = No phone and no key? Use a saved code
sign-in-wrong = That did not match. Check all three: email, password and the code your app shows now.
sign-in-wait = { $seconds ->
    [one] That was wrong too often. Wait 1 second, then try again.
   *[other] That was wrong too often. Wait { $seconds } seconds, then try again.
  }
passkey-wrong = This passkey lets nobody in here. Use another, or sign in with password and code.
saved-wrong = That did not match. Check the email, the saved code and, if you have one, the password.
again-wrong = That did not match. Try again.
passkey-use = Use a passkey
passkey-make = Make a passkey
passkey-no-script = A passkey needs JavaScript. Without it, use password and code.
passkey-none = This browser has no passkeys. Use password and code, or another browser.
passkey-stopped = The passkey did not work, or you stopped it. Try again, or use password and code.
passkey-over = This took too long
passkey-over-detail = Nothing was saved. Go back, reload the page and try again.
passkey-refused = This passkey could not be saved
passkey-refused-detail = Your device did not check that it is you, or it has a passkey for this account. Go back and try again, or use another device.
passkey-of-another = This passkey belongs to another account
passkey-of-another-detail = An account is for one person, and so is a passkey. Use a device or a key of your own.
passkey-taken = This device already has a passkey here, of yours or of a colleague. A passkey is for one person: use a device or key of your own, or password and code.
passkey-too-many = You have enough passkeys
passkey-too-many-detail = Remove one that you no longer use, then make a new one.
proof-last = This is your last way in
proof-last-detail = Set up another way to sign in first. Then you can remove this one.

# A fresh proof
again-title = Is it still you?
again-why = The next step is important. Show that it is you, so that nobody else can do it in your open browser.
again-go = It is me
again-nothing = You have no way to show it yet
again-nothing-detail = Sign in again, then set up a passkey, or a password with a code app, under "My account".

# Saved codes
saved-title = Use a saved code
saved-what = A saved code lets you set up a new passkey, or a new password and app. What you had before will stop working.
saved-code = Saved code
saved-code-hint = 16 letters and numbers. Each works one time.
saved-password = Password
saved-password-hint = Only if you sign in with a password.
saved-none = No saved code? Two administrators of your practice can let you in again.
codes-title = Save these codes
codes-what = If you lose your phone or key, one of these codes lets you in. Print them or write them down. Keep them where nobody else looks, not on this computer.
codes-once = We show them only now, and do not know them ourselves. Each code works one time.
codes-print = Print
codes-saved = I saved them

# Setting up a way in
welcome-title = Set up how you sign in
welcome-what = This link is for you alone. The next page sets up how you sign in. It takes about 3 minutes.
welcome-no-secret = Please open it again from the message. Or ask who invited you for a new one.
welcome-over = This link does not work
welcome-over-detail = It was used, replaced, or is too old. Ask an administrator of your practice for a new one.
welcome-not-yet = This link works later
welcome-not-yet-detail = It opens on { $when }. Until then you can stop it, if you did not ask for it.
set-up-title = How will you sign in?
set-up-for = { $name }, you sign in as { $email }.
set-up-passkey = A passkey (best)
set-up-passkey-what = You use your finger, face or the PIN of your device. Nobody can steal it with a fake page.
set-up-or-password = Or a password and a code app
set-up-password = New password
set-up-password-hint = At least 15 characters. A few words that only you would put together are good.
set-up-app = Code app
set-up-app-hint = Open an authenticator app on your phone and scan this picture.
set-up-app-typed = No camera? Type this key into the app:
set-up-picture = Picture with the key for your code app
set-up-code-wrong = This code does not fit. Type the six numbers that the app shows now.
set-up-go = Save and sign in
password-short = This password is too short. Use at least 15 characters.
password-long = This password is too long. Use 256 characters at most.
password-guessable = This password is easy to guess. Leave out names, dates, keys in a row and well-known words.

# One's own account
account-title = My account
account-ways = How you sign in
account-no-way = You have not set up a way to sign in yet.
account-prove = To change something here, first show that it is you.
account-passkey = Passkey
account-made = Made { $when }
account-used = Last used { $when }
account-password = Password and code app
account-password-title = Password and code app
account-password-set-up = Set up password and code app
account-password-change = Change password and code app
account-codes = Saved codes
account-codes-left = { $n ->
    [one] 1 code left
   *[other] { $n } codes left
  }
account-codes-new = Make new codes
account-remove = Remove
account-where = Where you are signed in
account-here = This browser
account-elsewhere = Another browser
account-since = { $how }, since { $when }
account-seen = Last active { $when }
account-at-once = Your account was used in another place while you were signed in here. Was it you? If not, sign out there and tell the security official. An account is for one person.
account-at-once-badge = Used at the same time
account-end = Sign out there
account-ended = That browser is signed out.
account-added = The passkey was saved.
account-removed = It was removed.
account-password-set = Password and code app were saved.
how-passkey = With a passkey
how-password = With password and code
how-enrolment = Set up by a link
how-link = By a demo link

# Who works here
staff-title = Staff
staff-invite = Invite
staff-invite-title = Invite a colleague
staff-invited = The link is on its way to their email. It works for 7 days.
staff-look = Look at it
staff-state-invited = Invited
staff-state-active = Active
staff-state-suspended = Suspended
staff-state-removed = Removed
staff-one-title = Account
staff-about = Account
staff-has = { $passkeys ->
    [one] 1 passkey, { $codes } saved codes.
   *[other] { $passkeys } passkeys, { $codes } saved codes.
  }
staff-has-password = Password and code app.
staff-signed-in = { $n ->
    [0] Not signed in now.
    [one] Signed in on 1 browser now.
   *[other] Signed in on { $n } browsers now.
  }
staff-acts = What you can do
staff-end-sessions = Sign out everywhere
staff-suspend = Suspend
staff-suspend-hint = Ends pages, visits and calls of this person at once. Nobody can sign in to the account until you let them in again.
staff-reinstate = Let in again
staff-link = Send a new link
staff-prove = For the rest, first show that it is you.
staff-oneself = Not your own account
staff-oneself-detail = Nobody can suspend themselves or let themselves in. Ask a colleague.
staff-name = Name
staff-name-hint = As patients see it, with title: Dr. Ana Ruiz
staff-email-hint = They sign in with it, and the link goes there.
staff-roles = Roles
staff-roles-hint = What this person may do. Pick all that fit.
staff-credentials = Credentials
staff-credentials-hint = What stands behind the name, such as MD or RN.
staff-licence = Licensed in
staff-licence-hint = Two letters for each state, such as MA NH.
staff-fault-name = Write a name of 120 letters at most.
staff-fault-email = This email address is not complete. It should look like name@example.org.
staff-fault-email-taken = Another account signs in with this email.
staff-fault-shared = An account is for one person. Write the person's own name and own email address, not those of a desk or a team.
staff-fault-roles = Pick at least one role.
staff-fault-licence = Write two letters for each state, with spaces between.
staff-fault-credentials = This is too long. Use 20 letters at most.
recovery-ask = Start to let in anew
recovery-hint = For a colleague who lost phone, key and saved codes. A second owner or administrator must agree. Then a day passes before the link opens.
recovery-approve = I agree: send the link
recovery-stop = Stop it
recovery-asked = { $by } asks to let { $name } set up a new way to sign in. One more person must agree.
recovery-opens = { $name } gets a new way to sign in. The link opens on { $when }. Until then anybody here can stop it.
recovery-own = Two colleagues are giving you a new way to sign in. Did you not ask for it? Stop it now.
recovery-oneself = Not for yourself
recovery-oneself-detail = Two other people must agree to a new way in for you.
recovery-same-person = Somebody else must agree
recovery-same-person-detail = You asked for it. Another owner or administrator has to agree.
recovery-not-now = This is not possible now
recovery-not-now-detail = It is under way already, or it is over. Reload the page to see.
