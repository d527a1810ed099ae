// The server lies, or the browser betrays: nobody gets into the group, nothing foreign is shown, nothing
// leaves in clear, and where the truth comes back the visit goes on. What each lie is called stands in the
// client's own tests; here is what people see of it.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { admit, comeAlong, ELENA, invite, lowResolution, seesEverybody, visitOf } from "../stage/crowd.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { bent, between, getsOldFrames, hand, lateTransforms } from "../stage/dishonest.mjs";
import { count, seesAndHears } from "../stage/media.mjs";
import { compareDigits, MARIA, meet, signIn } from "../stage/people.mjs";
import { collectFrames, inWorkers, keepWorkers, tapped, tellsFrames } from "../stage/tap.mjs";

let demo, browser, folder, tap;

before(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "alcove-dishonest-"));
  tap = join(folder, "payloads");
  demo = await startDemo({ tap });
});

afterEach(async () => {
  await demo.stop();
  throwAway(demo);
  rmSync(folder, { recursive: true, force: true });
});

after(() => browser?.close());

test("lies about messages, people and keys change nothing that anybody sees", async () => {
  const [patient, clinician] = [await watched(), await watched()];
  const room = await meet(patient.person, clinician.person, demo.patient);
  const people = { page: patient.person.page, room };
  await bothGoOn(people);
  await compareDigits(people.page, room);
  const before = await shown(people);
  const unchanged = async (what) => {
    await bothGoOn(people);
    assert.deepEqual(await shown(people), before, what);
  };

  const mls = ({ type }) => ["welcome_in", "sealed", "note", "founded", "door", "knocked"].includes(type);
  for (const { server } of [patient, clinician]) server.say(...server.heard.toPage.filter(mls));
  await unchanged("everything that was said once is said again");

  for (const { server } of [patient, clinician])
    server.say(...server.heard.toPage.filter(mls).reverse().map(damaged));
  await unchanged("the same backwards, with one bit changed in each");

  const notes = patient.server.heard.toPage.filter(({ type }) => type === "note");
  assert.ok(notes.length > 0);
  clinician.server.say(...notes);
  patient.server.say(...notes.map((note) => ({ ...note, body: { ...note.body, from: "nobody" } })));
  await unchanged("notes of another sender, and back to their own");

  patient.server.lies.toPage = (message) => [crowded(message)];
  patient.server.say(crowded(patient.server.heard.toPage.findLast(({ type }) => type === "room")));
  await bothGoOn(people);
  const [seen] = await shown(people);
  assert.equal(seen.truth, before[0].truth);
  const words = await people.page.locator("body").innerText();
  assert.doesNotMatch(words, /Ghost|Mallory/, "only the group names people");
  patient.server.lies.toPage = null;
  patient.server.say(patient.server.heard.toPage.findLast(({ type }) => type === "room"));

  const sealed = () => clinician.server.heard.fromPage.filter(({ type }) => type === "seal").length;
  const seals = sealed();
  const knock = clinician.server.heard.toPage.find(({ type }) => type === "knocked");
  clinician.server.say({ ...knock, body: { ...knock.body, from: "ghost", name: "Ghost" } });
  clinician.server.say({ type: "queue", body: { waiting: [waiting("ghost", "Ghost")] } });
  await unchanged("somebody wants in whom nobody lets in");
  assert.equal(sealed(), seals, "no commit without a press");
  await nothingInClear([patient, clinician]);
});

test("a swapped key package lets nobody in, and the right one lets the patient in", async () => {
  const [patient, clinician] = [await watched(), await watched()];
  const room = await meet(patient.person, clinician.person, demo.patient);
  const people = { page: patient.person.page, room };
  await bothGoOn(people);
  const old = clinician.server.heard.toPage.find(({ type }) => type === "knocked").body.blob;
  clinician.server.lies.toPage = (message) =>
    message.type === "knocked" ? [{ ...message, body: { ...message.body, blob: old } }] : [message];
  await people.page.reload();
  await people.page.locator(".room").waitFor();
  await people.page.waitForTimeout(4_000);
  assert.equal((await count(people.page)).frames, 0, "nothing is decoded by whoever is not in the group");
  clinician.server.lies.toPage = null;
  await people.page.reload();
  await people.page.locator(".room").waitFor();
  await bothGoOn(people, 60_000);
  await nothingInClear([patient, clinician]);
});

test("another group than the own makes a page drop its keys, and the truth brings it back", async () => {
  const [patient, clinician] = [await watched(), await watched()];
  const room = await meet(patient.person, clinician.person, demo.patient);
  const people = { page: patient.person.page, room };
  await bothGoOn(people);
  const group = Buffer.alloc(16, 7).toString("base64url");
  patient.server.say({ type: "founded", body: { group, epoch: 9 } });
  await people.page.waitForTimeout(1_000);
  await bothGoOn(people, 60_000);
  assert.equal(await room.locator(".panel .admit").count(), 0, "a key that is known needs no press");
  await nothingInClear([patient, clinician]);
});

