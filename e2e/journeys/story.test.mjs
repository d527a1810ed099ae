// The whole story, in two browsers: booked by the desk, invited by real mail, checked in, met, ended, asked,
// summed up.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { linkIn, openMailbox } from "../stage/mail.mjs";
import { count, seesAndHears, seesNothing } from "../stage/media.mjs";
import { checkIn, enterLobby, proveBirthDate, signIn, turnOn } from "../stage/people.mjs";

const JAMES = { name: "James Whitfield", born: ["11", "3", "1957"] };
const SUMMARY = "Keep the ankle up for two days. Call us if it swells.";
let mailbox, demo, browser;

before(async () => {
  mailbox = await openMailbox();
  demo = await startDemo({ smtp: mailbox.address });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  await mailbox?.close();
  if (demo) throwAway(demo);
});

test("R7: from the booking to the portal no request leaves the practice's own origin", async () => {
  const desk = await person(browser, demo);
  const patient = await person(browser, demo, { phone: true });
  const clinician = await person(browser, demo);

  const skip = mailbox.letters.length;
  await book(desk.page, JAMES.name);
  const letter = await mailbox.waitFor((one) => linkIn(one) !== null, { skip });
  for (const word of [...JAMES.name.split(" "), "1957", "sore throat"]) {
    assert.ok(!letter.text.includes(word), `the invitation does not say "${word}"`);
  }

  await checkIn(patient.page, linkIn(letter), {
    who: JAMES,
    measure: true,
    each: (name) => look(patient.page, name),
  });
  await enterLobby(patient.page);
  await look(patient.page, "lobby-before");
  await turnOn(patient.page);
  await look(patient.page, "lobby");
  assert.equal((await count(patient.page)).connections, 0, "nobody connects before admission");

  await signIn(clinician.page, "clinician-3");
  await look(clinician.page, "day-waiting");
  const room = await openRoomOf(clinician, JAMES.name);
  await turnOn(room);
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page, { frames: 30 }), seesAndHears(room, { frames: 30 })]);
  await look(room, "room-clinician");
  await look(patient.page, "room-patient");
  await truthIsSaid(patient.page);
  await muteAndCamera(patient.page, room);

  await room.locator(".controls .red:visible").click();
  await look(room, "room-question");
  await room.locator(".dialog .danger").click();
  await Promise.all([room.locator(".over").waitFor(), patient.page.locator(".over").waitFor()]);
  await look(patient.page, "ended-patient");
  await look(room, "ended-clinician");
  assert.equal(await patient.page.evaluate(() => sessionStorage.getItem("alcove.resume")), null);

  await survey(patient.page);
  await summarise(room, mailbox, patient);
  for (const one of [desk, patient, clinician]) await one.leave();
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  assert.ok(verified.ok, verified.text);
  demo = await startDemo({ smtp: mailbox.address, folder: demo.folder, port: demo.port });
});

async function book(page, name) {
  await signIn(page, "desk");
  await look(page, "day");
  await page.goto("/day/book");
  await page.fill('input[name="q"]', name);
  await page.locator("form[role=search] button").click();
  await page.locator('a[href^="/day/book?patient="]').first().click();
  await look(page, "book");
  const label = await optionWith(page, "clinician", "Hargreaves");
  await page.selectOption('select[name="clinician"]', { label });
  await page.fill('textarea[name="reason"]', "sore throat");
  const soon = new Date(Date.now() + 5 * 60_000);
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: "America/New_York",
      hour12: false,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    })
      .formatToParts(soon)
      .map((part) => [part.type, part.value]),
  );
  await page.fill('input[name="day"]', `${parts.year}-${parts.month}-${parts.day}`);
  await page.fill('input[name="hour"]', `${parts.hour === "24" ? "00" : parts.hour}:${parts.minute}`);
  await page.locator("form[action='/day/book'] button.primary").click();
  await page.waitForURL(/\/visits\/[^/]+\/booked$/);
  await look(page, "booked");
}

async function optionWith(page, name, word) {
  const labels = await page.locator(`select[name="${name}"] option`).allTextContents();
  return labels.find((label) => label.includes(word)) ?? labels.at(-1);
}

/** The patient's own row on the day page; its button opens the room and admits. */
async function openRoomOf(clinician, name) {
  await clinician.page.goto("/day");
  const row = clinician.page.locator("li.person", { hasText: name });
  const opened = clinician.context.waitForEvent("page");
  await row.locator('form[target="alcove-room"] button').click();
  const room = await opened;
  await room.locator(".room").waitFor();
  return room;
}

async function truthIsSaid(page) {
  const truth = await page.locator(".truth-words").innerText();
  assert.match(truth, /the practice’s own server/);
  assert.match(truth, /End-to-end encryption is not in this version yet/);
  assert.match(truth, /2 people/);
}

async function muteAndCamera(patient, room) {
  const tile = room.locator(".tile:not(.self)");
  await patient.keyboard.press("m");
  await tile.locator(".tag-muted").waitFor();
  await patient.keyboard.press("c");
  await tile.locator(".blank").waitFor();
  await seesNothing(room);
  await patient.keyboard.press("c");
  await tile.locator("video:visible").waitFor();
  await seesAndHears(room, { frames: 10, sound: false });
  await patient.keyboard.press("m");
  await tile.locator(".tag-muted").waitFor({ state: "hidden" });
}

async function survey(page) {
  await page.locator(".over a.button.primary").click();
  await look(page, "after-visit");
  if (!page.url().endsWith("/survey")) await page.locator('a[href$="/survey"]').click();
  await look(page, "survey");
  await page.check('input[name="comfort"][value="5"]', { force: true });
  await page.check('input[name="privacy"][value="4"]', { force: true });
  await page.locator("form:has(input[name=comfort]) button.primary").click();
  await page.locator("form:has(input[name=comfort])").waitFor({ state: "detached" });
  await look(page, "survey-thanks");
}

async function summarise(room, mail, patient) {
  const skip = mail.letters.length;
  await room.locator(".over a.button.primary").click();
  await room.fill('textarea[name="body"]', SUMMARY);
  await look(room, "summary");
  await room.locator('form[action$="/summary"] button.primary').click();
  const notice = await mail.waitFor((one) => linkIn(one) !== null, { skip });
  assert.ok(!notice.text.includes("ankle"), "the notice holds nothing of the summary");
  const { page } = patient;
  await page.goto(linkIn(notice));
  await look(page, "notice");
  await page.locator('form:has(input[name="secret"]) button').click();
  await page.waitForLoadState();
  if (await page.locator('input[name="month"]').count()) await proveBirthDate(page, JAMES.born);
  await page.waitForURL(/\/portal/);
  await look(page, "portal");
  if (!(await page.getByText(SUMMARY).count()))
    await page.locator('a.button.primary[href^="/portal/visits/"]').first().click();
  await page.getByText(SUMMARY).waitFor();
  await look(page, "portal-visit");
}
