// Owns the room's page: the sentence of truth, the pictures, the state of the connection, the controls.

import { type State, holdsTheDoor, mayEnd } from "../room/state.ts";
import { unread } from "../room/talking.ts";
import { type Words, problemIn } from "../words/words.ts";
import { fill, h, icon, say, sayNumber, set, show } from "./dom.ts";
import { knock, panel } from "./panel.ts";
import { type Stagehand, type View, askFor, button, elapsed, howPrivate, languageSwitch } from "./parts.ts";
import { codeCard, deviceCard, stopCard, truthOf, unmetCard } from "./secrecy.ts";
import { talk } from "./talk.ts";
import { tiles } from "./tiles.ts";

export function room(hand: Stagehand): View {
  const { words } = hand;
  const truth = truthBanner(hand);
  const alerts = alertStrip(hand);
  const stop = stopCard(hand);
  const device = deviceCard(hand);
  const unmet = unmetCard(hand);
  const code = codeCard(hand);
  const pictures = tiles(hand);
  const side = panel(hand);
  const messages = talk(hand);
  const strip = knock(hand);
  const bar = controls(hand);
  const notes = [alerts, stop, device, unmet, code];
  const element = h(
    "div",
    { class: "room" },
    h(
      "main",
      { class: "stage" },
      h("h1", { class: "unseen", tabindex: -1 }, words("title-room")),
      truth.element,
      h("div", { class: "notes" }, ...notes.map(({ element }) => element)),
      pictures.element,
      strip.element,
      bar.element,
    ),
    side.element,
    messages.element,
  );
  const parts = [truth, ...notes, pictures, bar, messages];
  let [sheet, talking] = [false, false];
  // Focus follows the sheet in, and goes back to the control that opened it.
  const moveFocus = (state: State) => {
    const [sheetMoved, talkMoved] = [state.sheet !== sheet, state.talking !== talking];
    [sheet, talking] = [state.sheet, state.talking];
    const into = talking ? messages.element.querySelector("textarea") : side.element.querySelector("button");
    const out = talkMoved ? '[aria-controls="talk"]' : '[aria-controls="panel"]';
    const back = bar.element.querySelector<HTMLElement>(out);
    if (talkMoved || sheetMoved) (talking || sheet ? into : back)?.focus();
  };
  return {
    element,
    update(state) {
      const host = holdsTheDoor(state);
      set(element, "data-host", host);
      set(element, "data-talk", state.talking);
      // Who holds the door has the panel beside the pictures; everybody else opens it to see who is here.
      show(side.element, host || state.sheet);
      for (const part of parts) part.update(state);
      side.update(state);
      if (host) strip.update(state);
      else show(strip.element, false);
      moveFocus(state);
    },
    gone: () => parts.forEach((part) => part.gone?.()),
  };
}

function truthBanner(hand: Stagehand): View {
  const { words } = hand;
  const truth = h("strong", {});
  const locked = h("span", { class: "truth-locked" });
  const clock = h("span", { class: "clock", role: "timer", "aria-label": words("clock") });
  const link = h("span", { class: "link-state" }, icon("wifi"), h("span", {}, words("state-good")));
  let since: number | null = null;
  const tick = () => say(clock, since === null ? "" : elapsed(since, Date.now()));
  const timer = window.setInterval(tick, 1_000);
  const element = h(
    "div",
    { class: "truth" },
    icon("lock"),
    h("p", { class: "truth-words" }, truth, " ", locked, " ", howPrivate(hand)),
    h("div", { class: "truth-end" }, link, clock, languageSwitch(hand)),
  );
  return {
    element,
    update(state) {
      since = state.since;
      tick();
      say(truth, truthOf(state, hand));
      say(locked, state.locked ? words("truth-locked") : "");
      show(link, state.health === "good" && state.link === "open");
    },
    gone: () => clearInterval(timer),
  };
}

/** One sentence about what is wrong now, the worst first, with the way out beside it. */
export function alertStrip(hand: Stagehand): View {
  const { words } = hand;
  const sign = h("span", { class: "alert-sign" }, icon("wifi-off"));
  let drawn = "wifi-off";
  const drawSign = (name: string) => {
    if (name !== drawn) fill(sign, icon((drawn = name)));
  };
  const text = h("span", { class: "alert-text" });
  const again = button(words("again"), "quiet small", () => hand.press({ on: "again" }), "refresh-cw");
  const hear = button(words("sound-blocked"), "primary small", () => hand.press({ on: "hear" }), "volume-2");
  const dismiss = button(words("close"), "quiet small", () => hand.press({ on: "dismiss" }), "x");
  const call = h("span", { class: "alert-call" });
  const element = h("div", { class: "alert" }, sign, text, call, again, hear, dismiss);
  return {
    element,
    update(state) {
      const wrong = wrongNow(state, words);
      const muffled = state.muffled && state.people.some((person) => !person.you);
      show(element, wrong !== null || muffled);
      show(sign, wrong !== null);
      drawSign(wrong?.key === "state-joining" ? "refresh-cw" : wrong?.text ? "circle-alert" : "wifi-off");
      set(element, "data-tone", wrong?.tone ?? "plain");
      say(text, wrong ? (wrong.text ?? words(wrong.key)) : "");
      const phone = state.visit?.phone ?? "";
      show(call, wrong?.tone === "bad" && phone !== "" && state.visit?.by_phone === true);
      sayNumber(call, phone ? words("call-instead", { phone }) : "", phone);
      show(again, wrong?.key === "state-gone" || wrong?.key === "state-given_up");
      show(hear, muffled && wrong === null);
      show(dismiss, wrong?.text !== undefined);
    },
  };
}

