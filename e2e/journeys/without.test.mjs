// Without a script: by the code on paper to the waiting room, and whether a letter is ours. Without a mouse:
// the desk books, moves and hands over, and an interpreter checks in; wherever the focus rests, it is seen.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { walkThrough, walkTo } from "../stage/keyboard.mjs";
import { lookInBoth, lookOnPaper } from "../stage/looks.mjs";
import { openMailbox } from "../stage/mail.mjs";
import { proveBirthDate, signIn, stepsToLobby, wordsOf } from "../stage/people.mjs";
import { screenshots } from "../stage/places.mjs";
import { bookInterpreter, visitOf } from "../stage/visits.mjs";

const INGRID = {
  name: "Ingrid Sorensen",
  born: ["3", "22", "1966"],
  mail: "ingrid.sorensen@patients.example",
};

let mailbox, demo, browser;

before(async () => {
  mailbox = await openMailbox();
  [demo, browser] = await Promise.all([startDemo({ smtp: mailbox.address }), openBrowser({ camera: false })]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  await mailbox?.close();
  if (demo) throwAway(demo);
});

test("without a script a printed code leads to the waiting room, and a letter is known as ours", async () => {
  const [desk, ingrid] = [await person(browser, demo), await person(browser, demo, BARE)];
  await signIn(desk.page, "desk");
  await desk.page.goto(await visitOf(desk.page, INGRID.name));
  await desk.page.locator('form[action$="/link"] button').click();
  const paper = await lookOnPaper(desk.page, "without-link");
  const code = (await desk.page.locator("p.digits").innerText()).trim();
  assert.match(code, /^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
  const told = ["You have a video visit with", "Did you lose it?", code];
  const untold = [INGRID.name, "hand over"];
  assert.deepEqual(told.filter((word) => !paper.includes(word)), [], paper);
  assert.deepEqual(untold.filter((word) => paper.includes(word)), [], paper);

  const { page } = ingrid;
  const keep = (name) => page.screenshot({ path: join(screenshots, `without-${name}.png`), fullPage: true });
  await page.goto("/join");
  await page.fill("#code", "zzzz");
  await page.locator('form[action="/join"] button').click();
  await page.locator("#faults").waitFor();
  // What came back with a fault is still this page, in the other language as well.
  for (const lang of ["es", "en"]) {
    await page.locator(`form.languages button[value="${lang}"]`).click();
    await page.locator(`html[lang="${lang}"] #code`).waitFor();
    assert.equal(new URL(page.url()).pathname, "/join");
  }
  // As somebody types what was read to them.
  await page.fill("#code", code.toLowerCase().replace("-", " "));
  await page.locator('form[action="/join"] button').click();
  await page.waitForURL(/\/g\/[^/]+\/who$/);
  await proveBirthDate(page, INGRID.born);
  const seen = [];
  const lobby = await stepsToLobby(page, {
    who: INGRID,
    each: async (name) => {
      seen.push(name);
      if (/welcome|readiness/.test(name)) {
        assert.match(await page.locator("noscript h2").innerText(), /A video visit needs JavaScript/);
      }
      if (/consent|readiness|lobby/.test(name)) await keep(name);
    },
  });
  assert.match(seen.join(), /welcome.*screen.*notice.*consent.*place.*readiness.*location.*lobby/);
  await page.goto("/room/");
  assert.match(await wordsOf(page), /cannot work without JavaScript/);
  await page.goto(lobby);

  const letter = await mailbox.waitFor((one) => one.to.includes(INGRID.mail));
  const [, ours] = /with the code ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(letter.text.replace(/\s+/g, " "));
  await page.goto("/is-it-us");
  await page.fill("#code", ours);
  await page.locator('form[action="/is-it-us"] button').click();
  await page.locator('.notice.ok[role="status"]').waitFor();
  await keep("is-it-us");
  await page.fill("#code", code);
  await page.locator('form[action="/is-it-us"] button').click();
  await page.locator('.notice.bad[role="alert"]').waitFor();
  for (const one of [desk, ingrid]) await one.leave();
});

test("R99 (part: the desk): it books, moves and hands over by keyboard alone, the focus seen", async () => {
  const desk = await person(browser, demo);
  const { page } = desk;
  const keys = keysOf(page);
  await signIn(page, "desk");
  await page.goto("/day");
  const stops = [`day ${await walkThrough(page)}`];
  await keys.press('a[href^="/day/book"]');
  await page.waitForURL(/\/day\/book/);
  await keys.type('input[name="q"]', "Priya");
  await page.keyboard.press("Enter");
  await keys.press('a[href^="/day/book?patient="]');
  await page.waitForURL(/patient=/);
  stops.push(`book ${await walkThrough(page)}`);
  await keys.type('select[name="clinician"]', "Dr. Mei");
  await keys.type('input[name="day"]', typed(tomorrow()));
  await keys.type('input[name="hour"]', "1000AM");
  await keys.press('form[action="/day/book"] button.primary');
  await page.waitForURL(/\/booked$/);
  await keys.press('main a[href^="/visits/"]');
  await page.waitForURL(/\/visits\/[\w-]{36}$/);
  assert.match(await wordsOf(page), /Priya Raman[^]*10:00[^]*Dr. Mei-Lin Zhou/);
  stops.push(`visit ${await walkThrough(page)}`);

  await keys.press('a[href$="/move"]');
  await page.waitForURL(/\/move$/);
  stops.push(`move ${await walkThrough(page)}`);
  await keys.type('input[name="hour"]', "1130AM");
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=moved/);
  assert.match(await wordsOf(page), /11:30/);

  await keys.press('details:has(> form[action$="/hand-over"]) > summary');
  await keys.type("#hand-to", "Dr. Paul");
  await keys.press('form[action$="/hand-over"] button');
  await page.waitForURL(/done=handed-over/);
  const host = page.locator("section", { has: page.locator("#facts-title") });
  assert.match(await host.innerText(), /Dr. Paul Hargreaves/);
  console.log(`stops of the Tab key: ${stops.join(", ")}`);
  await desk.leave();
});

test("R99 (part: who comes along): an interpreter checks in by keyboard alone, the focus seen", async () => {
  const [desk, elena] = [await person(browser, demo), await person(browser, demo)];
  await signIn(desk.page, "desk");
  const visit = await visitOf(desk.page, "Ana Duarte");
  const { link, code } = await bookInterpreter(desk.page, visit, "Elena Ruiz", "spa");
  const { page } = elena;
  const keys = keysOf(page);
  const stops = [];
  const at = async (path) => {
    await page.waitForURL(new RegExp(`/${path}$`));
    stops.push(`${path} ${await walkThrough(page)}`);
  };
  await page.goto(link);
  await keys.press('form:has(input[name="secret"]) button');
  await at("who");
  await keys.type('input[name="code"]', code);
  await page.keyboard.press("Enter");
  await at("welcome");
  await keys.press('form[action$="/welcome"] button');
  await at("promise");
  await lookInBoth(page, "without-promise-fault", async () => {
    await keys.press('form[action$="/promise"] .actions button');
    await page.locator("#faults").waitFor();
    assert.ok(await page.locator("#faults").evaluate((one) => one.contains(document.activeElement)));
  });
  await keys.press('input[name="promise"]', "Space");
  await keys.press('form[action$="/promise"] .actions button');
  await at("place");
  for (const group of ["near", "door_is", "headphones"]) await keys.press(`input[name="${group}"]`, "Space");
  await keys.press('form[action$="/place"] .actions button');
  await at("readiness");
  await keys.press('form[action$="/readiness"] .actions button');
  await at("lobby");
  await lookInBoth(page, "without-interpreter-lobby");
  console.log(`stops of the Tab key: ${stops.join(", ")}`);
  for (const one of [desk, elena]) await one.leave();
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  assert.ok(verified.ok, verified.text);
});

/** By the keys alone, to the first thing that fits. */
function keysOf(page) {
  const walk = (selector) => walkTo(page, page.locator(selector).first());
  return {
    async press(selector, key = "Enter") {
      await walk(selector);
      await page.keyboard.press(key);
    },
    async type(selector, text) {
      await walk(selector);
      await page.keyboard.type(text);
    },
  };
}

const BARE = { phone: true, script: false };

/** A day as it is typed into a field of a browser that speaks American English. */
const typed = (day) => `${day.slice(5, 7)}${day.slice(8)}${day.slice(0, 4)}`;

/** Where the practice is. */
function tomorrow() {
  const style = { timeZone: "America/New_York", dateStyle: "short" };
  return new Intl.DateTimeFormat("en-CA", style).format(Date.now() + 86_400_000);
}
