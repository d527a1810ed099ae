// Owns the device check of the check-in (`<alcove-ready>`): shows the camera in the arch, measures light,
// noise and voice in the browser, and leaves words in hidden fields of the form. Refuses to send anything;
// the form's own button goes on.

import book from "built:words/ready";
import { decibels } from "../media/sound.ts";
import { icon } from "../ui/dom.ts";
import { adviceKey } from "../ui/advice.ts";
import { pick, wordsOf, type Words } from "../words/words.ts";
import { QUIET_MS, VOICE_MS, light, meanLuma, noise, voice } from "./verdicts.ts";

type Trouble = "denied" | "none" | "in_use" | "failed";
type Field = "camera" | "microphone" | "light" | "voice" | "noise";

export class Ready extends HTMLElement {
  #words: Words = wordsOf(book, "en");
  #video = document.createElement("video");
  #hint = make("p", "ready-hint");
  #status = make("p", "ready-status");
  #rows = new Map<Field, { row: HTMLElement; word: HTMLElement; bar: HTMLElement; advice: HTMLElement }>();
  #start = make("button", "button primary");
  #frame = make("div", "ready-frame");
  #trouble = make("div", "ready-trouble");
  #stream: MediaStream | null = null;
  #sound: AudioContext | null = null;
  #run = 0;

