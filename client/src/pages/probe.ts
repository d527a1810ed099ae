// Owns the measuring of the network: sends a made-up picture and a made-up tone to the media server and back,
// and says how far it is, how much was lost and how much came through. Nothing of the person is sent.

import { Loop, Refused, type Counted } from "../media/loop.ts";
import type { Numbers } from "./verdicts.ts";

/** Null: nothing could be measured, for a reason that says nothing about the network. */
export async function measure(token: string): Promise<Numbers | null> {
  let loop: Loop | null = null;
  const picture = noisyPicture();
  const tone = softTone();
  try {
    loop = await Loop.open(token);
    await Promise.all([loop.put("video", picture.track), loop.put("audio", tone.track)]);
    if (!(await connected(loop))) return { way: "none", roundTripMs: null, lost: null, up: null, down: null };
    // A browser begins with little and finds out how much fits.
    await pause(WARM_UP_MS);
    const before = await loop.count();
    await pause(MEASURE_MS);
    return numbersOf(before, await loop.count());
  } catch (error) {
    // The request itself failed: then the page's own server is out of reach.
    if (error instanceof Refused || error instanceof DOMException) return null;
    return navigator.onLine ? null : { way: "none", roundTripMs: null, lost: null, up: null, down: null };
  } finally {
    picture.stop();
    tone.stop();
    loop?.close();
  }
}

/** Rates in kbit/s, loss in packets of 1000: that of the worse direction. */
export function numbersOf(before: Counted, after: Counted): Numbers {
  const seconds = (after.atMs - before.atMs) / 1000;
  const rate = (from: number, to: number) => Math.round(((to - from) * 8) / 1000 / Math.max(0.001, seconds));
  const share = (from: Counted["up"], to: Counted["up"], arrived: boolean) => {
    const lost = Math.max(0, to.lost - from.lost);
    const packets = Math.max(0, to.packets - from.packets) + (arrived ? lost : 0);
    return packets < FEWEST_PACKETS ? 0 : Math.min(1000, Math.round((lost * 1000) / packets));
  };
  const [lostUp, lostDown] = [share(before.up, after.up, false), share(before.down, after.down, true)];
  return {
    way: after.way ?? "udp",
    roundTripMs: after.roundTripMs,
    lost: Math.max(lostUp, lostDown),
    // A browser counts what it sends; where the way is narrow little of it arrives.
    up: Math.round(rate(before.up.bytes, after.up.bytes) * (1 - lostUp / 1000)),
    down: rate(before.down.bytes, after.down.bytes),
  };
}

async function connected(loop: Loop): Promise<boolean> {
  for (let waited = 0; waited < CONNECT_WITHIN_MS; waited += LOOK_EVERY_MS) {
    if (loop.isConnected()) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}

interface Made {
  track: MediaStreamTrack | null;
  stop(): void;
}

/** Snow: what cannot be squeezed fills the way as far as it goes. */
function noisyPicture(): Made {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [480, 270];
  const pen = canvas.getContext("2d");
  const snow = pen?.createImageData(canvas.width, canvas.height);
  const draw = () => {
    if (!pen || !snow) return;
    for (let at = 0; at < snow.data.length; at += RANDOM_BYTES_AT_ONCE)
      crypto.getRandomValues(snow.data.subarray(at, at + RANDOM_BYTES_AT_ONCE));
    pen.putImageData(snow, 0, 0);
  };
  draw();
  const timer = window.setInterval(draw, 1000 / FRAMES_PER_S);
  const track = canvas.captureStream(FRAMES_PER_S).getVideoTracks()[0] ?? null;
  return { track, stop: () => (clearInterval(timer), track?.stop()) };
}

function softTone(): Made {
  const sound = new AudioContext();
  const out = sound.createMediaStreamDestination();
  const tone = sound.createOscillator();
  tone.connect(out);
  tone.start();
  const track = out.stream.getAudioTracks()[0] ?? null;
  return { track, stop: () => (track?.stop(), void sound.close()) };
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

const CONNECT_WITHIN_MS = 12_000;
const LOOK_EVERY_MS = 200;
const WARM_UP_MS = 3_500;
const MEASURE_MS = 4_000;
/** Fewer say nothing about loss. */
const FEWEST_PACKETS = 50;
const FRAMES_PER_S = 20;
/** What `getRandomValues` gives in one call (Web Cryptography API, 10.1.1). */
const RANDOM_BYTES_AT_ONCE = 65_536;
