// Owns the waiting room: where the person stands, what the practice says, how they will look. Nothing of the
// room is here.

import type { State } from "../room/state.ts";
import type { Comer, Said } from "../wire/wire.ts";
import { ordinalForm } from "../words/words.ts";
import { Rows, h, icon, mark, say, sayNumber, set, show } from "./dom.ts";
import { lessons } from "./lessons.ts";
import { own } from "./own.ts";
import { alertStrip } from "./room.ts";
import {
  type Stagehand,
  type View,
  askFor,
  button,
  howPrivate,
  languageSwitch,
  newPage,
  timeOf,
} from "./parts.ts";

export function lobby(hand: Stagehand): View {
  const { words } = hand;
  const practice = h("span", { class: "practice" });
  const place = h("p", { class: "place" });
  const wait = h("p", { class: "wait" });
  const who = h("p", { class: "who" });
  const others = h("ul", { role: "list" });
  const also = h("section", { class: "also" }, h("h2", {}, words("lobby-also")), others);
  const messages = h("ul", { class: "messages", role: "list" });
  const quiet = h("p", { class: "soft small" }, words("lobby-no-messages"));
  const self = own(hand);
  const tools = ownTools(hand);
  const alerts = alertStrip(hand);
  const call = h("p", { class: "soft small call" });
  const elsewhere = h("a", { target: "_blank", rel: "noopener" }, words("lobby-elsewhere"), newPage(hand));
  const other = h("p", { class: "small call" }, elsewhere);
  const rows = new Rows<Said>(
    messages,
    (said) => `${said.at}`,
    (said) => message(hand, said),
  );

  const comers = new Rows<Comer>(
    others,
    ({ name, part }) => `${name} ${part}`,
    ({ name, part }) => ({
      element: h("li", {}, h("strong", {}, name), name ? ", " : "", part),
      update: () => undefined,
    }),
  );

  const element = h(
    "div",
    { class: "lobby" },
    h("header", { class: "top" }, h("span", { class: "brand" }, mark(), practice), languageSwitch(hand)),
    h(
      "main",
      {},
      h(
        "section",
        { class: "arch" },
        h("h1", { class: "arch-say", tabindex: -1 }, words("lobby-you-are")),
        place,
        wait,
      ),
      alerts.element,
      who,
      also,
      h("section", { class: "said", "aria-live": "off" }, messages, quiet),
      h(
        "section",
        { class: "card look" },
        h("h2", {}, words("lobby-look")),
        self.element,
        tools.element,
        other,
        h("p", { class: "soft small" }, words("lobby-nobody-sees")),
      ),
      lessons(words),
      h(
        "ul",
        { class: "hints", role: "list" },
        h("li", {}, icon("bell"), h("span", {}, words("lobby-keep-open"))),
        h("li", {}, icon("sun"), h("span", {}, words("lobby-screen-on"))),
      ),
      h(
        "div",
        { class: "two" },
        button(words("lobby-ring"), "quiet", () => hand.press({ on: "ring" }), "bell"),
        button(words("lobby-leave"), "danger", askFor(hand, { kind: "leave" })),
      ),
      call,
      h("p", { class: "soft small call" }, howPrivate(hand)),
    ),
  );

  return {
    element,
    update(state) {
      say(practice, state.visit?.practice ?? "");
      updatePlace(state, hand, place, wait);
      const clinician = state.visit?.clinician ?? "";
      const sees = state.coming?.host ?? (clinician ? words("lobby-you-will-see", { clinician }) : "");
      say(who, sees ? `${sees} ${words("lobby-who-lets-in")}` : "");
      show(also, (state.coming?.others.length ?? 0) > 0);
      comers.update(state.coming?.others ?? []);
      rows.update(state.lobby?.said ?? []);
      show(messages, (state.lobby?.said.length ?? 0) > 0);
      show(quiet, (state.lobby?.said.length ?? 0) === 0);
      self.update(state);
      tools.update(state);
      alerts.update(state);
      const { camera, mic } = state.devices.trouble;
      show(other, state.elsewhere !== null && (camera ?? mic) !== null);
      set(elsewhere, "href", state.elsewhere);
      const phone = state.visit?.phone ?? "";
      sayNumber(call, phone ? words("lobby-call", { phone }) : "", phone);
    },
  };
}

function updatePlace(state: State, hand: Stagehand, place: HTMLElement, wait: HTMLElement): void {
  const { words, language } = hand;
  const { lobby: where } = state;
  if (!where) return say(place, "…");
  const { position, waitMin } = where;
  say(
    place,
    where.ahead === 0
      ? words("lobby-next")
      : words("lobby-position", { position: String(position), form: ordinalForm(position, language) }),
  );
  set(place, "data-word", where.ahead === 0);
  const clinician = state.visit?.clinician ?? "";
  say(
    wait,
    waitMin === null
      ? words("lobby-no-estimate", { clinician })
      : words("lobby-minutes", { minutes: waitMin }),
  );
}

function message(hand: Stagehand, said: Said) {
  const head = h("strong", {}, hand.words("lobby-from-desk", { time: timeOf(said.at, hand.language) }));
  const text = h("p", {}, said.text);
  return {
    element: h("li", { class: "card message" }, icon("message-circle"), h("div", {}, head, text)),
    update: (next: Said) => say(text, next.text),
  };
}

/** Microphone and camera before the visit: as they are set here, they enter the room. */
function ownTools(hand: Stagehand): View {
  const { words } = hand;
  const mic = button("", "quiet small", () => hand.press({ on: "mic" }), "mic");
  const camera = button("", "quiet small", () => hand.press({ on: "camera" }), "video");
  const devices = button(words("devices"), "quiet small", askFor(hand, { kind: "devices" }), "settings");
  const element = h("div", { class: "own-tools" }, mic, camera, devices);
  const face = (target: HTMLButtonElement, on: boolean, names: [string, string], label: string) => {
    const wanted = on ? names[0] : names[1];
    if (target.dataset["icon"] === wanted) return;
    target.dataset["icon"] = wanted;
    target.firstElementChild?.replaceWith(icon(wanted));
    say(target.lastElementChild ?? target, label);
  };
  return {
    element,
    update(state) {
      show(element, state.devices.has.mic || state.devices.has.camera);
      const on = state.devices.mic && state.devices.has.mic;
      face(mic, on, ["mic", "mic-off"], words(on ? "mute" : "unmute"));
      face(
        camera,
        state.devices.has.camera,
        ["video", "video-off"],
        words(state.devices.has.camera ? "camera-off" : "camera-on"),
      );
    },
  };
}
