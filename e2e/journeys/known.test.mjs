// The six digits over two visits: skipped and compared after all, written down with the visit. In the next
// visit whoever was checked is known, and another key under the same name is announced.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { admit, allMeet, lowResolution, nameDeputy, openAsDeputy, visitOf } from "../stage/crowd.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { checkIn, compareDigits, digitsOf, enterLobby, MARIA, meet } from "../stage/people.mjs";
import { signIn, turnOn, wordsOf } from "../stage/people.mjs";
import { bookSoon } from "../stage/visits.mjs";

/** Link, second fact, welcome, place, devices, where they are, waiting room. */
const RETURNING_SCREENS_MAX = 7;

let demo, browser;
const crew = [];

before(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

test("digits are skipped, compared after all, and known in the next visit; another key is said", async () => {
  const [desk, patient, clinician, nadia] = [
    await come(),
    await come({ phone: true }),
    await come(),
    await come(),
  ];
  await signIn(desk.page, "desk");
  const first = await visitOf(desk.page, MARIA.name);
  await nameDeputy(desk.page, first, NADIA);
  const room = await meet(patient, clinician, demo.patient);
  const deputy = await openAsDeputy(nadia, "assistant", first);
  await admit(room, NADIA);
  await allMeet([patient.page, room, deputy]);

  await skip(patient.page, room, clinician.page, first);
  await comeBack(patient.page, room, deputy);
  const record = await recordOf(clinician.page, first);
  assert.match(record, /Maria Alvarez[\s\S]*Digits matched, checked by voice \d/);
  assert.match(record, /Nadia Petrov[\s\S]*Digits matched, checked by voice \d/);
  await look(clinician.page, "visit-code-matches");
  await endFor(room);

  const second = await bookSoon(desk.page, MARIA.name, "Osei");
  await nameDeputy(desk.page, second.visit, NADIA);
  await room.close();
  await deputy.close();
  const again = await comeAgain(patient, clinician, nadia, second);
  await knownNow(again, clinician.page, second.visit);

  const stranger = await come();
  await openAsDeputy(stranger, "assistant", second.visit);
  const row = again.room.locator(".panel .asking li", { hasText: NADIA });
  await row.locator(".admit").click();
  const said = again.room.locator(".stop:visible", {
    hasText: `${NADIA} uses another device than last time`,
  });
  await said.waitFor();
  await again.room.locator(".code h2", { hasText: NADIA }).waitFor();
  await look(again.room, "known-changed-clinician");
  for (const one of crew) await one.leave();
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  assert.ok(verified.ok, verified.text);
});

/** Not now: said beside the name at both ends and in the record, and care goes on. */
async function skip(patient, room, page, visit) {
  await room.locator(".code h2", { hasText: MARIA.name }).waitFor();
  await room.locator(".code-skip").click();
  await patient.locator(".code h2", { hasText: /Not compared yet, skipped at/ }).waitFor();
  await room.locator(".tile", { hasText: MARIA.name }).locator(".tag-check", { hasText: SKIPPED }).waitFor();
  assert.match(await room.locator(".truth-words").innerText(), /Private so far/);
  assert.match(await recordOf(page, visit), /Maria Alvarez[\s\S]*Not checked by voice, skipped/);
}

/** The deputy's digits come next; then the host comes back to those that were skipped. */
async function comeBack(patient, room, deputy) {
  await room.locator(".code h2", { hasText: NADIA }).waitFor();
  assert.equal(await digitsOf(deputy), await digitsOf(room));
  await room.locator(".code-matches").click();
  await deputy.locator(".code-matches").click();
  await room.locator(".code").waitFor({ state: "hidden" });
  await room.locator(".panel .code-again:visible").click();
  await room.locator(".code h2", { hasText: MARIA.name }).waitFor();
  await look(room, "code-again-clinician");
  await compareDigits(patient, room);
  assert.equal(await room.locator(".panel .code-again:visible").count(), 0);
  await patient.locator(".code h2", { hasText: /The digits matched at \d/ }).waitFor();
}

/** The same browsers in another visit; the room admits the patient who waits. */
async function comeAgain(patient, clinician, nadia, { visit, link }) {
  const seen = [];
  const from = Date.now();
  await checkIn(patient.page, link, { each: async (name) => seen.push(name) });
  const took = Date.now() - from;
  // Whoever was here before signs nothing anew, and is through within a minute.
  assert.doesNotMatch(seen.join(), /screen|sample|notice|consent/);
  assert.ok(seen.length <= RETURNING_SCREENS_MAX && took < 60_000, `${seen} in ${took} ms`);
  await enterLobby(patient.page);
  await turnOn(patient.page);
  const room = await openRoomOf(clinician, visit);
  await patient.page.locator(".room").waitFor();
  const deputy = await openAsDeputy(nadia, "assistant", visit);
  await admit(room, NADIA);
  await allMeet([patient.page, room, deputy]);
  return { patient: patient.page, room, deputy };
}

/** Staff know each other's devices, and the guest knows the host's; a guest's key is new in each visit. */
async function knownNow({ patient, room, deputy }, page, visit) {
  await room
    .locator(".tile", { hasText: NADIA })
    .locator(".tag-check", { hasText: "known device" })
    .waitFor();
  await deputy.locator(".code h2", { hasText: "checked by voice in an earlier visit" }).waitFor();
  const host = patient.locator(".tile", { hasText: "Dr. Amara Osei" });
  await host.locator(".tag-check", { hasText: "known device" }).waitFor();
  assert.equal(await patient.locator(".stop:visible").count(), 0, "nobody's key has changed");
  assert.match(await room.locator(".code h2").innerText(), new RegExp(MARIA.name), "only the guest is asked");
  await look(patient, "known-patient");
  await compareDigits(patient, room);
  assert.equal(await room.locator(".code:visible").count(), 0, "and nobody else");
  await host.locator(".tag-check", { hasText: "checked by voice" }).waitFor();
  assert.match(
    await recordOf(page, visit),
    /Nadia Petrov[\s\S]*Known device, checked by voice in an earlier visit/,
  );
}

async function come(options = {}) {
  const one = await person(browser, demo, { init: lowResolution, ...options });
  one.context.setDefaultTimeout(STEP_WITHIN_MS);
  crew.push(one);
  return one;
}

async function recordOf(page, visit) {
  await page.goto(visit);
  return wordsOf(page);
}

async function endFor(room) {
  await room.locator(".controls .red:visible").click();
  await room.locator(".dialog .danger").click();
  await room.locator(".over").waitFor();
}

async function openRoomOf({ page, context }, visit) {
  await page.goto(visit);
  const opened = context.waitForEvent("page");
  await page.locator('form[target="alcove-room"] button').first().click();
  const room = await opened;
  await room.locator(".room").waitFor();
  await turnOn(room);
  return room;
}

const NADIA = "Nadia Petrov";
const SKIPPED = "not checked by voice";
/** Four browsers share two cores. */
const STEP_WITHIN_MS = 60_000;
