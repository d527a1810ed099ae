// What the media server holds: a whole visit with reload, mute and other devices, tapped behind SRTP, holds
// no run of sixteen bytes that an encoder made. And the tap is no blind one: a worker that lets frames
// through is found.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { changesOver, layersOf, seesAndHears, VIEWS } from "../stage/media.mjs";
import { meet } from "../stage/people.mjs";
import { collectFrames, Frames, letsFramesThrough, readTap, tellsFrames } from "../stage/tap.mjs";

let demo, browser, folder, tap;

before(async () => {
  const cameras = "--use-fake-device-for-media-stream=device-count=3";
  browser = await openBrowser({ camera: false, extra: [cameras, "--use-fake-ui-for-media-stream"] });
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "alcove-tap-"));
  tap = join(folder, "payloads");
});

afterEach(async () => {
  await demo.stop();
  throwAway(demo);
  rmSync(folder, { recursive: true, force: true });
});

after(() => browser?.close());

test("R24: the media server gets no run of 16 bytes that an encoder made, VP8 in layers and Opus", () =>
  holdsNothing("VP8"));

test("R24: the media server gets no run of 16 bytes that an encoder made, VP9 in layers and Opus", () =>
  holdsNothing("VP9"));

async function holdsNothing(codec) {
  demo = await startDemo({ tap, vp9: codec === "VP9" });
  const patient = await person(browser, demo, { init: tellsFrames() });
  const clinician = await person(browser, demo, { init: tellsFrames() });
  const told = [await collectFrames(patient), await collectFrames(clinician)];
  const room = await meet(patient, clinician, demo.patient);
  const both = () =>
    Promise.all([patient.page, room].map((page) => seesAndHears(page, { frames: 30, within: 40_000 })));
  await both();

  const pages = { viewer: room, sender: patient.page };
  for (const rid of codec === "VP8" ? ["q", "h", "f"] : []) await changesOver(pages, VIEWS[rid], rid);
  const layers = await makesAll(patient.page);

  await patient.page.keyboard.press("m");
  await room.locator(".tile:not(.self) .tag-muted").waitFor();
  await patient.page.keyboard.press("m");
  await room.locator(".tile:not(.self) .tag-muted").waitFor({ state: "hidden" });
  await both();

  await otherDevices(patient.page);
  await both();

  await patient.page.reload();
  await patient.page.locator(".room").waitFor();
  await both();
  await room.reload();
  await room.locator(".room").waitFor();
  await both();

  const { sent } = await layersOf(room);
  assert.deepEqual(new Set(sent.map((one) => one.codec)), new Set([`video/${codec}`]));
  await patient.leave();
  await clinician.leave();
  const packets = readTap(tap);
  const plain = new Frames(told.flatMap((each) => each.plain));
  const sealed = new Frames(told.flatMap((each) => each.sealed));
  const kinds = byType(packets);
  console.log(`tapped: ${[...kinds].map(([type, all]) => `${all.length} of type ${type}`).join(", ")}`);
  assert.equal(kinds.size, 2, "sound and pictures");
  for (const { rid, ssrc } of layers.sent)
    assert.ok(packets.some((packet) => packet.ssrc === ssrc), `layer ${rid} is among what was tapped`);
  const ofPictures = (type) => kinds.get(type).some(({ ssrc }) => ssrc === layers.sent[0].ssrc);
  const sound = [...kinds.keys()].find((type) => !ofPictures(type));
  for (const [type, all] of kinds) {
    assert.ok(all.length > 200, `${all.length} packets of type ${type}`);
    // Without this, an empty list would prove the same.
    const known = all.filter(({ payload }) => sealed.longest(payload, 16).longest >= 16).length;
    assert.ok(known > 0.9 * all.length, `${known} of ${all.length} of type ${type} are what a worker sealed`);
    const found = all.map(({ payload }) => plain.longest(payload));
    const [longest, atFront] = ["longest", "atFront"].map((of) => Math.max(...found.map((one) => one[of])));
    console.log(`type ${type}: longest equal run ${longest} bytes, at a frame's front ${atFront}`);
    assert.ok(longest < 16, `a run of ${longest} bytes as the encoder made them`);
    const readable = type === sound || codec === "VP9" ? 0 : 10;
    assert.ok(atFront <= readable, `${atFront} bytes at the front of a frame are readable`);
  }
}

test("the tap finds the frames of a worker that seals nothing", async () => {
  demo = await startDemo({ tap });
  const patient = await person(browser, demo, { init: letsFramesThrough() });
  const clinician = await person(browser, demo);
  const told = await collectFrames(patient);
  await meet(patient, clinician, demo.patient);
  await patient.page.waitForTimeout(5_000);
  await patient.leave();
  await clinician.leave();
  const plain = new Frames(told.plain);
  for (const [type, all] of byType(readTap(tap))) {
    const open = all.filter(({ payload }) => plain.longest(payload, 16).longest >= 16).length;
    assert.ok(open > 50, `${open} of ${all.length} readable packets of type ${type} are found`);
  }
});

function byType(packets) {
  const kinds = new Map();
  for (const packet of packets) {
    const known = kinds.get(packet.type) ?? [];
    if (packet.payload.length > 0) kinds.set(packet.type, [...known, packet]);
  }
  return kinds;
}

/** Waits until every layer of the camera has made pictures, one after the other or all at once. */
async function makesAll(page, within = 60_000) {
  const started = Date.now();
  for (;;) {
    const layers = await layersOf(page);
    if (layers.sent.length === 3 && layers.sent.every(({ frames }) => frames > 0)) return layers;
    assert.ok(Date.now() - started < within, JSON.stringify(layers));
    await page.waitForTimeout(200);
  }
}

/** Chooses the last camera and microphone. Chromium's second fake camera sees depth; no encoder takes it. */
async function otherDevices(page) {
  await page.locator(".controls button").nth(3).click();
  for (const kind of ["camera", "mic"]) {
    const choice = page.locator(`#choose-${kind}`);
    await choice.locator("option").nth(2).waitFor({ state: "attached" });
    const values = await choice.locator("option").evaluateAll((all) => all.map((one) => one.value));
    assert.notEqual(await choice.inputValue(), values.at(-1), `there is another ${kind}`);
    await choice.selectOption(values.at(-1));
  }
  await page.keyboard.press("Escape");
}
