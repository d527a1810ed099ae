// Owns what a press of the person does. Pure. Refuses acts that make no sense here; the server refuses them
// again.

import { SAY_CHARS } from "../wire/wire.ts";
import { isOwnWord } from "./secrecy_view.ts";
import { type Effect, type Press, type State, holdsTheDoor, mayAdmit, mayEnd } from "./state.ts";
import { attach, chat, openTalk } from "./talking.ts";
import { type Step, finish, capture, sendingOf, speaks, rememberedOf, over } from "./steps.ts";

export function press(state: State, pressed: Press): Step {
  // What only the server can carry on is not taken while nobody hears it: the control says so as well.
  if (state.stage === "room" && state.link !== "open" && needsServer(state, pressed))
    return [state, [{ do: "announce", key: "press-offline", now: true }]];
  switch (pressed.on) {
    case "turn_on":
      return capture({ ...state, devices: { ...state.devices, mic: true, camera: true, source: "devices" } });
    case "picture":
      return state.demo
        ? capture({ ...state, devices: { ...state.devices, mic: true, camera: true, source: "picture" } })
        : [state, []];
    case "mic":
      return toggle(state, "mic");
    case "camera":
      return toggle(state, "camera");
    case "turn":
      return capture({
        ...state,
        devices: {
          ...state.devices,
          camera: true,
          facing: state.devices.facing === "user" ? "environment" : "user",
          chosen: { ...state.devices.chosen, camera: null },
        },
      });
    case "choose":
      return choose(state, pressed.kind, pressed.id);
    case "admit":
    case "remove":
    case "back_to_lobby":
      return doorAct(state, pressed.on, pressed.participant);
    case "lock":
      if (!mayAdmit(state)) return [state, []];
      return host(state, [{ do: "send", type: "lock", body: { locked: pressed.locked } }]);
    case "say":
      return say(state, pressed.text);
    case "end":
      return mayEnd(state)
        ? host({ ...state, ask: null }, [{ do: "send", type: "end", body: {} }])
        : [{ ...state, ask: null }, []];
    case "leave":
      return leave(state);
    case "again":
      return again(state);
    case "sheet":
      return [{ ...state, sheet: pressed.open, talking: false }, []];
    case "ask":
      return [{ ...state, ask: pressed.ask }, []];
    case "hear":
      return [state, [{ do: "hear" }]];
    case "ring":
      return [state, [{ do: "chime" }]];
    case "dismiss":
      return [{ ...state, notice: null }, []];
    case "large": {
      const { participant } = pressed;
      return [{ ...state, large: state.large === participant ? null : participant }, []];
    }
    case "let_in":
      return host(state, [{ do: "let_in", participant: pressed.participant }]);
    case "compared": {
      const { key, outcome } = pressed;
      const compared: Step = [{ ...state, sheet: false }, [{ do: "compared", key, outcome }]];
      // Of whoever let them in everybody says it for their own page; of others whoever holds the door.
      return isOwnWord(state.secrecy, key) && state.stage === "room" ? compared : host(...compared);
    }
    case "go_on":
      return [state, [{ do: "go_on" }]];
    case "language": {
      const { language } = pressed;
      const told = state.me ? speaks(language) : [];
      return [{ ...state, language, chosen: language }, [{ do: "speak", language }, ...told]];
    }
    case "talk":
      return openTalk(state, pressed.open);
    case "chat":
      return chat(state, pressed.text);
    case "attach":
      return attach(state, pressed.file);
    case "fetch":
    case "stop_file":
      return [state, [{ do: pressed.on, line: pressed.line }]];
  }
}

/** Devices, talk and the own word about the digits are ours alone, or wait by themselves. */
function needsServer(state: State, pressed: Press): boolean {
  const { unmet } = state.secrecy;
  if (pressed.on === "compared")
    return pressed.key === unmet?.key || !isOwnWord(state.secrecy, pressed.key);
  return ["admit", "remove", "back_to_lobby", "lock", "say", "end", "let_in"].includes(pressed.on);
}

function toggle(state: State, which: "mic" | "camera"): Step {
  const { devices } = state;
  if (over(state) || devices.asked === "asking") return [state, []];
  if (devices.asked === "not_yet")
    return capture({ ...state, devices: { ...devices, mic: which === "mic", camera: which === "camera" } });
  const wanted = !devices[which];
  const next: State = { ...state, devices: { ...devices, [which]: wanted } };
  if (wanted && !devices.has[which]) return capture(next);
  const key = `say-${which}-${wanted ? "on" : "off"}`;
  const effects: Effect[] = [
    { do: "remember_devices", remembered: rememberedOf(next) },
    { do: "announce", key, now: true },
  ];
  if (which === "mic" || wanted) return [next, [...sendingOf(next), ...effects]];
  // A camera that is off is let go of, so that its light goes out; a muted microphone stays, so that unmuting
  // is instant.
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
  if (act === "admit" && !mayAdmit(state)) return [state, []];
  const next: State = { ...state, ask: null, pending: { ...state.pending, [participant]: act } };
  return host(next, [{ do: "send", type: act, body: { participant } }], state);
}

function host(state: State, effects: Effect[], otherwise: State = state): Step {
  return holdsTheDoor(state) && state.stage === "room" ? [state, effects] : [otherwise, []];
}

function say(state: State, text: string): Step {
  const said = speakable(text);
  if (!said) return [state, []];
  return host(state, [
    { do: "send", type: "say", body: { text: said } },
    { do: "announce", key: "say-sent" },
  ]);
}

function leave(state: State): Step {
  if (state.stage !== "lobby" && state.stage !== "room") return [state, []];
  const [gone, effects] = finish(state, "left", null);
  // The words of parting go out before the socket closes.
  return [gone, [{ do: "leave" }, ...effects.filter((effect) => effect.do !== "disconnect")]];
}

function again(state: State): Step {
  if (state.link === "lost") return [{ ...state, link: "reconnecting" }, [{ do: "reconnect" }]];
  if (state.health === "given_up" && state.secrecy.stage !== "stopped")
    return [{ ...state, health: "joining", rejoins: 0 }, [{ do: "join_media", pause: 0 }]];
  return [state, []];
}

/** Text for the lobby: trimmed, inner white space joined; null when there is nothing to say or too much. */
export function speakable(text: string): string | null {
  const said = text.trim().replace(/\s+/g, " ");
  return said.length > 0 && said.length <= SAY_CHARS ? said : null;
}
