// Owns the thresholds of the device check: what counts as light enough, quiet enough, loud enough. Pure.
// Only these words leave the browser, never a picture or a sound; of the network the numbers do.

export type LightWord = "good" | "ok" | "poor" | "none";
export type SoundWord = "good" | "ok" | "poor" | "none";

/** Mean luma of the picture, 0 to 255. */
export function light(luma: number | null): LightWord {
  if (luma === null) return "none";
  if (luma < LIGHT_POOR_DARK || luma > LIGHT_POOR_BRIGHT) return "poor";
  return luma >= LIGHT_GOOD_FROM && luma <= LIGHT_GOOD_TO ? "good" : "ok";
}

/** A window behind the person: the middle of the picture is dark and its edges are bright. Means of luma. */
export function isBacklit(middle: number, edge: number): boolean {
  return middle < BACKLIT_MIDDLE && edge - middle >= BACKLIT_STEP;
}

/** RMS of five seconds of silence, in dBFS. */
export function noise(db: number | null): SoundWord {
  if (db === null) return "none";
  if (db <= NOISE_GOOD_DB) return "good";
  return db > NOISE_POOR_DB ? "poor" : "ok";
}

/** Peak of the voice, in dBFS. A dead microphone is silence itself. */
export function voice(peakDb: number | null): SoundWord {
  if (peakDb === null || peakDb <= DEAD_DB) return "none";
  return peakDb >= VOICE_GOOD_DB ? "good" : "poor";
}

/** What was measured on the way to the media server and back; null is not known. */
export interface Numbers {
  way: "udp" | "tcp" | "none";
  roundTripMs: number | null;
  /** Packets of 1000, in the worse direction. */
  lost: number | null;
  /** kbit/s. */
  up: number | null;
  down: number | null;
}

/** The worst of the numbers; over TCP never better than usable. The server judges the same way. */
export function network(numbers: Numbers | null): LightWord {
  if (numbers === null) return "none";
  if (numbers.way === "none") return "poor";
  const words: LightWord[] = numbers.way === "tcp" ? ["ok"] : [];
  const judge = (value: number | null, isGood: (it: number) => boolean, isPoor: (it: number) => boolean) => {
    if (value !== null) words.push(isGood(value) ? "good" : isPoor(value) ? "poor" : "ok");
  };
  judge(numbers.roundTripMs, (ms) => ms <= 150, (ms) => ms > 500);
  judge(numbers.lost, (lost) => lost <= 10, (lost) => lost > 80);
  for (const rate of [numbers.up, numbers.down]) judge(rate, (kbps) => kbps >= 600, (kbps) => kbps < 150);
  return (["poor", "ok", "good"] as const).find((word) => words.includes(word)) ?? "none";
}

/** Means of luma of the middle ninth and of the rest, of RGBA bytes in rows of `width`. */
export function middleAndEdge(pixels: Uint8ClampedArray, width: number): [number, number] {
  const height = pixels.length / 4 / width;
  const sums = [0, 0];
  const counts = [0, 0];
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
    const inside = x >= width / 3 && x < (width * 2) / 3 && y >= height / 3 && y < (height * 2) / 3 ? 0 : 1;
    sums[inside]! += luma(pixels, at);
    counts[inside]!++;
  }
  return [(sums[0] ?? 0) / Math.max(1, counts[0] ?? 0), (sums[1] ?? 0) / Math.max(1, counts[1] ?? 0)];
}

/** Mean luma (BT.601) of RGBA bytes. */
export function meanLuma(pixels: Uint8ClampedArray): number {
  let sum = 0;
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    sum += luma(pixels, at);
  }
  return pixels.length >= 4 ? sum / (pixels.length / 4) : 0;
}

function luma(pixels: Uint8ClampedArray, at: number): number {
  return 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
}

const BACKLIT_MIDDLE = 90;
const BACKLIT_STEP = 70;
const LIGHT_GOOD_FROM = 70;
const LIGHT_GOOD_TO = 200;
const LIGHT_POOR_DARK = 40;
const LIGHT_POOR_BRIGHT = 220;
const NOISE_GOOD_DB = -50;
const NOISE_POOR_DB = -40;
const VOICE_GOOD_DB = -35;
const DEAD_DB = -90;
/** Quiet time that is measured. */
export const QUIET_MS = 5_000;
/** Time to say a few words. */
export const VOICE_MS = 5_000;
