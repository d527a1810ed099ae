// What the practice is told stays where it belongs: a word of its own in every field a person can fill, then
// a look into everything that is kept, logged, mailed and asked for by address. And a link that has had its
// time.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { linkIn, openMailbox } from "../stage/mail.mjs";
import { checkIn, enterLobby, openRoom, signIn, turnOn, wordsOf } from "../stage/people.mjs";

let browser, mailbox;

before(async () => {
  [browser, mailbox] = [await openBrowser(), await openMailbox()];
});
after(async () => {
  await browser?.close();
  await mailbox?.close();
});

// Words that occur nowhere else. The date and the number are searched for in the shapes they are kept in.
const TOLD = {
  name: "Quillon Zeppelmarsh",
  aids: "wobblefont reader",
  reason: "quaggle in the left thurm",
  address: "77 Snarkwhistle Terrace",
  callBack: "617-555-0199",
  surveyWords: "the blivet hummed",
  said: "Doctor is late by one fnord",
  summary: "Take grobulin twice a day",
  checkPhrase: "purple anvil",
};
const BORN = ["2", "29", "1972"];
const ELSEHOW = ["Zeppelmarsh", "1972-02-29", "6175550199", "zeppel@patients.example"];
/** One by one too: a form's own writing puts signs between words. */
const ALONE = ["wobblefont", "quaggle", "thurm", "Snarkwhistle", "blivet", "fnord", "grobulin", "anvil"];
const NEVER_KEPT_OPEN = [...Object.values(TOLD), ...ELSEHOW, ...ALONE];
/** The address on the envelope and the patient's own check phrase have to be there, and nothing else. */
const NEVER_MAILED = NEVER_KEPT_OPEN.filter((word) => !/@|anvil/.test(word));
/** The log at its most talkative, libraries included. */
const TALKATIVE = { ALCOVE_LOG: "trace" };

test("R38: nothing told and no secret is in the log, nor in addresses, mail and files", async () => {
  const demo = await startDemo({ smtp: mailbox.address, env: TALKATIVE });
  const addresses = [];
  const desk = await person(browser, demo);
  const patient = await person(browser, demo, { phone: true });
  const clinician = await person(browser, demo);
  for (const one of [desk, patient, clinician]) {
    one.context.on("request", (request) => addresses.push(decodeURIComponent(request.url())));
  }

  const link = await addAndBook(desk.page);
  await checkIn(patient.page, link, { who: { name: TOLD.name, born: BORN }, location: TOLD });
  await enterLobby(patient.page);
  await signIn(clinician.page, "clinician-3");
  const room = await openRoom(clinician);
  await turnOn(room);
  await sayToLobby(room, patient.page);
  await endAndSum(room);
  await surveyInWords(patient.page);
  const cookies = (await Promise.all([desk, patient, clinician].map((one) => one.context.cookies()))).flat();
  assert.ok(cookies.some(({ name }) => name.startsWith("__Host-guest-")), "sessions were held");
  for (const one of [desk, patient, clinician]) await one.leave();
  await demo.stop();

  assert.match(demo.log(), /TRACE/, "the log says all it can");
  assert.deepEqual(found([["log", demo.log()]], NEVER_KEPT_OPEN), []);
  const secret = link.split("#")[1];
  assert.ok(secret.length > 20 && !demo.log().includes(secret), "the link's secret stays out of the log");
  for (const { name, value } of cookies) {
    assert.ok(value.length < 20 || !demo.log().includes(value), `${name} stays out of the log`);
  }
  assert.deepEqual(found(addresses.map((url) => ["address", url]), NEVER_KEPT_OPEN), []);
  assert.deepEqual(found(mailbox.letters.map((one) => ["letter", one.text]), NEVER_MAILED), []);
  const files = everyFile(join(demo.folder, "data"));
  assert.ok(files.length > 3, "there is something to look into");
  assert.deepEqual(found(files, NEVER_KEPT_OPEN), []);
  throwAway(demo);
});

