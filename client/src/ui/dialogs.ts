// Owns the questions that stop the person for a moment, and the choice of devices. Native dialogs keep focus
// and Escape.

import { choices, type Choice } from "../media/devices.ts";
import { Meter } from "../media/sound.ts";
import { memberOf } from "../room/secrecy_view.ts";
import { type State, mayEnd } from "../room/state.ts";
import { fill, h, set } from "./dom.ts";
import { type Stagehand, type View, button } from "./parts.ts";

export function dialogs(hand: Stagehand): View {
  const element = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" });
  let open = "";
  let stop: () => void = () => undefined;
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    hand.press({ on: "ask", ask: null });
  });
  return {
    element,
    update(state) {
      const digits = state.ask?.kind === "digits" ? (state.secrecy.code?.digits ?? "") : "";
      const ask = state.ask?.kind === "digits" && digits === "" ? null : state.ask;
      const wanted = ask ? JSON.stringify(ask) + digits : "";
      if (wanted === open) return;
      open = wanted;
      stop();
      stop = () => undefined;
      if (!ask) return element.close();
      set(element, "data-large", digits !== "");
      if (ask.kind === "devices") stop = devices(element, hand, state);
      else if (digits !== "") large(element, hand, digits);
      else question(element, hand, state);
      if (!element.open) element.showModal();
    },
    gone: () => stop(),
  };
}

function question(dialog: HTMLElement, hand: Stagehand, state: State): void {
  const { words } = hand;
  const ask = state.ask;
  if (!ask || ask.kind === "devices" || ask.kind === "digits") return;
  const name =
    ask.kind === "remove" ? (nameOf(state, ask.participant) ?? words("door-someone")) : "";
  const detail =
    ask.kind === "leave" && mayEnd(state) && state.stage === "room"
      ? "ask-leave-host"
      : `ask-${ask.kind}-text`;
  const yes = button(words(`ask-${ask.kind}-yes`), "danger", () => {
    if (ask.kind === "remove") hand.press({ on: "remove", participant: ask.participant });
    else hand.press({ on: ask.kind });
  });
  const no = button(words("cancel"), "primary", () => hand.press({ on: "ask", ask: null }));
  set(no, "autofocus", true);
  fill(
    dialog,
    h("h2", { id: "dialog-title" }, words(`ask-${ask.kind}`, { name })),
    h("p", {}, words(detail)),
    h("div", { class: "two" }, no, yes),
  );
}

/** For whoever shows the digits instead of saying them. */
function large(dialog: HTMLElement, { words, press }: Stagehand, digits: string): void {
  const close = button(words("close"), "primary", () => press({ on: "ask", ask: null }), "x");
  set(close, "autofocus", true);
  fill(
    dialog,
    h("h2", { id: "dialog-title", class: "unseen" }, words("code-title")),
    h(
      "p",
      { class: "digits-large" },
      h("span", { class: "unseen" }, [...digits].join(" ")),
      ...[digits.slice(0, 3), digits.slice(3)].map((half) => h("span", { "aria-hidden": "true" }, half)),
    ),
    h("p", { class: "soft" }, words("code-large-why")),
    h("div", { class: "row end" }, close),
  );
}

/** As they signed it. */
function nameOf(state: State, participant: string): string | undefined {
  const person = state.people.find(({ id }) => id === participant);
  return person && memberOf(state.secrecy, person, state.slots)?.name;
}

function devices(dialog: HTMLElement, hand: Stagehand, state: State): () => void {
  const { words } = hand;
  const bar = h("meter", { class: "level", min: 0, max: 1, "aria-label": words("devices-level") });
  const fields = h("div", { class: "fields" });
  const allowed = state.devices.has.mic || state.devices.has.camera;
  const fake = state.demo
    ? button(words("picture-offer"), "link", () => hand.press({ on: "picture" }))
    : null;
  fill(
    dialog,
    h("h2", { id: "dialog-title" }, words("devices-title")),
    allowed ? null : h("p", { class: "soft" }, words("devices-first")),
    fields,
    state.devices.has.mic ? h("div", { class: "field" }, h("span", {}, words("devices-level")), bar) : null,
    fake,
    h(
      "div",
      { class: "row end" },
      button(words("devices-done"), "primary", () => hand.press({ on: "ask", ask: null })),
    ),
  );
  const list = async () => {
    const [cameras, mics, speakers] = await Promise.all([
      choices("videoinput"),
      choices("audioinput"),
      choices("audiooutput"),
    ]);
    const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;
    fill(
      fields,
      select(
        hand,
        "camera",
        cameras,
        hand.ownCamera()?.getSettings().deviceId ?? state.devices.chosen.camera,
      ),
      select(hand, "mic", mics, hand.ownMic()?.getSettings().deviceId ?? state.devices.chosen.mic),
      canChooseSpeaker ? select(hand, "speaker", speakers, state.devices.chosen.speaker) : null,
    );
  };
  void list();
  navigator.mediaDevices?.addEventListener("devicechange", list);
  const quiet = follow(hand, bar);
  return () => {
    navigator.mediaDevices?.removeEventListener("devicechange", list);
    quiet();
  };
}

function select(
  hand: Stagehand,
  kind: "camera" | "mic" | "speaker",
  all: Choice[],
  chosen: string | null | undefined,
): HTMLElement {
  const { words } = hand;
  const id = `choose-${kind}`;
  const options = all.length > 0 ? all : [{ id: "", label: words("devices-none") }];
  const field = h(
    "select",
    { id, onchange: () => field.value && hand.press({ on: "choose", kind, id: field.value }) },
    ...options.map((one) => h("option", { value: one.id, selected: one.id === chosen }, one.label)),
  );
  field.disabled = all.length === 0;
  return h("div", { class: "field" }, h("label", { for: id }, words(`devices-${kind}`)), field);
}

function follow(hand: Stagehand, bar: HTMLMeterElement): () => void {
  let meter: Meter | null = null;
  let of: MediaStreamTrack | null = null;
  const timer = window.setInterval(() => {
    const track = hand.ownMic();
    if (track !== of) {
      meter?.close();
      of = track;
      meter = track ? new Meter(track) : null;
    }
    bar.value = meter?.level() ?? 0;
  }, METER_EVERY_MS);
  return () => {
    clearInterval(timer);
    meter?.close();
  };
}

const METER_EVERY_MS = 100;
