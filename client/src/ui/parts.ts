// Small pieces that several views share: what a view gets, buttons, times, own picture.

import type { Ask, Press, State } from "../room/state.ts";
import type { Kind } from "../wire/wire.ts";
import type { Language, Words } from "../words/words.ts";
import { h, icon } from "./dom.ts";

/** What a view may use. It shows state and reports presses; it never decides. */
export interface Stagehand {
  words: Words;
  language: Language;
  press(press: Press): void;
  ownCamera(): MediaStreamTrack | null;
  ownMic(): MediaStreamTrack | null;
  streams(): Record<Kind, MediaStream[]>;
}

export interface View {
  element: HTMLElement;
  update(state: State): void;
  /** Called when another view takes the page. */
  gone?(): void;
}

export function button(label: string, look: string, press: () => void, iconName?: string): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: `button ${look}`, onclick: press },
    iconName ? icon(iconName) : null,
    h("span", {}, label),
  );
}

/** The page for anybody, beside the visit and never instead of it. */
export function howPrivate(hand: Stagehand): HTMLElement {
  const link = { class: "how-private", href: "/how-private", target: "_blank", rel: "noopener" };
  return h("a", link, hand.words("how-private"), newPage(hand));
}

/** Heard, not seen. */
export function newPage({ words }: Stagehand): HTMLElement {
  return h("span", { class: "unseen" }, ` ${words("new-page")}`);
}

export function askFor(hand: Stagehand, ask: Ask): () => void {
  return () => hand.press({ on: "ask", ask });
}

/** To the other language, in that language's own word. */
export function languageSwitch({ language, press }: Stagehand): HTMLElement {
  const other = language === "en" ? "es" : "en";
  const element = button(
    LANGUAGES[other],
    "quiet small language",
    () => press({ on: "language", language: other }),
    "languages",
  );
  element.lang = other;
  return element;
}

/** "2:28 PM", in the practice's words for it. */
export function timeOf(ms: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(ms);
}

/** "14:22" since the visit began. */
export function elapsed(since: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  const minutes = Math.floor(seconds / 60);
  const tail = `${String(minutes % 60).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${tail}` : tail;
}

export function roleWord(role: string, words: Words): string {
  const key = `role-${role}`;
  const word = words(key);
  return word === key ? "" : word;
}

export function initials(name: string): string {
  const parts = name
    .replace(/^(dr|prof|mr|mrs|ms|sr|sra)\.?\s+/i, "")
    .split(/\s+/)
    .filter(Boolean);
  const first = parts[0]?.[0] ?? "";
  const last = parts.length > 1 ? (parts.at(-1)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** A video element that shows one track and stays calm when the track is the same. */
export function picture(mirrored: boolean): {
  element: HTMLVideoElement;
  track(track: MediaStreamTrack | null): void;
  stream(stream: MediaStream | null): void;
} {
  const element = h("video", {
    class: mirrored ? "mirrored" : "",
    playsinline: true,
    autoplay: true,
    disablepictureinpicture: true,
  });
  element.muted = true;
  let shown: MediaStreamTrack | MediaStream | null = null;
  const put = (next: MediaStreamTrack | MediaStream | null) => {
    if (next === shown) return;
    shown = next;
    element.srcObject = next === null ? null : next instanceof MediaStream ? next : new MediaStream([next]);
    if (next) void element.play().catch(() => undefined);
  };
  return { element, track: put, stream: put };
}

/** What is wrong with the own devices, in words; empty when nothing is. */
export function troubles(state: State, words: Words): string[] {
  const { trouble } = state.devices;
  const list: string[] = [];
  if (trouble.camera) list.push(words(`trouble-camera-${trouble.camera}`));
  if (trouble.mic) list.push(words(`trouble-mic-${trouble.mic}`));
  return list;
}

const LANGUAGES = { en: "English", es: "Español" } as const;
