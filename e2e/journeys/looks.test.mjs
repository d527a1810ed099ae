// Pages that no story passes: axe, both widths, a picture of each. Changes of a visit, faults in forms, the
// copy of a consent, the style guide, the room's dialogs and sheet, and the staff's pages in Spanish.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { admitOnDayPage, checkIn, enterLobby, meet, signIn } from "../stage/people.mjs";

let browser, demo;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

const VIEWS = ["invitation", "consent", "readiness", "lobby", "survey", "day", "practice"];

test("R99 (part: the views of the style guide and the page after signing out)", async () => {
  const visitor = await person(browser, demo);
  for (const view of VIEWS) {
    await visitor.page.goto(`/styleguide/${view}`);
    await look(visitor.page, `styleguide-${view}`);
  }
  await visitor.page.goto("/signed-out");
  assert.match(await visitor.page.locator("body").innerText(), /You are signed out/);
  await look(visitor.page, "signed-out");
  await visitor.leave();
});

test("R99 (part: changing a visit, the chart, booking with hits, without, and with faults)", async () => {
  const staff = await person(browser, demo);
  const { page } = staff;
  await signIn(page, "desk");
  const visit = await laterVisit(page);
  await page.goto(`${visit}/move`);
  await look(page, "visit-move");
  await page.fill('input[name="day"]', "2001-01-01");
  await page.locator('form[action$="/move"] button.primary').click();
  await page.locator(".notice, [role=alert], .fault").first().waitFor();
  await look(page, "visit-move-fault");
  await page.goto(`${visit}/cancel`);
  await look(page, "visit-cancel");

  for (const [typed, name] of [
    ["Maria", "book-found"],
    ["Nobody Such", "book-found-nobody"],
  ]) {
    await page.goto("/day/book");
    await page.fill('input[name="q"]', typed);
    await page.locator("form[role=search] button").click();
    await page.locator("section[aria-live]").waitFor();
    await look(page, name);
  }
  await page.goto("/day/book");
  await page.fill('input[name="q"]', "Maria");
  await page.locator("form[role=search] button").click();
  await page.locator('a[href^="/day/book?patient="]').first().click();
  await page.fill('input[name="day"]', "2001-01-01");
  await page.locator('form[action="/day/book"] button.primary').click();
  await page.locator('select[name="clinician"][aria-invalid="true"]').waitFor();
  await look(page, "book-faults");

  await page.goto("/patients/new");
  await page.locator('form[action="/patients/new"] button.primary').click();
  await page.locator('input[name="name"][aria-invalid="true"]').waitFor();
  await look(page, "patient-faults");
  await signIn(page, "clinician");
  await openChart(page);
  await look(page, "chart");
  await staff.leave();
});

test("R99 (part: the staff's pages in Spanish)", async () => {
  const staff = await person(browser, demo, { lang: "es-US" });
  const { page } = staff;
  await page.goto("/sign-in");
  await look(page, "es-sign-in");
  await signInSpanish(page, "desk");
  const visit = await laterVisit(page);
  for (const [path, name] of [
    ["/day", "day"],
    ["/day/book", "book"],
    ["/patients", "patients"],
    ["/patients/new", "patient-new"],
    [visit, "visit"],
    [`${visit}/move`, "visit-move"],
    [`${visit}/cancel`, "visit-cancel"],
  ]) {
    await page.goto(path);
    assert.equal(await page.evaluate(() => document.documentElement.lang), "es", path);
    await look(page, `es-staff-${name}`);
  }
  await signInSpanish(page, "clinician");
  await openChart(page);
  await look(page, "es-staff-chart");
  await signInSpanish(page, "privacy_official");
  await look(page, "es-staff-practice");
  await staff.leave();
});

