# Words of the room document (client/src) and of the device check. The client compiles this file into its scripts;
# it understands { $name }, { "text" } and one level of { $name -> [one] ... *[other] ... }.

# Opening
title-lobby = Waiting room
title-room = Your visit
title-turn = It is your turn
title-over = Visit over
connecting-title = Opening your visit
connecting-text = One moment.
connecting-slow = This takes longer than usual. We keep trying.

# Waiting room
lobby-you-are = You are in the waiting room
lobby-position = { $form ->
    [one] { $position }st
    [two] { $position }nd
    [few] { $position }rd
   *[other] { $position }th
}
lobby-next = Next
lobby-minutes = { $minutes ->
    [0] any moment now
    [one] about 1 minute
   *[other] about { $minutes } minutes
}
lobby-no-estimate = { $clinician } will let you in
lobby-you-will-see = You will see { $clinician }.
lobby-who-lets-in = Only they or our team can let you in.
lobby-also = Who else comes
say-coming = { $host } Also there: { $others }.
say-coming-alone = { $host } Nobody else comes.
lobby-from-desk = From the practice, { $time }
lobby-no-messages = If we write to you, you read it here.
lobby-keep-open = Keep this page open. When it is your turn, it rings and says so.
lobby-screen-on = Your screen stays on while you wait.
lobby-ring = Try the bell
lobby-elsewhere = Go on with another phone or tablet
lessons-title = While you wait
lesson-place = How to keep this talk private
lesson-place-text = Close the door. Wear headphones. Turn off smart speakers. If somebody comes in, say so, or press the button for it. You may stop at any time.
lesson-link = How to know that a message is from us
lesson-link-text = Our messages show the words you chose with us. They never ask for a password or money. Not sure? Do not press the link. Call us.
lesson-after = What to do when the visit is over
lesson-after-text = Close this page. On a shared phone or computer, close the browser too. Keep your screen locked. What you need to know is in your portal.
lobby-nobody-sees = Nobody can see or hear you yet.
lobby-look = How you will look
lobby-leave = Leave
lobby-call = Or call { $phone }.
lobby-time = Visit at { $time }, { $minutes } minutes

# Truth
how-private = How private is this?
new-page = (opens a new page)
truth-before = Setting up privacy. Nothing is sent yet.
truth-stuck = Setting up privacy takes too long. Nothing is sent. Open your link again in a new tab, or call.
truth-alone = Private. Only you are here.
truth-so-far = Private so far. Let’s check that nobody is in between.
truth-private = Private.
truth-people = { $count ->
    [one] Only you can see and hear this.
   *[other] Only the { $count } people shown can see and hear this.
}
truth-checked = Checked by voice { $time }.
truth-known = Checked by voice in an earlier visit.
truth-chain = { $by } checked { $name } for you.
truth-ahead = You are with { $name } from our team, who checks who you are. Your clinician is not here yet.
truth-ahead-desk = You are alone with { $name }. The clinician is not here yet.
truth-ahead-so-far = Compare the six digits to be sure that nobody is in between.
truth-ahead-checked = Only the two of you hear this: checked by voice { $time }.
truth-stopped = Picture and sound are stopped.
truth-quiet = We have not heard from the host’s page for a while. The list of people may be old.
truth-paused = The host’s page is silent. Your picture and sound are paused.
truth-split = The host sees other people than you do. Picture and sound are stopped.
truth-go-on = Go on anyway
truth-locked = Door locked.
truth-not-recorded = Not recorded.
clock = Visit time

# People
you = You
role-host = clinician
role-deputy = staff
role-patient = patient
role-representative = representative
role-supporter = supporter
role-interpreter = interpreter
person-muted = muted
tile-large = Large
tile-large-label = Large: { $name }
person-away = { $name } lost the connection. We keep the place.
person-no-picture = Camera off
person-joining = Picture is on its way
alone-host = You are alone in the room.
alone-host-text = Let people in from the waiting list.
alone-guest = You are in. { $name } will be right with you.
alone-guest-plain = You are in. The others will be right with you.

