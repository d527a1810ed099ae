// Small upgrades of server-rendered pages. Each stands alone and does nothing where its page is not.

import { Day } from "./day.ts";
import { Idle } from "./idle.ts";
import { invitation } from "./invitation.ts";
import { Mirror } from "./mirror.ts";
import { moved } from "./moved.ts";
import { oneThing } from "./one_thing.ts";
import { openRoom } from "./open_room.ts";
import { pad } from "./pad.ts";
import { passkeys } from "./passkeys.ts";
import { print } from "./print.ts";
import { Ready } from "./ready.ts";

invitation();
moved();
oneThing();
openRoom();
pad();
passkeys();
print();
customElements.define("alcove-ready", Ready);
customElements.define("alcove-mirror", Mirror);
customElements.define("alcove-day", Day);
customElements.define("alcove-idle", Idle);
