// Owns the mirror of the practice room (`<alcove-mirror>`): the person sees and hears themselves as the
// others will, over the media server, sealed. Nothing is sent before sealing was seen to work; sound comes
// back by a press alone, because without headphones it would howl.

import book from "built:words/ready";
import { Loop, Refused } from "../media/loop.ts";
import { h, icon, show } from "../ui/dom.ts";
import { pick, wordsOf, type Words } from "../words/words.ts";
import { pause } from "./probe.ts";

export class Mirror extends HTMLElement {
  #words: Words = wordsOf(book, "en");
  #video = h("video", { playsinline: true });
  #start = h("button", { type: "button", class: "button" });
  #hear = h("button", { type: "button", class: "button", "aria-pressed": "false" });
  #status = h("p", { class: "ready-status", role: "status" });
  #loop: Loop | null = null;
  #own: MediaStream | null = null;
  #over = 0;

  connectedCallback(): void {
    this.#words = wordsOf(book, pick(document.documentElement.lang));
    const words = this.#words;
    this.#video.autoplay = this.#video.muted = true;
    this.#video.setAttribute("aria-label", words("ready-mirror-title"));
    this.#start.addEventListener("click", () => void (this.#loop ? this.#stop(null) : this.#begin()));
    this.#hear.append(icon("volume-2"), ` ${words("ready-mirror-hear")}`);
    this.#hear.addEventListener("click", () => this.#listen());
    const frame = h("div", { class: "ready-frame" }, this.#video);
    this.replaceChildren(
      h(
        "section",
        { class: "card stack tight" },
        h("h2", {}, words("ready-mirror-title")),
        h("p", {}, words("ready-mirror-lead")),
        frame,
        this.#status,
        h("div", { class: "row" }, this.#start, this.#hear),
      ),
    );
    this.#stop(null);
  }

  disconnectedCallback(): void {
    this.#stop(null);
  }

  async #begin(): Promise<void> {
    const field = this.closest("form")?.querySelector<HTMLInputElement>('input[name="form_token"]');
    this.#start.disabled = true;
    this.#say("ready-mirror-opening");
    try {
      const own = await navigator.mediaDevices
        .getUserMedia({ audio: true, video: { width: 640, height: 360 } })
        .catch(() => navigator.mediaDevices.getUserMedia({ audio: true }));
      this.#own = own;
      const loop = (this.#loop = await Loop.open(field?.value ?? ""));
      const [camera, microphone] = [own.getVideoTracks()[0], own.getAudioTracks()[0]];
      const dark = camera?.clone();
      // A switched-off track is black, and still makes frames to be sealed.
      if (dark) dark.enabled = false;
      await loop.put("video", dark ?? null);
      const sealed = await this.#sealed(loop, camera !== undefined);
      dark?.stop();
      if (!sealed) return this.#stop("ready-mirror-failed");
      await Promise.all([loop.put("video", camera ?? null), loop.put("audio", microphone ?? null)]);
      this.#video.srcObject = loop.stream;
      await this.#video.play().catch(() => undefined);
      this.#turn(true);
      this.#say(camera ? "ready-mirror-on" : "ready-mirror-sound-only");
      this.#over = window.setTimeout(() => this.#stop("ready-mirror-over"), MIRROR_MS);
    } catch (error) {
      this.#stop(error instanceof Refused ? "ready-mirror-busy" : "ready-mirror-failed");
    }
  }

  /** The transform is proven on a dark picture before the person's own is sent. */
  async #sealed(loop: Loop, hasPicture: boolean): Promise<boolean> {
    for (let waited = 0; waited < SEALED_WITHIN_MS; waited += LOOK_EVERY_MS) {
      if (loop !== this.#loop) return false;
      if (loop.isConnected() && (!hasPicture || (await loop.isSealed()))) return true;
      await pause(LOOK_EVERY_MS);
    }
    return false;
  }

  #listen(): void {
    this.#video.muted = !this.#video.muted;
    this.#hear.setAttribute("aria-pressed", String(!this.#video.muted));
  }

  #stop(key: string | null): void {
    clearTimeout(this.#over);
    this.#loop?.close();
    this.#loop = null;
    this.#own?.getTracks().forEach((track) => track.stop());
    this.#own = null;
    this.#video.srcObject = null;
    this.#video.muted = true;
    this.#hear.setAttribute("aria-pressed", "false");
    this.#turn(false);
    this.#say(key);
  }

  #turn(on: boolean): void {
    this.dataset["state"] = on ? "on" : "off";
    this.#start.disabled = false;
    this.#start.textContent = this.#words(on ? "ready-mirror-stop" : "ready-mirror-start");
    show(this.#hear, on);
    if (this.#video.parentElement) show(this.#video.parentElement, on);
  }

  #say(key: string | null): void {
    this.#status.textContent = key ? this.#words(key) : "";
    this.#status.hidden = key === null;
  }
}

/** The server ends it a little later. */
const MIRROR_MS = 80_000;
const SEALED_WITHIN_MS = 12_000;
const LOOK_EVERY_MS = 200;
