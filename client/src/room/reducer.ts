// Owns every decision of the page: (state, event) -> (state, effects). Pure: no DOM, no clock, no network, no randomness.
// Refuses acts that make no sense where the person is; the server refuses them again.

import { pick } from "../words/words.ts";
import { type Person, SAY_CHARS, type ServerBodies, type ServerMessage } from "../wire/wire.ts";
import {
  type Effect, type Event, type Health, type Press, type Remembered, type Start, type State, holdsTheDoor, sends,
} from "./state.ts";

export type Step = [State, Effect[]];

export function reduce(state: State, event: Event): Step {
  switch (event.kind) {
    case "start": return start(state, event.start);
    case "link": return link(state, event.link);
    case "message": return message(state, event.message, event.answers);
    case "press": return press(state, event.press);
    case "captured": return captured(state, event);
    case "ended_track": return trackEnded(state, event.which);
    case "offer": return state.stage === "room" ? [state, [{ do: "send", type: "offer", body: { sdp: event.sdp } }]] : [state, []];
    case "health": return health(state, event.health);
    case "muffled": return [{ ...state, muffled: event.muffled }, []];
    case "admit_from_day": return expect(state, event.participant);
  }
}

/** Text for the lobby: trimmed, inner white space joined; null when there is nothing to say or too much. */
export function speakable(text: string): string | null {
  const said = text.trim().replace(/\s+/g, " ");
  return said.length > 0 && said.length <= SAY_CHARS ? said : null;
}

function start(state: State, begin: Start): Step {
  const known: State = { ...state, language: begin.language, demo: begin.demo, expected: begin.expected };
  if (begin.supported !== true) return [{ ...known, stage: "unsupported", unsupported: begin.supported }, []];
  const remembered = begin.remembered;
  const devices = remembered
    ? { ...state.devices, mic: remembered.mic, camera: remembered.camera, source: remembered.source, asked: "asking" as const }
    : state.devices;
  const entry = begin.ticket ? { ticket: begin.ticket } : begin.resume ? { resume: begin.resume } : null;
  if (!entry) return [{ ...known, stage: "no_ticket" }, []];
  return [{ ...known, devices }, [{ do: "connect", entry }]];
}

function link(state: State, next: State["link"]): Step {
  if (over(state) || next === state.link) return [state, []];
  const effects: Effect[] = [];
  if (next === "reconnecting" && state.link === "open") effects.push({ do: "announce", key: "say-reconnecting" });
  if (next === "lost") effects.push({ do: "announce", key: "say-lost", now: true });
  if (next === "open" && state.link === "reconnecting") effects.push({ do: "announce", key: "say-back" });
  return [{ ...state, link: next, pending: next === "open" ? state.pending : {} }, effects];
}

function message(state: State, arrived: ServerMessage, answers: string | null): Step {
  if (over(state)) return [state, []];
  switch (arrived.type) {
    case "welcome": return welcome(state, arrived.body);
    case "lobby": return lobby(state, arrived.body);
    case "admitted": return admitted(state);
    case "room": return room(state, arrived.body);
    case "queue": return queue(state, arrived.body);
    case "answer": return state.stage === "room" ? [state, [{ do: "answer", sdp: arrived.body.sdp }]] : [state, []];
    case "returned": return returned(state);
    case "removed": return finish(state, "removed", null);
    case "left": return finish(state, "left", null);
    case "ended": return finish(state, "ended", arrived.body.next);
    case "problem": return problem(state, arrived.body, answers);
    case "blob": case "alive": return [state, []];
  }
}

function welcome(state: State, body: ServerBodies["welcome"]): Step {
  const known: State = {
    ...state,
    me: { id: body.you, role: body.role, name: body.name },
    visit: body.visit,
    language: pick(body.lang, state.language),
    demo: state.demo || body.demo === true,
    link: "open",
    pending: {},
  };
  if (body.stage !== "lobby" && body.stage !== "room") return finish(known, body.stage, null);
  const keep: Effect[] = [{ do: "remember", resume: body.resume }, { do: "wake_lock", on: true }];
  if (known.devices.asked === "asking") keep.push(captureOf(known));
  if (body.stage === "lobby") {
    const wasInside = state.stage === "room";
    const left: Effect[] = wasInside ? [{ do: "leave_media" }, { do: "announce", key: "say-returned", now: true }] : [];
    return [{ ...outside(known), stage: "lobby" }, [...keep, ...left]];
  }
  // A new socket may mean a new server: media always starts afresh with a new offer.
  const came: Effect[] = state.stage === "lobby" ? [{ do: "chime" }, { do: "announce", key: "say-admitted", now: true }] : [];
  return [{ ...known, stage: "room", health: "joining", rejoins: 0 }, [...keep, ...came, ...joinedAs(known), { do: "join_media", pause: 0 }]];
}

