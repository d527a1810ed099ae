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

const JAMES = { name: "James Whitfield", mail: "james.whitfield@", born: ["11", "3", "1957"] };
const SUMMARY = "Keep the ankle up for two days. Call us if it swells.";
/** Sign-in links of the demo and whom they stand for. */
const CLINICIANS = {
  "clinician-3": "Hargreaves",
  "clinician-2": "Zhou",
  owner: "Calloway",
  clinician: "Osei",
};
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

  const skip = await mailbox.quiet();
  const free = await book(desk.page, JAMES.name);
  const letter = await mailbox.waitFor(toJames, { skip });
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

  await signIn(clinician.page, free);
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

const toJames = (letter) => letter.to[0].startsWith(JAMES.mail) && linkIn(letter) !== null;

async function book(page, name) {
  await signIn(page, "desk");
  await look(page, "day");
  await page.goto("/day/book");
  await page.fill('input[name="q"]', name);
  await page.locator("form[role=search] button").click();
  await page.locator('a[href^="/day/book?patient="]').first().click();
  await look(page, "book");
  await page.fill('textarea[name="reason"]', "sore throat");
  const [day, hour] = practiceTime(Date.now() + 2 * 60_000);
  await page.fill('input[name="day"]', day);
  await page.fill('input[name="hour"]', hour);
  // The demo's day is full of visits that move with the clock: somebody has time now.
  for (const [link, surname] of Object.entries(CLINICIANS)) {
    const labels = await page.locator('select[name="clinician"] option').allTextContents();
    await page.selectOption('select[name="clinician"]', {
      label: labels.find((one) => one.includes(surname)),
    });
    await page.locator("form[action='/day/book'] button.primary").click();
    await page.waitForLoadState();
    if (!/\/booked$/.test(page.url())) continue;
    await look(page, "booked");
    return link;
  }
  throw new Error("nobody has time");
}

/** Day and time of day where the practice is. */
function practiceTime(ms) {
  const zone = { timeZone: "America/New_York" };
  const day = new Intl.DateTimeFormat("en-CA", { ...zone, dateStyle: "short" }).format(ms);
  const hour = new Intl.DateTimeFormat("en-GB", { ...zone, timeStyle: "short" }).format(ms);
  return [day, hour];
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
  assert.match(truth, /Private so far/);
  assert.match(truth, /Only the 2 people shown can see and hear this/);
  assert.doesNotMatch(truth, /Checked/, "nobody has compared digits yet");
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
  const notice = await mail.waitFor(toJames, { skip });
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
  await agreeAndTakeBack(page);
}

/** One consent in the portal, given alone and taken back in two presses. */
async function agreeAndTakeBack(page) {
  await page.goto("/portal/agreements");
  await look(page, "portal-agreements");
  await page.locator('a[href="/portal/agree/third_party"]').click();
  await look(page, "portal-agree");
  await page.fill('input[name="who"]', "My sister");
  await page.fill('input[name="what"]', "The times of my visits");
  await page.fill('input[name="why"]', "At my request");
  await page.check('input[name="means"][value="stop"]');
  await page.check('input[name="agree"]');
  await page.fill('input[name="name"]', JAMES.name);
  await page.locator('form[action="/portal/agree/third_party"] button.primary').click();
  await page.waitForURL(/done=given$/);
  const given = page.locator(".card", { hasText: "Talking with a person you name" });
  await given.locator('a[href^="/portal/take-back/"]').click();
  await look(page, "portal-take-back");
  await page.locator("form button.danger").click();
  await page.waitForURL(/done=taken-back$/);
  assert.equal(await given.count(), 0, "it counts at once");
  await page.locator('a[href="/portal/agree/third_party"]').waitFor();
}
