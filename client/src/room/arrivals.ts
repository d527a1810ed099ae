// Owns what a message of the server does to the state. Pure. Refuses what does not fit the stage.

import { pick } from "../words/words.ts";
import { lost, say } from "./comings.ts";
import { type Person, type ServerBodies, type ServerMessage } from "../wire/wire.ts";
import { type Effect, type State, holdsTheDoor, mayAdmit } from "./state.ts";
import { type Step, outside, finish, rejoin, captureOf, joinedAs, over, speaks } from "./steps.ts";

export function message(state: State, arrived: ServerMessage, answers: string | null): Step {
  if (over(state)) return [state, []];
  switch (arrived.type) {
    case "welcome":
      return welcome(state, arrived.body);
    case "lobby":
      return lobby(state, arrived.body);
    case "coming":
      return coming(state, arrived.body);
    case "admitted":
      return admitted(state);
    case "room":
      return room(state, arrived.body);
    case "queue":
      return queue(state, arrived.body);
    case "answer":
      return state.stage === "room" ? [state, [{ do: "answer", sdp: arrived.body.sdp }]] : [state, []];
    case "returned":
      return returned(state);
    case "removed":
      return finish(state, "removed", null);
    case "left":
      return changed(state);
    case "ended":
      return ended(state, arrived.body);
    case "problem":
      return problem(state, arrived.body, answers);
    case "knocked":
    case "door":
    case "founded":
    case "sealed":
    case "welcome_in":
    case "note":
    case "alive":
      return [state, []];
  }
}

function welcome(state: State, body: ServerBodies["welcome"]): Step {
  const known: State = {
    ...state,
    me: { id: body.you, role: body.role, name: body.name },
    visit: body.visit,
    elsewhere: body.elsewhere ?? null,
    language: state.chosen ?? pick(body.lang, state.language),
    demo: state.demo || body.demo === true,
    link: "open",
    pending: {},
  };
  // A page that left by its own press never comes back.
  if (body.stage === "left") return changed(known);
  if (body.stage !== "lobby" && body.stage !== "room") return finish(known, body.stage, null);
  const keep: Effect[] = [
    { do: "remember", resume: body.resume },
    { do: "wake_lock", on: true },
  ];
  if (known.devices.asked === "asking") keep.push(captureOf(known));
  if (known.language !== body.lang) keep.push(...speaks(known.language));
  if (body.stage === "lobby") {
    const wasInside = state.stage === "room";
    const left: Effect[] = wasInside
      ? [{ do: "leave_media" }, { do: "announce", key: "say-returned", now: true }]
      : [];
    return [{ ...outside(known), stage: "lobby" }, [...keep, ...left]];
  }
  // A new socket may mean a new server: media always starts afresh with a new offer.
  const came: Effect[] =
    state.stage === "lobby" ? [{ do: "chime" }, { do: "announce", key: "say-admitted", now: true }] : [];
  return [
    { ...known, stage: "room", health: "joining", rejoins: 0 },
    [...keep, ...came, ...joinedAs(known), { do: "join_media", pause: 0 }],
  ];
}

function lobby(state: State, body: ServerBodies["lobby"]): Step {
  if (state.stage !== "lobby") return [state, []];
  const said = body.said ?? [];
  const effects: Effect[] = [];
  const before = state.lobby;
  const last = said.at(-1);
  if (last && said.length > (before?.said.length ?? 0))
    effects.push({ do: "announce", key: "say-message", values: { text: last.text } });
  if (before && before.position !== body.position)
    effects.push({ do: "announce", key: "say-position", values: { position: body.position } });
  return [
    {
      ...state,
      lobby: { position: body.position, ahead: body.ahead, waitMin: body.expected_wait_min ?? null, said },
    },
    effects,
  ];
}

/** Whom they will see. News to who has read it already: one sentence, when the reader has time. */
function coming(state: State, body: ServerBodies["coming"]): Step {
  const before = state.coming;
  const changed = before !== null && whoOf(before) !== whoOf(body);
  const others = body.others.map(({ name, part }) => (name ? `${name}, ${part}` : part)).join("; ");
  const key = others ? "say-coming" : "say-coming-alone";
  const values = { host: body.host, others };
  const visit = state.visit && { ...state.visit, clinician: body.clinician };
  return [{ ...state, visit, coming: body }, changed ? [{ do: "announce", key, values }] : []];
}

/** The same people in another language are no news: the names alone, without what is said after them. */
function whoOf({ clinician, others }: ServerBodies["coming"]): string {
  return JSON.stringify([clinician, ...others.map(({ name }) => name.split(",")[0])]);
}

function admitted(state: State): Step {
  if (state.stage === "room") return [state, []];
  const inside: State = { ...state, stage: "room", lobby: null, health: "joining", rejoins: 0 };
  return [
    inside,
    [
      { do: "chime" },
      { do: "announce", key: "say-admitted", now: true },
      ...joinedAs(state),
      { do: "join_media", pause: 0 },
    ],
  ];
}

