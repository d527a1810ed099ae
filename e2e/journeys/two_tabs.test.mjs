// Patient and clinician in one browser, as whoever tries the demo alone has them: the word "admit this one"
// from the day page goes to every tab of the browser, also to the room the patient waits in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { seesAndHears } from "../stage/media.mjs";
import { admitOnDayPage, checkIn, enterLobby, signIn, turnOn } from "../stage/people.mjs";

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

test("Admit on the day page opens the room, also when the patient waits in another tab of it", async () => {
  const both = await person(browser, demo);
  await checkIn(both.page, demo.patient);
  await enterLobby(both.page);
  await turnOn(both.page);

  const day = await both.context.newPage();
  await signIn(day, "clinician");
  const room = await admitOnDayPage(both.context, day);
  await turnOn(room);
  await both.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(both.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  assert.match(await room.locator(".tile:not(.self)").innerText(), /Maria Alvarez/);
  assert.match(await both.page.locator(".tile:not(.self)").innerText(), /Osei/);
  await both.leave();
});

test("when the room is open already, Admit on the day page brings the patient into that one", async () => {
  const other = await startDemo();
  const both = await person(browser, other);
  const day = await both.context.newPage();
  await signIn(day, "clinician");
  await checkIn(both.page, other.patient);
  await enterLobby(both.page);
  await turnOn(both.page);
  const room = await admitOnDayPage(both.context, day);
  await both.page.locator(".room").waitFor();
  await room.locator(".panel .inside button:not([hidden])").first().click();
  await both.page.locator(".lobby .place").waitFor();

  const pages = both.context.pages().length;
  await day.goto("/day");
  await day.locator('form[target="alcove-room"][data-admit] button').first().click();
  await both.page.locator(".room").waitFor();
  await turnOn(room);
  await Promise.all([seesAndHears(both.page), seesAndHears(room)]);
  assert.equal(both.context.pages().length, pages, "no second room opens");
  await both.leave();
  await other.stop();
  throwAway(other);
});
