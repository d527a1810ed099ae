
# Mail. Says that something waits, never what, about whom or by whom (R102).
mail-hello = Hello,
mail-invitation-subject = Your video visit with { $practice }
mail-invitation-text = You have a video visit with { $practice } on { $when }. Open this link a few minutes before:
mail-notice-subject = { $practice }: something is waiting for you
mail-notice-text = Something is waiting for you in the portal of { $practice }. Open this link to read it:
mail-moved-subject = { $practice }: the time of your visit has changed
mail-moved-text = Your visit with { $practice } is now on { $when }. Open this link a few minutes before:
mail-cancelled-subject = { $practice }: your visit is cancelled
mail-cancelled-text = Your visit with { $practice } on { $when } is cancelled. Call us for a new time.
mail-joining-subject = Your video meeting with { $practice }
mail-joining-text = You are asked to join a video meeting with { $practice } on { $when }. Open this link a few minutes before. You also need the six digits that we tell you by phone:
mail-joining-moved-subject = { $practice }: the time of your video meeting has changed
mail-joining-moved-text = Your video meeting with { $practice } is now on { $when }. The link that you have stays the same.
mail-joining-cancelled-subject = { $practice }: your video meeting is cancelled
mail-joining-cancelled-text = Your video meeting with { $practice } on { $when } is cancelled. You need not come.
mail-phrase = Your own words, so you know it is us: "{ $phrase }". If these are not your words, do not open the link. Call us.
mail-no-phrase = Not sure it is us? Do not open the link. Call us.
mail-never-ask = We never ask for your data, a password or money by phone, mail or text.
mail-phone = Call { $practice }: { $phone }