function room(state: State, body: ServerBodies["room"]): Step {
  if (state.stage !== "room") return [state, []];
  const people = body.people.slice(0, PEOPLE);
  const effects: Effect[] = [...lost(state, people), { do: "give", sizes: body.sizes }];
  if (state.people.length > 0 && state.locked !== body.locked)
    effects.push({ do: "announce", key: body.locked ? "say-locked" : "say-unlocked" });
  const next: State = {
    ...state,
    people,
    slots: body.slots,
    locked: body.locked,
    // Zero until the host was there.
    since: body.since || null,
    pending: {},
  };
  const mine = (all: Person[]) => all.find((one) => one.you)?.connected === true;
  const flowed = state.health === "good" || state.health === "weak";
  // The server lost our media before we noticed: no need to wait for the browser's own patience.
  if (!flowed || !mine(state.people) || mine(people)) return [next, effects];
  const [again, more] = rejoin(next);
  return [again, [...effects, ...more]];
}

function queue(state: State, body: ServerBodies["queue"]): Step {
  const waiting = body.waiting.slice(0, QUEUE);
  const fresh = waiting.filter((one) => !state.waiting.some((other) => other.id === one.id));
  // Who it is says their knock, when it comes; the server's list is not to be believed.
  const signed = fresh.flatMap(({ id }) => state.secrecy.door[id] ?? []);
  const effects: Effect[] = signed.map(say("say-waiting"));
  if (fresh.length > signed.length) effects.push({ do: "announce", key: "say-someone" });
  return admitExpected({ ...state, waiting, pending: {} }, effects);
}

export function expect(state: State, participant: string): Step {
  if (!holdsTheDoor(state)) return [state, []];
  return admitExpected({ ...state, expected: participant }, []);
}

/** The day page asks every open room of this browser; only the one where this person waits answers. */
export function takesFromDay(state: State, participant: string): boolean {
  return mayAdmit(state) && state.stage === "room" && state.waiting.some((one) => one.id === participant);
}

function admitExpected(state: State, effects: Effect[]): Step {
  const id = state.expected;
  if (!id || !takesFromDay(state, id)) return [state, effects];
  const admitting: State = { ...state, expected: null, pending: { ...state.pending, [id]: "admit" } };
  return [admitting, [...effects, { do: "send", type: "admit", body: { participant: id } }]];
}

function returned(state: State): Step {
  if (state.stage !== "room") return [state, []];
  return [
    { ...outside(state), stage: "lobby" },
    [{ do: "leave_media" }, { do: "announce", key: "say-returned", now: true }],
  ];
}

function problem(state: State, body: ServerBodies["problem"], answers: string | null): Step {
  const code = body.type.replace(/^urn:alcove:/, "");
  const wayIn = state.stage === "connecting" || answers === "hello";
  if (AGAIN.includes(code) && wayIn) return [state, [{ do: "retry" }]];
  if (wayIn || FINAL.includes(code)) {
    const effects: Effect[] = [
      { do: "disconnect" },
      { do: "leave_media" },
      { do: "release" },
      { do: "forget" },
      { do: "wake_lock", on: false },
    ];
    return [{ ...outside(state), stage: "refused", notice: body }, effects];
  }
  // About keys: sealing.ts knows what to do, and the person could do nothing.
  if (answers !== null && SEALING.includes(answers)) return [state, []];
  if (answers === "offer") return rejoin({ ...state, notice: body });
  const effects: Effect[] = [{ do: "announce", key: "say-problem", values: { text: body.title }, now: true }];
  return [{ ...state, notice: body, pending: {} }, effects];
}

/** More than the server ever sends; a bound, not a rule. */
const PEOPLE = 8;

const QUEUE = 50;
/** Not the person's fault and not for good: the socket tries again, within its patience. */
const AGAIN = ["try-again", "server-full", "too-slow"];
/** Nothing this page does can help: it says so and stops. */
const FINAL = ["superseded", "signed-out", "visit-over", "check-over"];
const SEALING = ["knock", "door", "found", "seal", "note", "log"];

/** Whoever is called next hears that instead of a good-bye. */
function ended(state: State, { next, by_phone }: ServerBodies["ended"]): Step {
  const [over, effects] = finish(state, "ended", next);
  return by_phone ? [{ ...over, byPhone: true }, saying(effects, "over-by-phone")] : [over, effects];
}

/** This page has not asked for it: the visit was handed over, or an answer counts no more. */
function changed(state: State): Step {
  const [over, effects] = finish(state, "left", null);
  if (holdsTheDoor(state)) return [over, effects];
  return [{ ...over, changed: true }, saying(effects, "over-changed")];
}

function saying(effects: Effect[], key: string): Effect[] {
  return effects.map((effect) => (effect.do === "announce" ? { ...effect, key } : effect));
}
