// Owns the thresholds of the device check: what counts as light enough, quiet enough, loud enough. Pure.
// Only these words leave the browser, never a picture, a sound or a number.

export type LightWord = "good" | "ok" | "poor" | "none";
export type SoundWord = "good" | "ok" | "poor" | "none";

/** Mean luma of the picture, 0 to 255. */
export function light(luma: number | null): LightWord {
  if (luma === null) return "none";
  if (luma < LIGHT_POOR_DARK || luma > LIGHT_POOR_BRIGHT) return "poor";
  return luma >= LIGHT_GOOD_FROM && luma <= LIGHT_GOOD_TO ? "good" : "ok";
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

/** Mean luma (BT.601) of RGBA bytes. */
export function meanLuma(pixels: Uint8ClampedArray): number {
  let sum = 0;
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    sum += 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
  }
  return pixels.length >= 4 ? sum / (pixels.length / 4) : 0;
}

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