# Spoken code
code-title = Six digits to compare
code-ask = Ask { $name } to read six digits aloud or show them
code-read = Please read these six digits to { $name }, or show them
code-why-host = Said, signed or on paper, they must be the same as these. Then nobody is in between. The chat proves nothing.
code-why-guest = { $name } sees six digits too. Say yours, sign them, or show them on paper. The chat proves nothing. Ask if they are the same. Then press what you heard or saw.
code-ask-here = { $name } says the digits match. Did you hear or see the same?
code-once-more = Compare again
code-matches = They match
code-mismatch = They do not match
code-large = Show large
code-large-why = No voice? Write these digits on paper and hold it up to your camera. Or hold this screen up to a camera.
code-skip = Skip for now
code-again = Compare the digits
code-again-label = Compare the digits with { $name }
check-matches = checked by voice { $time }
check-matches-by = checked by voice by { $by } { $time }
check-known-device-by = device known to { $by }
check-known-device = known device
check-skipped = not checked by voice
check-mismatch = digits did not match
check-not-yet = not checked yet
door-someone = Someone
door-list-says = The practice’s list says: { $name }, { $role }.
door-differs = The practice’s list says { $name }, { $role }. Ask who they are before you let them in.
door-tries = Asked { $count } times.
door-spent = Too many tries. Ask them to call, or send a new link.
device-new = Device not seen before.
device-known = Known device.
device-changed = Another device than last time.
device-is-changed = { $name } uses another device than last time. Compare the six digits before anybody says something personal.
unmet = { $name } leads the visit now. You two have not compared digits yet.
unmet-compare = Get digits to compare
unmet-unheard = No digits came. { $name } may have none left. Go on if you like, but nobody has checked that you are alone. To be sure, call the practice.
asking-no-digits = Wants to compare digits, but none are left. Go on if you like, but nobody has checked that you are alone. To be sure, call them.
digits-doubted = { $name } says that the digits did not match, so their picture and sound stopped. Compare them again, or call by phone.
say-someone = Someone is at the door.
code-was-matches = The digits matched at { $time }. Nobody is in between.
code-was-known-device = This device was checked by voice in an earlier visit.
code-was-mismatch = The digits did not match at { $time }.
code-was-skipped = Not compared yet, skipped at { $time }. You can still read or show these digits to { $name }.
code-tries = Try { $count } in this visit. Each try is one chance in a million for somebody in between.
auditors = For auditors
auditors-why = These 30 digits are the same on every page of this room. They change when somebody comes or goes.
asking-keys = In the room, without keys
person-no-keys = Keys are on their way
stopped-mismatch = The digits did not match. Somebody may be in between, so picture and sound stopped. Do not share anything personal here.
stopped-leaking = This browser sent something that was not sealed, so picture and sound stopped. Please use another browser.
stopped-unsealed = This browser cannot seal picture and sound, so we do not send any. Please use another browser.
stopped-split = The host sees other people than you do, so picture and sound stopped. Do not share anything personal here.
say-code = Six digits to compare: { $digits }
say-checked = Checked by voice. Nobody is in between.

