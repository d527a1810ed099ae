// Visits of three and of five: who comes along is invited, checks in, is let in one by one, and everybody
// sees and hears everybody. Nobody has keys before they are let in or after they are sent away, and a deputy
// keeps the door while the host is gone.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import {
  admit,
  allMeet,
  comeAlong,
  ELENA,
  invite,
  lanes,
  lowResolution,
  nameDeputy,
  openAsDeputy,
  ROSA,
  rosterOf,
  seesEverybody,
  truthOf,
  visitOf,
} from "../stage/crowd.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { count } from "../stage/media.mjs";
import { digitsOf, enterLobby, MARIA, meet, proveCode, signIn, turnOn } from "../stage/people.mjs";

let demo, browser, crew, visit;

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

test("R93: an interpreter comes by link and code, in Spanish, and is let in like the patient", async () => {
  const { desk, clinician, patient, room, elena } = await three();
  const times = await allMeet([patient.page, room, elena.page]);
  console.log(`three meet: ${times.map(({ ms }) => ms).join(", ")} ms`);
  await truthSays(3, [patient.page, room]);
  assert.match(await truthOf(elena.page), /Solo las 3 personas/);
  assert.deepEqual(await rosterOf(patient.page), ["Dr. Amara Osei", ELENA.name]);
  assert.deepEqual(await rosterOf(elena.page), ["Dr. Amara Osei", MARIA.name]);
  await look(room, "room-3-clinician");
  await look(elena.page, "room-3-interpreter");

  await opensOnce(desk.page, clinician.invited);

  await compareAll(room, [patient.page, elena.page]);
  await patient.page.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();
  await room.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();

  // Whoever reads hands needs the interpreter large, whoever leads: by one press, and it stays.
  await patient.page.locator(".tile", { hasText: ELENA.name }).locator(".enlarge").click();
  const large = patient.page.locator('.tile[data-place="main"] .tag-name');
  await large.filter({ hasText: ELENA.name }).waitFor();
  await look(patient.page, "room-3-patient-signs");

  await elena.page.reload();
  await elena.page.locator(".room").waitFor();
  await allMeet([patient.page, room, elena.page]);
  assert.equal(await large.innerText(), ELENA.name, "still large after a lost line");
  assert.equal(await room.locator(".panel .admit").count(), 0, "nobody asks to be let in again");
  assert.equal(await room.locator(".code:visible").count(), 0, "and nobody is asked for digits");

  await room.locator(".panel .inside li", { hasText: ELENA.name }).locator(".danger").click();
  await room.locator(".dialog .danger").click();
  await elena.page.locator(".over").waitFor();
  await elena.page.waitForTimeout(2_000);
  const gone = await count(elena.page);
  await elena.page.waitForTimeout(1_500);
  assert.equal((await count(elena.page)).frames, gone.frames, "who was sent away decodes nothing");
  await allMeet([patient.page, room]);
  await truthSays(2, [patient.page, room]);
});

test("the end is kind to whoever came along, and asks them nothing", async () => {
  const { room, elena } = await three();
  await room.locator(".controls .red:visible").click();
  await room.locator(".dialog .danger").click();
  await elena.page.locator(".over a.button.primary").click();
  await elena.page.waitForURL(/\/after$/);
  await look(elena.page, "companion-end");
  assert.equal(await elena.page.locator('a[href$="/survey"]').count(), 0, "no survey about others");
});

