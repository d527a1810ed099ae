// Coming back: a reload in the middle, a lost socket, a server that was killed. Nobody is admitted twice,
// nothing is lost.

import assert from "node:assert/strict";
import { after, beforeEach, afterEach, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { seesAndHears } from "../stage/media.mjs";
import { meet, signIn } from "../stage/people.mjs";

let demo, browser, patient, clinician, room;

before(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  demo = await startDemo();
  patient = await person(browser, demo, { phone: true });
  clinician = await person(browser, demo);
  room = await meet(patient, clinician, demo.patient);
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
});

afterEach(async () => {
  await patient.leave();
  await clinician.leave();
  await demo.stop();
  throwAway(demo);
});

after(() => browser?.close());

test("a reload returns to the room with camera and microphone as they were, not admitted again", async () => {
  await patient.page.keyboard.press("m");
  await room.locator(".tile:not(.self) .tag-muted").waitFor();
  await patient.page.reload();
  await patient.page.locator(".room").waitFor();
  await patient.page.locator(".frame.own video:visible").waitFor();
  assert.equal(await room.locator(".panel .admit").count(), 0, "nobody waits");
  await room.locator(".tile:not(.self) .tag-muted").waitFor();
  await patient.page.keyboard.press("m");
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
});

test("both reload at once and find each other again", async () => {
  await Promise.all([patient.page.reload(), room.reload()]);
  await Promise.all([patient.page.locator(".room").waitFor(), room.locator(".room").waitFor()]);
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
});

test("after kill -9 nothing acknowledged is lost, and both are back in the room by themselves", async () => {
  const desk = await person(browser, demo);
  await signIn(desk.page, "desk");
  for (const name of ACKNOWLEDGED) await addPatient(desk.page, name);
  // One more is under way when the server dies: it may be there or not, but not twice.
  await fillPatient(desk.page, UNDER_WAY);
  await desk.page.locator(ADD).click({ noWaitAfter: true });
  await demo.crash();
  await patient.page.locator(".alert:visible").waitFor();
  const verified = verifyTrail(demo.folder);
  assert.ok(verified.ok, verified.text);
  const again = await startDemo({ folder: demo.folder, port: demo.port });
  demo = again;
  const [one, other] = await Promise.all([
    seesAndHears(patient.page, { frames: 20, within: 45_000 }),
    seesAndHears(room, { frames: 20, within: 45_000 }),
  ]);
  assert.ok(one.fresh >= 20 && other.fresh >= 20);
  assert.equal(await room.locator(".panel .admit").count(), 0, "nobody waits");
  for (const name of ACKNOWLEDGED) assert.equal(await countPatients(desk.page, name), 1, name);
  assert.ok((await countPatients(desk.page, UNDER_WAY)) <= 1);
  await desk.leave();
});

test("leaving and coming back by the visit page keeps the place", async () => {
  await patient.page.locator(".controls .red:visible").click();
  await patient.page.locator(".dialog .danger").click();
  await patient.page.locator(".over").waitFor();
  await room.locator(".tile:not(.self)").waitFor({ state: "detached" });
  await patient.page.locator(".over .button.primary").click();
  await patient.page.waitForURL(/\/lobby$/);
  await patient.page.locator('form[action$="/enter"] button').click();
  await patient.page.waitForURL(/\/room\/$/);
  await patient.page.locator(".lobby, .room").waitFor();
});

async function addPatient(page, name) {
  await fillPatient(page, name);
  await page.locator(ADD).click();
  await page.waitForURL(/\/patients(\/(?!new)|$|\?)/);
}

async function fillPatient(page, name) {
  await page.goto("/patients/new");
  await page.fill('input[name="name"]', name);
  for (const [field, value] of Object.entries({ month: "2", day: "29", year: "1972" })) {
    await page.fill(`input[name="${field}"]`, value);
  }
  await page.fill('input[name="phone"]', "617-555-0199");
  await page.check('input[name="lang"][value="en"]');
}

async function countPatients(page, name) {
  await page.goto("/patients");
  return page.locator("td strong", { hasText: name }).count();
}

const ADD = 'form[action="/patients/new"] button.primary';
const ACKNOWLEDGED = ["Ada Keeper", "Bela Keeper", "Cora Keeper"];
const UNDER_WAY = "Dora Keeper";
