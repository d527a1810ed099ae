// Two engines in one sealed room: Firefox and Chromium, either way round.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { personInFirefox } from "../stage/firefox.mjs";
import { changesOver, count, layersOf, seesAndHears, VIEWS } from "../stage/media.mjs";
import { compareDigits, meet } from "../stage/people.mjs";
import { screenshots } from "../stage/places.mjs";
import { collectFrames, keepWorkers, tapped, tellsFrames } from "../stage/tap.mjs";

let demo, browser, inChromium, inFirefox, folder, tap, told;

before(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "alcove-firefox-tap-"));
  tap = join(folder, "payloads");
  demo = await startDemo({ tap });
  inChromium = await person(browser, demo, { init: tellsFrames() });
  told = await collectFrames(inChromium);
  const keeps = `${tellsFrames().content};\n(${keepWorkers})()`;
  inFirefox = await personInFirefox(demo, { init: { content: keeps } });
});

afterEach(async () => {
  await inFirefox?.leave();
  await inChromium?.leave();
  await demo.stop();
  throwAway(demo);
  rmSync(folder, { recursive: true, force: true });
});

after(() => browser?.close());

test("R24 (part: Firefox): a patient there, a clinician in Chromium, both sealed and checked", async () => {
  const room = await meet(inFirefox, inChromium, demo.patient);
  await bothWays(inFirefox.page, room);
  await picture(inFirefox.page, "firefox-patient");
  await inFirefox.page.reload();
  await inFirefox.page.locator(".room").waitFor();
  await bothWays(inFirefox.page, room);
  // Firefox makes the three layers, one at a time, and changes over as Chromium does.
  for (const rid of ["f", "q"]) {
    const pages = { viewer: room, sender: inFirefox.page };
    const { sent, shown } = await changesOver(pages, VIEWS[rid], rid);
    assert.deepEqual(sent.map((layer) => layer.rid).sort(), ["f", "h", "q"]);
    await seesAndHears(room, { frames: 20, within: 60_000 });
    console.log(`Firefox makes ${rid}, shown with ${shown.height} lines`);
  }
  // Without its worker it sends nothing, and with another one it goes on.
  await inFirefox.page.evaluate(() => globalThis.workers.forEach((worker) => worker.terminate()));
  await seesAndHears(room, { frames: 30, within: 60_000 });
  await bothWays(inFirefox.page, room);
  await Promise.all([inFirefox.leave(), inChromium.leave()]);
  const { packets, readable, sealed } = tapped(tap, [inFirefox.told, told]);
  console.log(`tapped: ${packets.length} packets, ${sealed.length} as a worker sealed them`);
  assert.equal(readable.length, 0, `${readable.length} of ${packets.length} packets are readable`);
  const own = tapped(tap, [inFirefox.told]);
  assert.ok(own.sealed.length > 300, `${own.sealed.length} packets are what Firefox sealed`);
  assert.ok(sealed.length > 0.9 * packets.length, "and nearly all are somebody's");
});

test("a patient in Chromium and a clinician in Firefox see, hear and check each other", async () => {
  const room = await meet(inChromium, inFirefox, demo.patient);
  await bothWays(inChromium.page, room);
  await picture(room, "firefox-clinician");
});

test("VP9 goes both ways between Firefox and Chromium, sealed", async () => {
  await Promise.all([inFirefox.leave(), inChromium.leave()]);
  await demo.stop();
  throwAway(demo);
  demo = await startDemo({ vp9: true });
  [inChromium, inFirefox] = [await person(browser, demo), await personInFirefox(demo)];
  const room = await meet(inFirefox, inChromium, demo.patient);
  await bothWays(inFirefox.page, room);
  for (const page of [inFirefox.page, room]) {
    const { sent, shown } = await layersOf(page);
    const codecs = [...sent.filter(({ frames }) => frames > 0), ...shown].map(({ codec }) => codec);
    assert.deepEqual([...new Set(codecs)], ["video/VP9"]);
  }
});

async function bothWays(patient, room) {
  await Promise.all([seesAndHears(patient, { frames: 30 }), seesAndHears(room, { frames: 30 })]);
  for (const page of [patient, room]) {
    const { transformed, ends } = await page.evaluate(() => globalThis.countSealing());
    assert.equal(transformed, ends, "every lane goes through the worker");
    assert.ok((await count(page)).sent > 0);
  }
  const checked = /Checked by voice/.test(await patient.locator(".truth-words").innerText());
  if (!checked) await compareDigits(patient, room);
}

async function picture(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot(join(screenshots, `${name}.png`));
}
