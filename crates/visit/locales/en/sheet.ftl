# The protocol sheet of a visit.

sheet-title = Protocol sheet
sheet-back = Back to the visit
sheet-print = Print
sheet-before = Before the visit
sheet-during = During the visit
sheet-after = After the visit

# With a number it is a total, with 0 the word alone.
sheet-done = { $n ->
    [0] Done
   *[other] { $n } done
}
sheet-waived = { $n ->
    [0] Waived
   *[other] { $n } waived
}
sheet-failed = { $n ->
    [0] Not passed
   *[other] { $n } not passed
}
sheet-missing = { $n ->
    [0] Not done
   *[other] { $n } not done
}
sheet-later = { $n ->
    [0] Still to come
   *[other] { $n } still to come
}

sheet-booked = Visit booked
sheet-preferences = Asked how to be reached
sheet-aids = Asked for language, interpreter and aids
sheet-screen = Agreed to sign on a screen
sheet-notice = Got the notice of privacy practices
sheet-consent = Consent to telehealth
sheet-promise = Promise to keep it private
sheet-interpreter = Interpreter from the register
sheet-exception = Somebody else interpreted, with the grounds on record
sheet-place = A private place
sheet-camera = Camera works
sheet-microphone = Microphone works
sheet-light = Enough light
sheet-voice = Voice can be heard
sheet-noise = Quiet enough
sheet-location = Place and call-back number told, in a state we serve
sheet-lobby = Waited in the lobby
sheet-admitted = Let in one by one
sheet-encrypted = Picture and sound sealed from end to end
sheet-code = Digits compared by voice
sheet-ended = Visit ended for everybody
sheet-summary = Summary given in the portal
sheet-not-recorded = The visit was not recorded: Alcove has no recording.
sheet-printed = As of
sheet-found = What was not done, not passed or waived is counted in the practice’s findings, without names.
sheet-findings = See the findings
