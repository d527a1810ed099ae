# Translations of critical text
translations-title = Translations
translations-under = Consents, notices and emergency texts stay hidden in other languages until a qualified person has approved them.
translation-notice = Notice of privacy practices
translation-emergency = What to do in an emergency
translation-version = Spanish, version { $version }
translation-waits = Waits for a qualified reader
translation-approved = Read by { $name } ({ $qualification }), written down by { $by } on { $day }
translation-shown = Shown
translation-hidden = Hidden
translation-status = The Spanish we ship was written with care, but no qualified translator has signed it. That is your practice’s part.
translation-approve = Approve this text
translation-name = Who has read it
translation-name-hint = The qualified translator or interpreter, by name.
translation-qualification = Their qualification
translation-qualification-hint = For example: ATA certified, or CCHI with its number.
translation-whole = They have read all of it and found it right
translation-withdraw = Hide it again
translation-fault-name = Write who has read it.
translation-fault-qualification = Write what qualifies them.
translation-fault-whole = Tick that they have read exactly this version, all of it.

# A consent that is read aloud: the short question
by-voice-means = What the patient answered when you asked: “What can you do after you say yes?”
by-voice-means-hint = Ask in your own words and let them answer in theirs.
by-voice-means-stay = They must go on with the visit
by-voice-means-stop = They can stop at any time, at no cost
by-voice-means-pay = They must pay if they stop
by-voice-means-missing = Ask the short question and mark the answer.
by-voice-means-wrong = Explain once more that they can stop at any time, at no cost. Ask again, then mark the new answer.
