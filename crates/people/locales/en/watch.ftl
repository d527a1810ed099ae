# A chart opened in an emergency
emergency-not-yours = This chart is not open to you
emergency-not-yours-why = You are not on this person’s care team, or there is no such chart.
emergency-not-yours-ask = Do you treat this person? Ask somebody on the care team, or the privacy official, to add you. It takes a minute.
emergency-is-it = Is it an emergency?
emergency-short = You can open the chart for 30 minutes, to read. The privacy official hears of it at once, and the patient can see it.
emergency-open = Open in an emergency
emergency-title = Open a chart in an emergency
emergency-what = What happens when you open it
emergency-what-read = You can read this chart for 30 minutes. You cannot write in it.
emergency-what-told = The privacy official is told now, and the patient can see who opened it and when.
emergency-what-review = Another person reviews it afterwards. Every page you open is noted.
emergency-find-hint = Both must be right. This page never shows a list.
emergency-name-hint = The full name, as it stands in the chart.
emergency-nobody = There is nobody with this name and this birth date. Check both, or call the desk.
emergency-several = There are several people with this name and this birth date. Call the desk: they know whose chart you need.
emergency-why = Why does it have to be now?
emergency-why-danger = Life or health is in danger now
emergency-why-covering = Their clinician is away and this cannot wait
emergency-why-asked = A hospital or another clinic needs it now
emergency-why-other = Something else
emergency-words = In your own words
emergency-words-hint = One sentence is enough, at least 10 letters.
emergency-fault-reason = Pick a reason.
emergency-fault-words = Write 10 to 1,000 letters.
emergency-open-now = Open for 30 minutes
emergency-ended = The chart is closed again. Thank you.
emergency-elsewhere = Somebody who is not on this list needs you now?
emergency-elsewhere-go = Open a chart in an emergency

# The officials look at it
emergencies-title = Charts opened in an emergency
emergencies-under = Another person reviews each one. After { $n } hours it is overdue.
emergencies-none = Nothing waits for a review
emergencies-none-detail = When somebody opens a chart in an emergency, you hear of it at once and find it here.
emergencies-waiting = Waiting for a review
emergencies-reviewed = Reviewed
emergency-one-title = Opened in an emergency
emergency-about = What happened
emergency-who = Opened by
emergency-patient = Chart of
emergency-a-patient = a patient
emergency-ended-at = Over at
emergency-by-hand = closed by hand
emergency-reason = Reason
emergency-said = Their words
emergency-looks = What was opened
emergency-review = Review
emergency-waits = { $n ->
    [0] Waits since today
    [one] Waits for 1 day
   *[other] Waits for { $n } days
  }
emergency-outcome = Was it justified?
emergency-justified = Justified
emergency-not-justified = Not justified
emergency-not-justified-hint = Then also open an incident: it may be a breach.
emergency-review-words = What you found
emergency-review-go = Finish the review
emergency-reviewed-by = Reviewed by { $name }
emergency-fault-outcome = Pick an answer.
emergency-review-alone = Nobody else here could review this, so you do it yourself. That is written down.
emergency-review-oneself = You opened this chart yourself
emergency-review-oneself-detail = Somebody else must review it: another privacy or security official.
emergency-review-open = The chart is still open
emergency-review-open-detail = You can review it when the time is over. That takes 30 minutes at most.
emergency-review-done = This was reviewed already
emergency-review-done-detail = Somebody was quicker. Go back to the list to see what they found.
watch-practice = Practice

# Care teams
team-since = since { $at }
team-approved = approved by { $name }
team-until = until { $at }
team-soon = Confirm by { $at }
team-overdue = Should be confirmed since { $at }
team-confirm = Still needed
team-end = End
team-add = Add a colleague
team-who = Colleague
team-why = Why do they need this chart?
team-add-go = Add to the care team
team-no-why = Say why
team-no-why-detail = Write in a few words why your colleague needs this chart. Go back and try again.
team-oneself = Not for yourself
team-oneself-detail = Somebody else must say that you still need this chart.
teams-title = Care teams to confirm
teams-under = Twice a year somebody says whether each colleague still needs each chart.
teams-none = Nothing to confirm
teams-none-detail = Two weeks before a place on a care team is due, it shows up here.

# A copy leaves
give-title = Copy of a chart
give-under = It leaves the practice: say to whom, for what, and pick no more than they need.
give-recipient = To whom
give-purpose = For what
give-for-treatment = Treatment
give-for-patient = The patient asked for it
give-for-authorization = The patient signed for it
give-for-law = The law requires it
give-for-payment = Payment
give-for-operations = Running the practice
give-for-other = Something else
give-parts = Besides name and birth date
give-contact = Email and telephone
give-words = Why this much and no more
give-words-hint = Needed for payment, running the practice and anything else.
give-fault-purpose = Pick what it is for.
give-fault-recipient = Write who gets it, in 2 to 200 letters.
give-fault-words = Write in 10 to 1,000 letters why they need this much.
give-go = Make the copy
give-noted = For { $to }, { $at }. The trail notes it.
emergency-words-hidden = Only the privacy official reads the words.
