// Who does not come alone, or hears nothing: a mother who checks in and signs for her child, and a deaf
// patient whose visit is moved, with an interpreter of sign language in the room. Both put their phone away
// while they wait.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { admit, allMeet, comeAlong, lowResolution } from "../stage/crowd.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { linkIn, openMailbox } from "../stage/mail.mjs";
import { checkIn, enterLobby, signIn, turnOn, wordsOf } from "../stage/people.mjs";
import { deviceHas, lineOf, lookAway, lookBack, watchDevice } from "../stage/pocket.mjs";
import { bookInterpreter, bookSoon, moveVisit, visitOf } from "../stage/visits.mjs";

const NINE_YEARS_AGO = String(new Date().getFullYear() - 9);
const CHILD = { name: "Lena Okafor", born: { month: "5", day: "20", year: NINE_YEARS_AGO } };
const MOTHER = "Grace Okafor";
/** The demo's patient who signs, booked in more than an hour. */
const OLU = { name: "Olu Bankole", born: ["12", "9", "1982"], mail: "olu.bankole@patients.example" };
const MARCUS = "Marcus Field";
const MINUTE_MS = 60_000;
/** The day's spelling without the invisible marks: 3:20 PM. */
const CLOCK = /\b\d{1,2}:\d{2}\s[AP]M\b/;

let browser, mailbox, demo, crew;

before(async () => {
  [browser, mailbox] = await Promise.all([openBrowser(), openMailbox()]);
});

beforeEach(async () => {
  mailbox.letters.length = 0;
  demo = await startDemo({ smtp: mailbox.address });
  crew = [];
});

afterEach(async () => {
  for (const one of crew) await one.leave();
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  throwAway(demo);
  assert.ok(verified.ok, verified.text);
});

after(async () => {
  await browser?.close();
  await mailbox?.close();
});

test("a mother checks in for her child, signs, and is seen as who acts for the patient", async () => {
  const [desk, clinician] = [await come(), await come()];
  const mother = await come({ phone: true, init: [watchDevice] });
  const line = await lineOf(mother);
  await signIn(desk.page, "desk");
  const chart = await addChild(desk.page);
  const { visit } = await bookSoon(desk.page, CHILD.name, "Hargreaves");
  await signIn(clinician.page, "clinician-3");
  const invited = await actsFor(clinician.page, chart, visit);

  const { page } = mother;
  const seen = [];
  await checkIn(page, invited.link, {
    who: { name: MOTHER, code: invited.code },
    each: async (name) => {
      seen.push(name);
      if (/welcome|consent|lobby/.test(name)) await look(page, `representative-${name}`);
    },
  });
  assert.match(seen.join(), /check-in-welcome.*check-in-screen.*check-in-consent.*check-in-lobby/);
  await page.goto(page.url().replace(/lobby$/, "consent"));
  const copy = await wordsOf(page);
  assert.match(copy, /Grace Okafor[^]*acts for the patient/, "who signed, and by what right");
  await page.goBack();
  const room = await roomOf(clinician, visit);
  await enterLobby(page);
  await turnOn(page);
  const asking = room.locator(".panel .asking li, .panel .waiting", { hasText: MOTHER }).first();
  assert.match(await asking.innerText(), /representative/, "before anybody is let in");
  await admit(room, MOTHER);
  await page.locator(".room").waitFor();
  await allMeet([page, room]);
  const tile = room.locator(".tile", { hasText: MOTHER });
  await tile.locator(".tag-role", { hasText: "representative" }).waitFor();
  await look(room, "room-representative");
  await deviceHas(page, "notes", 2);
  await admittedWhileAway(page, line, room);
  await deviceHas(page, "notes", 4);
  await allMeet([page, room]);
  await clinician.page.goto(visit);
  assert.match(await wordsOf(clinician.page), /Grace Okafor\s*Representative/i);
});

/** Back in the waiting room she puts the phone away; it is her turn before she looks at it again. */
async function admittedWhileAway(page, line, room) {
  const inside = room.locator(".panel .inside li", { hasText: MOTHER });
  const before = line.sent("door");
  await inside.locator("button", { hasText: "Back to lobby" }).click();
  await page.locator(".lobby .place").waitFor();
  const row = room.locator(".panel .waiting", { hasText: MOTHER });
  await row.waitFor();
  // Her half of the digits is on its way: without it nobody can be given keys.
  await line.sends("door", before);
  await lookAway(page);
  await line.cut();
  await row.getByText("Page not open").waitFor();
  await admit(room, MOTHER);
  await row.waitFor({ state: "detached" });
  assert.ok(await page.locator(".lobby").isVisible(), "her page has not heard of it");
  await line.mend();
  await lookBack(page);
  await page.locator(".room").waitFor();
  const told = page.locator('[aria-live="assertive"]', { hasText: "It is your turn" });
  await told.waitFor({ state: "attached" });
}