function lobby(state: State, body: ServerBodies["lobby"]): Step {
  if (state.stage !== "lobby") return [state, []];
  const said = body.said ?? [];
  const effects: Effect[] = [];
  const before = state.lobby;
  const last = said.at(-1);
  if (last && said.length > (before?.said.length ?? 0)) effects.push({ do: "announce", key: "say-message", values: { text: last.text } });
  if (before && before.position !== body.position) effects.push({ do: "announce", key: "say-position", values: { position: body.position } });
  return [{ ...state, lobby: { position: body.position, ahead: body.ahead, waitMin: body.expected_wait_min ?? null, said } }, effects];
}

function admitted(state: State): Step {
  if (state.stage === "room") return [state, []];
  const inside: State = { ...state, stage: "room", lobby: null, health: "joining", rejoins: 0 };
  return [inside, [
    { do: "chime" },
    { do: "announce", key: "say-admitted", now: true },
    ...joinedAs(state),
    { do: "join_media", pause: 0 },
  ]];
}

function room(state: State, body: ServerBodies["room"]): Step {
  if (state.stage !== "room") return [state, []];
  const people = body.people.slice(0, PEOPLE);
  const effects = comings(state.people, people);
  if (state.people.length > 0 && state.locked !== body.locked) effects.push({ do: "announce", key: body.locked ? "say-locked" : "say-unlocked" });
  return [{ ...state, people, slots: body.slots, locked: body.locked, since: body.since, pending: {} }, effects];
}

function comings(before: Person[], after: Person[]): Effect[] {
  if (before.length === 0) return [];
  const came = after.filter((one) => !one.you && !before.some((other) => other.id === one.id));
  const went = before.filter((one) => !one.you && !after.some((other) => other.id === one.id));
  const gone = after.filter((one) => !one.connected && before.some((other) => other.id === one.id && other.connected));
  return [
    ...came.map((one): Effect => ({ do: "announce", key: "say-came", values: { name: one.name } })),
    ...went.map((one): Effect => ({ do: "announce", key: "say-went", values: { name: one.name } })),
    ...gone.map((one): Effect => ({ do: "announce", key: "say-away", values: { name: one.name } })),
  ];
}

function queue(state: State, body: ServerBodies["queue"]): Step {
  const waiting = body.waiting.slice(0, QUEUE);
  const fresh = waiting.filter((one) => !state.waiting.some((other) => other.id === one.id));
  const effects: Effect[] = fresh.map((one) => ({ do: "announce", key: "say-waiting", values: { name: one.name } }));
  return admitExpected({ ...state, waiting, pending: {} }, effects);
}

function expect(state: State, participant: string): Step {
  if (!holdsTheDoor(state)) return [state, []];
  return admitExpected({ ...state, expected: participant }, []);
}

function admitExpected(state: State, effects: Effect[]): Step {
  const id = state.expected;
  if (!id || state.stage !== "room" || !state.waiting.some((one) => one.id === id)) return [state, effects];
  const admitting: State = { ...state, expected: null, pending: { ...state.pending, [id]: "admit" } };
  return [admitting, [...effects, { do: "send", type: "admit", body: { participant: id } }]];
}

function returned(state: State): Step {
  if (state.stage !== "room") return [state, []];
  return [{ ...outside(state), stage: "lobby" }, [{ do: "leave_media" }, { do: "announce", key: "say-returned", now: true }]];
}

/** Nothing of the room stays behind when a person stands outside. */
function outside(state: State): State {
  return { ...state, people: [], slots: [], waiting: [], since: null, locked: false, health: "none", sheet: false, ask: null, pending: {} };
}

function finish(state: State, stage: "left" | "removed" | "ended", next: string | null): Step {
  const safe = next && /^\/(?!\/)/.test(next) ? next : null;
  return [{ ...outside(state), stage, lobby: null, next: safe, notice: null }, [
    { do: "leave_media" }, { do: "release" }, { do: "remember_devices", remembered: null }, { do: "forget" },
    { do: "disconnect" }, { do: "wake_lock", on: false }, { do: "announce", key: `over-${stage}`, now: true },
  ]];
}

