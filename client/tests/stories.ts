// Short ways to tell a story to the reducer: states to begin with, events, and what to look for in the
// effects.

import { reduce } from "../src/room/reducer.ts";
import { type Effect, type Event, FIRST, type Start, type State } from "../src/room/state.ts";
import type { Person, Role, ServerMessage, Stage, Waiting } from "../src/wire/wire.ts";

export function run(state: State, event: Event): [State, Effect[]] {
  return reduce(state, event);
}

export function chain(state: State, ...events: Event[]): [State, Effect[]] {
  let effects: Effect[] = [];
  for (const event of events) [state, effects] = reduce(state, event);
  return [state, effects];
}

export function start(some: Partial<Start>): Event {
  return {
    kind: "start",
    start: {
      supported: true,
      ticket: null,
      resume: null,
      language: "en",
      chosen: null,
      demo: false,
      expected: null,
      remembered: null,
      ...some,
    },
  };
}

export function press(pressed: Extract<Event, { kind: "press" }>["press"]): Event {
  return { kind: "press", press: pressed };
}

export function captured(
  mic: boolean,
  camera: boolean,
  trouble: Partial<State["devices"]["trouble"]> = {},
): Event {
  return {
    kind: "captured",
    has: { mic, camera },
    trouble: { mic: null, camera: null, ...trouble },
    source: "devices",
  };
}

export function said<T extends ServerMessage["type"]>(
  type: T,
  body: Extract<ServerMessage, { type: T }>["body"],
): Event {
  return { kind: "message", message: { type, body } as ServerMessage, answers: null };
}

export function welcome(stage: Stage, role: Role = "patient") {
  return {
    you: "me",
    role,
    name: "Maria",
    lang: "en" as const,
    resume: "resume-1",
    stage,
    visit: {
      id: "visit",
      starts_at: 0,
      length_min: 20,
      clinician: "Dr. Osei",
      practice: "Harbor Family Practice",
      phone: "555-0142",
      by_phone: true,
      sound_only: true,
    },
  };
}

export function person(id: string, role: Role, you = false): Person {
  return { id, name: id, role, mic: true, camera: true, connected: true, you };
}

export function waiting(id: string): Waiting {
  return { id, name: id, role: "patient", waited_ms: 0, badges: [] };
}

export function room(people: Person[]) {
  return { people, locked: false, slots: [], sizes: [], since: 0 };
}

export function begun(): State {
  return run(FIRST, start({ ticket: "T" }))[0];
}

export function waits(): [State, Effect[]] {
  return chain(begun(), said("welcome", welcome("lobby")));
}

export function roomed(role: Role = "patient"): State {
  return chain(begun(), said("welcome", welcome("room", role)))[0];
}

export function inside(): State {
  return chain(roomed(), press({ on: "turn_on" }), captured(true, true))[0];
}

export function has(effects: Effect[], wanted: Effect): boolean {
  return effects.some((effect) => JSON.stringify(effect) === JSON.stringify(wanted));
}

export function announced(effects: Effect[]): string[] {
  return effects.flatMap((effect) => (effect.do === "announce" ? [effect.key] : []));
}

export function sent(effects: Effect[]): string[] {
  return effects.flatMap((effect) => (effect.do === "send" ? [effect.type] : []));
}

export function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
