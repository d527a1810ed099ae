// The door: wrong ways in, one clear sentence each, and the host's own acts at the door of the room.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { seesAndHears, seesNothing } from "../stage/media.mjs";
import { MARIA, checkIn, enterLobby, meet, proveBirthDate, wordsOf } from "../stage/people.mjs";
import { readPicture } from "../stage/picture.mjs";

let browser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

test("an opened link consumes nothing until the button is pressed", () =>
  inDemo(async (demo) => {
    const scanner = await person(browser, demo);
    await scanner.page.goto(demo.patient);
    assert.equal(new URL(scanner.page.url()).hash, "", "the secret is out of the address at once");
    await scanner.leave();
    const patient = await person(browser, demo);
    await checkIn(patient.page, demo.patient);
    await patient.leave();
  }));

test("a link that is open on one device says so on another, and gives nothing away", () =>
  inDemo(async (demo) => {
    const patient = await person(browser, demo);
    await patient.page.goto(demo.patient);
    await patient.page.locator('form:has(input[name="secret"]) button').click();
    await patient.page.waitForURL(/\/who$/);
    await proveBirthDate(patient.page, MARIA.born);
    await patient.page.waitForURL(/check-in/);
    const other = await person(browser, demo);
    await other.page.goto(demo.patient);
    await other.page.locator('form:has(input[name="secret"]) button').click();
    await refusedPage(other.page, "link-used", /open on another device[\s\S]*Please go on there\./);
    await patient.leave();
    await other.leave();
  }));

test("a visit goes on on the phone that reads the picture, and the first screen says so by itself", () =>
  inDemo(async (demo) => {
    const computer = await person(browser, demo);
    await checkIn(computer.page, demo.patient, { until: "welcome" });
    await computer.page.locator('a[href$="/other-device"]').click();
    await look(computer.page, "other-device");
    await computer.page.locator('form[action$="/other-device"] button').click();
    const picture = computer.page.locator("svg.qr");
    await picture.waitFor();
    await look(computer.page, "other-device-picture");
    const address = await readPicture(computer.context, picture);
    assert.ok(address.startsWith(`${demo.origin}/i/continue#`), address);
    const [code] = (await wordsOf(computer.page)).match(/\b\d{3} \d{3}\b/);

    const phone = await person(browser, demo, { phone: true });
    await phone.page.goto(address);
    assert.equal(new URL(phone.page.url()).hash, "", "the secret is out of the address at once");
    await look(phone.page, "other-device-door");
    await phone.page.locator('form[action="/i/continue"] button').click();
    await phone.page.locator('input[name="short"]').fill(code);
    await look(phone.page, "other-device-question");
    await proveBirthDate(phone.page, MARIA.born);
    await phone.page.waitForURL(/\/check-in\/welcome$/);

    const told = computer.page.getByRole("heading", { name: "Your visit goes on with your other device" });
    await told.waitFor();
    await look(computer.page, "other-device-moved");
    const third = await person(browser, demo, { phone: true });
    await third.page.goto(address);
    await third.page.locator('form[action="/i/continue"] button').click();
    await third.page.getByRole("heading", { name: "This picture is over" }).waitFor();
    await look(third.page, "other-device-over");
    for (const one of [computer, phone, third]) await one.leave();
  }));

test("a forged link and a bare address are refused with a sentence", () =>
  inDemo(async (demo) => {
    const stranger = await person(browser, demo);
    await stranger.page.goto(`/i#${"A".repeat(43)}`);
    await stranger.page.locator('form:has(input[name="secret"]) button').click();
    await refusedPage(stranger.page, "link-forged", /We do not know this link[\s\S]*call us/);
    await stranger.page.goto("/i");
    const missing = await stranger.page.locator("[data-no-secret]:visible").innerText();
    assert.match(missing, /This link is not complete[\s\S]*open it again from the message/);
    await look(stranger.page, "link-incomplete");
    await stranger.leave();
  }));

