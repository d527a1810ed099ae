// The frame pipeline without a worker: epochs, switching, drops, and nothing in clear in either direction.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bytes } from "../src/secrecy/bytes.ts";
import { SecrecyError } from "../src/secrecy/failure.ts";
import { Frames, type Lane, OLD_KEYS_MS } from "../src/secrecy/frames.ts";
import { decodeHeader } from "../src/secrecy/sframe.ts";
import { type Flow, LOOKS, SealWatch, SLACK, SLACK_BYTES } from "../src/secrecy/seal_watch.ts";

const sound: Lane = { name: "mic", codec: "opus", stream: "audio" };
const camera: Lane = { name: "cam", codec: "vp8", stream: "camera" };
const soundIn: Lane = { name: "in-a", codec: "opus", stream: null };
const cameraIn: Lane = { name: "in-v", codec: "vp8", stream: null };

test("without a key nothing is sealed and nothing opens", async () => {
  const frames = new Frames();
  assert.equal(await frames.seal(sound, opus(1)), null);
  assert.equal(await frames.open(soundIn, opus(1)), null);
  // Installed is not switched: sending waits for the command.
  frames.install(order(1, 0), 0);
  assert.equal(await frames.seal(sound, opus(1)), null);
  assert.equal(frames.counters()["mic"]?.sealed, 0);
  assert.equal(frames.counters()["mic"]?.dropped["no-key"], 2);
});

test("a frame opens at the other side with the leaf that sealed it", async () => {
  const [ann, bob] = pair(1);
  for (const [lane, into, frame] of [
    [sound, soundIn, opus(80)],
    [camera, cameraIn, vp8(true, 900)],
    [camera, cameraIn, vp8(false, 300)],
    [{ ...camera, codec: "vp9" }, { ...cameraIn, codec: "vp9" }, vp8(true, 500)],
  ] as [Lane, Lane, Bytes][]) {
    const sealed = await ann.seal(lane, frame);
    assert.ok(sealed);
    assert.ok(sealed.length - frame.length <= 22);
    const opened = await bob.open(into, sealed);
    assert.deepEqual(opened?.plain, frame);
    assert.equal(opened?.leaf, 0);
    assert.equal(opened?.stream, lane.stream);
  }
});

test("beyond the clear prefix no run of 16 bytes of the encoder is left", async () => {
  const [ann] = pair(1);
  const frame = vp8(true, 4000);
  const sealed = await ann.seal(camera, frame);
  assert.ok(sealed);
  const whole = Buffer.from(sealed);
  for (let at = 10; at + 16 <= frame.length; at++)
    assert.equal(whole.indexOf(frame.subarray(at, at + 16)), -1);
  assert.deepEqual(sealed.subarray(0, 10), frame.subarray(0, 10));
});

test("a frame in clear, of a stranger's key, cut or bent is dropped and counted", async () => {
  const [ann, bob] = pair(1);
  const eve = new Frames();
  eve.install({ ...order(1, 0), baseKey: new Uint8Array(16).fill(99) }, 0);
  eve.switchTo(1);
  const sealed = (await ann.seal(camera, vp8(false, 200))) as Bytes;
  const stranger = (await eve.seal(camera, vp8(false, 200))) as Bytes;
  assert.equal(await bob.open(cameraIn, vp8(true, 200)), null);
  assert.equal(await bob.open(cameraIn, stranger), null);
  assert.equal(await bob.open(cameraIn, new Uint8Array(0)), null);
  for (let cut = 1; cut < sealed.length; cut += 7) {
    assert.equal(await bob.open(cameraIn, sealed.slice(0, -cut)), null);
  }
  for (let at = 0; at < sealed.length; at++) {
    const bent = sealed.slice();
    bent[at] = (bent[at] ?? 0) ^ 0x10;
    assert.equal(await bob.open(cameraIn, bent), null);
  }
  assert.equal(bob.counters()["in-v"]?.opened, 0);
  assert.equal(bob.counters()["in-v"]?.dropped.empty, 1);
  assert.ok(await bob.open(cameraIn, sealed));
});

