// The door: wrong ways in, one clear sentence each, and the host's own acts at the door of the room.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { seesAndHears, seesNothing } from "../stage/media.mjs";
import { MARIA, checkIn, enterLobby, meet, proveBirthDate } from "../stage/people.mjs";

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
    await refusedPage(other.page, "link-used");
    await patient.leave();
    await other.leave();
  }));

test("a forged link and a bare address are refused with a sentence", () =>
  inDemo(async (demo) => {
    const stranger = await person(browser, demo);
    await stranger.page.goto(`/i#${"A".repeat(43)}`);
    await stranger.page.locator('form:has(input[name="secret"]) button').click();
    await refusedPage(stranger.page, "link-forged");
    await stranger.page.goto("/i");
    await stranger.page.locator("[data-no-secret]:visible").waitFor();
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
      const seen = await stranger.page.locator("body").innerText();
      const turnedAway =
        [401, 404].includes(answer.status()) || new URL(stranger.page.url()).pathname === "/sign-in";
      assert.ok(turnedAway, `${path}: ${answer.status()} at ${stranger.page.url()}`);
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
      if (tried === 1) {
        await guesser.page.locator('[role="alert"], .wrong').first().waitFor();
        await look(guesser.page, "second-fact-wrong");
      }
    }
    await look(guesser.page, "link-locked");
    assert.equal(await guesser.page.locator('input[name="month"]').count(), 0, "no sixth try");
    await guesser.leave();
    const patient = await person(browser, demo);
    await patient.page.goto(demo.patient);
    await patient.page.locator('form:has(input[name="secret"]) button').click();
    await refusedPage(patient.page, "link-locked-elsewhere");
    await patient.leave();
  }));

test("a patient who refuses consent gets a phone number and a way back, never a room", () =>
  inDemo(async (demo) => {
    const patient = await person(browser, demo);
    await patient.page.goto(demo.patient);
    await patient.page.locator('form:has(input[name="secret"]) button').click();
    await patient.page.waitForURL(/\/who$/);
    await proveBirthDate(patient.page, MARIA.born);
    await patient.page.waitForURL(/check-in\/welcome$/);
    await patient.page.locator('form[action$="/welcome"] button').click();
    await patient.page.waitForURL(/check-in\/consent$/);
    await patient.page.locator('form[action$="/refuse"] button').click();
    await patient.page.waitForURL(/\/refused$/);
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
    await room.locator(".panel .inside button").first().click();
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
    await patient.page.locator(".over").waitFor();
    await look(patient.page, "removed");
    await room.locator(".tile:not(.self)").waitFor({ state: "detached" });
    await patient.page.goto(demo.patient).catch(() => undefined);
    await patient.leave();
    await clinician.leave();
  }));

test("without a way in the room says where to start", () =>
  inDemo(async (demo) => {
    const stranger = await person(browser, demo);
    await stranger.page.goto("/room/");
    await stranger.page.locator(".over h1").waitFor();
    await look(stranger.page, "room-no-ticket");
    await stranger.page.goto("about:blank");
    await stranger.page.goto(`/room/#${"A".repeat(43)}`);
    await stranger.page.locator(".over h1").waitFor();
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
    await thief.page.locator(".over h1").waitFor();
    assert.ok(await patient.page.locator(".lobby").isVisible(), "the one who waits still waits");
    await patient.leave();
    await thief.leave();
  }));

async function refusedPage(page, name) {
  await page.waitForLoadState();
  assert.equal(await page.locator('input[name="month"]').count(), 0, "no question behind it");
  const seen = await page.locator("body").innerText();
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