test("whoever opened another invitation finds nothing behind this guest's address or the staff's", () =>
  inDemo(async (demo) => {
    const patient = await person(browser, demo);
    const lobby = await checkIn(patient.page, demo.patient);
    const stranger = await person(browser, demo);
    await stranger.page.goto(demo.others[0]);
    await stranger.page.locator('form:has(input[name="secret"]) button').click();
    await stranger.page.waitForURL(/\/who$/);
    const foreign = new URL(lobby).pathname;
    const paths = [foreign, foreign.replace("lobby", "check-in/location"), "/day", "/patients", "/practice"];
    for (const path of paths) {
      const answer = await stranger.page.goto(path);
      const seen = await wordsOf(stranger.page);
      const turnedAway =
        [401, 404].includes(answer.status()) || new URL(stranger.page.url()).pathname === "/sign-in";
      assert.ok(turnedAway, `${path}: ${answer.status()} at ${stranger.page.url()}`);
      assert.match(seen, TURNED_AWAY, path);
      assert.ok(!seen.includes("Maria") && !seen.includes("Harbor Street"), `${path} shows nothing of hers`);
      assert.equal(await stranger.page.locator('form[action$="/enter"]').count(), 0, `${path} is no way in`);
    }
    await patient.leave();
    await stranger.leave();
  }));

test("five wrong birth dates lock the link; the sentence says how many tries are left", () =>
  inDemo(async (demo) => {
    const guesser = await person(browser, demo);
    await guesser.page.goto(demo.patient);
    await guesser.page.locator('form:has(input[name="secret"]) button').click();
    await guesser.page.waitForURL(/\/who$/);
    for (let tried = 1; tried <= 5; tried++) {
      await proveBirthDate(guesser.page, ["1", String(tried), "1990"]);
      await guesser.page.waitForLoadState();
      assert.match(await wordsOf(guesser.page), AFTER_TRY[tried - 1]);
      if (tried === 1) await look(guesser.page, "second-fact-wrong");
    }
    await look(guesser.page, "link-locked");
    assert.equal(await guesser.page.locator('input[name="month"]').count(), 0, "no sixth try");
    assert.match(await wordsOf(guesser.page), LOCKED);
    await guesser.leave();
    const patient = await person(browser, demo);
    await patient.page.goto(demo.patient);
    await patient.page.locator('form:has(input[name="secret"]) button').click();
    await refusedPage(patient.page, "link-locked-elsewhere", LOCKED);
    await patient.leave();
  }));

test("a patient who refuses consent gets a phone number and a way back, never a room", () =>
  inDemo(async (demo) => {
    const patient = await person(browser, demo);
    await checkIn(patient.page, demo.patient, { until: "consent" });
    await patient.page.locator('form[action$="/refuse"] button').click();
    await patient.page.waitForURL(/\/refused$/);
    const said = await wordsOf(patient.page);
    assert.match(said, /You said no to a video visit[\s\S]*you still get care here[\s\S]*617-555-0142/);
    await look(patient.page, "consent-refused");
    const lobby = patient.page.url().replace(/refused$/, "lobby");
    await patient.page.goto(lobby);
    assert.equal(await patient.page.locator('form[action$="/enter"]').count(), 0, "no way into the lobby");
    await patient.leave();
  }));

