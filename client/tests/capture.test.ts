// Asking for camera and microphone in the device check: what is left when one of them is refused or in use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { capture, swapCamera, wordOf } from "../src/pages/ready_parts.ts";

type Wish = { audio?: unknown; video?: unknown };

/** A browser whose answer to each wish is given; gives what was asked for, in order. */
function browser(answer: (wish: Wish) => MediaStream): Wish[] {
  const asked: Wish[] = [];
  const getUserMedia = async (wish: Wish) => {
    asked.push(wish);
    return answer(wish);
  };
  Object.defineProperty(globalThis, "navigator", {
    value: { mediaDevices: { getUserMedia } },
    configurable: true,
  });
  return asked;
}

function refuse(name: string): never {
  throw new DOMException("", name);
}

const SOUND = {} as MediaStream;

test("who refuses the camera alone keeps the microphone", async () => {
  const asked = browser((wish) => (wish.video ? refuse("NotAllowedError") : SOUND));
  assert.deepEqual(await capture(), { stream: SOUND, trouble: "denied" });
  assert.equal(asked.length, 2);
});

test("who refuses both is asked for sound once more and not again", async () => {
  const asked = browser(() => refuse("NotAllowedError"));
  const { stream, trouble } = await capture();
  assert.deepEqual([stream, wordOf(trouble), asked.length], [null, "refused", 2]);
});

test("without a microphone the camera is asked for alone", async () => {
  browser((wish) => (wish.audio ? refuse("NotFoundError") : SOUND));
  assert.deepEqual(await capture(), { stream: SOUND, trouble: "none" });
});

/** A phone: a second camera does not start while the first one runs. */
class Phone {
  live: string | null = null;
  broken: string[] = [];

  open(id: string): MediaStreamTrack {
    if (this.live || this.broken.includes(id)) refuse("NotReadableError");
    this.live = id;
    const stop = () => {
      if (this.live === id) this.live = null;
    };
    return { id, stop, getSettings: () => ({ deviceId: id }) } as unknown as MediaStreamTrack;
  }
}

function shown(...tracks: MediaStreamTrack[]): MediaStream {
  const all = new Set(tracks);
  return {
    getVideoTracks: () => [...all],
    addTrack: (track: MediaStreamTrack) => all.add(track),
    removeTrack: (track: MediaStreamTrack) => all.delete(track),
  } as unknown as MediaStream;
}

function phone(): Phone {
  const phone = new Phone();
  browser((wish) => {
    const { exact } = (wish.video as { deviceId: { exact: string } }).deviceId;
    return shown(phone.open(exact));
  });
  return phone;
}

const OTHER = { deviceId: { exact: "back" } };

test("a phone's second camera starts because the first was let go", async () => {
  const device = phone();
  const stream = shown(device.open("front"));
  const { isOther, track } = await swapCamera(stream, OTHER);
  assert.deepEqual([isOther, device.live], [true, "back"]);
  assert.deepEqual(stream.getVideoTracks(), [track]);
});

test("the first camera comes back when the second does not start", async () => {
  const device = phone();
  device.broken = ["back"];
  const stream = shown(device.open("front"));
  const { isOther, track } = await swapCamera(stream, OTHER);
  assert.deepEqual([isOther, device.live, track?.id], [false, "front", "front"]);
  assert.deepEqual(stream.getVideoTracks(), [track]);
});

test("where nothing was on, the second camera is what is shown", async () => {
  const device = phone();
  const stream = shown();
  const { isOther, track } = await swapCamera(stream, OTHER);
  assert.deepEqual([isOther, device.live], [true, "back"]);
  assert.deepEqual(stream.getVideoTracks(), [track]);
});