test("five meet, the host leaves, the deputy lets the last one in, and the host comes back", async () => {
  const { patient, room, elena, clinician } = await three({ deputy: "Nadia Petrov" });
  const rosa = await one({ phone: true });
  await comeAlong(rosa.page, clinician.invited.rosa);
  await admit(room, ROSA.name);
  await rosa.page.locator(".room").waitFor();
  const nadia = await one();
  const deputy = await openAsDeputy(nadia, "assistant", visit);
  await admit(room, "Nadia Petrov");
  const pages = [patient.page, room, elena.page, rosa.page, deputy];
  const times = await allMeet(pages);
  console.log(`five meet: ${times.map(({ ms }) => ms).join(", ")} ms`);
  await truthSays(5, [patient.page, room, deputy]);
  await look(room, "room-5-clinician");
  await look(patient.page, "room-5-patient");
  await compareAll(room, [patient.page, elena.page, rosa.page, deputy]);
  await deputy.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();

  await rosa.page.locator(".controls .red:visible").click();
  await rosa.page.locator(".dialog .danger").click();
  await rosa.page.locator(".over").waitFor();
  await rosa.page.evaluate(likeAnotherDevice);
  await room.locator(".controls button", { hasText: /Leave/ }).click();
  await room.locator(".dialog .danger").click();
  await room.locator(".over").waitFor();

  await rosa.page.locator(".over .button.primary").click();
  await rosa.page.waitForURL(/\/lobby$/);
  await enterLobby(rosa.page);
  await turnOn(rosa.page);
  await deputy.locator(".panel .waiting", { hasText: ROSA.name }).waitFor();
  const outside = await lanes(rosa.page);
  assert.deepEqual(outside, { video: [], audio: [] }, "nothing of the room reaches the lobby");
  // At once after a goodbye; on a busy machine that was not heard, after half a minute of silence.
  await admit(deputy, ROSA.name, 60_000);
  await rosa.page.locator(".room").waitFor();
  await allMeet([patient.page, elena.page, rosa.page, deputy]);
  await truthSays(4, [patient.page, deputy]);

  await clinician.page.goto(visit);
  // The room's window is still there and is used again.
  await clinician.page.locator('form[target="alcove-room"] button').first().click();
  const back = room;
  await back.locator(".room").waitFor();
  await turnOn(back);
  await allMeet([patient.page, elena.page, rosa.page, deputy, back]);
  await truthSays(5, [patient.page, deputy, back]);
  // Nobody compared digits with her as she is now, so nobody's word leads to the host: a press brings digits.
  await rosa.page.locator(".unmet").waitFor();
  await look(rosa.page, "room-unmet-guest");
  await rosa.page.locator(".unmet-compare").click();
  await compareAll(back, [rosa.page]);
  await rosa.page.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();
  await allMeet([rosa.page, back]);
});

test("the host is gone, then the server as well: the deputy goes on, and the host founds anew", async () => {
  const { patient, room, clinician } = await three({ deputy: "Nadia Petrov", alone: true });
  const nadia = await one();
  const deputy = await openAsDeputy(nadia, "assistant", visit);
  await admit(room, "Nadia Petrov");
  await allMeet([patient.page, room, deputy]);
  await compareAll(room, [patient.page, deputy]);

  await clinician.context.setOffline(true);
  await room.goto("about:blank");
  const elena = await one({ lang: "es-ES", phone: true });
  await comeAlong(elena.page, clinician.invited.elena);
  await admit(deputy, ELENA.name, 60_000);
  await elena.page.locator(".room").waitFor();
  await allMeet([patient.page, elena.page, deputy]);
  await compareAll(deputy, [elena.page]);

  // The host is back for a moment: the two have no digits, each goes by the deputy's word, and says so.
  await clinician.context.setOffline(false);
  await room.goto("/room/");
  await room.locator(".room").waitFor();
  await allMeet([patient.page, elena.page, deputy, room]);
  const chain = /Nadia Petrov comprobó a Dr\. Amara Osei por usted/;
  await elena.page.locator(".truth-words", { hasText: chain }).waitFor();
  await room.locator(".tag-check", { hasText: /checked by voice by Nadia Petrov/ }).waitFor();
  await look(elena.page, "room-chain-guest");
  await clinician.context.setOffline(true);
  await room.goto("about:blank");

  await startAgain();
  await allMeet([patient.page, elena.page, deputy]);
  // Only the host founds: whoever loses the keys meanwhile stands in the room and waits for them.
  await elena.page.reload();
  await elena.page.locator(".truth-words", { hasText: "Todavía no se envía nada" }).waitFor();
  await allMeet([patient.page, deputy]);

  await clinician.context.setOffline(false);
  await room.goto("/room/");
  await room.locator(".room").waitFor();
  // The deputy let her in, the host's page has never met her: she stands in the room until the host admits.
  await admit(room, ELENA.name, 60_000);
  await allMeet([patient.page, elena.page, deputy, room]);
  await truthSays(4, [patient.page, deputy, room]);
  await elena.page.locator(".truth-words", { hasText: chain }).waitFor();
});