test("back to the lobby, in again, locked, removed: each within seconds, media end with it", () =>
  inDemo(async (demo) => {
    const patient = await person(browser, demo);
    const clinician = await person(browser, demo);
    const room = await meet(patient, clinician, demo.patient);
    await seesAndHears(patient.page);
    await room.locator(".panel .inside button:not([hidden])").first().click();
    await patient.page.locator(".lobby").waitFor();
    await seesNothing(patient.page);
    const text = await patient.page.locator("body").innerText();
    assert.ok(!/Remove|Lock/.test(text), "nothing of the room reaches the lobby");

    await room.fill("#say", "Two more minutes, please.");
    await room.locator(".panel form button[type=submit]").click();
    await patient.page.locator(".message", { hasText: "Two more minutes, please." }).waitFor();
    await room.locator(".panel .switch").click();
    await room.locator('.panel .switch[aria-checked="true"]').waitFor();
    await look(room, "room-locked");
    await room.locator(".panel .switch").click();
    await room.locator('.panel .switch[aria-checked="false"]').waitFor();
    await room.locator(".panel .admit").first().click();
    await patient.page.locator(".room").waitFor();
    await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);

    await room.locator(".panel .inside .danger").first().click();
    await room.locator(".dialog .danger").click();
    await reads(patient.page, /You are no longer in this visit[\s\S]*please call 617-555-0142/);
    await look(patient.page, "removed");
    await room.locator(".tile:not(.self)").waitFor({ state: "detached" });
    await patient.leave();
    await clinician.leave();
  }));

test("without a way in the room says where to start", () =>
  inDemo(async (demo) => {
    const stranger = await person(browser, demo);
    await stranger.page.goto("/room/");
    await reads(stranger.page, /opens from your visit page[\s\S]*Open the link in your message again/);
    await look(stranger.page, "room-no-ticket");
    await stranger.page.goto("about:blank");
    await stranger.page.goto(`/room/#${"A".repeat(43)}`);
    await reads(stranger.page, TICKET_OVER);
    assert.equal(new URL(stranger.page.url()).hash, "");
    await look(stranger.page, "room-refused");
    await stranger.leave();
  }));

test("the same ticket opens the room one time", () =>
  inDemo(async (demo) => {
    const patient = await person(browser, demo, {
      init: () => {
        if (location.hash.length > 20 && location.pathname === "/room/") globalThis.wayIn = location.hash;
      },
    });
    await checkIn(patient.page, demo.patient);
    await enterLobby(patient.page);
    const wayIn = await patient.page.evaluate(() => globalThis.wayIn);
    assert.ok(wayIn?.length > 40);
    const thief = await person(browser, demo);
    await thief.page.goto(`/room/${wayIn}`);
    await reads(thief.page, TICKET_OVER);
    assert.ok(await patient.page.locator(".lobby").isVisible(), "the one who waits still waits");
    await patient.leave();
    await thief.leave();
  }));

const AFTER_TRY = [
  /does not match what your practice has\. You have 4 more tries\./,
  /You have 3 more tries\./,
  /You have 2 more tries\./,
  /You have 1 more try\./,
  /This link is locked/,
];
const LOCKED = /This link is locked[\s\S]*wrong too many times[\s\S]*Call us[\s\S]*617-555-0142/;
const TICKET_OVER = /already been used, or is too old[\s\S]*press the button again/;
const TURNED_AWAY = new RegExp(
  [
    "There is nothing here[^]*or it is not open to you",
    "Please sign in[^]*open the link from your practice again",
    "This page is for people who work at the practice",
  ].join("|"),
);

/** The room document has ended, with these words. */
async function reads(page, sentence) {
  await page.locator(".over h1").waitFor();
  assert.match(await page.locator(".over").innerText(), sentence);
}

async function refusedPage(page, name, sentence) {
  await page.locator(".arch h1").waitFor();
  assert.equal(await page.locator('input[name="month"]').count(), 0, "no question behind it");
  const seen = await wordsOf(page);
  assert.match(seen, sentence);
  assert.match(seen, /Call\s+617-555-0142[\s\S]*You did nothing wrong\./);
  assert.ok(!seen.includes("Maria") && !seen.includes("Osei"), "nobody is named");
  await look(page, name);
}

async function inDemo(run) {
  const demo = await startDemo();
  try {
    await run(demo);
  } finally {
    await demo.stop();
    throwAway(demo);
  }
}