test("who comes late opens nothing from before, whatever the server hands over", async () => {
  const [patient, clinician] = [await watched(lowResolution), await watched(lowResolution)];
  await signIn(clinician.person.page, "desk");
  const visit = await visitOf(clinician.person.page, MARIA.name);
  const invited = await invite(clinician.person.page, visit, ELENA);
  const room = await meet(patient.person, clinician.person, demo.patient);
  await bothGoOn({ page: patient.person.page, room });
  await write(patient.person.page, "Before you came");
  await read(room, "Before you came");
  await room.keyboard.press("Escape");
  const old = [patient, clinician].flatMap(({ told }) => told.sealed.slice(-60));
  assert.equal(old.length, 120);

  const init = { content: `${inWorkers(getsOldFrames).content};\n(${lowResolution})()` };
  const elena = { person: await person(browser, demo, { lang: "es-ES", init }) };
  const server = await between(elena.person);
  const page = elena.person.page;
  await comeAlong(page, invited);
  await admit(room, ELENA.name);
  await page.locator(".room").waitFor();
  await seesEverybody(page, 2);

  server.say(...clinician.server.heard.toPage.filter(({ type }) => type === "note"));
  await write(room, "Since you came");
  await read(page, "Since you came");
  assert.equal(await page.locator(".talk", { hasText: "Before you came" }).count(), 0);

  const swapped = await hand(page, old);
  await page.waitForTimeout(500);
  const before = await count(page);
  await page.waitForTimeout(2_000);
  assert.ok((await swapped()) > 50, "the old frames came instead of the new ones");
  assert.equal((await count(page)).frames, before.frames, "none of them is a picture");
  await hand(page, []);
  await seesEverybody(page, 2);
  await nothingInClear([patient, clinician, { ...elena, told: { plain: [], sealed: [] } }]);
});

test("a killed worker ends everything that is sent until another one has keys of its own", async () => {
  const [patient, clinician] = [await watched(keepWorkers), await watched()];
  const room = await meet(patient.person, clinician.person, demo.patient);
  const people = { page: patient.person.page, room };
  await bothGoOn(people);
  await people.page.evaluate(() => globalThis.workers.forEach((worker) => worker.terminate()));
  await people.page.waitForTimeout(1_000);
  const before = await count(room);
  await room.waitForTimeout(1_500);
  assert.equal((await count(room)).frames, before.frames, "nothing is shown of a page without its worker");
  await bothGoOn(people, 60_000);
  await nothingInClear([patient, clinician]);
});

test("a transform that comes one task late seals all the same", async () => {
  const [patient, clinician] = [await watched(lateTransforms), await watched()];
  const room = await meet(patient.person, clinician.person, demo.patient);
  await bothGoOn({ page: patient.person.page, room }, 30_000, 100); // of each at least a packet a frame
  assert.ok(patient.told.sealed.length > 0);
  await nothingInClear([patient, clinician]);
});

test("a browser that lets frames past the transform sends none, and the person is told why", async () => {
  const patient = await watched(`(${lateTransforms})();\n(${unguarded})()`);
  const clinician = await watched();
  const room = await meet(patient.person, clinician.person, demo.patient);
  await patient.person.page.locator(".stop", { hasText: /cannot seal/ }).waitFor();
  assert.equal((await count(room)).frames, 0);
  await nothingInClear([patient, clinician], { silent: patient });
});

/** A person whose frames are told and whose server lies. */
async function watched(more = null) {
  const own = typeof more === "function" ? `(${more})()` : (more ?? "");
  const each = await person(browser, demo, { init: { content: `${tellsFrames().content};\n${own}` } });
  return { person: each, told: await collectFrames(each), server: await between(each) };
}

async function write(page, text) {
  if (!(await page.locator("#talk-text").isVisible())) await page.locator('[aria-controls="talk"]').click();
  await page.locator("#talk-text").fill(text);
  await page.locator("#talk-text").press("Enter");
}

/** Waits for a message of somebody else. */
async function read(page, text) {
  if (!(await page.locator("#talk-text").isVisible())) await page.locator('[aria-controls="talk"]').click();
  await page.locator(".talk", { hasText: text }).waitFor();
}

async function bothGoOn({ page, room }, within = 30_000, frames = 10) {
  await Promise.all([page, room].map((one) => seesAndHears(one, { frames, within })));
}

/** What both read of who is there. */
async function shown({ page, room }) {
  const of = async (one) => ({
    truth: await one.locator(".truth-words").innerText(),
    tiles: (await one.locator(".tile").allInnerTexts()).map((text) => text.replace(/\s+/g, " ")).sort(),
    digits: await one.locator(".code:visible").count(),
  });
  return [await of(page), await of(room)];
}

/** The last act: everybody goes, and the server never held a readable run. */
async function nothingInClear(all, { silent = null } = {}) {
  for (const each of all) await each.person.leave();
  const { packets, readable } = tapped(tap, all.map(({ told }) => told));
  assert.equal(readable.length, 0, `${readable.length} of ${packets.length} packets are readable`);
  const streams = new Set(packets.map(({ ssrc }) => ssrc));
  if (silent) assert.ok(streams.size <= 2, `${streams.size} streams, but one of two people sends nothing`);
  else assert.ok(packets.length > 100, "there was something to look at");
}

function damaged({ type, body }) {
  const changed = { ...body };
  for (const field of ["blob", "commit"]) if (changed[field]) changed[field] = bent(changed[field]);
  return { type, body: type === "founded" ? body : changed };
}

/** The room with one more person, with false names, and with everybody in the wrong place. */
function crowded(message) {
  if (message.type !== "room") return message;
  const { people, slots } = message.body;
  const others = people.map((one) => (one.you ? one : { ...one, name: "Dr. Mallory", role: "supporter" }));
  const ghost = { ...others[0], id: "ghost", name: "Ghost", you: false, connected: true };
  const moved = slots.map((slot) => ({ ...slot, participant: "ghost" }));
  return { ...message, body: { ...message.body, people: [...others, ghost], slots: moved } };
}

function waiting(id, name) {
  return { id, name, role: "patient", waited_ms: 1_000, badges: [] };
}

/** The browser does not know the guard. */
function unguarded() {
  globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(target, [{ encodedInsertableStreams, ...rest } = {}]) {
      return new target(rest);
    },
  });
}