  connectedCallback(): void {
    this.#words = wordsOf(book, pick(document.documentElement.lang));
    this.#draw();
    this.closest("form")?.addEventListener("submit", () => this.#finish());
  }

  disconnectedCallback(): void {
    this.#stop();
  }

  #draw(): void {
    const words = this.#words;
    this.#video.autoplay = this.#video.muted = this.#video.playsInline = true;
    this.#video.setAttribute("aria-label", words("ready-picture-hint"));
    this.#hint.textContent = words("ready-picture-hint");
    this.#status.setAttribute("role", "status");
    this.#frame.append(this.#video, this.#hint);
    this.#frame.hidden = true;
    this.#trouble.hidden = true;
    this.#trouble.setAttribute("role", "alert");
    button(this.#start, words("ready-start"), () => void this.#measure());
    const list = make("div", "ready-rows");
    for (const field of ["light", "voice", "noise"] as const) list.append(this.#row(field));
    this.replaceChildren(this.#frame, list, this.#trouble, this.#status, this.#start);
    this.#turn("before");
  }

  #row(field: "light" | "voice" | "noise"): HTMLElement {
    const row = make("div", "ready-row");
    const name = make("span", "ready-name");
    const word = make("span", "badge ready-word");
    const track = make("div", "ready-track");
    const bar = make("div", "ready-bar");
    const advice = make("p", "ready-advice small");
    name.append(icon(ICONS[field]), " ", this.#words(`ready-${field}`));
    word.hidden = advice.hidden = true;
    track.setAttribute("aria-hidden", "true");
    track.append(bar);
    row.append(name, word, track, advice);
    this.#rows.set(field, { row, word, bar, advice });
    return row;
  }

  async #measure(): Promise<void> {
    const run = ++this.#run;
    this.#stop();
    this.#turn("asking");
    this.#trouble.hidden = true;
    this.#say("ready-asking");
    const { stream, trouble } = await capture();
    if (run !== this.#run) return stream?.getTracks().forEach((track) => track.stop());
    this.#stream = stream;
    const camera = stream?.getVideoTracks()[0] ?? null;
    const microphone = stream?.getAudioTracks()[0] ?? null;
    this.#put("camera", camera ? "ok" : wordOf(trouble));
    this.#put("microphone", microphone ? "ok" : wordOf(trouble));
    this.#start.textContent = this.#words(stream ? "ready-again" : "try-again");
    if (trouble && !(camera && microphone)) this.#advise(trouble, camera !== null);
    this.#frame.hidden = camera === null;
    for (const { row } of this.#rows.values()) (row.parentElement ?? row).hidden = stream === null;
    if (!stream) {
      for (const field of ["light", "voice", "noise"] as const) this.#put(field, "none");
      this.#turn("trouble");
      return this.#say(null);
    }
    this.#turn("measuring");
    this.#video.srcObject = stream;
    await Promise.all([this.#seeLight(run, camera), this.#hear(run, microphone)]);
    if (run !== this.#run) return;
    this.#turn("done");
    this.#say("ready-done");
  }

  /**
   * Resolves with the first verdict; the preview goes on, and so does the light: a lamp switched on should
   * count.
   */
  #seeLight(run: number, camera: MediaStreamTrack | null): Promise<void> {
    const pen = canvas();
    if (!camera || !pen) return Promise.resolve(this.#show("light", "none", "ready-light-none", 0, null));
    return new Promise((done) => {
      let looks = 0;
      const look = () => {
        if (run !== this.#run || !this.isConnected || !camera.enabled || camera.readyState === "ended")
          return done();
        setTimeout(look, looks < LIGHT_LOOKS ? LIGHT_EVERY_MS : LIGHT_LATER_MS);
        if (this.#video.readyState < HAS_PICTURE) return;
        this.#judgeLight(pen);
        if (++looks === LIGHT_LOOKS) done();
      };
      look();
    });
  }

  #judgeLight(pen: CanvasRenderingContext2D): void {
    const { width, height } = pen.canvas;
    pen.drawImage(this.#video, 0, 0, width, height);
    const luma = meanLuma(pen.getImageData(0, 0, width, height).data);
    const word = light(luma);
    const poor = word === "poor";
    const side = luma < 128 ? "dark" : "bright";
    this.#show(
      "light",
      word,
      poor ? `ready-light-poor-${side}` : `ready-light-${word}`,
      luma / 255,
      poor ? `ready-light-advice-${side}` : null,
    );
    this.#hint.textContent = this.#words(poor ? `ready-${side}-hint` : "ready-picture-hint");
    this.#hint.dataset["tone"] = poor ? "warn" : "plain";
  }

  async #hear(run: number, microphone: MediaStreamTrack | null): Promise<void> {
    if (!microphone) {
      this.#show("noise", "none", "ready-noise-none", 0, null);
      return this.#show("voice", "none", "ready-voice-none", 0, null);
    }
    const sound = (this.#sound = new AudioContext());
    const reader = sound.createAnalyser();
    reader.fftSize = 2048;
    sound.createMediaStreamSource(new MediaStream([microphone])).connect(reader);
    await sound.resume();
    this.#say("ready-quiet-now");
    const quiet = await this.#listen(run, reader, QUIET_MS, "noise");
    if (run !== this.#run) return;
    const noiseWord = noise(quiet.meanDb);
    this.#show(
      "noise",
      noiseWord,
      `ready-noise-${noiseWord}`,
      level(quiet.meanDb),
      noiseWord === "poor" ? "ready-noise-advice" : null,
    );
    this.#say("ready-say-now");
    const spoken = await this.#listen(run, reader, VOICE_MS, "voice");
    if (run !== this.#run) return;
    const voiceWord = voice(spoken.peakDb);
    this.#show(
      "voice",
      voiceWord,
      `ready-voice-${voiceWord}`,
      level(spoken.peakDb),
      voiceWord === "good" ? null : "ready-voice-advice",
    );
  }

  async #listen(
    run: number,
    reader: AnalyserNode,
    ms: number,
    field: "noise" | "voice",
  ): Promise<{ meanDb: number | null; peakDb: number | null }> {
    const samples = new Float32Array(reader.fftSize);
    const until = performance.now() + ms;
    let energy = 0;
    let count = 0;
    let peakDb = -100;
    while (performance.now() < until && run === this.#run && this.isConnected) {
      await pause(SOUND_EVERY_MS);
      reader.getFloatTimeDomainData(samples);
      const db = decibels(samples);
      energy += 10 ** (db / 10);
      count++;
      peakDb = Math.max(peakDb, db);
      const row = this.#rows.get(field);
      if (row) row.bar.style.inlineSize = `${Math.round(level(db) * 100)}%`;
    }
    return count === 0 ? { meanDb: null, peakDb: null } : { meanDb: 10 * Math.log10(energy / count), peakDb };
  }

  #advise(trouble: Trouble, hasCamera: boolean): void {
    const words = this.#words;
    const lines = [words(`ready-${trouble}`)];
    if (trouble === "denied") lines.push(words(adviceKey(navigator.userAgent)));
    const needed = this.dataset["picture"] === "needed";
    if (!hasCamera) lines.push(words(needed ? "ready-picture-needed" : "ready-no-camera"));
    this.#trouble.replaceChildren(...lines.map((line) => text("p", line)));
    this.#trouble.hidden = false;
  }

  /** The form goes on as it is: what could not be measured says so. */
  #finish(): void {
    if (this.dataset["state"] === "trouble")
      for (const field of ["light", "voice", "noise"] as const)
        if (!this.#value(field)) this.#put(field, "none");
    this.#stop();
  }

  #show(
    field: "light" | "voice" | "noise",
    value: string,
    key: string,
    part: number,
    advice: string | null,
  ): void {
    this.#put(field, value);
    const row = this.#rows.get(field);
    if (!row) return;
    row.word.hidden = false;
    row.word.textContent = this.#words(key);
    row.word.dataset["tone"] = row.bar.dataset["tone"] = value === "good" || value === "ok" ? "good" : "warn";
    row.bar.style.inlineSize = `${Math.round(Math.min(1, Math.max(0.03, part)) * 100)}%`;
    row.advice.hidden = advice === null;
    row.advice.textContent = advice ? this.#words(advice) : "";
  }

  #put(field: Field, value: string): void {
    const form = this.closest("form");
    if (!form) return;
    let input = form.querySelector<HTMLInputElement>(`input[type="hidden"][name="${field}"]`);
    if (!input) {
      input = document.createElement("input");
      input.type = "hidden";
      input.name = field;
      form.append(input);
    }
    input.value = value;
  }

  #value(field: Field): string {
    return this.closest("form")?.querySelector<HTMLInputElement>(`input[name="${field}"]`)?.value ?? "";
  }

  /**
   * One primary button a page: first this element's, and the form's when there is something to go on with.
   */
  #turn(state: "before" | "asking" | "measuring" | "done" | "trouble"): void {
    this.dataset["state"] = state;
    const done = state === "done";
    const onward = this.closest("form")?.querySelector("button:not([type=button])");
    onward?.classList.toggle("primary", done);
    this.#start.classList.toggle("primary", !done);
    this.#start.hidden = state === "asking" || state === "measuring";
  }

  #say(key: string | null): void {
    this.#status.textContent = key ? this.#words(key) : "";
    this.#status.hidden = key === null;
  }

  #stop(): void {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
    void this.#sound?.close();
    this.#sound = null;
  }
}

