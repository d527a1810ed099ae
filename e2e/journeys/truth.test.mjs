// What the page says while somebody lies or something dies: a server that holds the host's words back, that
// withholds a commit, that changes names; a worker that is killed; another device under a known name.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { screenshots } from "../stage/places.mjs";
import { count, seesAndHears, seesNothing } from "../stage/media.mjs";
import {
  checkIn,
  MARIA,
  compareDigits,
  enterLobby,
  meet,
  openRoom,
  signIn,
  turnOn,
} from "../stage/people.mjs";

let demo, browser;
let people = [];

before(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  demo = await startDemo();
  people = [];
});

afterEach(async () => {
  for (const one of people) await one.leave();
  await demo.stop();
  throwAway(demo);
});

after(() => browser?.close());

async function come(options) {
  const one = await person(browser, demo, options);
  people.push(one);
  return one;
}

/** A server in between: `change` gets each message to the page and gives what the page gets, or null. */
async function between({ context }, change) {
  const lie = { change };
  await context.routeWebSocket(/\/ws$/, (page) => {
    const server = page.connectToServer();
    page.onMessage((text) => server.send(text));
    server.onMessage((text) => {
      const told = lie.change(JSON.parse(text));
      if (told) page.send(JSON.stringify(told));
    });
  });
  return lie;
}

const honest = (message) => message;
const without = (...types) => (message) => (types.includes(message.type) ? null : message);

/** From now on the page's clock stands, however slow this machine is; `pass` alone moves it. */
async function stopClock(page) {
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
}

/** A picture without axe, which needs a clock that runs. */
async function picture(page, name) {
  const was = page.viewportSize();
  for (const [width, height] of [[390, 844], [1280, 820]]) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(screenshots, `${name}-${width}.png`) });
  }
  await page.setViewportSize(was);
}

/**
 * Seconds of the page's clock in steps that leave its worker and the server time to answer: whoever jumps
 * further finds both dead.
 */
async function pass(page, seconds) {
  for (let at = 0; at < seconds; at += STEP_S) {
    await page.clock.fastForward(STEP_S * 1_000);
    await page.waitForTimeout(STEP_TAKES_MS);
  }
}

test("a silent host is told after 45 seconds and pauses us after 120, until we go on", async () => {
  const patient = await come();
  const clinician = await come();
  const lie = await between(patient, honest);
  await patient.page.clock.install();
  const room = await meet(patient, clinician, demo.patient);
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await compareDigits(patient.page, room);

  await stopClock(patient.page);
  lie.change = without("note");
  const stop = patient.page.locator(".stop:visible");
  // The last beat may be 15 seconds old.
  await pass(patient.page, 20);
  assert.deepEqual(await stop.allInnerTexts(), [], "nothing is said before its time");
  await pass(patient.page, 24);
  await stop.filter({ hasText: "We have not heard from the host" }).waitFor();
  await picture(patient.page, "truth-quiet-patient");
  assert.match(await patient.page.locator(".truth-words").innerText(), /Checked by voice/);

  await pass(patient.page, 76);
  await stop.filter({ hasText: "Your picture and sound are paused" }).waitFor();
  await seesNothing(room);
  await patient.page.locator('[aria-controls="talk"]').click();
  await patient.page.locator(".talk-why", { hasText: "messages wait too" }).waitFor();
  await picture(patient.page, "truth-paused-patient");
  await patient.page.keyboard.press("Escape");

  await stop.locator("button", { hasText: "Go on anyway" }).click();
  await seesAndHears(room);
  lie.change = honest;
  await patient.page.clock.resume();
  await stop.first().waitFor({ state: "hidden" });
});

