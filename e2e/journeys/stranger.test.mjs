// Our page and somebody else's program in one visit: openmls, the sframe crate and str0m against ts-mls, our
// frame worker and Chromium, over the real server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { seesAndHears, seesNothing } from "../stage/media.mjs";
import { admitFirst, checkIn, digitsOf, openRoom, signIn, turnOn } from "../stage/people.mjs";
import { stranger, ticketOf } from "../stage/stranger.mjs";

test("another implementation knocks, compares digits, sees and is seen, and is put out", async () => {
  const demo = await startDemo();
  const browser = await openBrowser();
  const patient = await person(browser, demo);
  const clinician = await person(browser, demo);
  await checkIn(patient.page, demo.patient);
  const other = stranger(demo.origin, await ticketOf(patient.page));
  try {
    await signIn(clinician.page, "clinician");
    const room = await openRoom(clinician);
    await turnOn(room);
    const { digits } = await other.hears((one) => one.digits);
    await room.waitForTimeout(500);
    if (await room.locator(".panel .admit").count()) await admitFirst(room);
    const { host } = await other.hears((one) => one.joined);
    assert.match(host, /Osei/, "the name in the host's credential");
    assert.equal((await digitsOf(room)).replace(" ", ""), digits, "both sides have the same digits");
    await room.locator(".code-matches").click();
    // What comes back went out of this page, was opened there, and was sealed there anew.
    await seesAndHears(room, { frames: 20, within: 30_000 });
    const { opened } = await other.hears(({ opened }) => opened?.video > 20 && opened.audio > 50);
    assert.ok(opened);

    const before = (await other.hears((one) => one.joined)).joined;
    await room.locator(".lock-switch, [role=switch]").first().click();
    await other.hears((one) => one.epoch > before);
    await seesAndHears(room, { frames: 20, within: 30_000 });

    await room.getByRole("button", { name: "Remove" }).click();
    await room.locator(".dialog .danger").click();
    await other.hears((one) => one.over === "removed");
    await seesNothing(room);
  } finally {
    await other.stop();
    await browser.close();
    await demo.stop();
    throwAway(demo);
  }
});
