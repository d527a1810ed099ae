// The checks that need a press each: a sound that the person hears or not, and the other camera of a phone.

import { chime } from "../media/sound.ts";
import { h, icon, show } from "../ui/dom.ts";
import type { Words } from "../words/words.ts";

type Put = (field: string, value: string) => void;
/** Whether that camera started. */
type Swap = (video: MediaTrackConstraints) => Promise<boolean>;

export class Speaker {
  readonly element: HTMLElement;

  constructor(words: Words, put: Put) {
    const word = h("span", { class: "badge ready-word", role: "status" });
    const advice = h("p", { class: "ready-advice small", hidden: true });
    const said = (value: "good" | "poor") => {
      put("speaker", value);
      word.textContent = words(`ready-speaker-${value}`);
      word.dataset["tone"] = value === "good" ? "good" : "warn";
      advice.textContent = value === "good" ? "" : words("ready-speaker-advice");
      show(advice, value === "poor");
      show(word, true);
    };
    const yes = h("button", { type: "button", class: "button", hidden: true }, words("ready-speaker-yes"));
    const no = h("button", { type: "button", class: "button", hidden: true }, words("ready-speaker-no"));
    const play = h("button", { type: "button", class: "button" }, words("ready-speaker-play"));
    play.addEventListener("click", () => {
      chime();
      show(yes, true);
      show(no, true);
    });
    yes.addEventListener("click", () => said("good"));
    no.addEventListener("click", () => said("poor"));
    show(word, false);
    this.element = h(
      "div",
      { class: "ready-row", "data-check": "speaker" },
      h("span", { class: "ready-name" }, icon("volume-2"), " ", words("ready-speaker")),
      word,
      h("div", { class: "row ready-advice" }, play, yes, no),
      advice,
    );
  }
}

/** Shown where the device has a second camera; phones open one at a time. */
export class OtherCamera {
  readonly element: HTMLElement;
  #words: Words;
  #put: Put;
  #swap: Swap;
  #word = h("span", { class: "badge ready-word", role: "status", hidden: true });
  #tried = "";

  constructor(words: Words, put: Put, swap: Swap) {
    [this.#words, this.#put, this.#swap] = [words, put, swap];
    const button = h("button", { type: "button", class: "button" }, words("ready-other-camera"));
    button.addEventListener("click", () => {
      button.disabled = true;
      void this.#try().finally(() => (button.disabled = false));
    });
    this.element = h(
      "div",
      { class: "ready-row", "data-check": "back_camera", hidden: true },
      h("span", { class: "ready-name" }, icon("switch-camera"), " ", words("ready-back-camera")),
      this.#word,
      h("div", { class: "row ready-advice" }, button),
    );
    const look = () => void this.#cameras().then((all) => show(this.element, all.length > 1));
    look();
    // Names and numbers of devices are known once the person has allowed one.
    navigator.mediaDevices?.addEventListener?.("devicechange", look);
    document.addEventListener("click", () => setTimeout(look, LOOK_AFTER_MS));
  }

  async #cameras(): Promise<MediaDeviceInfo[]> {
    const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    return all.filter((one) => one.kind === "videoinput");
  }

  async #try(): Promise<void> {
    const all = await this.#cameras();
    const at = all.findIndex((one) => one.deviceId === this.#tried);
    const next = all[(at < 0 ? 1 : at + 1) % all.length];
    if (!next) return;
    this.#tried = next.deviceId;
    const video = next.deviceId ? { deviceId: { exact: next.deviceId } } : { facingMode: "environment" };
    this.#said((await this.#swap(video)) ? "ok" : "none");
  }

  #said(value: "ok" | "none"): void {
    this.#put("back_camera", value);
    this.#word.textContent = this.#words(`ready-back-${value}`);
    this.#word.dataset["tone"] = value === "ok" ? "good" : "warn";
    show(this.#word, true);
  }
}

const LOOK_AFTER_MS = 1_500;
