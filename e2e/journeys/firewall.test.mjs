// The same visit where no UDP gets through: media come over TCP on the port that serves the pages.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { seesAndHears } from "../stage/media.mjs";
import { meet } from "../stage/people.mjs";

let demo, browser;

before(async () => {
  demo = await startDemo({ noUdp: true });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

test("where only TCP gets through, both see and hear each other", async () => {
  const patient = await person(browser, demo);
  const clinician = await person(browser, demo);
  const room = await meet(patient, clinician, demo.patient);
  const [one, other] = await Promise.all([
    seesAndHears(patient.page, { frames: 30 }),
    seesAndHears(room, { frames: 30 }),
  ]);
  assert.equal(one.protocol, "tcp");
  assert.equal(other.protocol, "tcp");
  await patient.leave();
  await clinician.leave();
});
