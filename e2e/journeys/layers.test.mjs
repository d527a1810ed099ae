// A camera in three layers: everybody gets the one that fits how large they draw it, and every change of
// layer opens at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { layersOf, seesAndHears } from "../stage/media.mjs";
import { meet } from "../stage/people.mjs";

let demo, browser;

before(async () => {
  browser = await openBrowser();
  demo = await startDemo();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  throwAway(demo);
});

test("R24 (part: simulcast): a smaller tile gets a smaller layer, sealed as well", async () => {
  const [patient, clinician] = [await person(browser, demo), await person(browser, demo)];
  const room = await meet(patient, clinician, demo.patient);
  await seesAndHears(room, { frames: 30, within: 40_000 });

  await until(patient.page, room, ({ sent }) => sent.every(({ frames }) => frames > 0));
  await room.setViewportSize({ width: 1600, height: 1100 });
  const before = await until(patient.page, room, ({ rid }) => rid === "f");
  console.log(`sent: ${before.sent.map(({ rid, height }) => `${rid} ${height}`).join(", ")}`);
  for (const [width, height, rid] of [
    [1000, 200, "q"],
    [1280, 720, "h"],
    [1600, 1100, "f"],
  ]) {
    await room.setViewportSize({ width, height });
    await until(patient.page, room, (now) => now.rid === rid);
    await seesAndHears(room, { frames: 20, within: 40_000 });
  }
  const end = await until(patient.page, room, () => true);
  const known = await Promise.all([patient.page, room].map((page) => page.evaluate(() => sealingKnown)));
  const { seal, open } = known[0].cost;
  for (const [name, { p50, p95, bytes, frames }] of Object.entries({ seal, open }))
    console.log(
      `worker, ${name}: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, ` +
        `${bytes.toFixed(1)} bytes a frame, last ${frames} frames`,
    );
  // Header, counter and tag (RFC 9605 4.3).
  assert.ok(seal.bytes >= 19 && seal.bytes <= 28, `${seal.bytes} bytes are added`);
  console.log(`from admission to the first open frame: ${Math.round(known[0].opened - known[0].inside)} ms`);
  const [asked, frozen] = ["asked", "frozen"].map((of) => end.shown[of] - before.shown[of]);
  console.log(`three changes of layer: ${asked} key frames asked for, ${frozen.toFixed(1)} s frozen`);
});

/** What the sender makes, what the receiver shows, and which layer that is. */
async function until(sender, receiver, done, within = 40_000) {
  const started = Date.now();
  for (;;) {
    const [{ sent }, { shown }] = await Promise.all([layersOf(sender), layersOf(receiver)]);
    const rid = sent.find(({ height }) => height === shown[0]?.height)?.rid ?? null;
    const now = { sent, shown: shown[0], rid };
    if (sent.length === 3 && shown.length === 1 && done(now)) return now;
    assert.ok(Date.now() - started < within, `in ${within} ms: ${JSON.stringify(now)}`);
    await sender.waitForTimeout(200);
  }
}
