# A visit that goes on by phone
by-phone-title = Go on by phone
by-phone-under = The room closes for everybody. Then call the patient.
by-phone-video = The video does not work
by-phone-wish = The patient wants the phone
by-phone-refused = This visit cannot go on by phone
by-phone-refused-detail = It is over, or not open yet, or the house rules hold no visits by phone. Look at the visit once more.
visit-done-by-phone = The room is closed. Call the patient now. Is an interpreter booked? Bring them on the line first.
ended-by-phone = Your visit goes on by phone
ended-by-phone-lead = We will call you now. Keep your phone close. Camera and microphone are off.
