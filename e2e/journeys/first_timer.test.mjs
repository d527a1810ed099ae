// The first time, by phone: in Spanish with an interpreter booked, screens and words counted; and from a
// state where nobody here may treat.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { walkThrough, walkTo } from "../stage/keyboard.mjs";
import { look } from "../stage/looks.mjs";
import { checkIn, signIn, wordsOf } from "../stage/people.mjs";
import { bookInterpreter, visitOf } from "../stage/visits.mjs";

/** The demo's patient who speaks Spanish and asked for an interpreter; her visit is the sixth. */
const ANA = { name: "Ana Duarte", born: ["1", "15", "1993"] };
const LINK_OF_ANA = 4;
/** The fourth of the demo's other links. */
const TOM = { name: "Tom Becker", born: { month: "6", day: "30", year: "1978" } };
const LINK_OF_TOM = 3;
/** A first visit asks for seven steps; link, second fact, sample page and lobby come to it. */
const SCREENS_MAX = 12;
/** Everything on every screen, menus and buttons with it; half of it are the notice and the consents. */
const WORDS_MAX = 2_800;

let demo, browser, crew;

before(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  demo = await startDemo();
  crew = [];
});

afterEach(async () => {
  for (const one of crew) await one.leave();
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  throwAway(demo);
  assert.ok(verified.ok, verified.text);
});

after(() => browser?.close());

async function one(options) {
  const who = await person(browser, demo, options);
  crew.push(who);
  return who;
}

const STROKES = /^M\d+ \d+( L\d+ \d+){3,}/;

/** With a finger's strokes; the first ones are wiped away, as one does who slipped. */
async function signByHand(page) {
  const pad = page.locator(".pad > svg");
  await pad.scrollIntoViewIfNeeded();
  await draw(page, pad, [[0.2, 0.2], [0.8, 0.8]]);
  await page.locator(".pad button").click();
  assert.equal(await page.inputValue('input[name="drawn"]'), "");
  await pad.scrollIntoViewIfNeeded();
  await draw(page, pad, [[0.1, 0.7], [0.2, 0.2], [0.3, 0.7], [0.5, 0.3], [0.7, 0.7], [0.9, 0.4]]);
  assert.match(await page.inputValue('input[name="drawn"]'), STROKES);
  await look(page, "first-timer-signature-es");
}

async function draw(page, pad, [first, ...others]) {
  const box = await pad.boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const point of others) await page.mouse.move(...at(point), { steps: 4 });
  await page.mouse.up();
}

test("R92 (part: in a browser): a first-timer by phone in Spanish finds her interpreter", async (context) => {
  const desk = await one();
  await signIn(desk.page, "desk");
  await desk.page.goto("/day");
  await desk.page.getByText(/Spanish\u2069?: no interpreter yet/).first().waitFor();
  const visit = await visitOf(desk.page, ANA.name);
  await bookInterpreter(desk.page, visit, "Elena Ruiz", "spa", "LNG-4711");
  await desk.page.goto(visit);
  await look(desk.page, "visit-interpreter");
  await desk.page.goto("/day");
  await desk.page.getByText(/Spanish\u2069?: interpreter booked/).first().waitFor();
  await look(desk.page, "day-needs");

  const patient = await one({ phone: true, lang: "es-ES" });
  const seen = [];
  await checkIn(patient.page, demo.others[LINK_OF_ANA], {
    who: ANA,
    each: async (name) => {
      const words = await wordsOf(patient.page);
      seen.push({ name, words: words.split(/\s+/).length });
      if (name === "check-in-welcome") {
        assert.match(words, /Elena Ruiz/);
        await look(patient.page, "first-timer-welcome-es");
      }
      if (name === "check-in-consent") await signByHand(patient.page);
      if (name === "check-in-lobby") {
        assert.match(words, /A quién verá[\s\S]*Elena Ruiz/);
        await look(patient.page, "first-timer-lobby-es");
      }
    },
  });
  const words = seen.reduce((sum, screen) => sum + screen.words, 0);
  context.diagnostic(`${seen.length} screens, ${words} words: ${seen.map((it) => `${it.name} ${it.words}`)}`);
  assert.ok(seen.length <= SCREENS_MAX, `${seen.length} screens`);
  assert.ok(words <= WORDS_MAX, `${words} words`);
  await patient.page.locator('a[href$="/lobby"]').first().waitFor();
  const lobby = patient.page.url();
  await patient.page.goto(lobby.replace(/lobby$/, "consent"));
  await look(patient.page, "first-timer-copy-drawn-es");
  const kept = await patient.page.locator("p.drawn path").getAttribute("d");
  assert.match(kept, STROKES);
  await patient.page.goto(lobby);

  // The interpreter's own list: link and code together, and nothing of the patient.
  await desk.page.goto("/practice/interpreters");
  await look(desk.page, "interpreters");
  await desk.page.locator("li", { hasText: "Elena Ruiz" }).locator('form[action$="/code"] button').click();
  const [link, code] = [await desk.page.inputValue("#link"), await desk.page.inputValue("#code")];
  const elena = await one({ phone: true });
  await elena.page.goto(link);
  await elena.page.fill('input[name="code"]', code);
  await elena.page.locator("form:has(input[name=code]) button").click();
  await elena.page.getByText(/LNG-4711/).waitFor();
  assert.doesNotMatch(await wordsOf(elena.page), /Duarte|Ana|Calloway|Tooth/);
  await look(elena.page, "interpreter-jobs");
});

