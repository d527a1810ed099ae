// Owns the person's own picture: before (one button), while asking, when it fails (advice), and as it is.

import { type State, sends } from "../room/state.ts";
import { adviceKey } from "./advice.ts";
import { fill, h, icon, say, set, show } from "./dom.ts";
import { type Stagehand, type View, button, picture, troubles } from "./parts.ts";

export function own(hand: Stagehand): View {
  const { words } = hand;
  const video = picture(true);
  const offText = h("span", {}, words("own-off"));
  const off = h("p", { class: "blank-text" }, icon("video-off"), offText);
  const turnOn = button(words("turn-on"), "primary", () => hand.press({ on: "turn_on" }), "video");
  const why = h("p", { class: "own-why" }, words("turn-on-why"));
  const asking = h("p", { class: "own-asking", role: "status" }, words("turn-on-asking"));
  const problem = h("div", { class: "own-trouble" });
  const offer = button(words("picture-offer"), "link", () => hand.press({ on: "picture" }));
  const before = h("div", { class: "own-before" }, problem, turnOn, why, asking, offer);
  const frame = h("div", { class: "frame own" }, video.element, off, before);
  return {
    element: frame,
    update(state) {
      const { devices } = state;
      const nothing = !devices.has.mic && !devices.has.camera;
      const fresh = nothing && devices.asked !== "on";
      const trouble = troubles(state, words);
      const busy = devices.asked === "asking";
      video.track(devices.has.camera ? hand.ownCamera() : null);
      set(
        video.element,
        "class",
        devices.source === "devices" && devices.facing === "user" ? "mirrored" : "",
      );
      show(video.element, devices.has.camera);
      show(off, !fresh && !devices.has.camera);
      show(before, fresh);
      show(turnOn, !busy);
      show(why, !busy && trouble.length === 0);
      show(asking, busy);
      show(offer, state.demo && !busy);
      say(offText, words(state.visit?.sound_only === false ? "own-picture-asked" : "own-off"));
      say(turnOn.lastElementChild ?? turnOn, words(trouble.length > 0 ? "try-again" : "turn-on"));
      fill(problem, ...(busy ? [] : troubleText(state, trouble, hand)));
      set(frame, "data-fresh", fresh);
    },
  };
}

/** True when others see or hear the person now. */
export function isLive(state: State): boolean {
  const now = sends(state);
  return now.mic || now.camera;
}

/** The same sentences stay the same elements, so that nothing is read twice. */
const kept = new WeakMap<Stagehand, { text: string; nodes: Node[] }>();

function troubleText(state: State, lines: string[], hand: Stagehand): Node[] {
  const text = lines.join("|");
  const before = kept.get(hand);
  if (before?.text === text) return before.nodes;
  const nodes: Node[] = lines.map((line) => h("p", {}, icon("circle-alert"), h("span", {}, line)));
  const { camera, mic } = state.devices.trouble;
  if (camera === "denied" || mic === "denied") {
    nodes.push(
      h(
        "details",
        {},
        h("summary", {}, hand.words("how-to-allow")),
        h("p", {}, hand.words(adviceKey(navigator.userAgent))),
      ),
    );
  }
  kept.set(hand, { text, nodes });
  return nodes;
}
