// The steps of check-in in the states that nobody's straight way shows: too little answered, answered before,
// and in simple mode.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { checkIn, signIn, wordsOf } from "../stage/people.mjs";

const JAMES = { name: "James Whitfield", born: ["11", "3", "1957"] };
const TOM = { name: "Tom Becker", born: ["6", "30", "1978"] };
const SARA = { name: "Sara Khan", born: ["8", "19", "1990"] };

let demo, browser;

before(async () => {
  [browser, demo] = await Promise.all([openBrowser({ camera: false }), startDemo()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

test("R99 (part: faults at check-in): each step says what is missing, and keeps the rest", async () => {
  const patient = await person(browser, demo, { phone: true });
  const { page } = patient;
  // Nothing is answered, except the number to call back: it must still be there.
  const tooLittle = {
    screen: () => page.locator('form[action$="/screen"] button').click(),
    consent: () => page.locator('form[action$="/consent"] button.primary').click(),
    place: () => page.locator('form[action$="/place"] .actions button').click(),
    async location() {
      await page.fill('input[name="call_back"]', "617-555-0177");
      await page.locator('form[action$="/location"] .actions button').click();
    },
  };
  const looked = [];
  await checkIn(page, demo.others[0], {
    who: JAMES,
    each: async (name) => {
      const step = name.replace("check-in-", "");
      if (!tooLittle[step]) return;
      await tooLittle[step]();
      await page.locator("#faults").waitFor();
      assert.ok(await page.locator("#faults").evaluate((one) => one.contains(document.activeElement)), step);
      await look(page, `${name}-fault`);
      if (step === "location") assert.equal(await page.inputValue('input[name="call_back"]'), "617-555-0177");
      looked.push(step);
    },
  });
  assert.deepEqual(looked, Object.keys(tooLittle));

  // Going back: what is done says so, and leads on.
  const lobby = page.url();
  for (const step of ["screen", "notice", "consent", "place", "location"]) {
    await page.goto(lobby.replace("lobby", `check-in/${step}`));
    assert.ok(page.url().endsWith(step), step);
    await look(page, `check-in-${step}-again`);
  }
  assert.match(await page.inputValue('input[name="address"]'), /12 Harbor Street/);
  for (const way of ["contact", "word", "needs"]) {
    await page.goto(lobby.replace("lobby", way));
    await look(page, `check-in-${way}`);
  }
  await patient.leave();
});

test("whoever would rather sign on paper is told how, and who waits that it gets late", async () => {
  const [tom, maria, desk] = [
    await person(browser, demo, { phone: true }),
    await person(browser, demo, { phone: true }),
    await person(browser, demo),
  ];
  const { page } = tom;
  await checkIn(page, demo.others[3], { who: TOM, until: "screen" });
  await page.locator('form[action$="/paper"] button').click();
  await page.locator("h1").waitFor();
  assert.match(await wordsOf(page), /617-555-0142/);
  assert.equal(await page.locator('form[action$="/enter"]').count(), 0, "no way in");
  await look(page, "check-in-paper");

  await checkIn(maria.page, demo.patient);
  await signIn(desk.page, "desk");
  await desk.page.locator("details:has(#late-with) > summary").click();
  const labels = await desk.page.locator("#late-with option").allTextContents();
  await desk.page.selectOption("#late-with", { label: labels.find((one) => one.includes("Osei")) });
  await desk.page.selectOption("#late-min", "20");
  await desk.page.locator("form:has(#late-with) button").click();
  await desk.page.waitForLoadState();
  await maria.page.reload();
  await maria.page.locator(".notice.warn", { hasText: /20/ }).waitFor();
  await look(maria.page, "check-in-lobby-late");
  for (const one of [tom, maria, desk]) await one.leave();
});

test("R101 (part: simple mode in a browser): large letters, and one question at a time", async () => {
  const patient = await person(browser, demo, { phone: true });
  const { page } = patient;
  await checkIn(page, demo.others[2], {
    who: SARA,
    until: "consent",
    each: async (name) => {
      if (name !== "check-in-welcome") return;
      await page.locator('form.plain-choice button[value="yes"]').click();
      await page.locator("html.simple").waitFor();
      await look(page, "simple-welcome");
    },
  });
  const next = page.locator(".simple-turns .primary");
  await page.check('input[name="means"][value="stop"]');
  await next.click();
  await look(page, "simple-consent");
  await page.check('input[name="agree"]');
  await page.fill('input[name="name"]', SARA.name);
  await page.locator('form[action$="/consent"] .actions button').click();
  await page.waitForURL(/\/place$/);

  const questions = page.locator('form[action$="/place"] > fieldset');
  const shown = () => questions.evaluateAll((all) => all.map((one) => one.checkVisibility()));
  const only = (which, all) => all.map((_, at) => at === which);
  const answers = ['near"][value="alone', 'door_is"][value="closed', 'headphones"][value="yes'];
  for (const [at, answer] of answers.entries()) {
    const now = await shown();
    assert.deepEqual(now, only(at, now), "one at a time");
    await page.check(`input[name="${answer}"]`);
    if (at === 1) await look(page, "simple-place");
    await next.click();
  }
  await page.locator('form[action$="/place"] .actions button').click();
  await page.waitForURL(/\/readiness$/);
  await patient.leave();
});
