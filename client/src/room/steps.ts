// Owns the steps that several decisions share: finishing, rejoining, what is sent, what is remembered. Pure.

import type { Language } from "../words/words.ts";
import { type Effect, type Remembered, type State, sends } from "./state.ts";

export type Step = [State, Effect[]];

/** Nothing of the room stays behind when a person stands outside. */
export function outside(state: State): State {
  return {
    ...state,
    people: [],
    slots: [],
    waiting: [],
    since: null,
    locked: false,
    health: "none",
    sheet: false,
    talk: [],
    talking: false,
    talkTrouble: null,
    ask: null,
    pending: {},
  };
}

export function finish(state: State, stage: "left" | "removed" | "ended", next: string | null): Step {
  const safe = next && /^\/(?!\/)/.test(next) ? next : null;
  return [
    { ...outside(state), stage, lobby: null, next: safe, notice: null },
    [
      { do: "leave_media" },
      { do: "release" },
      { do: "remember_devices", remembered: null },
      { do: "forget" },
      { do: "disconnect" },
      { do: "wake_lock", on: false },
      { do: "announce", key: `over-${stage}`, now: true },
    ],
  ];
}

export function rejoin(state: State): Step {
  // What was stopped for a reason does not come back by itself.
  if (state.stage !== "room" || state.secrecy.stage === "stopped") return [state, []];
  if (state.rejoins >= REJOINS)
    return [
      { ...state, health: "given_up" },
      [{ do: "leave_media" }, { do: "announce", key: "say-given-up", now: true }],
    ];
  const pause =
    state.rejoins === 0 ? 0 : Math.min(REJOIN_PAUSE_MAX_MS, REJOIN_PAUSE_MS * 2 ** (state.rejoins - 1));
  const effects: Effect[] = [{ do: "join_media", pause }];
  if (state.health === "good" || state.health === "weak")
    effects.unshift({ do: "announce", key: "say-media-lost" });
  return [{ ...state, health: "lost", rejoins: state.rejoins + 1 }, effects];
}

export function capture(state: State): Step {
  if (over(state) || state.devices.asked === "asking") return [state, []];
  const asking: State = {
    ...state,
    devices: { ...state.devices, asked: "asking", trouble: { mic: null, camera: null } },
  };
  return [asking, [captureOf(asking)]];
}

export function captureOf(state: State): Effect {
  const { mic, camera, source } = state.devices;
  // At least the microphone: a visit without sound is none. What is muted stays muted.
  return { do: "capture", mic: mic || !camera, camera, source, devices: state.devices };
}

/** What we say about our own devices on entering, and what the connection carries. */
export function joinedAs(state: State): Effect[] {
  return sendingOf({ ...state, stage: "room" });
}

export function sendingOf(state: State): Effect[] {
  const now = sends(state);
  const local: Effect = { do: "sending", ...now };
  return state.stage === "room" ? [local, { do: "send", type: "media", body: now }] : [local];
}

/** Badges and problems are the server's words: it has to know in which language they are read. */
export function speaks(lang: Language): Effect[] {
  return [{ do: "send", type: "language", body: { lang } }];
}

export function rememberedOf(state: State): Remembered {
  const { mic, camera, source } = state.devices;
  return { mic, camera, source };
}

export function over(state: State): boolean {
  return ["left", "removed", "ended", "refused", "no_ticket", "unsupported"].includes(state.stage);
}

/** New offers after losing media before the person is asked. */
export const REJOINS = 6;

const REJOIN_PAUSE_MS = 500;

const REJOIN_PAUSE_MAX_MS = 8_000;
