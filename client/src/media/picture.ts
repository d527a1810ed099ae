// Owns the moving test picture and the tone of the demo. The picture is drawn by a worker, because the timers
// of a hidden page sleep and those of a worker do not; where that is impossible a canvas on the page stands
// in. The tone is an oscillator on the page: workers have no sound.

import { openWorker } from "./own_worker.ts";
import { Portrait } from "./portrait.ts";

/** A track and how to let go of what makes it. */
export interface Made {
  track: MediaStreamTrack;
  stop(): void;
}

export async function startPicture(name: string): Promise<Made> {
  if (typeof MediaStreamTrackGenerator === "function" && typeof OffscreenCanvas === "function") {
    try {
      return await fromWorker(name);
    } catch {
      // The canvas below needs nothing but a page.
    }
  }
  return fromCanvas(name);
}

export function startTone(): Made {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const gain = context.createGain();
  gain.gain.value = TONE_GAIN;
  const tone = context.createOscillator();
  tone.frequency.value = TONE_HZ;
  tone.connect(gain).connect(out);
  tone.start();
  void context.resume();
  const track = out.stream.getAudioTracks()[0];
  if (!track) throw new Error("an audio destination has one track");
  return { track, stop: () => (track.stop(), void context.close()) };
}

async function fromWorker(name: string): Promise<Made> {
  const generator = new MediaStreamTrackGenerator!({ kind: "video" });
  const worker = await openWorker("picture.js", PICTURE_INTEGRITY);
  worker.postMessage({ writable: generator.writable, name }, [generator.writable]);
  return { track: generator, stop: () => (worker.terminate(), generator.stop()) };
}

function fromCanvas(name: string): Made {
  const canvas = document.createElement("canvas");
  const portrait = new Portrait(canvas, name);
  const started = performance.now();
  const timer = window.setInterval(
    () => portrait.draw((performance.now() - started) / 1000),
    1000 / FRAMES_PER_S,
  );
  portrait.draw(0);
  const track = canvas.captureStream(FRAMES_PER_S).getVideoTracks()[0];
  if (!track) throw new Error("a canvas stream has one track");
  return { track, stop: () => (clearInterval(timer), track.stop()) };
}

export const FRAMES_PER_S = 15;
const TONE_HZ = 220;
/** Soft: two tabs of one computer hear each other. */
const TONE_GAIN = 0.03;