# Messages and files
talk = Chat
talk-label-new = { $count ->
    [0] Chat
    [one] Chat, 1 new message
   *[other] Chat, { $count } new messages
}
talk-title = Messages and files
talk-private = Only the people in this room can read this. Who comes later does not see it. It is gone when the visit ends.
talk-none = Nothing yet.
talk-label = Your message
talk-send = Send
talk-count = { $count } of { $most } letters
talk-failed = Not sent. Please write it again.
talk-stopped = Picture and sound are stopped for safety, and so are messages.
talk-offline = No connection. You can write when it is back.
talk-no-keys = Setting up privacy. You can write in a moment.
talk-paused = The host’s page is silent, so messages wait too.
talk-alone = Nobody else is here yet.
say-chat = { $name } wrote: { $text }
say-file = { $name } sends you a file.
file-choose = Send a file
file-most = Files up to 25 MB
file-save = Save
file-save-label = Save { $name }
file-stop = Stop
file-stop-label = Stop { $name }
file-progress = How much is done
file-nameless = A file
file-is-sending = Sending…
file-is-sent = Sent. It is deleted when the visit ends.
file-is-asking = A file is coming…
file-is-offered = Open it only if you expected it.
file-is-fetching = Getting it…
file-is-saved = Saved on this device.
file-is-stopped = You stopped it. Nobody got it.
file-too-large = This file is larger than 25 MB. Please choose a smaller one.
file-gone = This file is not here any more. Ask for it again.
file-full = This visit holds no more files. Give others to the practice after the visit.
file-damaged = This file did not arrive as it was sent. Do not use it. Ask for it again.
file-lost = The connection was lost. Please try again.
file-not-here = You are not in the room any more.

# Own devices
turn-on = Turn on camera and microphone
turn-on-why = Cameras start only when you press.
turn-on-asking = Your browser asks now. Please press Allow.
picture-offer = No camera? Show a test picture
picture-note = Test picture and tone, in the demo only
sound-blocked = Press to hear the others
own-off = Your camera is off
own-picture-asked = This practice asks for a picture. Please turn your camera on.
trouble-title = Your camera and microphone are off
trouble-camera-denied = The browser does not allow the camera.
trouble-mic-denied = The browser does not allow the microphone.
trouble-camera-none = We found no camera.
trouble-mic-none = We found no microphone.
trouble-camera-in_use = Another program uses the camera. Close it and try again.
trouble-mic-in_use = Another program uses the microphone. Close it and try again.
trouble-camera-failed = The camera stopped.
trouble-mic-failed = The microphone stopped.
try-again = Try again
how-to-allow = How to allow it
advice-app = Your mail or chat app opened this page inside itself. Ask the practice for a new link, and open that in Safari or Chrome.
advice-ios = Open Settings, then Apps, then Safari. Press Camera, then Microphone, and choose Allow. Come back and press Try again.
advice-safari = Press Safari in the menu bar, then Settings for this website. Set Camera and Microphone to Allow. Then press Try again.
advice-android = Press the sign left of the address, then Permissions. Allow Camera and Microphone. Then press Try again.
advice-firefox = Press the crossed-out camera left of the address and remove the block. Then press Try again.
advice-chrome = Press the sign left of the address. Switch Camera and Microphone on. Then press Try again.
advice-edge = Press the lock left of the address, then Permissions for this site. Allow Camera and Microphone. Then press Try again.
advice-other = Open the settings of this page near the address. Allow Camera and Microphone. Then press Try again.

# Controls
controls = Controls
mute = Mute
unmute = Unmute
camera-off = Stop camera
camera-on = Start camera
camera = Camera
turn = Turn
turn-label = Turn the camera round
devices = Devices
people = People
people-waiting = , { $count } waiting
leave = Leave
end = End
end-label = End the visit for everyone
key-hint = key { $key }

# Connection
state-joining = Connecting picture and sound…
state-weak = Weak connection. Sound comes first.
state-lost = Picture and sound are gone. We bring them back.
state-given_up = Picture and sound did not come back.
state-reconnecting = No connection to the practice. We keep trying.
state-gone = No connection to the practice.
state-good = Good connection
again = Try now
call-instead = Or call { $phone }.

# Side panel of the host
panel = People and door
waiting-title = Waiting
waiting-none = Nobody is waiting.
waiting-deputy = The clinician lets people in. You can while the clinician is away.
waiting-for = { $minutes ->
    [0] just arrived
    [one] waiting 1 min
   *[other] waiting { $minutes } min
}
admit = Admit
admit-label = Admit { $name }
admitting = Admitting…
toast-waiting = { $name } is waiting
inside-title = In the room
remove = Remove
remove-label = Remove { $name }
to-lobby = Back to lobby
to-lobby-label = Back to lobby: { $name }
door-title = Door
lock = Lock the door
lock-on = Locked. Nobody else can come in.
lock-off = Open. You let each person in.
say-title = Message to the waiting room
say-label = Everyone who waits for this visit sees it
say-hint = No health details, please.
say-letters = { $count ->
    [one] 1 letter left
   *[other] { $count } letters left
}
say-send = Send
say-quick-late = I am running 5 minutes late. Sorry for the wait!
close = Close

