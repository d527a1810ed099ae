// Owns the device check (`<alcove-ready>`): shows the camera in the arch, measures light, noise, voice and
// the way to the media server, plays a sound, and leaves words in hidden fields of the form. Refuses to send
// anything of the person; the form's own button goes on. With `rooms` it measures light and noise alone, and
// their numbers stay, because they belong to a room and to nobody.

import book from "built:words/ready";
import { decibels } from "../media/sound.ts";
import { missingHere } from "../ui/abilities.ts";
import { adviceKey } from "../ui/advice.ts";
import { h } from "../ui/dom.ts";
import { pick, wordsOf, type Words } from "../words/words.ts";
import { measure, pause } from "./probe.ts";
import { OtherCamera, Speaker } from "./ready_more.ts";
import { CheckRow, type Measured, type Trouble, canvas, capture, level } from "./ready_parts.ts";
import { swapCamera, wordOf } from "./ready_parts.ts";
import { QUIET_MS, VOICE_MS, isBacklit, light, meanLuma, middleAndEdge } from "./verdicts.ts";
import { network, noise, voice } from "./verdicts.ts";

export class Ready extends HTMLElement {
  #words: Words = wordsOf(book, "en");
  #video = document.createElement("video");
  #hint = h("p", { class: "ready-hint" });
  #status = h("p", { class: "ready-status", role: "status" });
  #rows = new Map<Measured, CheckRow>();
  #start = h("button", { type: "button", class: "button primary" });
  #frame = h("div", { class: "ready-frame", hidden: true }, this.#video, this.#hint);
  #trouble = h("div", { class: "ready-trouble", role: "alert", hidden: true });
  #list = h("div", { class: "ready-rows" });
  #more = h("div", { class: "ready-rows", hidden: true });
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

