// Ahead of the clinician the desk opens the room for one person, looks at them and their document under keys
// of that check alone, and sends them back to the line. Then the clinician comes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { seesAndHears } from "../stage/media.mjs";
import { admitOnDayPage, checkIn, enterLobby, MARIA, signIn, turnOn } from "../stage/people.mjs";

const JAMES = { name: "James Whitfield", born: ["11", "3", "1957"] };
let demo, browser;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

test("the desk sees a document in the room ahead of the clinician, who then founds anew", async () => {
  const [patient, other] = [await person(browser, demo, { phone: true }), await person(browser, demo)];
  const desk = await person(browser, demo);
  await signIn(desk.page, "desk");
  await checkIn(patient.page, demo.patient);
  await enterLobby(patient.page);
  await turnOn(patient.page);
  await checkIn(other.page, demo.others[0], { who: JAMES });
  await enterLobby(other.page);

  const room = await opensFor(desk, MARIA.name);
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  const told = /You are with \W*\w+ \w+\W* from our team.*Your clinician is not here yet/;
  await patient.page.locator(".truth-words", { hasText: told }).waitFor();
  const alone = /You are alone with.*The clinician is not here yet/;
  await room.locator(".truth-words", { hasText: alone }).waitFor();
  await look(patient.page, "room-check-patient");
  await look(room, "room-check-desk");

  await writesDown(desk.page);
  await room.locator(".panel .inside button", { hasText: /Back to lobby/ }).click();
  await patient.page.locator(".lobby").waitFor();
  await look(patient.page, "lobby-after-check");
  assert.ok(await other.page.locator(".lobby").isVisible(), "who waits for somebody else was never called");
  await room.locator(".controls button", { hasText: /Leave/ }).click();
  await meetsAfterwards(patient);
});

/** From the identity page of whoever waits: takes the check on, and opens the room for this person. */
async function opensFor({ page, context }, name) {
  await page.goto("/day");
  await page.locator("li.person", { hasText: name }).locator('a[href$="/identity"]').click();
  await page.locator('form[action$="/identity/open"] button').click();
  await page.getByText("no document does").waitFor();
  await look(page, "identity-taken-on");
  const opened = context.waitForEvent("page");
  await page.locator('form[action$="/identity/open"][target="alcove-room"] button').click();
  const room = await opened;
  await room.locator(".room").waitFor();
  await turnOn(room);
  return room;
}

async function writesDown(page) {
  await page.locator('a[href$="/identity"]', { hasText: "show the form" }).click();
  await page.check('input[name="route"][value="document"]');
  await page.check("#in_view");
  await page.check("#prompt_done");
  await page.selectOption("#kind", "license");
  await page.fill("#issuer", "Massachusetts");
  await page.fill("#last4", "7Q42");
  await page.check('input[name="name_match"][value="yes"]');
  await look(page, "identity-in-room");
  await page.locator('form[action$="/identity"] button').click();
  await page.waitForURL(/done=saved/);
  await page.getByText(/Identity: \W?like IAL1/).first().waitFor();
}

/** The clinician sees what the desk saw; nobody is checked by the desk's look, and the keys are others. */
async function meetsAfterwards(patient) {
  const clinician = await person(browser, demo);
  await signIn(clinician.page, "clinician");
  await clinician.page.goto("/day");
  const row = clinician.page.locator("li.person", { hasText: MARIA.name });
  await row.getByText(/Identity: \W?like IAL1/).waitFor();
  const room = await admitOnDayPage(clinician.context, clinician.page);
  await turnOn(room);
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
  await patient.page.locator(".truth-words", { hasText: /Private so far/ }).waitFor();
  await look(patient.page, "room-after-check");
}