test("a frame never changes its kind, and our own voice does not come back to us", async () => {
  const [ann, bob] = pair(1);
  const voice = (await ann.seal(sound, opus(80))) as Bytes;
  assert.equal(await bob.open({ ...cameraIn, codec: "vp9" }, voice), null);
  assert.equal(await ann.open(soundIn, voice), null);
  assert.equal(ann.counters()["in-a"]?.dropped.own, 1);
  assert.ok(await bob.open(soundIn, voice));
});

test("a repeated frame is dropped in silence, also when both copies are under way at once", async () => {
  const [ann, bob] = pair(1);
  const sealed = (await ann.seal(camera, vp8(false, 200))) as Bytes;
  const both = await Promise.all([bob.open(cameraIn, sealed.slice()), bob.open(cameraIn, sealed.slice())]);
  assert.equal(both.filter(Boolean).length, 1);
  assert.equal(await bob.open({ ...cameraIn, name: "another" }, sealed), null);
  assert.equal(bob.counters()["in-v"]?.dropped.repeat, 1);
  assert.equal(bob.counters()["another"]?.dropped.repeat, 1);
});

test("no counter is used twice: across lanes, layers, switches and repeated orders", async () => {
  const [ann] = pair(1);
  const used = new Set<string>();
  const layers = ["q", "h", "f"].map((name) => ({ ...camera, name }));
  const seal = async (lane: Lane) => {
    const sealed = (await ann.seal(lane, vp8(false, 50))) as Bytes;
    const header = Buffer.from(sealed.subarray(1, 6)).toString("hex");
    assert.ok(!used.has(header), header);
    used.add(header);
  };
  await Promise.all(Array.from({ length: 300 }, (_, at) => seal(layers[at % 3] as Lane)));
  ann.install(order(2, 0), 10);
  await Promise.all(layers.map(seal));
  ann.switchTo(2);
  await Promise.all(layers.map(seal));
  assert.throws(() => ann.install(order(2, 0), 20), refused("old-epoch"));
  assert.throws(() => ann.install(order(1, 0), 20), refused("old-epoch"));
  assert.throws(() => ann.switchTo(1), refused("old-epoch"));
  assert.throws(() => ann.switchTo(9), refused("old-epoch"));
  await Promise.all(layers.map(seal));
});

test("receivers take the new epoch at once and the old one for five seconds more", async () => {
  const [ann, bob] = pair(1);
  const early = (await ann.seal(sound, opus(80))) as Bytes;
  const late = (await ann.seal(sound, opus(81))) as Bytes;
  bob.install(order(2, 1), 1_000);
  ann.install(order(2, 0), 1_000);
  ann.switchTo(2);
  assert.ok(await bob.open(soundIn, (await ann.seal(sound, opus(82))) as Bytes));
  bob.sweep(1_000 + OLD_KEYS_MS - 1);
  assert.ok(await bob.open(soundIn, early));
  bob.sweep(1_000 + OLD_KEYS_MS);
  assert.equal(await bob.open(soundIn, late), null);
  assert.equal(bob.counters()["in-a"]?.dropped["no-key"], 1);
});

test("who left is not heard again, not even under the old epoch, and can't read the new one", async () => {
  const [ann, bob] = pair(1);
  const parting = (await bob.seal(sound, opus(80))) as Bytes;
  ann.install({ ...order(2, 0), baseKey: new Uint8Array(16).fill(42), leaves: [0], departed: [1] }, 1_000);
  ann.switchTo(2);
  assert.equal(await ann.open(soundIn, parting), null);
  assert.equal(ann.counters()["in-a"]?.dropped.gone, 1);
  const after = (await ann.seal(sound, opus(80))) as Bytes;
  assert.equal(await bob.open(soundIn, after), null);
});

