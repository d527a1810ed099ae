// A camera in three layers: everybody gets the one that fits how large they draw it, every change of layer
// opens at once, and what nobody sees is not made.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { changesOver, seesAndHears, VIEWS } from "../stage/media.mjs";
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

test("R24 (part: simulcast): a smaller tile gets a smaller layer, sealed, and no other is made", async () => {
  const [patient, clinician] = [await person(browser, demo), await person(browser, demo)];
  const room = await meet(patient, clinician, demo.patient);
  await seesAndHears(room, { frames: 30, within: 60_000 });

  const pages = { viewer: room, sender: patient.page };
  const before = await changesOver(pages, VIEWS.f, "f");
  for (const rid of ["q", "h", "f"]) {
    await changesOver(pages, VIEWS[rid], rid);
    await seesAndHears(room, { frames: 20, within: 60_000 });
  }
  const end = await changesOver(pages, VIEWS.f, "f");
  console.log(`made: ${end.sent.map(({ rid, height, frames }) => `${rid} ${height} ${frames}`).join(", ")}`);
  const known = await patient.page.evaluate(() => sealingKnown);
  for (const [name, { p50, p95, bytes, frames }] of Object.entries(known.cost))
    console.log(
      `worker, ${name}: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, ` +
        `${bytes.toFixed(1)} bytes a frame, last ${frames} frames`,
    );
  // Header, counter and tag (RFC 9605 4.3).
  const { bytes } = known.cost.seal;
  assert.ok(bytes >= 19 && bytes <= 28, `${bytes} bytes are added`);
  console.log(`from admission to the first open frame: ${Math.round(known.opened - known.inside)} ms`);
  const [asked, frozen] = ["asked", "frozen"].map((of) => end.shown[of] - before.shown[of]);
  console.log(`three changes of layer: ${asked} key frames asked for, ${frozen.toFixed(1)} s frozen`);
});
