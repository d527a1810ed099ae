# Shells
shell-skip = Skip to the page
shell-simple-on = Large letters, one thing at a time
shell-simple-off = Back to normal letters
shell-call = Need help? Call { $phone }.
shell-private = How private is this?
shell-new-page = (opens a new page)
shell-rail = Main pages
shell-sign-out = Sign out
idle-title = Are you still there?
idle-text = You will soon be signed out, so that nobody else sees this screen. What you typed and did not save would be lost.
idle-stay = Stay signed in
shell-account = My account
shell-demo = Demo: made-up people, no real data.
no-script = A video visit needs JavaScript
no-script-detail = It is turned off in this browser. You can fill in these pages without it, but the visit itself does not work. Please turn it on, and load this page again.
no-script-call = Or call { $phone }. We find another way for you.
shell-emergency = Open in an emergency. You can read, not write.
shell-emergency-left = { $n ->
    [one] 1 minute left, until { $at }.
   *[other] { $n } minutes left, until { $at }.
  }
shell-emergency-end = End now
shell-step = Step { $now } of { $of }

# Forms
form-optional = (optional)
form-faults = Please check this
form-continue = Continue
form-back = Back
form-save = Save
form-cancel = Cancel

# Rail
rail-day = Day
rail-patients = Patients
rail-practice = Practice
rail-staff = Staff

# Roles
role-owner = Owner
role-administrator = Administrator
role-privacy-official = Privacy official
role-security-official = Security official
role-clinician = Clinician
role-desk = Front desk
role-assistant = Assistant

# Relations
relation-care-team = Care team
relation-host = Host
relation-deputy = Deputy
relation-patient = Patient
relation-representative = Representative
relation-supporter = Supporter
relation-interpreter = Interpreter

# Failures: what happened, and what to do
failure-sign-in = Please sign in
failure-sign-in-detail = You are not signed in, or you have been signed out because nothing happened for a while. Sign in, or open the link from your practice again.
failure-second-fact = One more question first
failure-second-fact-detail = Open the link from your practice again and answer the question. It keeps your visit private.
failure-prove-again = Please show that it is still you
failure-prove-again-detail = This needs a fresh sign-in, so that nobody else can do it in your open browser. Nothing was saved. Show that it is you, then do it again.
failure-prove-again-go = Show that it is me
failure-not-found = There is nothing here
failure-not-found-detail = The address may be wrong, the page may be gone, or it is not open to you. Go back, or call your practice.
failure-bad-input = We could not read that
failure-bad-input-detail = Something was missing or not in the right form. Go back and try again.
failure-stale-form = This page was open too long
failure-stale-form-detail = To keep you safe, we did not save it. Go back, reload the page and send it again.
failure-other-site = This came from another website
failure-other-site-detail = To keep you safe, we did not do it. Open the page here and try again.
failure-wrong-method = This address does not work that way
failure-wrong-method-detail = Go back and use the buttons on the page.
failure-wrong-kind = We cannot read this kind of file or form
failure-wrong-kind-detail = Go back and use the form on the page.
failure-too-large = That is too large
failure-too-large-detail = Nothing was saved. Make it shorter or smaller and try again.
failure-set-up = This practice is not open yet
failure-set-up-detail = The owner is still setting it up: the officials and the contact for complaints must be named first.
failure-changed = Somebody changed this just now
failure-changed-detail = Nothing was lost. Reload the page to see what is new, then try again.
failure-too-many = Too many tries
failure-too-many-detail = Please wait a few minutes, then try again. Or call your practice.
failure-busy = We are busy right now
failure-busy-detail = Nothing was lost. Please try again in a moment.
failure-broken = Something went wrong on our side
failure-broken-detail = It is not your fault. Please try again. If it happens again, call your practice.
failure-again = Try again
failure-home = Go to the start page
failure-incident = If you call us, say this number: { $incident }

# Zones, as people call them
zone-eastern = Eastern time
zone-central = Central time
zone-mountain = Mountain time
zone-arizona = Arizona time
zone-pacific = Pacific time
zone-alaska = Alaska time
zone-hawaii = Hawaii time
zone-puerto-rico = Puerto Rico time
zone-guam = Guam time