function problem(state: State, body: ServerBodies["problem"], answers: string | null): Step {
  if (state.stage === "connecting" || answers === "hello") {
    const effects: Effect[] = [{ do: "disconnect" }, { do: "leave_media" }, { do: "release" }, { do: "forget" }];
    return [{ ...outside(state), stage: "refused", notice: body }, effects];
  }
  if (answers === "offer") return rejoin({ ...state, notice: body });
  const effects: Effect[] = [{ do: "announce", key: "say-problem", values: { text: body.title }, now: true }];
  return [{ ...state, notice: body, pending: {} }, effects];
}

function health(state: State, now: Health): Step {
  if (state.stage !== "room") return [state, []];
  // Each attempt can be lost anew, so this one counts even when the state says lost already.
  if (now === "lost") return rejoin(state);
  if (state.health === now) return [state, []];
  const effects: Effect[] = [];
  if (now === "weak") effects.push({ do: "announce", key: "say-weak" });
  if (now === "good" && (state.health === "weak" || state.health === "lost")) effects.push({ do: "announce", key: "say-good" });
  return [{ ...state, health: now, rejoins: now === "good" ? 0 : state.rejoins }, effects];
}

function rejoin(state: State): Step {
  if (state.stage !== "room") return [state, []];
  if (state.rejoins >= REJOINS) return [{ ...state, health: "given_up" }, [{ do: "leave_media" }, { do: "announce", key: "say-given-up", now: true }]];
  const pause = state.rejoins === 0 ? 0 : Math.min(REJOIN_PAUSE_MAX_MS, REJOIN_PAUSE_MS * 2 ** (state.rejoins - 1));
  const effects: Effect[] = [{ do: "join_media", pause }];
  if (state.health === "good" || state.health === "weak") effects.unshift({ do: "announce", key: "say-media-lost" });
  return [{ ...state, health: "lost", rejoins: state.rejoins + 1 }, effects];
}

function captured(state: State, event: Extract<Event, { kind: "captured" }>): Step {
  if (over(state)) return [state, [{ do: "release" }]];
  const { has, trouble, source } = event;
  const nothing = !has.mic && !has.camera;
  const next: State = { ...state, devices: { ...state.devices, asked: nothing ? "not_yet" : "on", has, trouble, source } };
  const effects: Effect[] = [{ do: "remember_devices", remembered: nothing ? null : rememberedOf(next) }, ...sendingOf(next)];
  if (trouble.camera || trouble.mic) effects.push({ do: "announce", key: nothing ? "say-no-devices" : "say-some-devices" });
  return [next, effects];
}

function trackEnded(state: State, which: "mic" | "camera"): Step {
  const has = { ...state.devices.has, [which]: false };
  const trouble = { ...state.devices.trouble, [which]: "failed" as const };
  const next: State = { ...state, devices: { ...state.devices, has, trouble, asked: has.mic || has.camera ? "on" : "not_yet" } };
  return [next, [...sendingOf(next), { do: "announce", key: which === "mic" ? "say-mic-gone" : "say-camera-gone", now: true }]];
}

function press(state: State, pressed: Press): Step {
  switch (pressed.on) {
    case "turn_on": return capture({ ...state, devices: { ...state.devices, mic: true, camera: true, source: "devices" } });
    case "picture": return state.demo ? capture({ ...state, devices: { ...state.devices, mic: true, camera: true, source: "picture" } }) : [state, []];
    case "mic": return toggle(state, "mic");
    case "camera": return toggle(state, "camera");
    case "turn": return capture({ ...state, devices: { ...state.devices, camera: true, facing: state.devices.facing === "user" ? "environment" : "user", chosen: { ...state.devices.chosen, camera: null } } });
    case "choose": return choose(state, pressed.kind, pressed.id);
    case "admit": case "remove": case "back_to_lobby": return doorAct(state, pressed.on, pressed.participant);
    case "lock": return host(state, [{ do: "send", type: "lock", body: { locked: pressed.locked } }]);
    case "say": return say(state, pressed.text);
    case "end": return host({ ...state, ask: null }, [{ do: "send", type: "end", body: {} }]);
    case "leave": return leave(state);
    case "again": return again(state);
    case "sheet": return [{ ...state, sheet: pressed.open }, []];
    case "ask": return [{ ...state, ask: pressed.ask }, []];
    case "hear": return [state, [{ do: "hear" }]];
    case "ring": return [state, [{ do: "chime" }]];
    case "dismiss": return [{ ...state, notice: null }, []];
  }
}

