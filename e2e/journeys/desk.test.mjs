// The front desk's day: cancelled, moved, late, walked in, two patients who wait at the same time, and one
// who is handed over meanwhile. No camera is needed for any of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { linkIn, openMailbox } from "../stage/mail.mjs";
import { admitOnDayPage, checkIn, enterLobby, MARIA, proveBirthDate, signIn } from "../stage/people.mjs";
import { stepsToLobby, wordsOf } from "../stage/people.mjs";

const ZHOU = "Dr. Mei-Lin Zhou";
/** Answers that stay away before the list says that it is old. */
const STALE_AFTER = 3;
const ROSE = { name: "Rose Nakamura", mail: "rose.nakamura@patients.example" };
let mailbox, demo, browser, desk;

before(async () => {
  mailbox = await openMailbox();
  demo = await startDemo({ smtp: mailbox.address });
  browser = await openBrowser();
  desk = await person(browser, demo);
  await signIn(desk.page, "desk");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  await mailbox?.close();
  if (demo) throwAway(demo);
});

test("the desk finds its week, its hours and its types, on a phone and on a screen", async () => {
  const { page } = desk;
  await page.goto("/day");
  assert.equal(await page.locator(".strip a").count(), 7);
  await page.locator('a[href^="/day/week"]').click();
  await page.waitForURL(/\/day\/week/);
  await look(page, "week");
  await page.selectOption("#with", { index: 1 });
  await page.locator("form.sift button").click();
  await page.waitForURL(/with=[0-9a-f-]{36}/);
  await page.goto("/availability");
  await page.selectOption("#with", { index: 1 });
  await page.locator("form.sift button").click();
  await page.selectOption("#weekday", "1");
  await page.fill("#from", "09:00");
  await page.fill("#until", "17:00");
  await page.locator('form[action$="/hours"] button').click();
  await page.waitForURL(/done=hours/);
  await look(page, "availability");
});

test("a link says kindly that its visit is cancelled, and opens again when that is undone", async () => {
  const { page } = desk;
  const letter = await mailbox.waitFor((one) => one.to.includes(ROSE.mail));
  const link = linkIn(letter);
  const visit = await visitOf(page, ROSE.name);
  await page.goto(`${visit}/cancel`);
  await page.check('input[name="by"][value="patient"]');
  await page.locator('form[action$="/cancel"] button').click();
  await page.waitForURL(/done=cancelled/);
  await look(page, "visit-cancelled");
  const patient = await person(browser, demo, { phone: true });
  await open(patient.page, link);
  await patient.page.getByText("This visit was cancelled").first().waitFor();
  await look(patient.page, "link-cancelled");
  await page.locator('form[action$="/restore"] button').click();
  await page.waitForURL(/done=restored/);
  await open(patient.page, link);
  await patient.page.waitForURL(/\/who$/);

  await page.goto(`${visit}/move`);
  await page.fill("#day", new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10));
  await page.fill("#hour", "03:00");
  await page.locator('form[action$="/move"] button').click();
  await page.waitForURL(/done=moved/);
  await patient.page.reload();
  await patient.page.locator('input[name="month"]').waitFor();
});

test("somebody walks in, and the link on the screen opens their visit", async () => {
  const { page } = desk;
  await page.goto("/day");
  await page.locator('a[href="/day/walk-in"]').click();
  await page.fill('input[name="q"]', "Maria");
  await page.locator("form[role=search] button").click();
  await page.locator('a[href^="/day/walk-in?patient="]').first().click();
  await look(page, "walk-in");
  await page.selectOption("#clinician", { index: 2 });
  await page.locator('form[action="/day/walk-in"] button').click();
  // Maria has her own visit around now: the desk is asked, and means it.
  await page.locator("svg.qr, #warned").first().waitFor();
  if (await page.locator("#warned").isVisible()) {
    await look(page, "walk-in-warned");
    await page.check('input[name="anyway"]');
    await page.locator('form[action="/day/walk-in"] button').click();
  }
  await page.locator("svg.qr").waitFor();
  await look(page, "link-shown");
  const patient = await person(browser, demo, { phone: true });
  await open(patient.page, await page.locator("#link").inputValue());
  await proveBirthDate(patient.page, MARIA.born);
  await patient.page.waitForURL(/\/check-in\/welcome$/);
});

