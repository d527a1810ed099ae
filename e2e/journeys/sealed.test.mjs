// The sealed room: nothing leaves a browser unsealed, two people compare six digits, and who is sent away has
// no keys any more.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { count, seesAndHears } from "../stage/media.mjs";
import { compareDigits, digitsOf, meet } from "../stage/people.mjs";

let demo, browser, patient, clinician, room, joining;

before(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  demo = await startDemo();
  patient = await person(browser, demo);
  clinician = await person(browser, demo);
  joining = watchJoining(patient.page);
  await patient.page.addInitScript(keepWhatIsSaid);
  room = await meet(patient, clinician, demo.patient);
});

afterEach(async () => {
  await patient.leave();
  await clinician.leave();
  await demo.stop();
  throwAway(demo);
});

after(() => browser?.close());

test("both see and hear each other through transforms, and the digits match on both sides", async () => {
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  for (const page of [patient.page, room]) {
    const sealing = await page.evaluate(() => globalThis.countSealing());
    assert.equal(sealing.guarded ?? true, true);
    assert.equal(sealing.transformed, sealing.ends, "every lane goes through the worker");
  }
  assert.match(await patient.page.locator(".truth-words").innerText(), /Private so far/);
  await look(room, "room-digits-clinician");
  await look(patient.page, "room-digits-patient");
  await digitsForEverybody(patient.page, room);
  await compareDigits(patient.page, room);
  const focused = () => document.activeElement === document.querySelector(".code h2");
  assert.ok(await patient.page.evaluate(focused), "whoever pressed is told what came of it");
  await room.locator(".tile:not(.self) .tag-check", { hasText: /checked by voice/ }).waitFor();
  await look(patient.page, "room-checked-patient");
  const after = (what) => `${joining[what] - joining["got admitted"]} ms`;
  const [offer, keys] = [after("said offer"), after("said note")];
  console.log(`added join time, from the admission: offer with a proven worker ${offer}, keys ${keys}`);
});

test("a reload comes back into the group without a press, still checked", async () => {
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await compareDigits(patient.page, room);
  await patient.page.reload();
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  assert.equal(await room.locator(".panel .admit").count(), 0, "nobody asks to be let in");
  await patient.page.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();
  assert.equal(await room.locator(".code:visible").count(), 0, "the digits are not asked for again");
});

test("a host who reloads founds anew and everybody is back by themselves, still checked", async () => {
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await compareDigits(patient.page, room);
  await room.reload();
  await room.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  for (const page of [patient.page, room])
    await page.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();
});

test("whoever is sent back to the waiting room decodes nothing two seconds later", async () => {
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await room.locator(".panel .inside button", { hasText: /Back to lobby/ }).click();
  await patient.page.locator(".lobby").waitFor();
  await patient.page.waitForTimeout(2_000);
  const before = await count(patient.page);
  await patient.page.waitForTimeout(1_500);
  const now = await count(patient.page);
  assert.equal(now.frames, before.frames);
  assert.equal(now.state, "none");
  await room.locator(".panel .admit").first().click();
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
});

test("digits that do not match end picture and sound for both, and both are told why", async () => {
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await room.locator(".code").waitFor();
  assert.match(await digitsOf(room), /^\d{3} \d{3}$/);

  // The patient's own word stops the patient's own page, the clinician is told, and it can be taken back.
  await patient.page.locator(".code-mismatch").click();
  await patient.page.locator(".stop", { hasText: /did not match/ }).waitFor();
  assert.equal((await count(patient.page)).state, "none", "no connection is left");
  await room.locator(".stop", { hasText: /says that the digits did not match/ }).waitFor();
  await look(patient.page, "room-doubt-patient");
  await look(room, "room-doubt-clinician");
  await patient.page.locator(".code-once-more").click();
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await room.locator(".stop:visible").waitFor({ state: "hidden" });

  await room.locator(".code-mismatch").click();
  for (const page of [patient.page, room]) {
    await page.locator(".stop:visible", { hasText: /did not match/ }).waitFor();
    assert.equal((await count(page)).state, "none", "no connection is left");
  }
  await look(patient.page, "room-mismatch-patient");
});

/** In the first minute and unasked, read out one by one, as large as the screen at a press. */
async function digitsForEverybody(page, room) {
  await Promise.all([page, room].map((one) => one.locator(".code .digits:visible").waitFor()));
  const shown = (await digitsOf(page)).replace(" ", "");
  const asked = await page.evaluate(() => globalThis.said);
  const words = `Six digits to compare: ${[...shown].join(" ")}`;
  const first = asked.find(({ text }) => text === words);
  assert.ok(first, `the screen reader says "${words}": ${JSON.stringify(asked)}`);
  assert.ok(first.at - joining["got admitted"] < 60_000, "within the first minute");
  assert.equal(await page.locator(".code .digits .unseen").textContent(), [...shown].join(" "));

  await page.locator(".code-large").click();
  const large = page.locator(".dialog[data-large] .digits-large");
  assert.equal((await large.innerText()).replace(/\D/g, "").slice(-6), shown);
  const { height } = await large.locator("[aria-hidden]").first().boundingBox();
  assert.ok(height > 100, `large enough to be held up: ${height} px`);
  await look(page, "room-digits-large-patient");
  await page.keyboard.press("Escape");
  await large.waitFor({ state: "hidden" });
}

/** Runs in the page before its scripts: the words of the live region, which stand there for a moment only. */
function keepWhatIsSaid() {
  globalThis.said = [];
  const kept = (records) => {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      const region = element?.closest('.unseen[role="status"]');
      const text = region?.textContent;
      if (text) globalThis.said.push({ text, at: Date.now() });
    }
  };
  new MutationObserver(kept).observe(document, { childList: true, characterData: true, subtree: true });
}

/** When each kind of message went over this page's sockets for the first time. */
function watchJoining(page) {
  const at = {};
  const first =
    (way) =>
    ({ payload }) =>
      (at[`${way} ${JSON.parse(payload).type}`] ??= Date.now());
  page.on("websocket", (socket) => {
    socket.on("framereceived", first("got"));
    socket.on("framesent", first("said"));
  });
  return at;
}
