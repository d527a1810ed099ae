# Readiness, the practice room, the practice's own rooms, and what staff check of themselves.

device-title = This device
device-lead = Tick what is true. Not sure? Leave it empty. Nothing here stops your visit.
device-lock = It asks for a code, a finger or a face to open
device-lock-hint = So nobody else can look at your visit later.
device-encrypted = What is on it is locked (encrypted)
device-encrypted-hint = New phones do this on their own when a code is set.
device-updated = It has the newest updates
device-updated-hint = Look in Settings for “update”.
device-protected = It has virus protection, or needs none
device-protected-hint = Phones and tablets need none. Windows has it built in.
device-network = I use my own network
device-network-hint = Your home network or phone data. Not a café, hotel or airport.

place-listening = Is a smart speaker or voice helper on near you?
place-listening-hint = Such as Alexa, Google or Siri. Switch it off if you can.
place-listening-none = No, or it is off
place-listening-on = Yes, it is on
place-listening-unsure = I am not sure

badge-weak-network = Weak internet
badge-no-sound = Hears no sound
badge-browser = Browser too old
badge-unsafe-device = Device not fully safe

sheet-speaker = Sound can be heard
sheet-network = Internet good enough
sheet-browser = Browser can hold a visit
sheet-device = Device is safe: five questions answered

try-title = Try it out
try-lead = See if your camera, sound and internet work. Take all the time you need. You can come back as often as you like.
try-plain = This browser cannot run the test
try-plain-hint = Open this page in Safari, Chrome or Firefox. Or call { $phone } and we help you.
try-audio = No camera?
try-audio-hint = That is fine. You can come to a visit with sound alone. Just go on without the camera.
try-private = Nobody from the practice sees or hears you here. Nothing is kept.
try-link = Try camera and sound first
try-link-hint = Nobody watches. Nothing is kept.

own-title = Ready for today?
own-lead = Check your own camera, sound, internet, room and device before your first visit. It takes a minute.
own-back = Today
own-done = You checked yourself today at { $time }.
own-heard = Somebody may hear you there.
own-again = Check again
own-first = Before your first visit
own-first-hint = Check your own camera, sound, room and device once a day.
own-go = Check now
own-devices = Camera, sound and internet
own-no-script = This browser cannot measure. Answer the questions and go on.
own-place = Your place
own-room = Which room?
own-room-hint = Rooms of the practice stand here with what was measured in them.
own-room-none = Another place, such as my home
own-near = Who can hear you?
own-near-alone = Nobody but the people of the visit
own-near-others = Somebody who should not hear it
own-near-others-hint = Go to another room, or close the door, before the first visit.
own-save = Save for today
own-kept = Words, five answers and the numbers of the network are kept, with your name and the time. No picture and no sound.

sheet-host-place = Host: a private place
sheet-host-checks = Host: camera, sound, light, quiet and internet
sheet-host-device = Host: device is safe, five questions answered

rooms-title = Rooms for visits
rooms-under = The practice’s own rooms, with light and noise as measured. Each is looked at once a year.
rooms-none = No room yet
rooms-none-hint = Add the rooms in which visits are held, then measure each once.
rooms-name = Name of the room
rooms-name-hint = As everybody calls it, such as “Room 2” or “Quiet room, first floor”.
rooms-add = Add and measure
rooms-fault-name = Write a name of at most { $n } letters.
rooms-fault-twice = There is a room of this name already. Choose another name.
rooms-fault-many = There are too many rooms. Take out those that are not used.
rooms-fault-measure = Light and noise are not measured yet. Press the button that turns on camera and microphone, wait for both words, then save.
rooms-unknown = Not measured
rooms-fit = Fit for visits
rooms-unfit = Not fit yet
rooms-overdue = Look again
rooms-measured = Brightness { $luma } of 255, noise { $db } dBFS.
rooms-by = Checked by { $by } on { $date }.
rooms-due = Due again on { $date }.
rooms-gone = Rooms that were taken out
rooms-take-out = Take this room out
rooms-put-back = Put this room back
rooms-measure = Measure this room
rooms-measure-lead = Sit where the visit will be, door closed, lamps as usual. Use the device you use for visits.
rooms-no-script = This browser cannot measure. Open the page in Chrome, Edge, Firefox or Safari.
rooms-look = Look and listen
rooms-closes = The door closes
rooms-unheard = Nobody outside hears what is said
rooms-unheard-hint = Let a colleague stand outside while you talk.
rooms-no-machines = No smart speaker or voice helper listens here
rooms-save = Save this check
rooms-history = Checks
rooms-history-none = Nobody has measured this room yet.
rooms-against-light = The light is poor.
rooms-against-noise = It is loud.
rooms-against-door = The door does not close.
rooms-against-walls = People outside can hear.
rooms-against-machines = A machine may listen.

fact-room-checks = { $n } of { $of } rooms were found fit for visits within a year.
fact-room-checks-how = Every room in use in the room register: is its newest check less than a year old, and did it pass?
room-todo-again = Look at { $name } again
