
# What visits show, beside the answers of the practice's analysis
fact-consent-coverage = { $n } of { $of } patients let into a room in the last 90 days had agreed to telehealth before.
fact-consent-coverage-how = Every patient let into a room in the last 90 days: was their newest answer to this clinician a yes at that moment?
fact-place-private = { $n } of { $of } patients let into a room in the last 90 days had been asked if they were alone.
fact-place-private-how = Every patient let into a room in the last 90 days: is there an answer about their place in the check-in?
fact-checks-good = { $n } of { $of } check-ins of the last 90 days passed every check of camera, microphone, light and sound.
fact-checks-good-how = Every finished check-in of the last 90 days with a readiness check: did the check raise a finding?
