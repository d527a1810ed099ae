// The wire between this page and the server, as docs/protocol.md tells it. Types and limits only.
// Drawn from crates/visit/src/during/wire: change it there, then ALCOVE_ACCEPT=1 cargo test -p visit wire

export type Lang = "en" | "es";

export const VERSION = 1;
export const FRAME_BYTES = 65536;
export const SDP_BYTES = 32768;
export const SAY_CHARS = 280;
export const BLOB_BYTES = 30720;
export const TOKEN_CHARS = 43;

export interface ClientBodies {
  hello: Hello;
  offer: Offer;
  media: MediaState;
  draw: Draw;
  admit: Whom;
  remove: Whom;
  back_to_lobby: Whom;
  lock: Lock;
  end: Record<string, never>;
  say: Say;
  compared: Compared;
  language: Language;
  knock: BlobBody;
  door: DoorTo;
  found: Found;
  seal: Seal;
  note: BlobBody;
  log: Log;
  leave: Record<string, never>;
  alive: Record<string, never>;
}

export interface ServerBodies {
  welcome: Welcome;
  lobby: Lobby;
  coming: Coming;
  admitted: Record<string, never>;
  room: Room;
  queue: Queue;
  answer: Answer;
  knocked: Knocked;
  door: BlobFrom;
  founded: Founded;
  sealed: Sealed;
  welcome_in: WelcomeIn;
  note: BlobFrom;
  returned: Record<string, never>;
  removed: Record<string, never>;
  left: Record<string, never>;
  ended: Ended;
  problem: Problem;
  alive: Record<string, never>;
}

export type ClientType = keyof ClientBodies;
export type ServerType = keyof ServerBodies;

export interface Envelope<Type extends string, Body> {
  v: 1;
  seq: number;
  type: Type;
  body: Body;
}
export type ServerMessage = { [T in ServerType]: { type: T; body: ServerBodies[T] } }[ServerType];

export type Answer = { sdp: string, seq_of: number, };

export type Badge = { kind: string, text: string, tone: Tone, };

export type BlobBody = { blob: string, };

export type BlobFrom = { from: string, blob: string, };

export type Comer = { name: string, part: string, };

export type Coming = { clinician: string, host: string, others: Array<Comer>, };

export type Compared = { participant: string, outcome: Heard, };

export type DoorTo = { to?: string, blob: string, };

export type Draw = { sizes: Array<Size>, };

export type Ended = { next: string, by_phone: boolean, };

export type Found = { group: string, };

export type Founded = { group: string, epoch: number, };

export type Heard = "matches" | "mismatch" | "skipped" | "known_device";

export type Hello = { ticket?: string, resume?: string, after?: number, };

export type Kind = "audio" | "video";

export type Knocked = { from: string, name: string, role: Role, blob: string, };

export type Language = { lang: Lang, };

export type Lobby = { position: number, ahead: number, expected_wait_min?: number, said?: Array<Said>, };

export type Lock = { locked: boolean, };

export type Log = { after: number, };

export type MediaState = { mic: boolean, camera: boolean, };

export type Offer = { sdp: string, };

export type Person = { id: string, name: string, role: Role, mic: boolean, camera: boolean, connected: boolean, you: boolean, };

export type Problem = { type: string, title: string, detail: string, incident?: string, seq_of?: number, };

export type Queue = { waiting: Array<Waiting>, };

export type Role = "host" | "deputy" | "patient" | "representative" | "supporter" | "interpreter";

export type Room = { people: Array<Person>, locked: boolean, slots: Array<Slot>, sizes: Array<Size>, since: number, };

export type Said = { text: string, at: number, };

export type Say = { text: string, };

export type Seal = { epoch: number, commit: string, welcome?: WelcomeFor, };

export type Sealed = { index: number, epoch: number, from: string, commit: string, };

export type Size = "small" | "medium" | "large";

export type Slot = { slot: number, kind: Kind, participant: string, };

export type Stage = "lobby" | "room" | "left" | "removed" | "ended";

export type Tone = "good" | "warn" | "bad" | "plain";

export type VisitFacts = { id: string, starts_at: number, length_min: number, clinician: string, practice: string, phone: string, by_phone: boolean, sound_only: boolean, };

export type Waiting = { id: string, name: string, role: Role, waited_ms: number, badges: Array<Badge>, };

export type Welcome = { you: string, role: Role, name: string, lang: Lang, visit: VisitFacts, resume: string, stage: Stage, elsewhere?: string, demo?: boolean, };

export type WelcomeFor = { to: string, blob: string, };

export type WelcomeIn = { blob: string, group: string, };

export type Whom = { participant: string, };
