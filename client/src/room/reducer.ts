// Owns every decision of the page: (state, event) -> (state, effects). Pure: no DOM, no clock, no network,
// no randomness. arrivals.ts and presses.ts hold the larger halves.

import { type Effect, type Event, type Health, type Start, type State } from "./state.ts";
import { type Step, rejoin, sendingOf, rememberedOf, over } from "./steps.ts";
import { message, expect } from "./arrivals.ts";
import { press } from "./presses.ts";
import { asksHere, isChecked, isOver } from "./secrecy_view.ts";
import { comings, knocks } from "./comings.ts";
import { talked } from "./talking.ts";

export function reduce(state: State, event: Event): Step {
  switch (event.kind) {
    case "start":
      return start(state, event.start);
    case "link":
      return link(state, event.link);
    case "message":
      return message(state, event.message, event.answers);
    case "press":
      return press(state, event.press);
    case "captured":
      return captured(state, event);
    case "ended_track":
      return trackEnded(state, event.which);
    case "offer":
      // Before the welcome it would only wait there, and the welcome asks for a fresh one.
      return state.stage === "room" && state.link === "open"
        ? [state, [{ do: "send", type: "offer", body: { sdp: event.sdp } }]]
        : [state, []];
    case "health":
      return health(state, event.health);
    case "muffled":
      return [{ ...state, muffled: event.muffled }, []];
    case "secrecy":
      return secrecy(state, event.secrecy);
    case "talk":
      return talked(state, event.talk);
    case "admit_from_day":
      return expect(state, event.participant);
  }
}

function start(state: State, begin: Start): Step {
  const { language, chosen, demo, expected } = begin;
  const known: State = { ...state, language: chosen ?? language, chosen, demo, expected };
  if (begin.supported !== true) return [{ ...known, stage: "unsupported", unsupported: begin.supported }, []];
  const remembered = begin.remembered;
  const devices = remembered
    ? {
        ...state.devices,
        mic: remembered.mic,
        camera: remembered.camera,
        source: remembered.source,
        asked: "asking" as const,
      }
    : state.devices;
  const entry = begin.ticket ? { ticket: begin.ticket } : begin.resume ? { resume: begin.resume } : null;
  if (!entry) return [{ ...known, stage: "no_ticket" }, []];
  return [{ ...known, devices }, [{ do: "connect", entry }]];
}

function link(state: State, next: State["link"]): Step {
  if (over(state) || next === state.link) return [state, []];
  const effects: Effect[] = [];
  if (next === "reconnecting" && state.link === "open")
    effects.push({ do: "announce", key: "say-reconnecting" });
  if (next === "lost") effects.push({ do: "announce", key: "say-lost", now: true });
  if (next === "open" && state.link === "reconnecting") effects.push({ do: "announce", key: "say-back" });
  return [{ ...state, link: next, pending: next === "open" ? state.pending : {} }, effects];
}

function health(state: State, now: Health): Step {
  if (state.stage !== "room") return [state, []];
  // Each attempt can be lost anew, so this one counts even when the state says lost already.
  if (now === "lost") return rejoin(state);
  if (state.health === now) return [state, []];
  const effects: Effect[] = [];
  if (now === "weak") effects.push({ do: "announce", key: "say-weak" });
  if (now === "good" && (state.health === "weak" || state.health === "lost"))
    effects.push({ do: "announce", key: "say-good" });
  return [{ ...state, health: now, rejoins: now === "good" ? 0 : state.rejoins }, effects];
}

function secrecy(state: State, now: State["secrecy"]): Step {
  const before = state.secrecy;
  const open = now.code !== null && !isOver(now.code);
  const ask = state.ask?.kind === "digits" && !open ? null : state.ask;
  const next: State = { ...state, secrecy: now, ask };
  if (state.stage !== "room") return [next, []];
  const effects: Effect[] = knocks(state, now);
  if (before.truth !== now.truth) effects.push({ do: "hold", on: now.truth === "paused" });
  if (now.truth === "paused" && before.truth !== "paused")
    effects.push({ do: "announce", key: "truth-paused", now: true });
  effects.push(...comings(before, now));
  // The same person with other digits, after a reload or another host's page, is news as well.
  const other = now.code?.key !== before.code?.key || now.code?.digits !== before.code?.digits;
  if (now.code && open && other)
    effects.push({ do: "announce", key: "say-code", values: { digits: [...now.code.digits].join(" ") } });
  if (asksHere(now.code) && !asksHere(before.code))
    effects.push({ do: "announce", key: "code-ask-here", values: { name: now.code?.name ?? "" } });
  const stops = now.stage === "stopped" && before.stage !== "stopped";
  const starts = before.stage === "stopped" && now.stage !== "stopped";
  if (stops) effects.push({ do: "leave_media" }, { do: "announce", key: `stopped-${now.why}`, now: true });
  if (starts) effects.push({ do: "join_media", pause: 0 });
  const checked = isChecked(now) && !isChecked(before) && before.members.length > 0;
  if (checked && !now.ahead) effects.push({ do: "announce", key: "say-checked" });
  const health = stops ? "none" : starts ? "joining" : state.health;
  const shown: State = { ...next, health };
  // A deputy lets in whom they came for as soon as they lead.
  if (!now.leads || before.leads || shown.expected === null) return [shown, effects];
  const [admitting, more] = expect(shown, shown.expected);
  return [admitting, [...effects, ...more]];
}

function captured(state: State, event: Extract<Event, { kind: "captured" }>): Step {
  if (over(state)) return [state, [{ do: "release" }]];
  const { has, trouble, source } = event;
  const nothing = !has.mic && !has.camera;
  const next: State = {
    ...state,
    devices: { ...state.devices, asked: nothing ? "not_yet" : "on", has, trouble, source },
  };
  const effects: Effect[] = [
    { do: "remember_devices", remembered: nothing ? null : rememberedOf(next) },
    ...sendingOf(next),
  ];
  if (trouble.camera || trouble.mic)
    effects.push({ do: "announce", key: nothing ? "say-no-devices" : "say-some-devices" });
  return [next, effects];
}

function trackEnded(state: State, which: "mic" | "camera"): Step {
  const has = { ...state.devices.has, [which]: false };
  const trouble = { ...state.devices.trouble, [which]: "failed" as const };
  const next: State = {
    ...state,
    devices: { ...state.devices, has, trouble, asked: has.mic || has.camera ? "on" : "not_yet" },
  };
  return [
    next,
    [
      ...sendingOf(next),
      { do: "announce", key: which === "mic" ? "say-mic-gone" : "say-camera-gone", now: true },
    ],
  ];
}
