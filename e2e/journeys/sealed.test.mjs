// The sealed room: nothing leaves a browser unsealed, two people compare six digits, and who is sent away has
// no keys any more.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { count, seesAndHears } from "../stage/media.mjs";
import { compareDigits, digitsOf, meet } from "../stage/people.mjs";

let demo, browser, patient, clinician, room, joining;

before(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  demo = await startDemo();
  patient = await person(browser, demo);
  clinician = await person(browser, demo);
  joining = watchJoining(patient.page);
  room = await meet(patient, clinician, demo.patient);
});

afterEach(async () => {
  await patient.leave();
  await clinician.leave();
  await demo.stop();
  throwAway(demo);
});

after(() => browser?.close());

test("both see and hear each other through transforms, and the digits match on both sides", async () => {
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  for (const page of [patient.page, room]) {
    const sealing = await page.evaluate(() => globalThis.countSealing());
    assert.equal(sealing.guarded ?? true, true);
    assert.equal(sealing.transformed, sealing.ends, "every lane goes through the worker");
  }
  assert.match(await patient.page.locator(".truth-words").innerText(), /Private so far/);
  await look(room, "room-digits-clinician");
  await look(patient.page, "room-digits-patient");
  await compareDigits(patient.page, room);
  await room.locator(".tile:not(.self) .tag-check", { hasText: /checked by voice/ }).waitFor();
  await look(patient.page, "room-checked-patient");
  const after = (what) => `${joining[what] - joining["got admitted"]} ms`;
  const [offer, keys] = [after("said offer"), after("said note")];
  console.log(`added join time, from the admission: offer with a proven worker ${offer}, keys ${keys}`);
});

test("a reload comes back into the group without a press, still checked", async () => {
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await compareDigits(patient.page, room);
  await patient.page.reload();
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  assert.equal(await room.locator(".panel .admit").count(), 0, "nobody asks to be let in");
  await patient.page.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();
  assert.equal(await room.locator(".code:visible").count(), 0, "the digits are not asked for again");
});

test("a host who reloads founds anew and everybody is back by themselves, still checked", async () => {
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await compareDigits(patient.page, room);
  await room.reload();
  await room.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  for (const page of [patient.page, room])
    await page.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();
});

test("whoever is sent back to the waiting room decodes nothing two seconds later", async () => {
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await room.locator(".panel .inside button", { hasText: /Back to lobby/ }).click();
  await patient.page.locator(".lobby").waitFor();
  await patient.page.waitForTimeout(2_000);
  const before = await count(patient.page);
  await patient.page.waitForTimeout(1_500);
  const now = await count(patient.page);
  assert.equal(now.frames, before.frames);
  assert.equal(now.state, "none");
  await room.locator(".panel .admit").first().click();
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
});

test("digits that do not match end picture and sound for both, and both are told why", async () => {
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await room.locator(".code").waitFor();
  assert.match(await digitsOf(room), /^\d{3} \d{3}$/);

  // The patient's own word stops the patient's own page, the clinician is told, and it can be taken back.
  await patient.page.locator(".code-mismatch").click();
  await patient.page.locator(".stop", { hasText: /did not match/ }).waitFor();
  assert.equal((await count(patient.page)).state, "none", "no connection is left");
  await room.locator(".stop", { hasText: /says that the digits did not match/ }).waitFor();
  await look(patient.page, "room-doubt-patient");
  await look(room, "room-doubt-clinician");
  await patient.page.locator(".code-once-more").click();
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await room.locator(".stop:visible").waitFor({ state: "hidden" });

  await room.locator(".code-mismatch").click();
  for (const page of [patient.page, room]) {
    await page.locator(".stop:visible", { hasText: /did not match/ }).waitFor();
    assert.equal((await count(page)).state, "none", "no connection is left");
  }
  await look(patient.page, "room-mismatch-patient");
});

/** When each kind of message went over this page's sockets for the first time. */
function watchJoining(page) {
  const at = {};
  const first =
    (way) =>
    ({ payload }) =>
      (at[`${way} ${JSON.parse(payload).type}`] ??= Date.now());
  page.on("websocket", (socket) => {
    socket.on("framereceived", first("got"));
    socket.on("framesent", first("said"));
  });
  return at;
}