test("two wait at once: a list left open follows both, one is handed over, the server goes", async () => {
  const { page } = desk;
  const [first, second] = [await person(browser, demo, { phone: true }), await person(browser, demo)];
  const james = { name: "James Whitfield", born: ["11", "3", "1957"] };
  const waits = (name) => day.locator("li.person", { hasText: name });
  await checkIn(first.page, demo.patient);
  await checkIn(second.page, demo.others[0], { who: james });
  const lobby = second.page.url();
  await enterLobby(first.page);
  const day = await leftOpen(MARIA.name);
  await enterLobby(second.page);
  await waits(james.name).waitFor();
  assert.ok(await waits(MARIA.name).isVisible());
  await page.goto("/day");
  await page.locator("details:has(#late-with) > summary").click();
  await page.selectOption("#late-with", { label: await hostOf(page, james.name) });
  await page.selectOption("#late-min", "20");
  await look(page, "day-late");
  await page.locator("form:has(#late-with) button").click();
  await second.page.getByText(/running about \W?20\W? minutes late/).first().waitFor();

  const beside = await second.context.newPage();
  await beside.goto(lobby.replace(/\/lobby$/, "/word"));
  await beside.locator('button[value="word-sound"]').click();
  await beside.waitForURL(/done=sent/);
  await look(beside, "word-to-desk");
  const row = waits(james.name);
  await row.getByText("1 message").waitFor();
  await page.goto(await row.locator(".name a").getAttribute("href"));
  await page.getByText("I cannot hear anything.").waitFor();
  await page.locator('button[value="say-sound"]').click();
  await page.waitForURL(/done=said/);
  await second.page.getByText("Please check that your sound is on.").first().waitFor();

  assert.equal(await row.getByText(/Identity: \W?basic/).count(), 0);
  await checkIdentity(page, james.name);
  await row.getByText(/Identity: \W?basic/).waitFor();

  const visit = await waits(MARIA.name).locator(".name a").getAttribute("href");
  await handedOver(first.page, visit, () => waits(MARIA.name).waitFor({ state: "detached" }));
  await admittedBy(first.page, "clinician-2");
  await day.locator('section[aria-labelledby="in-room"]', { hasText: MARIA.name }).waitFor();

  await demo.crash();
  await day.locator("alcove-day:not([data-stale])").waitFor();
  await answers(day, STALE_AFTER, "requestfailed");
  await day.locator("alcove-day[data-stale]").waitFor();
  await day.getByText("This list is old").waitFor();
  await look(day, "day-old");
  assert.ok(await row.isVisible(), "what was known stays on the page");
  demo = await startDemo({ smtp: mailbox.address, folder: demo.folder, port: demo.port });
  await answers(day, 1, "requestfinished");
  await day.locator("alcove-day:not([data-stale])").waitFor();
  assert.ok(await day.getByText("This list is old").isHidden());
  assert.ok(await day.evaluate(() => globalThis.leftOpen), "nobody has loaded it anew");
});

/** A tab of the desk's that nobody touches from now on. */
async function leftOpen(name) {
  const day = await desk.context.newPage();
  await day.goto("/day");
  await day.locator("li.person", { hasText: name }).waitFor();
  await day.evaluate(() => (globalThis.leftOpen = true));
  return day;
}

/** Somebody looks at the page again, so many times: it asks at once, without its pauses. */
async function answers(day, times, event) {
  for (let at = 0; at < times; at++) {
    const answered = day.waitForEvent(event, (request) => new URL(request.url()).pathname === "/day/queue");
    await day.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await answered;
  }
}

/** While she waits in the room's document: her page leads back, and she is asked for the other clinician. */
async function handedOver(patient, visit, isOffTheList) {
  const { page } = desk;
  await page.goto(visit);
  const form = 'form[action$="/hand-over"]';
  await page.locator(`details:has(> ${form}) > summary`).click();
  await page.selectOption("#hand-to", { label: ZHOU });
  await page.check(`${form} input[name="anyway"]`);
  await page.locator(`${form} button`).click();
  await page.waitForURL(/done=handed-over/);
  await patient.locator(".over h1", { hasText: "Please look at your visit page" }).waitFor();
  await look(patient, "handed-over-waiting");
  await patient.locator(".over .button.primary").click();
  await patient.waitForURL(/\/check-in\/consent$/);
  await isOffTheList();
  assert.match(await wordsOf(patient), new RegExp(`This visit is with another clinician[^]*${ZHOU}`));
  await stepsToLobby(patient);
  assert.match(await wordsOf(patient), new RegExp(`You will see ${ZHOU}`));
  await enterLobby(patient);
}

async function admittedBy(patient, role) {
  const clinician = await person(browser, demo);
  await signIn(clinician.page, role);
  await admitOnDayPage(clinician.context, clinician.page);
  await patient.locator(".room").waitFor();
}

/** Ahead of the clinician: the desk takes it on, and writes down what somebody said by phone. */
async function checkIdentity(page, name) {
  await page.goto("/day");
  await page.locator("li.person", { hasText: name }).locator('a[href$="/identity"]').click();
  await page.locator('form[action$="/identity/open"] button').click();
  await page.check("#birth_date");
  await page.check("#phone");
  await page.locator('form[action$="/identity"] button').click();
  await page.locator("#faults").waitFor();
  await look(page, "identity-fault");
  await page.fill("#basis", "Seen here in person in March");
  await page.locator('form[action$="/identity"] button').click();
  await page.waitForURL(/done=saved/);
  await look(page, "identity-saved");
}

/** The address of this patient's visit of today. */
async function visitOf(page, name) {
  await page.goto("/day");
  return page.locator("table a.person-link", { hasText: name }).first().getAttribute("href");
}

/** With whom this patient waits, as the list says. */
async function hostOf(page, name) {
  const row = page.locator("li.person", { hasText: name });
  return (await row.locator(".badges li").first().innerText()).replace(/[\u2066-\u2069]/g, "").trim();
}

/** Presses the one button behind a link. */
async function open(page, link) {
  await page.goto("about:blank");
  await page.goto(link);
  await page.locator('form:has(input[name="secret"]) button').click();
  await page.waitForLoadState();
}