  get #ofRoom(): boolean {
    return this.hasAttribute("rooms");
  }

  #draw(): void {
    const words = this.#words;
    this.#video.autoplay = this.#video.muted = this.#video.playsInline = true;
    this.#video.setAttribute("aria-label", words("ready-picture-hint"));
    this.#hint.textContent = words("ready-picture-hint");
    this.#start.textContent = words("ready-start");
    this.#start.addEventListener("click", () => void this.#measure());
    const fields: Measured[] = this.#ofRoom ? ["light", "noise"] : ["light", "voice", "noise"];
    for (const field of fields) this.#list.append(this.#row(field));
    if (!this.#ofRoom) {
      const put = (field: string, value: string) => this.#put(field, value);
      const other = new OtherCamera(words, put, (video) => this.#swap(video));
      const speaker = new Speaker(words, put).element;
      this.#more.append(this.#row("network"), this.#row("browser"), speaker, other.element);
    }
    this.replaceChildren(this.#frame, this.#list, this.#trouble, this.#status, this.#start, this.#more);
    this.#say(this.#ofRoom ? null : "ready-before");
    this.#turn("before");
  }

  #row(field: Measured): HTMLElement {
    const row = new CheckRow(field, this.#words);
    this.#rows.set(field, row);
    return row.element;
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
    this.#list.hidden = stream === null;
    const way = this.#ofRoom ? Promise.resolve() : this.#seeNetwork(run);
    if (!stream) {
      for (const field of ["light", "voice", "noise"] as const) this.#put(field, "none");
      this.#turn("trouble");
      return this.#say(null);
    }
    this.#turn("measuring");
    this.#video.srcObject = stream;
    await Promise.all([this.#seeLight(run, camera), this.#hear(run, microphone), way]);
    if (run !== this.#run) return;
    this.#turn("done");
    this.#say("ready-done");
  }

  /** Whether a visit can be held here at all, and where to go if not. */
  async #seeBrowser(): Promise<void> {
    const missing = await missingHere();
    const word = missing === true ? "good" : "poor";
    const advice = missing === "mail_app" ? "advice-app" : "ready-browser-advice";
    const full = missing === true ? 1 : 0;
    this.#show("browser", word, `ready-browser-${word}`, full, missing === true ? null : advice);
  }

  /** Real packets to the real media server and back, made up by this page. */
  async #seeNetwork(run: number): Promise<void> {
    this.#more.hidden = false;
    await this.#seeBrowser();
    const token = this.closest("form")?.querySelector<HTMLInputElement>('input[name="form_token"]');
    const numbers = await measure(token?.value ?? "");
    if (run !== this.#run) return;
    const text = (value: number | null | undefined) => (value == null ? "" : `${value}`);
    this.#put("way", numbers?.way ?? "");
    this.#put("round_trip", text(numbers?.roundTripMs));
    this.#put("lost", text(numbers?.lost));
    this.#put("up", text(numbers?.up));
    this.#put("down", text(numbers?.down));
    const word = network(numbers);
    const some = word === "ok" ? "ready-network-advice-ok" : "ready-network-advice";
    const advice = word === "ok" || word === "poor" ? some : null;
    const full = Math.min(numbers?.up ?? 0, numbers?.down ?? 0) / ENOUGH_KBPS;
    const key = numbers?.way === "none" ? "ready-network-away" : `ready-network-${word}`;
    this.#rows.get("network")?.show(word, key, Math.min(1, full), advice);
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
        const isShown = this.#stream?.getVideoTracks()[0] === camera && camera.readyState !== "ended";
        if (run !== this.#run || !this.isConnected || !camera.enabled || !isShown) return done();
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
    const pixels = pen.getImageData(0, 0, width, height).data;
    const luma = meanLuma(pixels);
    const behind = isBacklit(...middleAndEdge(pixels, width));
    const word = behind ? "poor" : light(luma);
    const poor = word === "poor";
    const side = behind ? "behind" : luma < 128 ? "dark" : "bright";
    if (this.#ofRoom) this.#put("luma", `${Math.round(luma)}`);
    const key = poor ? `ready-light-poor-${side}` : `ready-light-${word}`;
    this.#show("light", word, key, luma / 255, poor ? `ready-light-advice-${side}` : null);
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
    const loud = noise(quiet.meanDb);
    if (this.#ofRoom && quiet.meanDb !== null) this.#put("noise_db", `${Math.round(quiet.meanDb)}`);
    const tooLoud = loud === "poor" ? "ready-noise-advice" : null;
    this.#show("noise", loud, `ready-noise-${loud}`, level(quiet.meanDb), tooLoud);
    if (this.#ofRoom) return;
    this.#say("ready-say-now");
    const spoken = await this.#listen(run, reader, VOICE_MS, "voice");
    if (run !== this.#run) return;
    const heard = voice(spoken.peakDb);
    const tooQuiet = heard === "good" ? null : "ready-voice-advice";
    this.#show("voice", heard, `ready-voice-${heard}`, level(spoken.peakDb), tooQuiet);
    // The network takes a moment longer.
    this.#say("ready-measuring");
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
      this.#rows.get(field)?.level(level(db));
    }
    return count === 0 ? { meanDb: null, peakDb: null } : { meanDb: 10 * Math.log10(energy / count), peakDb };
  }

  #advise(trouble: Trouble, hasCamera: boolean): void {
    const words = this.#words;
    const lines = [words(`ready-${trouble}`)];
    if (trouble === "denied") lines.push(words(adviceKey(navigator.userAgent)));
    const needed = this.dataset["picture"] === "needed";
    if (!hasCamera) lines.push(words(needed ? "ready-picture-needed" : "ready-no-camera"));
    // A page that knows a way to another device offers it where this one fails.
    const elsewhere = document.querySelector("a[data-elsewhere]")?.cloneNode(true);
    const all = elsewhere ? [...lines, elsewhere] : lines;
    this.#trouble.replaceChildren(...all.map((line) => h("p", {}, line)));
    this.#trouble.hidden = false;
  }

  /** Another camera in the place of the first: the light is judged anew. */
  async #swap(video: MediaTrackConstraints): Promise<boolean> {
    const run = this.#run;
    const stream = (this.#stream ??= new MediaStream());
    const { isOther, track } = await swapCamera(stream, video);
    if (this.#stream !== stream || !this.isConnected) {
      track?.stop();
      return isOther;
    }
    this.#frame.hidden = track === null;
    this.#video.srcObject = stream;
    if (track) void this.#seeLight(run, track);
    return isOther;
  }

  /** The form goes on as it is: what could not be measured says so. */
  #finish(): void {
    if (this.dataset["state"] === "trouble")
      for (const field of ["light", "voice", "noise"]) if (!this.#value(field)) this.#put(field, "none");
    this.#stop();
  }

  #show(field: Measured, value: string, key: string, part: number, advice: string | null): void {
    this.#put(field, value);
    this.#rows.get(field)?.show(value, key, part, advice);
  }

  #put(field: string, value: string): void {
    const form = this.closest("form");
    if (!form) return;
    let input = form.querySelector<HTMLInputElement>(`input[type="hidden"][name="${field}"]`);
    if (!input) form.append((input = h("input", { type: "hidden", name: field })));
    input.value = value;
  }

  #value(field: string): string {
    return this.closest("form")?.querySelector<HTMLInputElement>(`input[name="${field}"]`)?.value ?? "";
  }

  /**
   * One primary button a page: first this element's, and the form's when there is something to go on with.
   */
  #turn(state: "before" | "asking" | "measuring" | "done" | "trouble"): void {
    this.dataset["state"] = state;
    const done = state === "done";
    const onward = this.closest("form")?.querySelector(".actions button:not([type=button])");
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

const LIGHT_EVERY_MS = 300;
/** Looks before the light has its word. */
const LIGHT_LOOKS = 6;
const LIGHT_LATER_MS = 1_000;
/** HTMLMediaElement.HAVE_CURRENT_DATA */
const HAS_PICTURE = 2;
const SOUND_EVERY_MS = 50;
/** A rate that needs no advice. */
const ENOUGH_KBPS = 600;