test("a server that withholds a commit cuts us off, and the page says so", async () => {
  const patient = await come();
  const clinician = await come();
  const lie = await between(patient, honest);
  await patient.page.clock.install();
  const room = await meet(patient, clinician, demo.patient);
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);

  // Our page stays in an epoch that the host has left: two logs under one visit.
  lie.change = without("sealed");
  await room.locator(".panel .switch").click();
  await room.locator('.panel .switch[aria-checked="true"]').waitFor();
  // Nothing that we seal under the old keys opens at the host.
  await room.waitForTimeout(6_000);
  await seesNothing(room);
  await stopClock(patient.page);
  await pass(patient.page, 126);
  await patient.page.locator(".stop:visible", { hasText: "are paused" }).waitFor();

  lie.change = honest;
  await patient.page.clock.resume();
  await patient.page.reload();
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
});

test("a host who says that other people are here ends what we send, and nobody talks it away", async () => {
  const patient = await come();
  const clinician = await come({ init: otherRosterOnDemand });
  const room = await meet(patient, clinician, demo.patient);
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await room.evaluate(() => (globalThis.lie = true));
  const stop = patient.page.locator(".stop:visible", { hasText: "sees other people than you do, so" });
  await stop.waitFor({ timeout: 30_000 });
  await seesNothing(room);
  assert.equal(await stop.locator("button:visible", { hasText: "Go on" }).count(), 0);
  await look(patient.page, "truth-split-patient");
});

test("a killed worker sends nothing more, and both come back under new keys", async () => {
  const patient = await come({ init: keepWorkers });
  const clinician = await come();
  const room = await meet(patient, clinician, demo.patient);
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  const code = patient.page.locator(".talk .long-code");
  const before = await code.textContent();
  assert.match(before, /^(\d{5} ){5}\d{5}$/);
  assert.equal(await room.locator(".panel .long-code").textContent(), before, "the same on both pages");

  await patient.page.evaluate(() => globalThis.killWorkers());
  await patient.page.waitForTimeout(1_000);
  const at = await count(patient.page);
  await patient.page.waitForTimeout(2_000);
  const later = await count(patient.page);
  // The browser may pad and probe its line; that is no payload.
  if (later.connections === at.connections) assert.ok(later.bytes <= at.bytes, "no byte leaves");

  await Promise.all([
    seesAndHears(patient.page, { within: 40_000, frames: 20 }),
    seesAndHears(room, { within: 40_000, frames: 20 }),
  ]);
  const now = await code.textContent();
  assert.notEqual(now, before);
  assert.equal(await room.locator(".panel .long-code").textContent(), now);
  const sealing = await patient.page.evaluate(() => globalThis.countSealing());
  assert.equal(sealing.transformed, sealing.ends, "every lane goes through the new worker");
  assert.equal(await patient.page.locator(".stop:visible").count(), 0);
});

test("the list shows who knocked by what they signed, and where the practice's list differs", async () => {
  const patient = await come();
  const clinician = await come();
  const lie = await between(clinician, (message) =>
    message.type === "knocked" ? null : misnamed(message),
  );
  await checkIn(patient.page, demo.patient);
  await signIn(clinician.page, "clinician");
  // Before anybody waits, so that opening the room admits nobody.
  const room = await openEmptyRoom(clinician);
  await enterLobby(patient.page);
  const row = room.locator(".panel .waiting").first();
  await row.locator("strong", { hasText: "Someone" }).waitFor();
  assert.match(await row.innerText(), /The practice’s list says: Mallory Stone/);
  await look(room, "truth-someone-clinician");

  lie.change = misnamed;
  await room.reload();
  await row.locator("strong", { hasText: "Maria Alvarez" }).waitFor();
  const text = await row.innerText();
  assert.match(text, /The practice’s list says Mallory Stone, patient\. Ask who they are/);
  assert.match(text, /Device not seen before\./);
  await look(room, "truth-differs-clinician");
  await room.evaluate(keepWhatIsSaid);
  await row.locator(".admit").click();
  await patient.page.locator(".room").waitFor();
  await room.waitForFunction(() => globalThis.said.includes("Maria Alvarez came in."));
});