# Questions
cancel = Cancel
ask-end = End the visit for everyone?
ask-end-text = Everyone leaves the room. People who wait are told that the visit is over.
ask-end-yes = End the visit
ask-leave = Leave the visit?
ask-leave-text = You can come back while the visit is open.
ask-leave-host = The visit goes on without you. To close it for everyone, press End.
ask-leave-yes = Leave
ask-remove = Remove { $name }?
ask-remove-text = They leave at once and cannot come back to this visit with the same link.
ask-remove-yes = Remove
devices-title = Camera, microphone, speaker
devices-camera = Camera
devices-mic = Microphone
devices-speaker = Speaker
devices-level = Your voice
devices-default = Standard
devices-first = Turn on camera and microphone first. Then you can choose.
devices-none = None found
devices-done = Done

# Over
ended-title = The visit is over
ended-text = Thank you. Your camera and microphone are off.
ended-phone-title = Your visit goes on by phone
ended-phone-text = We will call you now. Keep your phone close. Your camera and microphone are off.
ended-talk = The messages and files of this visit are deleted.
ended-next = Go on
ended-host-next = Write the summary
left-title = You left the visit
left-text = Your camera and microphone are off. You can come back while the visit is open.
changed-title = Please look at your visit page
changed-text = Something about your visit has changed. Your visit page shows what comes next. Your camera and microphone are off.
left-back = Back to my visit page
removed-title = You are no longer in this visit
removed-text = The practice closed your place in this room. If you think that is a mistake, please call { $phone }.
removed-text-plain = The practice closed your place in this room. If you think that is a mistake, please call the practice.
refused-title = This page could not open the visit
refused-text = Go back to your visit page and press the button again. Each way in works one time.
no-ticket-title = This room opens from your visit page
no-ticket-text = Open the link in your message again and follow the steps. Your place is kept.
unsupported-title = This browser cannot show the visit
unsupported-text = Please use the newest Chrome, Edge, Firefox or Safari. On an iPhone, use Safari.
mail-app-title = Please open this page in your browser
mail-app-text = Your mail or chat app opened this page inside itself. There, camera and microphone often fail. Go back to the message, press and hold the link, and open it in Safari or Chrome. Did you start the check-in in the app? Then ask the practice for a new link first.
insecure-title = This page is not on a safe connection
insecure-text = Camera and microphone work only on a safe address (https). Please ask the practice for the right link.
go-back = Go back
to-day = To the day page
incident = Code for the practice: { $incident }

# Said by the screen reader
say-reconnecting = Connection lost. We keep trying.
say-lost = No connection. Press Try now, or call the practice.
say-back = Connected again.
say-returned = You are back in the waiting room. Nobody can see or hear you.
say-admitted = It is your turn. You are in the room now.
say-message = New message from the practice: { $text }
say-position = You are number { $position } now.
say-locked = The door is locked.
say-unlocked = The door is open again.
say-came = { $name } came in.
say-went = { $name } left.
say-away = { $name } lost the connection.
say-waiting = { $name } is waiting.
over-left = You left the visit.
over-changed = Something about your visit has changed. Please go back to your visit page.
over-removed = You are no longer in this visit.
over-ended = The visit is over.
over-by-phone = Your visit goes on by phone. We will call you now.
say-problem = { $text }
say-weak = The connection is weak.
say-good = The connection is good again.
say-media-lost = Picture and sound are gone. We bring them back.
say-given-up = Picture and sound did not come back. Press Try now.
say-no-devices = Camera and microphone did not start. Advice is on the page.
say-some-devices = Not everything started. Advice is on the page.
say-mic-gone = Your microphone stopped.
say-camera-gone = Your camera stopped.
say-mic-on = Microphone on
say-mic-off = Microphone off
say-camera-on = Camera on
say-camera-off = Camera off
press-offline = No connection right now. Press again when it is back.
say-sent = Message sent.