test("a deaf patient's visit is moved: link, calendar, lobby follow; nothing by sound alone", async () => {
  const [desk, marcus] = [await come(), await come()];
  const olu = await come({ init: [watchDevice, withoutSound] });
  const line = await lineOf(olu);
  const clinician = await come();
  await signIn(desk.page, "desk");
  const visit = await visitOf(desk.page, OLU.name);
  const invited = await bookInterpreter(desk.page, visit, MARCUS, "ase", "ASL-7001");
  const first = await mailbox.waitFor((one) => one.to.includes(OLU.mail));
  const link = linkIn(first);

  const { page } = olu;
  const lobby = await checkIn(page, link, { who: OLU, each: (name) => needsIn(page, name) });
  assert.match(await wordsOf(page), /The waiting room opens at/i);
  const [wasOpening] = CLOCK.exec(await wordsOf(page));
  assert.equal(await page.locator('form[action$="/enter"]').count(), 0, "not yet");
  await look(page, "moved-before");

  const skip = mailbox.letters.length;
  await moveVisit(desk.page, visit, Date.now() + 12 * MINUTE_MS);
  const second = await mailbox.waitFor((one) => one.to.includes(OLU.mail), { skip });
  const [was, is] = [entryOf(first), entryOf(second)];
  assert.equal(is.uid, was.uid, "one entry in the calendar");
  assert.ok(is.sequence > was.sequence, `${is.sequence} comes after ${was.sequence}`);
  assert.ok(is.start < was.start, "an earlier time");
  assert.equal(linkIn(second), null, "the link stays the one that they have");

  await page.goto("about:blank");
  await page.goto(link);
  await page.locator('form:has(input[name="secret"]) button').click();
  await page.waitForURL(/\/(lobby|check-in\/\w+)$/);
  if (!page.url().endsWith("/lobby")) await page.goto(lobby);
  assert.ok(!(await wordsOf(page)).includes(wasOpening), "the old time is nowhere");
  await look(page, "moved-after");
  await page.goto(lobby.replace(/lobby$/, "check-in/welcome"));
  const said = new Date(is.start).toLocaleTimeString("en-US", {
    timeZone: "America/New_York",
    timeStyle: "short",
  });
  const plain = (text) => text.replace(/\s/g, " ");
  assert.ok(plain(await wordsOf(page)).includes(plain(said)), `the new time, ${said}`);
  await page.goto(lobby);
  await signIn(clinician.page, "clinician");
  const room = await roomOf(clinician, visit);
  await enterLobby(page);
  await turnOn(page);
  await opensLessons(page);
  await look(page, "lobby-deaf");
  await deviceHas(page, "locks", 1);
  await lookAway(page);
  await lookBack(page);
  await deviceHas(page, "locks", 2);

  await comeAlong(marcus.page, invited);
  await keepsThePlace(page, line, { room, second: marcus.page });
  await deviceHas(page, "locks", 3);
  // Told by the title of a page that lies behind others, and in words; this browser can make no sound.
  await lookAway(page);
  for (const name of [OLU.name, MARCUS]) await admit(room, name);
  await page.locator(".room").waitFor();
  await page.waitForFunction(() => document.title.startsWith("It is your turn"));
  const told = page.locator('[aria-live="assertive"]', { hasText: "It is your turn" });
  await told.waitFor({ state: "attached" });
  await lookBack(page);
  await page.waitForFunction(() => !document.title.startsWith("It is your turn"));
  await allMeet([page, room, marcus.page]);

  const signs = page.locator(".tile", { hasText: MARCUS });
  await signs.locator(".tag-role", { hasText: "interpreter" }).waitFor();
  await signs.locator(".enlarge").click();
  await page.locator('.tile[data-place="main"] .tag-name', { hasText: MARCUS }).waitFor();
  await look(page, "room-deaf-interpreter-large");
  await page.locator('[aria-controls="talk"]').click();
  await page.fill("#talk-text", "Please type the name of the tablets");
  await page.press("#talk-text", "Enter");
  await room.locator('[role="status"]', { hasText: "Please type the name" }).waitFor();
});

/** Short lessons for whoever waits: the one that is chosen stands open, and no other. */
async function opensLessons(page) {
  const lessons = page.locator(".lobby .lessons details");
  const shown = () => lessons.locator("p").evaluateAll((all) => all.map((one) => one.checkVisibility()));
  assert.deepEqual(await shown(), [false, false, false]);
  await lessons.nth(0).locator("summary").click();
  assert.deepEqual(await shown(), [true, false, false]);
  await lessons.nth(1).locator("summary").press("Enter");
  assert.deepEqual(await shown(), [false, true, false]);
  assert.match(await lessons.nth(1).innerText(), /They never ask for a password or money\./);
}