function wrongNow(state: State, words: Words): { key: string; tone: "warn" | "bad"; text?: string } | null {
  if (state.link === "lost") return { key: "state-gone", tone: "bad" };
  if (state.link === "reconnecting") return { key: "state-reconnecting", tone: "bad" };
  if (state.health === "given_up") return { key: "state-given_up", tone: "bad" };
  if (state.health === "lost") return { key: "state-lost", tone: "bad" };
  if (state.notice) {
    const { title, detail } = problemIn(words, state.notice);
    return { key: "notice", tone: "warn", text: [title, detail].filter(Boolean).join(" ") };
  }
  if (state.health === "joining") return { key: "state-joining", tone: "warn" };
  return state.health === "weak" ? { key: "state-weak", tone: "warn" } : null;
}

function controls(hand: Stagehand): View {
  const { words } = hand;
  const mic = control("mic", () => hand.press({ on: "mic" }), "m");
  const camera = control("video", () => hand.press({ on: "camera" }), "c");
  const turn = control("switch-camera", () => hand.press({ on: "turn" }));
  const devices = control("settings", askFor(hand, { kind: "devices" }));
  const people = control("users", () => hand.press({ on: "sheet", open: true }));
  let talking = false;
  const chat = control("message-circle", () => hand.press({ on: "talk", open: !talking }));
  const leave = control("phone-off", askFor(hand, { kind: "leave" }));
  const end = control("phone-off", askFor(hand, { kind: "end" }));
  const count = h("span", { class: "count", "aria-hidden": "true" });
  const waiting = h("span", { class: "unseen" });
  people.face.append(count);
  const news = h("span", { class: "count", "aria-hidden": "true" });
  chat.face.append(news);
  chat.word(words("talk"));
  set(chat.button, "aria-controls", "talk");
  people.button.append(waiting);
  turn.word(words("turn"), words("turn-label"));
  devices.word(words("devices"));
  leave.word(words("leave"));
  end.word(words("end"), words("end-label"));
  end.button.classList.add("red");
  set(people.button, "aria-controls", "panel");
  const element = h(
    "nav",
    { class: "controls", "aria-label": words("controls") },
    mic.button,
    camera.button,
    turn.button,
    devices.button,
    chat.button,
    people.button,
    leave.button,
    end.button,
  );
  const touch = window.matchMedia("(pointer: coarse)");
  return {
    element,
    update(state) {
      const host = holdsTheDoor(state);
      const speaking = state.devices.mic && state.devices.has.mic;
      mic.draw(speaking ? "mic" : "mic-off", !speaking);
      mic.word(words(speaking ? "mute" : "unmute"));
      camera.draw(state.devices.has.camera ? "video" : "video-off", !state.devices.has.camera);
      camera.word(words("camera"), words(state.devices.has.camera ? "camera-off" : "camera-on"));
      show(turn.button, touch.matches && state.devices.has.camera && state.devices.source === "devices");
      people.button.classList.toggle("only-narrow", host);
      talking = state.talking;
      const fresh = unread(state);
      chat.word(words("talk"), words("talk-label-new", { count: fresh }));
      set(chat.button, "aria-expanded", talking ? "true" : "false");
      say(news, fresh > 0 ? String(fresh) : "");
      show(news, fresh > 0);
      people.word(words("people"));
      say(waiting, state.waiting.length > 0 ? words("people-waiting", { count: state.waiting.length }) : "");
      set(people.button, "aria-expanded", state.sheet ? "true" : "false");
      say(count, state.waiting.length > 0 ? String(state.waiting.length) : "");
      show(count, state.waiting.length > 0);
      const ends = mayEnd(state);
      show(end.button, ends);
      leave.button.classList.toggle("red", !ends);
      leave.draw(ends ? "door-open" : "phone-off", false);
      set(end.button, "aria-disabled", state.link === "open" ? null : "true");
    },
  };
}

/** A round button with its word below. */
function control(iconName: string, press: () => void, key?: string) {
  const face = h("span", { class: "face" }, icon(iconName));
  const label = h("span", { class: "word" });
  const element = h(
    "button",
    { type: "button", class: "control", onclick: press, ...(key ? { "aria-keyshortcuts": key } : {}) },
    face,
    label,
  );
  let drawn = iconName;
  return {
    button: element,
    face,
    word(text: string, spoken?: string) {
      say(label, text);
      set(element, "aria-label", spoken ?? null);
      set(element, "title", spoken ?? null);
    },
    draw(name: string, off: boolean) {
      set(element, "data-off", off);
      if (name === drawn) return;
      drawn = name;
      fill(face, icon(name));
    },
  };
}
