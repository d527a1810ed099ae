# A visit that was begun on one device goes on on another
other-device-title = Go on with another phone or tablet
other-device-link = Go on with another phone or tablet
other-device-back = Back to your check-in
other-device-what = You began here. You can go on with your phone, for example because it has a better camera.
other-device-show = Show the picture
other-device-anew = Show a new picture
other-device-picture = Picture that opens your visit on the phone
other-device-1 = Point the camera of your phone at this. Open the link it shows.
other-device-2 = Type this code there:
other-device-3 = Say again who you are. Then your phone has the visit, and you are signed out here.
other-device-minutes = { $n ->
    [one] It works for one more minute, one time.
   *[other] It works for { $n } more minutes, one time.
}
other-device-look = See if it worked
other-device-safe = Show this screen to nobody else.
other-device-moved = Your visit goes on with your other device
other-device-moved-detail = You are signed out here. You can close this page.
other-device-not-you = Was that not you? Call { $phone } now.
other-device-go-on = Go on with this device
other-device-lead = You began your visit on another screen. You need the code that stands there.
other-device-no-secret = Point the camera at the other screen again.
other-device-code = Code on the other screen
other-device-code-hint = Six digits
other-device-code-slip = Type all six digits from the other screen.
other-device-code-wrong = This is not the code on the other screen. Look again.
other-device-take = Go on here
other-device-then = The other device is signed out then.
other-device-over = This picture is over
other-device-over-detail = It was used, it is too old, or the code was wrong too often. Show a new picture on the first screen.