/** The microphone as it is: no echo cancelling, no noise reduction, no gain, or the numbers mean nothing. */
async function capture(): Promise<{ stream: MediaStream | null; trouble: Trouble | null }> {
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
      if (trouble === "denied") return { stream: null, trouble };
    }
  }
  return { stream: null, trouble };
}

function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" || name === "AbortError" ? "in_use" : "failed";
}

function wordOf(trouble: Trouble | null): string {
  if (trouble === "denied") return "refused";
  return trouble === "in_use" ? "in_use" : "none";
}

function level(db: number | null): number {
  return db === null ? 0 : Math.min(1, Math.max(0, (db + 75) / 65));
}

function canvas(): CanvasRenderingContext2D | null {
  const element = document.createElement("canvas");
  element.width = 64;
  element.height = 48;
  return element.getContext("2d", { willReadFrequently: true });
}

function button(element: HTMLElement, label: string, press: () => void): void {
  (element as HTMLButtonElement).type = "button";
  element.textContent = label;
  element.addEventListener("click", press);
}

function make(tag: "p" | "div" | "span" | "button", look: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = look;
  return element;
}

function text(tag: "p", words: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

const ICONS = { light: "sun", voice: "mic", noise: "volume-2" };
const LIGHT_EVERY_MS = 300;
/** Looks before the light has its word. */
const LIGHT_LOOKS = 6;
const LIGHT_LATER_MS = 1_000;
/** HTMLMediaElement.HAVE_CURRENT_DATA */
const HAS_PICTURE = 2;
const SOUND_EVERY_MS = 50;
