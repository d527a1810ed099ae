// Know your risks: the official answers, asks a colleague, rates a risk, signs, and finds the report
// unchanged.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { signIn } from "../stage/people.mjs";

let demo, browser;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

test("R42, R45, R46 (part: HTML, in a browser): a first analysis from nothing to signed", async () => {
  const official = await person(browser, demo);
  const { page } = official;
  await signIn(page, "privacy_official");
  await page.goto("/practice");
  await look(page, "risk-home-empty");
  await page.goto("/practice/analysis");
  await page.locator('form[action="/practice/analysis/start"] button').click();
  await look(page, "risk-analysis");

  await page.fill('input[name="name"]', "Grace Lindqvist");
  await page.locator('form[action="/practice/analysis/sign"] button').click();
  await page.locator('.notice.bad[role="alert"]').waitFor();
  await look(page, "risk-sign-refused");

  await askColleague(page);
  const clinician = await person(browser, demo, { phone: true, lang: "es-US" });
  await colleagueAnswers(clinician.page);
  await clinician.leave();

  await page.goto("/practice/analysis/areas/vendors");
  await page.selectOption("#c-f01", "yes");
  await look(page, "risk-area");
  await page.locator("form.card button.primary").click();
  await twoAtOnce(official);

  const started = Date.now();
  await answerEverything(page);
  console.log(`all questions answered by pressing through, ms: ${Date.now() - started}`);

  await page.goto("/practice/risks/new");
  await page.selectOption('select[name="vulnerability"]', "overheard-room");
  await page.selectOption('select[name="threat"]', "eavesdropper");
  await page.fill('textarea[name="what"]', "The door of room 3 is thin.");
  await look(page, "risk-new");
  await page.locator('form[action="/practice/risks/new"] button.primary').click();
  await page.waitForURL(/\/practice\/risks\/[0-9a-f-]{36}$/);
  await page.selectOption('select[name="likelihood"]', "high");
  await page.selectOption('select[name="impact"]', "high");
  await page.locator("form.card button.primary").click();
  await page.locator('form[action$="/close"] button').click();
  await page.locator("#faults").waitFor();
  await look(page, "risk-close-refused");
  await page.fill('textarea[name="reason"]', "The room is rebuilt in May and is empty until then.");
  await page.fill('input[name="name"]', "Grace Lindqvist");
  await page.locator('form[action$="/accept"] button').click();
  await page.locator(".notice .icon").first().waitFor();
  await page.goto("/practice/risks");
  await look(page, "risk-register");

  await page.goto("/practice/analysis/about");
  await page.fill('textarea[name="scope"]', "All health data of the practice, on paper and machines.");
  await page.fill('textarea[name="flows"]', "Made in visits, kept on the server, sent by letter.");
  await page.fill('textarea[name="documentation"]', "Two meetings, the log, a walk through the rooms.");
  await page.fill('input[name="review"]', daysFromNow(300));
  await look(page, "risk-about");
  await page.locator("form.stack button.primary").click();
  await page.waitForURL(/\/practice\/analysis$/);
  await page.goto("/practice/analysis/report");
  await look(page, "risk-report-draft");

  await page.goto("/practice/analysis");
  await page.fill('input[name="name"]', "Grace Lindqvist");
  await page.locator('form[action="/practice/analysis/sign"] button').click();
  const link = page.locator('a[href="/practice/analysis/signed/1"]');
  await link.waitFor();
  const read = () => page.evaluate(async () => (await fetch("/practice/analysis/signed/1")).text());
  const first = await read();
  assert.ok(first.includes("The door of room 3 is thin."));
  await page.selectOption('select[name="trigger"]', "move");
  await page.locator('form[action="/practice/analysis/changed"] button').click();
  await page.waitForLoadState();
  assert.equal(await read(), first, "the signed report stays as it was");
  await page.goto("/practice");
  await look(page, "risk-home");
  await official.leave();
});

test("administrator and clinician find nothing there", async () => {
  for (const role of ["administrator", "clinician"]) {
    const other = await person(browser, demo);
    // An administrator has no first page yet; the session begins all the same.
    await other.page.goto(`/demo/as/${role}`);
    for (const path of ["", "/analysis", "/risks", "/findings", "/analysis/signed/1"]) {
      assert.equal((await other.page.goto(`/practice${path}`)).status(), 404, `${role} ${path}`);
    }
    await other.leave();
  }
});

async function askColleague(page) {
  await page.goto("/practice/analysis/questions/d05");
  await look(page, "risk-question");
  const name = await page.locator('select[name="asked_of"] option', { hasText: "Amara Osei" }).innerText();
  await page.selectOption('select[name="asked_of"]', { label: name });
  await page.fill('input[name="due"]', daysFromNow(5));
  await page.locator("form.card button.primary").click();
}

async function colleagueAnswers(page) {
  await signIn(page, "clinician");
  await page.goto("/practice/asked");
  await page.locator('a[href="/practice/asked/d05"]').click();
  await look(page, "es-risk-asked");
  await page.locator('input[name="choice"][value="partly"]').check();
  await page.locator("form.card button.primary").click();
  await page.waitForURL(/\/practice\/asked$/);
}

/** The same question open twice: the second to save sees both texts, and chooses. */
async function twoAtOnce({ page, context }) {
  const other = await context.newPage();
  await page.goto("/practice/analysis/questions/a01");
  await other.goto("/practice/analysis/questions/a01");
  await page.fill('textarea[name="note"]', "Two facts, asked by the desk.");
  await page.locator('input[name="choice"][value="partly"]').check();
  await page.locator("form.card button.primary").click();
  await page.waitForURL(/a02$/);
  await other.fill('textarea[name="note"]', "We ask for the birth date.");
  await other.locator('input[name="choice"][value="yes"]').check();
  await other.locator("form.card button.primary").click();
  await other.getByText("Two facts, asked by the desk.").waitFor();
  await other.getByText("We ask for the birth date.").waitFor();
  await look(other, "risk-clash");
  await other.locator("form.row button").click();
  await other.waitForURL(/a02$/);
  await other.close();
}

/** Presses through the open questions; the last press leads back to the overview. */
async function answerEverything(page) {
  for (let step = 0; step < QUESTIONS_MAX; step++) {
    await page.goto("/practice/analysis/next");
    if (new URL(page.url()).pathname === "/practice/analysis") return;
    await page.locator(`input[name="choice"][value="${step % 9 === 0 ? "not-sure" : "yes"}"]`).check();
    await page.locator("form.card button.primary").click();
  }
  assert.fail("the questions do not end");
}

function daysFromNow(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

const QUESTIONS_MAX = 200;
