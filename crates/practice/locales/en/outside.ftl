# Somebody from outside reports a message
report-message-title = Tell us about a fake message
report-message-lead = Did you get an email, text or call that says it is from us, and it does not feel right? Tell us. You do not have to say who you are.
report-message-what = What did it say, and how did it come?
report-message-hint = Do not write about your health. Copy what it asked for, and the address or number it came from.
report-message-go = Send it to us
report-message-fault = Write in a few words what the message said.
report-message-filed = Thank you. We look at it
report-message-filed-detail = Do not open links in that message and do not answer it. Did you already? Then call us now: { $phone }
report-message-back = Check another message
report-message-full = We got very many reports today
report-message-full-detail = Please call us and tell us about the message.
incident-outsider = somebody from outside