/** In the page: nothing is left of the keys it had, nor of whom it met. */
function likeAnotherDevice() {
  sessionStorage.removeItem("alcove.met");
  return new Promise((done, failed) => {
    const request = indexedDB.open("alcove-identity", 1);
    request.onerror = () => failed(request.error);
    request.onsuccess = () => {
      const clearing = request.result.transaction(["keys", "pins"], "readwrite");
      for (const store of ["keys", "pins"]) clearing.objectStore(store).clear();
      clearing.oncomplete = () => done();
    };
  });
}

/** The server dies and comes back; whoever is inside notices and goes on by themselves. */
async function startAgain() {
  await demo.crash();
  demo = await startDemo({ folder: demo.folder, port: demo.port });
}

async function one(options = {}) {
  const who = await person(browser, demo, { init: lowResolution, ...options });
  crew.push(who);
  return who;
}

/** The desk invites; clinician and patient meet; the interpreter is let in unless they come later. */
async function three({ deputy = null, alone = false } = {}) {
  const [desk, patient, clinician] = [await one(), await one(), await one()];
  await signIn(desk.page, "desk");
  visit = await visitOf(desk.page, MARIA.name);
  const invited = { elena: await invite(desk.page, visit, ELENA) };
  invited.rosa = await invite(desk.page, visit, ROSA);
  await look(desk.page, "companion-invited");
  if (deputy) await nameDeputy(desk.page, visit, deputy);
  await look(desk.page, "visit-with-others");
  clinician.invited = invited;
  const room = await meet(patient, clinician, demo.patient, {
    each: (name) => (name === "check-in-welcome" ? look(patient.page, "check-in-welcome-others") : undefined),
  });
  if (alone) return { desk, patient, clinician, room };
  const elena = await one({ lang: "es-ES", phone: true });
  await comeAlong(elena.page, invited.elena, (name) => look(elena.page, name));
  assert.deepEqual(await lanes(elena.page), { video: [], audio: [] }, "nobody connects before admission");
  await admit(room, ELENA.name);
  await elena.page.locator(".room").waitFor();
  return { desk, patient, clinician, room, elena };
}

/** A link that is in use opens in no other browser, and one that was replaced in none: also with its code. */
async function opensOnce(desk, invited) {
  const { page } = await one({ lang: "es-ES", phone: true });
  await pressLink(page, invited.elena.link);
  await page.locator("h1", { hasText: "Este enlace está abierto en otro aparato" }).waitFor();
  await look(page, "companion-link-elsewhere");
  await desk.goto(visit);
  const row = desk.locator('section[aria-labelledby="others-title"] li', { hasText: ROSA.name });
  await row.locator('form[action$="/link"] button').click();
  const [link, code] = [await desk.inputValue("#link"), await desk.inputValue("#code")];
  await pressLink(page, invited.rosa.link);
  await page.locator("h1", { hasText: "Este enlace fue reemplazado" }).waitFor();
  await pressLink(page, link);
  await proveCode(page, invited.rosa.code);
  await page.locator("#faults").waitFor();
  await proveCode(page, code);
  await page.waitForURL(/\/check-in\/welcome$/);
}

async function pressLink(page, link) {
  await page.goto("about:blank");
  await page.goto(link);
  await page.locator('form:has(input[name="secret"]) button').click();
}

/** The host hears everybody's digits, one after the other, and each says for themselves that they match. */
async function compareAll(room, pages) {
  const read = new Map();
  for (const page of pages) {
    await page.locator(".code").waitFor();
    read.set(await digitsOf(page), page);
  }
  for (let left = pages.length; left > 0; left--) {
    await room.locator(".code").waitFor();
    const seen = await digitsOf(room);
    assert.ok(read.has(seen), `${seen} is read by somebody`);
    await room.locator(".code-matches").click();
    await read.get(seen).locator(".code-matches").click();
    read.delete(seen);
    // The next card has other digits; after the last there is none.
    const shown = room.locator(".code:visible .digits [aria-hidden]", { hasText: seen });
    await shown.waitFor({ state: "detached" });
  }
}

async function truthSays(people, pages) {
  for (const page of pages) {
    const wanted = new RegExp(`Only the \\W?${people}\\W? people shown can see and hear this`);
    await page.locator(".truth-words", { hasText: wanted }).waitFor();
    await seesEverybody(page, people - 1);
  }
}
