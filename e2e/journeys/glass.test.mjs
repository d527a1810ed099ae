// An emergency: a clinician who is not on the care team opens a chart with a reason, for half an hour; the
// privacy official hears of it at once and reviews it; the trail says who opened what.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { openMailbox } from "../stage/mail.mjs";
import { signIn, wordsOf } from "../stage/people.mjs";

let browser, mailbox, demo;

before(async () => {
  [browser, mailbox] = [await openBrowser({ camera: false }), await openMailbox()];
  demo = await startDemo({ smtp: mailbox.address });
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  await mailbox?.close();
  if (demo) throwAway(demo);
});

test("R19 (part: the way in, by keyboard alone): a chart opens in an emergency", async () => {
  const clinician = await person(browser, demo);
  const { page } = clinician;
  await signIn(page, "clinician");
  await page.goto("/patients");
  assert.ok(!(await wordsOf(page)).includes("Teresa Vidal"), "not on this care team");
  await tabTo(page, 'a[href="/patients/emergency"]');
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/patients\/emergency$/);
  await look(page, "emergency-ask");
  await tabTo(page, 'form[action="/patients/emergency"] button');
  await page.keyboard.press("Enter");
  await page.locator("#faults").waitFor();
  assert.match(await wordsOf(page), /Pick a reason[\s\S]*Write 10 to 1,000 letters/);
  await look(page, "emergency-wrong");
  for (const [field, text] of Object.entries(TERESA)) {
    await tabTo(page, `#${field}`);
    await page.keyboard.type(text);
  }
  await tabTo(page, 'input[name="reason"]');
  await page.keyboard.press("Space");
  await tabTo(page, "#words");
  await page.keyboard.type("Fell at home, the ambulance asks for allergies");
  await tabTo(page, 'form[action="/patients/emergency"] button');
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/patients\/[0-9a-f-]{36}$/);
  assert.match(await wordsOf(page), /Open in an emergency[\s\S]*(30|29) minutes left[\s\S]*Teresa Vidal/);
  await look(page, "emergency-chart");
  const chart = page.url();
  const letter = await mailbox.waitFor((one) => one.to.includes("grace.lindqvist@harbor.example"));
  assert.ok(!/Teresa|Osei|chart|emergency/i.test(letter.text), "the letter says that something waits");

  await tabTo(page, 'form[action$="/emergency/end"] button');
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/patients\?done=ended$/);
  const closed = await page.goto(chart);
  assert.equal(closed.status(), 404);
  assert.match(await wordsOf(page), /This chart is not open to you/);
  await look(page, "emergency-not-yours");
  clinician.errors.length = 0; // The browser's console notes the 404.
  await clinician.leave();
});

test("R19 (part: the after-review): the privacy official reviews it, in Spanish too", async () => {
  const official = await person(browser, demo, { phone: true });
  const { page } = official;
  await signIn(page, "privacy_official");
  assert.match(await wordsOf(page), /A chart was opened in an emergency: review it/);
  await look(page, "practice-watch");
  await page.locator('a[href^="/practice/emergency/"]').first().click();
  assert.match(await wordsOf(page), /Dr. Amara Osei[\s\S]*Teresa Vidal[\s\S]*Fell at home/);
  await look(page, "emergency-review");
  await page.locator('form[action="/lang"] button[value="es"]').click();
  await page.locator('html[lang="es"]').waitFor();
  assert.match(await wordsOf(page), /Abierto por emergencia[\s\S]*La vida o la salud está en peligro ahora/);
  await look(page, "emergency-review-es");
  await page.locator('form[action="/lang"] button[value="en"]').click();
  await page.locator('html[lang="en"]').waitFor();
  await page.check('input[value="justified"]');
  await page.fill("#words", "The ambulance report of today fits.");
  await page.locator('form[action^="/practice/emergency/"] button.primary').click();
  await page.waitForURL(/\/practice\/emergency$/);
  assert.match(await wordsOf(page), /Nothing waits for a review[\s\S]*Reviewed by Grace Lindqvist/);
  await look(page, "emergency-list");
  await page.goto("/practice/trail");
  assert.match(await wordsOf(page), /Opened a chart in an emergency/);
  assert.ok(!(await wordsOf(page)).includes("Teresa"), "no name without a reason");
  await look(page, "trail");
  await page.goto("/practice/trail?act=chart.break_glass");
  await page.locator('a[href^="/practice/trail/patient?entry="]').first().click();
  await look(page, "trail-ask");
  await page.fill("#words", "Looking into today's emergency");
  await page.locator('form[action="/practice/trail/patient"] button').click();
  assert.match(await wordsOf(page), /Teresa Vidal[\s\S]*Opened a chart in an emergency/);
  assert.ok(!/[?]/.test(page.url()), "nothing about the patient in the address");
  await look(page, "trail-patient");
  const saved = page.waitForEvent("download");
  await page.goto("/practice/trail");
  await page.locator('form[action="/practice/trail/export"] button').click();
  assert.equal((await saved).suggestedFilename(), "trail.csv");
  await page.goto("/practice/trail/reviews");
  await look(page, "trail-reviews");
  await page.locator('a[href^="/practice/trail/reviews/"]').first().click();
  assert.match(await wordsOf(page), /1\s+Charts opened in an emergency[\s\S]*Dr. Amara Osei/);
  await look(page, "trail-review");
  await page.goto("/practice/care-teams");
  await look(page, "care-teams");
  await official.leave();
});

const TERESA = { name: "teresa vidal", month: "8", day: "3", year: "1955" };

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page, selector) {
  for (let press = 0; press < TABS_MAX; press++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((one) => document.activeElement.matches(one), selector)) return;
  }
  assert.fail(`Tab does not reach ${selector}`);
}

const TABS_MAX = 80;