test("a sender that was never told to switch follows when the old keys go", async () => {
  const [ann, bob] = pair(1);
  ann.install(order(2, 0), 0);
  bob.install(order(2, 1), 0);
  assert.equal(ann.sendingEpoch, 1);
  ann.sweep(OLD_KEYS_MS);
  assert.equal(ann.sendingEpoch, 2);
  assert.ok(await bob.open(soundIn, (await ann.seal(sound, opus(80))) as Bytes));
});

test("256 epochs later the same key id picks the new key alone", async () => {
  const [ann, bob] = pair(1);
  const old = (await ann.seal(sound, opus(80))) as Bytes;
  bob.install({ ...order(257, 1), baseKey: new Uint8Array(16).fill(3) }, 100);
  assert.equal(await bob.open(soundIn, old), null);
});

test("after forget nothing opens and nothing is sent", async () => {
  const [ann, bob] = pair(1);
  const sealed = (await ann.seal(sound, opus(80))) as Bytes;
  bob.forget();
  ann.forget();
  assert.equal(await bob.open(soundIn, sealed), null);
  assert.equal(await ann.seal(sound, opus(80)), null);
  // A worker that lost its counters takes no old epoch again.
  assert.throws(() => ann.install(order(1, 0), 0), refused("old-epoch"));
});

test("the watch shows black until frames are sealed, and calls a leak a leak", () => {
  const watch = new SealWatch();
  const sound = (frames: number, sealed: number) =>
    watch.look("mic", { flows: [flow({ frames, bytes: 80 * frames, sealed })], sound: true, silent: false });
  assert.equal(sound(0, 0), "dark");
  assert.equal(sound(10, 12), "sealed");
  assert.equal(sound(12 + SLACK + 1, 12), "sealed");
  assert.equal(sound(60, 60), "sealed");
  for (let look = 1; look < LOOKS; look++) assert.equal(sound(200 + look, 60), "sealed");
  assert.equal(sound(300, 60), "leaking");
  assert.equal(sound(300, 400), "leaking");
  watch.forget("mic");
  assert.equal(sound(0, 0), "dark");
});

test("pictures the worker lets go are no leak, pictures it never saw are", () => {
  const watch = new SealWatch();
  const look = (...flows: Flow[]) => watch.look("cam", { flows, sound: false, silent: false });
  // Without keys: the encoder works, the worker drops, nothing leaves.
  for (let n = 0; n < 2 * LOOKS; n++) assert.equal(look(flow({ frames: 500, dropped: 500 })), "dark");
  assert.equal(look(flow({ frames: 600, bytes: 90_000, sealed: 100, dropped: 500 })), "sealed");
  const unseen = flow({ frames: 700, bytes: 99_000, sealed: 100, dropped: 500 });
  for (let n = 1; n < LOOKS; n++) assert.equal(look(unseen), "sealed");
  assert.equal(look(unseen), "leaking");
});

test("padding and probing before the first sealed frame are no leak, content is", () => {
  const watch = new SealWatch();
  const look = (bytes: number) =>
    watch.look("cam", { flows: [flow({ frames: 50, bytes, dropped: 50 })], sound: false, silent: false });
  for (let n = 0; n < 3 * LOOKS; n++) assert.equal(look(0), "dark");
  for (let n = 1; n < LOOKS; n++) assert.equal(look(SLACK_BYTES + 1), "dark");
  assert.equal(look(SLACK_BYTES + 1), "leaking");
});

test("a layer that leaves unsealed is found although the others are sealed", () => {
  const watch = new SealWatch();
  const small = flow({ ssrc: 1, frames: 900, bytes: 90_000, sealed: 900 });
  const large = { ssrc: 3, frames: 20 };
  const look = (bytes: number) =>
    watch.look("cam", { flows: [small, flow({ ...large, bytes })], sound: false, silent: false });
  assert.equal(look(0), "sealed");
  for (let n = 1; n < LOOKS; n++) assert.equal(look(20_000), "sealed");
  assert.equal(look(20_000), "leaking");
});

