// The words of the room on this side: what is known (State), what can happen (Event), what to do about it
// (Effect).

import type { Link } from "../wire/socket.ts";
import type { Language } from "../words/words.ts";
import { type Secrecy, UNSEALED } from "./secrecy_view.ts";
import type { Source as FileSource } from "../secrecy/files.ts";
import type { Line } from "./talk.ts";
import type {
  ClientBodies,
  ClientType,
  Person,
  Problem,
  Role,
  Said,
  ServerBodies,
  ServerMessage,
  Size,
  Slot,
  VisitFacts,
  Waiting,
} from "../wire/wire.ts";

export type Stage =
  | "connecting"
  | "lobby"
  | "room"
  | "left"
  | "removed"
  | "ended"
  | "refused" // the server did not let this page in
  | "no_ticket" // opened without a way in
  | "unsupported"; // this browser cannot hold a visit

/** Why a camera or microphone is not there. */
export type Trouble = "denied" | "none" | "in_use" | "failed";

export type Source = "devices" | "picture";

export interface Devices {
  asked: "not_yet" | "asking" | "on";
  /** What the person wants to send; what is really there is in `has`. */
  mic: boolean;
  camera: boolean;
  has: { mic: boolean; camera: boolean };
  trouble: { mic: Trouble | null; camera: Trouble | null };
  source: Source;
  facing: "user" | "environment";
  chosen: { camera: string | null; mic: string | null; speaker: string | null };
}

export type Health = "none" | "joining" | "good" | "weak" | "lost" | "given_up";

/** A question that waits for yes or no, or an open dialog. */
export type Ask =
  | { kind: "end" }
  | { kind: "leave" }
  | { kind: "devices" }
  /** The six digits, as large as the screen. */
  | { kind: "digits" }
  | { kind: "remove"; participant: string };

export interface State {
  stage: Stage;
  link: Link;
  demo: boolean;
  language: Language;
  /** Chosen on this page: stronger than what the practice has noted. */
  chosen: Language | null;
  unsupported: "old" | "mail_app" | "insecure" | null;
  me: { id: string; role: Role; name: string } | null;
  visit: VisitFacts | null;
  lobby: { position: number; ahead: number; waitMin: number | null; said: Said[] } | null;
  /** Where to go on with another device. */
  elsewhere: string | null;
  /** Whom the patient will see and who else comes, as the practice said last. */
  coming: ServerBodies["coming"] | null;
  people: Person[];
  slots: Slot[];
  locked: boolean;
  since: number | null;
  waiting: Waiting[];
  /** Acts on one person that the server has not answered yet. */
  pending: Record<string, "admit" | "remove" | "back_to_lobby">;
  devices: Devices;
  secrecy: Secrecy;
  /** What was written and passed in the room. */
  talk: Line[];
  talking: boolean;
  /** The newest line the person has seen. */
  read: number;
  talkTrouble: "file-too-large" | null;
  health: Health;
  rejoins: number;
  /** The browser holds the sound of the others back until a press. */
  muffled: boolean;
  /** Whose picture the person wants large. */
  large: string | null;
  sheet: boolean;
  ask: Ask | null;
  notice: Problem | null;
  next: string | null;
  /** The visit is over here, and the practice calls this person now. */
  byPhone: boolean;
  /** Out of the visit by no press of this page: something about it was changed elsewhere. */
  changed: boolean;
  /** Admit this participant as soon as the queue shows them. */
  expected: string | null;
}

/** What a person says of the digits; again: what was skipped is compared after all. */
export type Comparison = "matches" | "mismatch" | "skipped" | "again";

export type Press =
  | { on: "turn_on" }
  | { on: "picture" }
  | { on: "mic" }
  | { on: "camera" }
  | { on: "turn" }
  | { on: "choose"; kind: "camera" | "mic" | "speaker"; id: string }
  | { on: "admit" | "remove" | "back_to_lobby"; participant: string }
  | { on: "lock"; locked: boolean }
  | { on: "say"; text: string }
  | { on: "end" }
  | { on: "leave" }
  | { on: "again" }
  | { on: "sheet"; open: boolean }
  | { on: "ask"; ask: Ask | null }
  | { on: "hear" }
  | { on: "ring" }
  | { on: "dismiss" }
  | { on: "large"; participant: string }
  | { on: "let_in"; participant: string }
  | { on: "compared"; key: string; outcome: Comparison }
  | { on: "go_on" }
  | { on: "language"; language: Language }
  | { on: "talk"; open: boolean }
  | { on: "chat"; text: string }
  | { on: "attach"; file: FileSource }
  | { on: "fetch" | "stop_file"; line: number };