function capture(state: State): Step {
  if (over(state) || state.devices.asked === "asking") return [state, []];
  const asking: State = { ...state, devices: { ...state.devices, asked: "asking", trouble: { mic: null, camera: null } } };
  return [asking, [captureOf(asking)]];
}

function captureOf(state: State): Effect {
  const { mic, camera, source } = state.devices;
  // At least the microphone: a visit without sound is none. What is muted stays muted.
  return { do: "capture", mic: mic || !camera, camera, source, devices: state.devices };
}

function toggle(state: State, which: "mic" | "camera"): Step {
  const { devices } = state;
  if (over(state) || devices.asked === "asking") return [state, []];
  if (devices.asked === "not_yet") return capture({ ...state, devices: { ...devices, mic: which === "mic", camera: which === "camera" } });
  const wanted = !devices[which];
  const next: State = { ...state, devices: { ...devices, [which]: wanted } };
  if (wanted && !devices.has[which]) return capture(next);
  const key = `say-${which}-${wanted ? "on" : "off"}`;
  const effects: Effect[] = [{ do: "remember_devices", remembered: rememberedOf(next) }, { do: "announce", key, now: true }];
  if (which === "mic" || wanted) return [next, [...sendingOf(next), ...effects]];
  // A camera that is off is let go of, so that its light goes out; a muted microphone stays, so that unmuting is instant.
  const dark: State = { ...next, devices: { ...next.devices, has: { ...devices.has, camera: false } } };
  return [dark, [...sendingOf(dark), { do: "stop_camera" }, ...effects]];
}

function choose(state: State, kind: "camera" | "mic" | "speaker", id: string): Step {
  const chosen = { ...state.devices.chosen, [kind]: id };
  const next: State = { ...state, devices: { ...state.devices, chosen } };
  if (kind === "speaker") return [next, [{ do: "speaker", id }]];
  return capture({ ...next, devices: { ...next.devices, source: "devices" } });
}

function doorAct(state: State, act: "admit" | "remove" | "back_to_lobby", participant: string): Step {
  const inQueue = state.waiting.some((one) => one.id === participant);
  const inRoom = state.people.some((one) => one.id === participant && !one.you);
  if (act === "admit" ? !inQueue : act === "remove" ? !inRoom && !inQueue : !inRoom) return [state, []];
  if (state.pending[participant] || state.link !== "open") return [state, []];
  const next: State = { ...state, ask: null, pending: { ...state.pending, [participant]: act } };
  return host(next, [{ do: "send", type: act, body: { participant } }], state);
}

function host(state: State, effects: Effect[], otherwise: State = state): Step {
  return holdsTheDoor(state) && state.stage === "room" ? [state, effects] : [otherwise, []];
}

function say(state: State, text: string): Step {
  const said = speakable(text);
  if (!said) return [state, []];
  return host(state, [{ do: "send", type: "say", body: { text: said } }, { do: "announce", key: "say-sent" }]);
}

function leave(state: State): Step {
  if (state.stage !== "lobby" && state.stage !== "room") return [state, []];
  const [gone, effects] = finish(state, "left", null);
  return [gone, [{ do: "send", type: "leave", body: {} }, ...effects]];
}

function again(state: State): Step {
  if (state.link === "lost") return [{ ...state, link: "reconnecting" }, [{ do: "reconnect" }]];
  if (state.health === "given_up") return [{ ...state, health: "joining", rejoins: 0 }, [{ do: "join_media", pause: 0 }]];
  return [state, []];
}

/** What we say about our own devices on entering, and what the connection carries. */
function joinedAs(state: State): Effect[] {
  return sendingOf({ ...state, stage: "room" });
}

function sendingOf(state: State): Effect[] {
  const now = sends(state);
  const local: Effect = { do: "sending", ...now };
  return state.stage === "room" ? [local, { do: "send", type: "media", body: now }] : [local];
}

function rememberedOf(state: State): Remembered {
  const { mic, camera, source } = state.devices;
  return { mic, camera, source };
}

function over(state: State): boolean {
  return ["left", "removed", "ended", "refused", "no_ticket", "unsupported"].includes(state.stage);
}

/** New offers after losing media before the person is asked. */
export const REJOINS = 6;
const REJOIN_PAUSE_MS = 500;
const REJOIN_PAUSE_MAX_MS = 8_000;
/** More than the server ever sends; a bound, not a rule. */
const PEOPLE = 8;
const QUEUE = 50;