test("a first-timer in a state where nobody here may treat is stopped with kind words", async () => {
  const patient = await one({ phone: true });
  await checkIn(patient.page, demo.patient, { until: "location" });
  const say = async (state) => {
    await patient.page.fill('input[name="address"]', "1 Pier Avenue, Santa Monica");
    await patient.page.selectOption('select[name="state"]', state);
    await patient.page.fill('input[name="call_back"]', "617-555-0177");
    await patient.page.locator('form[action$="/location"] button').click();
  };
  await say("CA");
  await patient.page.locator('.notice.warn[role="status"]').waitFor();
  const words = await wordsOf(patient.page);
  assert.match(words, /California/);
  assert.match(words, /617-555-0142/);
  await look(patient.page, "first-timer-held");
  await patient.page.goto(patient.page.url().replace(/check-in\/.*/, "lobby"));
  assert.match(patient.page.url(), /check-in\/location$/, "the lobby stays shut");
  // A slip in the state is mended by herself; what was signed for another state is asked again.
  await say("MA");
  await patient.page.waitForURL(/\/(lobby|check-in\/consent)$/);
});

test("R99 (part: check-in): link to lobby by keyboard alone, the focus always seen", async () => {
  const { page } = await one();
  const keys = page.keyboard;
  const press = async (selector, key = "Enter") => {
    await walkTo(page, page.locator(selector).first());
    await keys.press(key);
  };
  const type = async (selector, text) => {
    await walkTo(page, page.locator(selector));
    await keys.type(text);
  };
  const to = (path) => page.waitForURL(new RegExp(`/${path}$`));
  const stops = [];
  const at = async (path) => {
    await to(path);
    stops.push(`${path} ${await walkThrough(page)}`);
  };

  await page.goto(demo.others[LINK_OF_TOM]);
  await walkThrough(page);
  await press('form:has(input[name="secret"]) button');
  await at("who");
  for (const [field, value] of Object.entries(TOM.born)) await type(`input[name="${field}"]`, value);
  await keys.press("Enter");
  await at("welcome");
  await press('form[action$="/welcome"] button');
  await at("screen");
  await press('a[href$="/sample"]');
  await to("sample");
  await press('.actions a[href$="/screen"]');
  await to("screen");
  await press('input[name="agree"]', "Space");
  await press('form[action$="/screen"] button');
  await at("notice");
  await press('form[action$="/notice"] button[value="yes"]');
  await at("consent");
  // Within a group of answers the arrows choose, as everywhere.
  await press('input[name="means"]', "Space");
  const stop = page.locator('input[name="means"][value="stop"]');
  for (let tries = 0; tries < 5 && !(await stop.isChecked()); tries++) await keys.press("ArrowDown");
  await press('input[name="agree"]', "Space");
  await type('input[name="name"]', TOM.name);
  await press('form[action$="/consent"] button.primary');
  await at("place");
  for (const group of ["near", "door_is", "headphones"]) await press(`input[name="${group}"]`, "Space");
  await press('form[action$="/place"] .actions button');
  await at("readiness");
  await press('form[action$="/readiness"] .actions button');
  await at("location");
  await type('input[name="address"]', "3 Fleet Street, Boston");
  await type('select[name="state"]', "Massachusetts");
  await type('input[name="call_back"]', "617-555-0177");
  await press('form[action$="/location"] .actions button');
  await at("lobby");
  console.log(`stops of the Tab key: ${stops.join(", ")}`);
});