# Device check (alcove-ready)
ready-start = Turn on camera and microphone
ready-before = Press the button. If your phone or computer asks, choose Allow. If it does not work, just go on.
ready-asking = Your browser asks now. Please press Allow.
ready-light = Light
ready-voice = Your voice
ready-noise = Background noise
ready-camera = Camera
ready-quiet-now = Please be quiet for 5 seconds.
ready-say-now = Now say a few words, like “Good morning”.
ready-measuring = Measuring…
ready-light-good = Good
ready-light-ok = Fine
ready-light-poor-dark = Dim
ready-light-poor-bright = Too bright
ready-light-none = No picture
ready-light-advice-dark = Turn toward a window or switch on a lamp in front of you.
ready-light-advice-bright = Turn away from the window or dim the lamp.
ready-voice-good = Good
ready-voice-poor = Too quiet
ready-voice-none = Nothing heard
ready-voice-advice = Come closer to the microphone, or choose another one.
ready-noise-good = Quiet
ready-noise-ok = Fine
ready-noise-poor = Loud
ready-noise-none = Not measured
ready-noise-advice = Close the door or a window, or use headphones.
ready-light-poor-behind = Light behind you
ready-light-advice-behind = The light is behind you. Turn around, or close the curtain behind you.
ready-behind-hint = Light from behind
ready-network = Internet
ready-network-good = Good
ready-network-ok = Fine
ready-network-poor = Weak
ready-network-none = Not measured
ready-network-away = No way through
ready-network-advice-ok = Video may stop for moments. Sit closer to your router, or close other programs.
ready-network-advice = Try another network, or sit closer to your router. Sound alone may still work, and so does a phone call.
ready-browser = Browser
ready-browser-good = Works
ready-browser-poor = Too old for a visit
ready-browser-advice = A visit does not work in this browser. Update it, or use the newest Safari, Chrome or Firefox. Your place is kept on this device: call us, and we send a new link.
ready-speaker = Sound
ready-speaker-play = Play a sound
ready-speaker-yes = I heard it
ready-speaker-no = I heard nothing
ready-speaker-good = Heard
ready-speaker-poor = Not heard
ready-speaker-advice = Turn the volume up. Check that headphones are plugged in. Then play the sound again.
ready-back-camera = Second camera
ready-other-camera = Try the other camera
ready-back-ok = Works
ready-back-none = Does not start
ready-mirror-title = See and hear yourself
ready-mirror-lead = Your picture and sound go to our server and back, locked. This is how others will see you.
ready-mirror-start = Show me
ready-mirror-stop = Stop
ready-mirror-hear = Hear myself (use headphones)
ready-mirror-opening = One moment…
ready-mirror-on = This came back from our server. Move a little.
ready-mirror-sound-only = There is no picture. Press Hear myself and say a few words.
ready-mirror-over = The time is over. Press Show me to go on.
ready-mirror-busy = Too many people try it right now. Press Show me again in a moment.
ready-mirror-failed = It did not work. Run the test above: it says what is wrong.
ready-one-next = Next question
ready-one-back = Question before
ready-one-where = Question { $now } of { $of }
ready-picture-hint = You, as others will see you
ready-dark-hint = A little dark
ready-bright-hint = A little bright
ready-again = Check again
ready-denied = The browser does not allow the camera or microphone.
ready-none = We found no camera or microphone.
ready-in_use = Another program uses the camera or microphone. Close it and try again.
ready-failed = The camera or microphone did not start.
ready-no-camera = No camera is fine too. People will hear you.
ready-picture-needed = This practice asks for a picture. Try another camera, or go on and tell the practice.
ready-done = All measured.
emergency = Emergency card