test("a link that has had its time says so, and whom to call", async () => {
  const fresh = await startDemo();
  await fresh.stop();
  const demo = await startDemo({ folder: fresh.folder, port: fresh.port, daysLater: 3 });
  const patient = await person(browser, demo);
  await patient.page.goto(fresh.patient);
  await patient.page.locator('form:has(input[name="secret"]) button').click();
  await patient.page.waitForLoadState();
  assert.equal(await patient.page.locator('input[name="month"]').count(), 0, "no question behind it");
  const seen = await wordsOf(patient.page);
  assert.match(seen, /This link is too old[\s\S]*we will send a new one\.[\s\S]*Call\s+617-555-0142/);
  await look(patient.page, "link-expired");
  await patient.leave();
  await demo.stop();
  throwAway(demo);
});

async function addAndBook(page) {
  await signIn(page, "desk");
  await page.goto("/patients/new");
  await page.fill('input[name="name"]', TOLD.name);
  for (const [i, field] of ["month", "day", "year"].entries()) {
    await page.fill(`input[name="${field}"]`, BORN[i]);
  }
  await page.fill('input[name="email"]', "zeppel@patients.example");
  await page.fill('input[name="phone"]', TOLD.callBack);
  await page.check('input[name="lang"][value="en"]');
  await page.fill('input[name="aids"]', TOLD.aids);
  await page.fill('input[name="check_phrase"]', TOLD.checkPhrase);
  await page.locator('form[action="/patients/new"] button.primary').click();
  await page.waitForURL(/\/patients(\/|$|\?)/);

  await page.goto("/day/book");
  await page.fill('input[name="q"]', "Quillon");
  await page.locator("form[role=search] button").click();
  await page.locator('a[href^="/day/book?patient="]').first().click();
  const label = (await page.locator('select[name="clinician"] option').allTextContents()).find((one) =>
    one.includes("Hargreaves"),
  );
  await page.selectOption('select[name="clinician"]', { label });
  await page.fill('textarea[name="reason"]', TOLD.reason);
  const [day, hour] = inBoston(new Date(Date.now() + 5 * 60_000));
  await page.fill('input[name="day"]', day);
  await page.fill('input[name="hour"]', hour);
  const skip = mailbox.letters.length;
  await page.locator("form[action='/day/book'] button.primary").click();
  await page.waitForURL(/\/booked$/);
  const letter = await mailbox.waitFor((one) => one.to.includes("zeppel@patients.example"), { skip: 0 });
  assert.ok(mailbox.letters.length >= skip);
  assert.ok(letter.text.includes(TOLD.checkPhrase), "the patient's own words are on the letter");
  return linkIn(letter);
}

async function sayToLobby(room, lobby) {
  await room.getByRole("button", { name: "Back to lobby" }).click();
  await room.fill("#say", TOLD.said);
  await room.locator("form:has(#say) button[type=submit]").click();
  await lobby.locator(".message", { hasText: TOLD.said }).waitFor();
}

async function endAndSum(room) {
  await room.locator(".controls .red:visible").click();
  await room.locator(".dialog .danger").click();
  await room.locator(".over a.button.primary").click();
  await room.fill('textarea[name="body"]', TOLD.summary);
  await room.locator('form[action$="/summary"] button.primary').click();
  await room.getByText(TOLD.summary).waitFor();
}

async function surveyInWords(page) {
  await page.locator(".over").waitFor();
  await page.locator(".over a.button.primary").click();
  if (!page.url().endsWith("/survey")) await page.locator('a[href$="/survey"]').click();
  await page.check('input[name="comfort"][value="2"]', { force: true });
  await page.check('input[name="privacy"][value="1"]', { force: true });
  await page.fill('textarea[name="words"]', TOLD.surveyWords);
  await page.locator("form:has(input[name=comfort]) button.primary").click();
  await page.locator("form:has(input[name=comfort])").waitFor({ state: "detached" });
}

function inBoston(at) {
  const [day, hour] = at
    .toLocaleString("sv-SE", { timeZone: "America/New_York", dateStyle: "short", timeStyle: "short" })
    .split(" ");
  return [day, hour];
}

function everyFile(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, join(entry.parentPath ?? entry.path, entry.name)])
    .map(([name, path]) => [name, readFileSync(path).toString("latin1")]);
}

function found(places, words) {
  return places.flatMap(([place, text]) =>
    words.filter((word) => text.includes(word)).map((word) => `"${word}" in ${place}`),
  );
}