test("R99 (part: the own copy of a consent, and findings at the practice)", async () => {
  const other = await startDemo();
  const patient = await person(browser, other);
  const { page } = patient;
  const lobby = await checkIn(page, other.patient);
  await page.goto(lobby.replace(/lobby$/, "consent"));
  await look(page, "consent-own-copy");
  await lookAtFile(patient, lobby.replace(/lobby$/, "consent/copy"), "consent-copy-file");
  await page.goto(lobby);
  await enterLobby(page);

  const clinician = await person(browser, other);
  await signIn(clinician.page, "clinician");
  const room = await admitOnDayPage(clinician.context, clinician.page);
  await page.locator(".room").waitFor();
  await room.locator(".controls .red:visible").click();
  await room.locator(".dialog .danger").click();
  await page.locator(".over a.button.primary").click();
  if (!page.url().endsWith("/survey")) await page.locator('a[href$="/survey"]').click();
  await page.check('input[name="comfort"][value="1"]', { force: true });
  await page.check('input[name="privacy"][value="1"]', { force: true });
  await page.locator("form:has(input[name=comfort]) button.primary").click();
  await page.locator("form:has(input[name=comfort])").waitFor({ state: "detached" });

  const official = await person(browser, other);
  await signIn(official.page, "privacy_official");
  await official.page.goto("/practice/findings");
  assert.ok((await official.page.locator(".people .card").count()) > 0, "there is something to look at");
  await look(official.page, "practice-findings");
  for (const one of [patient, clinician, official]) await one.leave();
  await other.stop();
  throwAway(other);
});

test("R99 (part: the room's questions and devices, and the sheet of a phone with a queue)", async () => {
  const other = await startDemo();
  const patient = await person(browser, other);
  const clinician = await person(browser, other);
  const room = await meet(patient, clinician, other.patient);
  // The name is the one they signed, so it is there once they are in the group.
  await room.locator(".panel .inside", { hasText: "Maria Alvarez" }).waitFor();
  await room.locator(".panel .inside .danger").first().click();
  await room.locator(".dialog[open]").waitFor();
  assert.match(await room.locator(".dialog").innerText(), /Remove Maria Alvarez\?/);
  await look(room, "room-remove-question");
  await room.locator(".dialog .primary").click();
  for (const [page, name] of [
    [room, "room-devices"],
    [patient.page, "room-devices-patient"],
  ]) {
    await page.locator(".controls").getByRole("button", { name: "Devices" }).click();
    await page.locator(".dialog[open] #choose-camera").waitFor();
    await look(page, name);
    await page.locator(".dialog .primary").last().click();
    await page.locator(".dialog:not([open])").waitFor({ state: "attached" });
  }
  await room.locator(".panel .inside button:not([hidden])").first().click();
  await patient.page.locator(".lobby .place").waitFor();
  await room.setViewportSize({ width: 390, height: 844 });
  await room.locator(".controls .only-narrow").click();
  await room.locator(".panel[data-open] .queue .admit").waitFor();
  await look(room, "room-sheet-queue");
  await room.keyboard.press("Escape");
  await patient.leave();
  await clinician.leave();
  await other.stop();
  throwAway(other);
});

/** A member of staff has a language of their own, and changes it on any page. */
async function signInSpanish(page, role) {
  await signIn(page, role);
  await page.locator('.languages button[value="es"]').first().click();
  await page.locator('html[lang="es"]').waitFor();
}

/** A visit that is still to come, from the rows of the day page. */
async function laterVisit(page) {
  await page.goto("/day");
  const later = page.locator('section[aria-labelledby="later"] a[href$="/move"]');
  const href = await later.last().getAttribute("href");
  return href.replace(/\/move$/, "");
}

async function openChart(page) {
  await page.goto("/patients");
  await page.locator('main a[href^="/patients/"]:not([href$="/new"])').first().click();
  await page.waitForURL(/\/patients\/[\w-]{36}$/);
}

/** The copy of a consent is a page to keep: it has to read well by itself. */
async function lookAtFile(who, address, name) {
  const copy = await who.context.request.get(address);
  assert.match(copy.headers()["content-type"], /text\/html/);
  assert.match(copy.headers()["content-disposition"], /attachment/);
  const page = await who.context.newPage();
  await page.setContent(await copy.text());
  await look(page, name);
  await page.close();
}