/** A phone in a pocket in the waiting room loses its line; who came later stays behind whoever comes back. */
async function keepsThePlace(page, line, { room, second }) {
  const places = async () =>
    Promise.all([page, second].map((one) => one.locator(".lobby .place").innerText()));
  const row = room.locator(".panel .waiting", { hasText: OLU.name });
  await room.locator(".panel .waiting", { hasText: MARCUS }).waitFor();
  assert.deepEqual(await places(), ["Next", "2nd"]);
  await lookAway(page);
  await line.cut();
  await row.getByText("Page not open").waitFor();
  assert.equal((await places())[1], "2nd", "the place of whoever is away is kept");
  await page.locator(".lobby .alert", { hasText: "We keep trying" }).waitFor();
  await look(page, "lobby-no-line");
  await line.mend();
  await lookBack(page);
  await page.locator('[aria-live="polite"]', { hasText: "Connected again" }).waitFor({ state: "attached" });
  await row.getByText("Page not open").waitFor({ state: "detached" });
  assert.deepEqual(await places(), ["Next", "2nd"]);
  const order = await room.locator(".panel .queue .waiting strong").allInnerTexts();
  assert.deepEqual(order, [OLU.name, MARCUS]);
}

/** Runs in the page before its scripts: a browser that can make no sound. */
function withoutSound() {
  if (globalThis.AudioContext) globalThis.AudioContext = undefined;
}

/** By the desk, as a parent gives it by phone; answers the address of the chart. */
async function addChild(page) {
  await page.goto("/patients/new");
  await page.fill('input[name="name"]', CHILD.name);
  for (const [field, value] of Object.entries(CHILD.born)) await page.fill(`input[name="${field}"]`, value);
  await page.fill('input[name="phone"]', "617-555-0166");
  await page.check('input[name="lang"][value="en"]');
  await page.locator('form[action="/patients/new"] button.primary').click();
  await page.waitForURL(/done=added/);
  await page.goto("/patients");
  const row = page.locator("tr", { hasText: CHILD.name });
  const needs = await row.locator('a[href^="/patients/"]').first().getAttribute("href");
  return /^\/patients\/[0-9a-f-]{36}/.exec(needs)[0];
}

/** The birth record was seen, she may decide until the child is of age, and she is asked to this visit. */
async function actsFor(page, chart, visit) {
  await page.goto(`${chart}/representatives`);
  const acting = page.locator('section[aria-labelledby="acting"]');
  await acting.locator("details > summary").last().click();
  const form = acting.locator('form[action$="/representatives"]');
  await form.locator('input[name="name"]').fill(MOTHER);
  const proof = { authority: "parent", identity: "photo_id", evidence: "birth_record" };
  for (const [field, value] of Object.entries(proof)) {
    await form.locator(`input[name="${field}"][value="${value}"]`).check();
  }
  for (const covered of ["demographics", "consent"]) await form.locator(`input[name="${covered}"]`).check();
  await form.locator('input[name="from"]').fill(dayIn(-2));
  await form.locator('input[name="until"]').fill(dayIn(400));
  await form.locator("button.primary").click();
  await page.waitForURL(/done=added/);
  await page.goto(`${visit}/representatives`);
  await look(page, "acting");
  await page.locator('form[action$="/representatives"] button').click();
  await page.locator("#code").waitFor();
  return { link: await page.inputValue("#link"), code: await page.inputValue("#code") };
}

/** On the first page: what was written down at the practice is there to be read, and to be added to. */
async function needsIn(page, name) {
  if (name !== "check-in-welcome") return;
  assert.match(await wordsOf(page), /Marcus Field[^]*interpreter/);
  const welcome = page.url();
  await page.locator('a[href$="/needs"]').click();
  assert.equal(await page.inputValue('select[name="tongue"]'), "ase");
  assert.ok(await page.isChecked('input[name="interpreter"]'));
  await page.check('input[name="aid-chat"]');
  await page.locator("form.stack .actions button.primary").click();
  await page.getByRole("status").first().waitFor();
  assert.ok(await page.isChecked('input[name="aid-chat"]'), "kept");
  await look(page, "needs-deaf");
  await page.goto(welcome);
}

/** The calendar entry in a letter (RFC 5545). */
function entryOf({ text }) {
  const line = (name) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(text)?.[1];
  const [, ...at] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(line("DTSTART")).map(Number);
  const start = Date.UTC(at[0], at[1] - 1, ...at.slice(2));
  return { uid: line("UID"), sequence: Number(line("SEQUENCE")), start };
}

async function come(options = {}) {
  const init = [lowResolution, ...(options.init ?? [])].map((one) => `(${one})();`).join("");
  const one = await person(browser, demo, { ...options, init });
  one.context.setDefaultTimeout(40_000);
  crew.push(one);
  return one;
}

async function roomOf(clinician, visit) {
  await clinician.page.goto(visit);
  const opened = clinician.context.waitForEvent("page");
  await clinician.page.locator('form[action$="/enter"][target="alcove-room"] button').click();
  const room = await opened;
  await room.locator(".room").waitFor();
  await turnOn(room);
  return room;
}

const dayIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
