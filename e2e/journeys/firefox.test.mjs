// Two engines in one sealed room: Firefox and Chromium, either way round.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { admit, comeAlong, ELENA, invite, lowResolution, seesEverybody, visitOf } from "../stage/crowd.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { getsOldFrames, hand, lateTransforms } from "../stage/dishonest.mjs";
import { personInFirefox } from "../stage/firefox.mjs";
import { changesOver, count, layersOf, seesAndHears, VIEWS } from "../stage/media.mjs";
import { compareDigits, MARIA, meet, signIn } from "../stage/people.mjs";
import { screenshots } from "../stage/places.mjs";
import { collectFrames, inWorkers, keepWorkers, tapped, tellsFrames } from "../stage/tap.mjs";

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
  await muted(inFirefox.page, room);
  await otherDevices(inFirefox.page, room);
  // Without its worker it sends nothing, and with another one it goes on: also where every transform comes a
  // task too late.
  await inFirefox.page.evaluate(lateTransforms);
  await inFirefox.page.evaluate(() => globalThis.workers.forEach((worker) => worker.terminate()));
  await seesAndHears(room, { frames: 30, within: 60_000 });
  await bothWays(inFirefox.page, room);
  assert.ok((await inFirefox.page.evaluate(() => globalThis.late)) >= 2, "sound and picture came late");
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

test("VP9 goes both ways, sealed; who comes late in Firefox opens nothing from before", async () => {
  await Promise.all([inFirefox.leave(), inChromium.leave()]);
  await demo.stop();
  throwAway(demo);
  demo = await startDemo({ vp9: true });
  const init = { content: `${tellsFrames().content};\n(${lowResolution})()` };
  const patient = await person(browser, demo, { init });
  inChromium = await person(browser, demo, { init });
  inFirefox = await personInFirefox(demo, { init: inWorkers(getsOldFrames) });
  const all = [await collectFrames(patient), await collectFrames(inChromium)];
  await signIn(inChromium.page, "desk");
  const invited = await invite(inChromium.page, await visitOf(inChromium.page, MARIA.name), ELENA);
  const room = await meet(patient, inChromium, demo.patient);
  await bothWays(patient.page, room);
  const old = all.flatMap(({ sealed }) => sealed.slice(-60));
  assert.equal(old.length, 120);

  const { page: late } = inFirefox;
  await comeAlong(late, invited);
  await admit(room, ELENA.name);
  await late.locator(".room").waitFor();
  await Promise.all([late, room].map((page) => seesEverybody(page, 2)));
  const swapped = await hand(late, old);
  await late.waitForTimeout(500);
  const before = await count(late);
  await late.waitForTimeout(2_000);
  assert.ok((await swapped()) > 50, "the old frames came instead of the new ones");
  assert.equal((await count(late)).frames, before.frames, "none of them is a picture");
  await hand(late, []);
  await seesEverybody(late, 2);
  for (const page of [late, room]) {
    const { sent, shown } = await layersOf(page);
    const codecs = [...sent.filter(({ frames }) => frames > 0), ...shown].map(({ codec }) => codec);
    assert.deepEqual([...new Set(codecs)], ["video/VP9"]);
  }
  await patient.leave();
});

/** The microphone is off and on again. */
async function muted(page, room) {
  for (const state of ["visible", "hidden"]) {
    await page.locator(".controls button").first().click();
    await room.locator(".tile:not(.self) .tag-muted").waitFor({ state });
  }
  await seesAndHears(room, { frames: 20, within: 40_000 });
}

/** The demo's picture in place of camera and microphone, and these again: other tracks on the same sender. */
async function otherDevices(page, room) {
  const track = () =>
    page.evaluate(() => document.querySelector(".tile.self video").srcObject.getVideoTracks()[0].id);
  const tracks = [await track()];
  await page.locator(".controls button").nth(3).click();
  const changes = [
    () => page.locator(".dialog button", { hasText: /test picture/ }).click(),
    () => page.evaluate(chooseFirst, "camera"),
  ];
  for (const change of changes) {
    await change();
    for (let waits = 0; (await track()) === tracks.at(-1); waits++) {
      assert.ok(waits < 100, "another track is shown");
      await page.waitForTimeout(100);
    }
    tracks.push(await track());
    await seesAndHears(room, { frames: 20, within: 40_000 });
  }
  assert.equal(new Set(tracks).size, 3);
  await page.locator(".dialog .row.end button").click();
}

/** In the page: as a person chooses in a list. */
function chooseFirst(kind) {
  const list = document.querySelector(`#choose-${kind}`);
  list.value = list.options[0].value;
  list.dispatchEvent(new Event("change"));
}

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
