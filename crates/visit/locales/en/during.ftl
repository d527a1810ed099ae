# During the visit: what the socket says when something was refused or went wrong, and words of the queue.

message-too-long = That was too long to send.
message-too-long-detail = Make it shorter and try again. Nothing else has changed.
message-malformed = This page sent something we could not read.
message-malformed-detail = Reload the page. Nothing has changed and nobody else was disturbed.
message-version = This page is out of date.
message-version-detail = Reload the page to get the new one.
message-unknown = This page asked for something we do not know.
message-unknown-detail = Reload the page to get the newest one.
message-too-fast = That was too much at once.
message-too-fast-detail = Wait a moment, then try again.
message-too-many-mistakes = This page had too many problems in a row.
message-too-many-mistakes-detail = The connection was closed. Reload the page to come back.

hello-first = This page did not say who it is.
hello-first-detail = Go back and open the room again.
ticket-over = This way into the room has already been used, or is too old.
ticket-over-detail = Go back to the page before and press the button again.
resume-over = We could not bring you back from here.
resume-over-detail = Go back to the page before and press the button again.
signed-out = You are signed out.
signed-out-detail = Sign in again, then open the room again.
superseded = The room is open in another tab or window.
superseded-detail = Go on there. This one is closed.
too-slow = Your connection could not keep up.
too-slow-detail = We will try to bring you back.
server-full = Too many people are connected right now.
server-full-detail = Wait a minute and try again, or call the practice.

not-yours = Only the host can do that.
not-yours-detail = Ask the host.
person-not-here = That person is not here any more.
person-not-here-detail = The list on your screen will be up to date in a moment.
not-admitted = You are not in the room yet.
not-admitted-detail = Please wait until the host lets you in.
room-full = The room is full.
room-full-detail = Four people fit in one room. Somebody must leave first.
room-locked = The room is locked.
room-locked-detail = Unlock the room, then admit.
visit-over = This visit is over.
visit-over-detail = There is nothing more to do here. Call the practice if you have a question.
room-not-open = This room cannot be opened yet.
room-not-open-detail = Send the invitation first, then open the room.
offer-refused = Sound and picture could not be connected.
offer-refused-detail = Reload the page. If it stays like this, use a current browser or call the practice.
media-full = Sound and picture are busy right now.
media-full-detail = Wait a moment and try again.
try-again = Something went wrong on our side.
try-again-detail = Nothing has changed. Try again in a moment.

during-page-closed = Page not open
during-role-patient = Patient
during-role-clinician = Clinician
during-role-deputy = Staff
during-role-representative = Representative
during-role-supporter = Support person
during-role-interpreter = Interpreter