test("a worker that fell silent is no leak while nothing leaves, and one when bytes go on", () => {
  const watch = new SealWatch();
  const look = (bytes: number, frames: number, silent: boolean) =>
    watch.look("cam", { flows: [flow({ bytes, frames, sealed: 100 })], sound: false, silent });
  assert.equal(look(30_000, 110, false), "sealed");
  // What waited in the browser's queue leaves; the encoder goes on, and nothing of it leaves.
  for (let n = 0; n < 3 * LOOKS; n++)
    assert.equal(look(n < 2 ? 30_000 : 60_000, 200 + 10 * n, true), "sealed");
  for (let n = 1; n < LOOKS; n++) assert.equal(look(60_000 + 2_000 * n, 300, true), "sealed");
  assert.equal(look(90_000, 300, true), "leaking");
});

test("a picture whose codec nobody agreed on passes in neither direction", async () => {
  const [ann, bob] = pair(1);
  assert.equal(await ann.seal({ ...camera, codec: null, ssrc: 7 }, vp8(true, 200)), null);
  const sealed = (await ann.seal({ ...camera, ssrc: 7 }, vp8(true, 200))) as Bytes;
  assert.equal(await bob.open({ ...cameraIn, codec: null }, sealed), null);
  assert.equal(bob.counters()[cameraIn.name]?.dropped["no-codec"], 1);
  assert.deepEqual(ann.counters()[camera.name]?.sent, { 7: { sealed: 1, dropped: 1 } });
});

test("of a lane that is over nothing is kept", async () => {
  const [ann] = pair(1);
  await ann.seal(camera, vp8(true, 200));
  ann.end(camera.name);
  assert.deepEqual(ann.counters(), {});
});

test("a picture in layers: one counter for all of them, whichever of them arrive", async () => {
  const [ann, bob] = pair(3);
  const layers = [0, 1, 2].map((layer) => (n: number) => vp8(n === 0, 40 + 20 * layer));
  const sent: { layer: number; bytes: Bytes }[] = [];
  for (let n = 0; n < 1_200; n++)
    for (const [layer, make] of layers.entries()) {
      const bytes = await ann.seal(camera, make(n));
      assert.ok(bytes);
      sent.push({ layer, bytes });
    }
  const counters = sent.map(({ bytes }) => decodeHeader(bytes.subarray(bytes[0]! & 1 ? 1 : 10)));
  assert.equal(new Set(counters.map(({ kid, ctr }) => `${kid} ${ctr}`)).size, sent.length);
  // The server passes on one layer, then another, then the first one again.
  const passed = sent.filter(({ layer }, at) => layer === (at < 1_000 ? 2 : at < 2_500 ? 0 : 2));
  for (const { bytes } of passed) assert.ok(await bob.open(cameraIn, bytes));
  assert.equal(bob.counters()[cameraIn.name]?.dropped.repeat, 0);
  // And what it kept back opens nothing once it is old, nor twice.
  assert.equal(await bob.open(cameraIn, sent[0]!.bytes), null);
  assert.equal(await bob.open(cameraIn, passed.at(-1)!.bytes), null);
});

function flow(of: Partial<Flow>): Flow {
  return { ssrc: 1, frames: 0, bytes: 0, sealed: 0, dropped: 0, ...of };
}

function pair(epoch: number): [Frames, Frames] {
  const [ann, bob] = [new Frames(), new Frames()];
  for (const [own, frames] of [ann, bob].entries()) {
    frames.install(order(epoch, own), 0);
    frames.switchTo(epoch);
  }
  return [ann, bob];
}

function order(epoch: number, own: number) {
  return { epoch, baseKey: new Uint8Array(16).fill(epoch), leaves: [0, 1, 2], own, departed: [] as number[] };
}

function opus(length: number): Bytes {
  return Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 0xff);
}

function vp8(key: boolean, length: number): Bytes {
  const frame = Uint8Array.from({ length }, (_, at) => (at * 131 + (at >> 3)) & 0xff);
  frame[0] = key ? 0x10 : 0x11;
  return frame;
}

function refused(refusal: string): (error: unknown) => boolean {
  return (error) => error instanceof SecrecyError && error.refusal === refusal;
}