test("another device under a name we checked is said in words", async () => {
  const patient = await come();
  const first = await come();
  const room = await meet(patient, first, demo.patient);
  await compareDigits(patient.page, room);
  await patient.page.locator(".code h2", { hasText: /The digits matched at \d/ }).waitFor();
  await look(patient.page, "truth-matched-patient");
  await room.close();

  const second = await come();
  await signIn(second.page, "clinician");
  const other = await openRoom(second);
  await turnOn(other);
  const asks = other.locator(".asking .admit");
  await asks.click();
  await patient.page.locator(".stop:visible", { hasText: "another device than last time" }).waitFor();
  await look(patient.page, "truth-changed-patient");
  await compareDigits(patient.page, other);
  await patient.page.locator(".stop:visible").waitFor({ state: "hidden" });
});

test("digits that do not match end picture, sound and messages, in Spanish too", async () => {
  const patient = await come({ phone: true });
  const clinician = await come();
  const room = await meet(patient, clinician, demo.patient);
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await patient.page.locator('[aria-controls="talk"]').click();
  await patient.page.locator("#talk-text").fill("Hola, doctora");
  await patient.page.keyboard.press("Escape");
  await patient.page.locator(".truth .language").click();
  await patient.page.locator(".code h2", { hasText: "Lea estas seis cifras" }).waitFor();
  await patient.page.locator('[aria-controls="talk"]').click();
  assert.equal(await patient.page.locator("#talk-text").inputValue(), "Hola, doctora", "a draft stays");
  await look(patient.page, "talk-empty-patient-es");
  await patient.page.locator("#talk-text").press("Enter");
  await patient.page.locator(".own-line", { hasText: "Hola, doctora" }).waitFor();
  await room.locator(".code-mismatch").click();
  await patient.page.locator(".talk-why", { hasText: "los mensajes también" }).waitFor();
  await patient.page.keyboard.press("Escape");
  await patient.page.locator(".stop", { hasText: "Las cifras no eran iguales" }).waitFor();
  assert.equal((await count(patient.page)).state, "none", "no connection is left");
  await look(patient.page, "truth-mismatch-patient-es");
  await patient.page.reload();
  await patient.page.locator(".controls", { hasText: "Salir" }).waitFor();
});

/** From the page of the visit, while nobody waits. */
async function openEmptyRoom({ page, context }) {
  await page.goto("/day");
  await page.getByRole("link", { name: MARIA.name }).first().click();
  const opened = context.waitForEvent("page");
  await page.locator('form[target="alcove-room"] button').click();
  const room = await opened;
  await room.locator(".room").waitFor();
  return room;
}

/** What a server could say about who waits. */
function misnamed(message) {
  if (message.type !== "queue") return message;
  const waiting = message.body.waiting.map((one) => ({ ...one, name: "Mallory Stone" }));
  return { ...message, body: { ...message.body, waiting } };
}

/** Runs in the host's page: from `lie` on, its beats carry the hash of another list of people. */
function otherRosterOnDemand() {
  const digest = crypto.subtle?.digest.bind(crypto.subtle);
  if (!digest) return;
  crypto.subtle.digest = async (name, bytes) => {
    const hash = await digest(name, bytes);
    const about = new TextDecoder().decode(new Uint8Array(bytes).subarray(0, 32));
    if (globalThis.lie && about.includes("v1 roster")) new Uint8Array(hash)[0] ^= 1;
    return hash;
  };
}

/** Runs in the page: the words of the live region, which stand there for a moment only. */
function keepWhatIsSaid() {
  const region = document.querySelector('.unseen[role="status"]');
  globalThis.said = [];
  new MutationObserver(() => globalThis.said.push(region.textContent)).observe(region, {
    childList: true,
    characterData: true,
    subtree: true,
  });
}

/** Runs in the page before its scripts: keeps the workers it starts. */
function keepWorkers() {
  const Real = globalThis.Worker;
  const made = [];
  globalThis.Worker = new Proxy(Real, {
    construct(target, args) {
      const worker = new target(...args);
      made.push(worker);
      return worker;
    },
  });
  globalThis.killWorkers = () => made.splice(0).forEach((worker) => worker.terminate());
}

const STEP_S = 2;
/** The worker counts four times a second. */
const STEP_TAKES_MS = 350;
