// The pieces of the device check: asking for devices, saying in one word why one is not there, and the rows
// that show what was found.

import { h, icon } from "../ui/dom.ts";
import type { Words } from "../words/words.ts";

export type Trouble = "denied" | "none" | "in_use" | "failed";
export type Measured = "light" | "voice" | "noise" | "network" | "browser";

/** One line of the list: a name, a word, a bar, advice. */
export class CheckRow {
  readonly element: HTMLElement;
  #word = h("span", { class: "badge ready-word", hidden: true });
  #bar = h("div", { class: "ready-bar" });
  #advice = h("p", { class: "ready-advice small", hidden: true });
  #words: Words;

  constructor(field: Measured, words: Words) {
    this.#words = words;
    this.element = h(
      "div",
      { class: "ready-row", "data-check": field },
      h("span", { class: "ready-name" }, icon(ICONS[field]), " ", words(`ready-${field}`)),
      this.#word,
      h("div", { class: "ready-track", "aria-hidden": "true" }, this.#bar),
      this.#advice,
    );
  }

  /** `part` of the bar, 0 to 1. */
  level(part: number): void {
    this.#bar.style.inlineSize = `${Math.round(Math.min(1, Math.max(0, part)) * 100)}%`;
  }

  show(value: string, key: string, part: number, advice: string | null): void {
    this.#word.hidden = false;
    this.#word.textContent = this.#words(key);
    const tone = value === "good" || value === "ok" ? "good" : "warn";
    this.#word.dataset["tone"] = this.#bar.dataset["tone"] = tone;
    this.level(Math.max(0.03, part));
    this.#advice.hidden = advice === null;
    this.#advice.textContent = advice ? this.#words(advice) : "";
  }
}

/** The microphone as it is: no echo cancelling, no noise reduction, no gain, or the numbers mean nothing. */
export async function capture(): Promise<{ stream: MediaStream | null; trouble: Trouble | null }> {
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const wishes: MediaStreamConstraints[] = [
    { audio, video: { facingMode: "user" } },
    { audio },
    { video: true },
  ];
  let trouble: Trouble | null = null;
  for (const wish of wishes) {
    try {
      if (!navigator.mediaDevices) return { stream: null, trouble: "none" };
      return { stream: await navigator.mediaDevices.getUserMedia(wish), trouble };
    } catch (error) {
      trouble ??= troubleOf(error);
      // Often the camera alone is blocked: sound is asked for once more, and then nobody is asked again.
      if (trouble === "denied" && wish !== wishes[0]) return { stream: null, trouble };
    }
  }
  return { stream: null, trouble };
}

/**
 * Phones open one camera at a time: the one in use is let go before, and taken again where the other does not
 * start. `track` is what `stream` shows now.
 */
export async function swapCamera(
  stream: MediaStream,
  video: MediaTrackConstraints,
): Promise<{ isOther: boolean; track: MediaStreamTrack | null }> {
  const former = stream.getVideoTracks();
  const before = former[0]?.getSettings().deviceId;
  for (const track of former) {
    stream.removeTrack(track);
    track.stop();
  }
  const other = await openCamera(video);
  const again = before ? { deviceId: { exact: before } } : true;
  const track = other ?? (former.length > 0 ? await openCamera(again) : null);
  if (track) stream.addTrack(track);
  return { isOther: other !== null, track };
}

async function openCamera(video: boolean | MediaTrackConstraints): Promise<MediaStreamTrack | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video });
    return stream.getVideoTracks()[0] ?? null;
  } catch {
    return null;
  }
}

function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" || name === "AbortError" ? "in_use" : "failed";
}

export function wordOf(trouble: Trouble | null): string {
  if (trouble === "denied") return "refused";
  return trouble === "in_use" ? "in_use" : "none";
}

export function level(db: number | null): number {
  return db === null ? 0 : Math.min(1, Math.max(0, (db + 75) / 65));
}

export function canvas(): CanvasRenderingContext2D | null {
  const element = document.createElement("canvas");
  element.width = 64;
  element.height = 48;
  return element.getContext("2d", { willReadFrequently: true });
}

const ICONS = { light: "sun", voice: "mic", noise: "volume-2", network: "wifi", browser: "globe" };