export interface Start {
  supported: true | "old" | "mail_app" | "insecure";
  ticket: string | null;
  resume: string | null;
  language: Language;
  chosen: Language | null;
  demo: boolean;
  expected: string | null;
  remembered: Remembered | null;
}

/** What a reload in the same tab brings back. */
export interface Remembered {
  mic: boolean;
  camera: boolean;
  source: Source;
}

export type Event =
  | { kind: "start"; start: Start }
  | { kind: "link"; link: Link }
  | { kind: "message"; message: ServerMessage; answers: ClientType | null }
  | { kind: "press"; press: Press }
  | { kind: "captured"; has: Devices["has"]; trouble: Devices["trouble"]; source: Source }
  | { kind: "ended_track"; which: "mic" | "camera" }
  | { kind: "offer"; sdp: string }
  | { kind: "health"; health: Health }
  | { kind: "muffled"; muffled: boolean }
  | { kind: "secrecy"; secrecy: Secrecy }
  | { kind: "talk"; talk: Line[] }
  | { kind: "admit_from_day"; participant: string };

export type Effect =
  | { do: "connect"; entry: { ticket: string } | { resume: string } }
  | { do: "disconnect" }
  /** Say goodbye in the group, leave, and close the socket. */
  | { do: "leave" }
  | { do: "reconnect" }
  | { do: "retry" }
  | Send
  | { do: "remember"; resume: string }
  | { do: "forget" }
  | { do: "remember_devices"; remembered: Remembered | null }
  | { do: "capture"; mic: boolean; camera: boolean; source: Source; devices: Devices }
  | { do: "release" }
  | { do: "stop_camera" }
  | { do: "hear" }
  | { do: "sending"; mic: boolean; camera: boolean }
  | { do: "join_media"; pause: number }
  | { do: "leave_media" }
  /** In which sizes the own camera is looked at. */
  | { do: "give"; sizes: Size[] }
  | { do: "answer"; sdp: string }
  | { do: "let_in"; participant: string }
  | { do: "compared"; key: string; outcome: Comparison }
  | { do: "go_on" }
  | { do: "speak"; language: Language }
  | { do: "chat"; text: string }
  | { do: "attach"; file: FileSource }
  | { do: "fetch" | "stop_file"; line: number }
  | { do: "hold"; on: boolean }
  | { do: "speaker"; id: string }
  | { do: "chime" }
  | { do: "wake_lock"; on: boolean }
  | { do: "announce"; key: string; values?: Record<string, string | number>; now?: boolean };

type Send = { [T in ClientType]: { do: "send"; type: T; body: ClientBodies[T] } }[ClientType];

export const FIRST: State = {
  stage: "connecting",
  link: "opening",
  demo: false,
  language: "en",
  chosen: null,
  unsupported: null,
  me: null,
  visit: null,
  lobby: null,
  elsewhere: null,
  coming: null,
  people: [],
  slots: [],
  locked: false,
  since: null,
  waiting: [],
  pending: {},
  devices: {
    asked: "not_yet",
    mic: true,
    camera: true,
    has: { mic: false, camera: false },
    trouble: { mic: null, camera: null },
    source: "devices",
    facing: "user",
    chosen: { camera: null, mic: null, speaker: null },
  },
  secrecy: UNSEALED,
  talk: [],
  talking: false,
  read: 0,
  talkTrouble: null,
  health: "none",
  rejoins: 0,
  muffled: false,
  large: null,
  sheet: false,
  ask: null,
  notice: null,
  next: null,
  byPhone: false,
  changed: false,
  expected: null,
};

/** Hosts and deputies hold the door. The server decides; this only chooses what to show. */
export function holdsTheDoor(state: State): boolean {
  return state.me !== null && ["host", "deputy"].includes(state.me.role);
}

/** Before the host was there nothing took place that could end: a deputy leaves. */
export function mayEnd(state: State): boolean {
  return holdsTheDoor(state) && (state.me?.role === "host" || state.since !== null);
}

/** A deputy lets people in while the host is gone: nobody else could give them keys. */
export function mayAdmit(state: State): boolean {
  return state.me?.role === "host" || (state.me?.role === "deputy" && state.secrecy.leads);
}

/** True while media may be sent: in the room, with the device there and not muted. */
export function sends(state: State): { mic: boolean; camera: boolean } {
  const { mic, camera, has } = state.devices;
  const inside = state.stage === "room";
  return { mic: inside && mic && has.mic, camera: inside && camera && has.camera };
}
