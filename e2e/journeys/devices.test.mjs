// Cameras that are refused or missing: clear words, a way on, and the other person unharmed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { count, seesAndHears } from "../stage/media.mjs";
import { checkIn, enterLobby, meet, openRoom, signIn, turnOn } from "../stage/people.mjs";

test("a refused camera gets advice at check-in and in the room, and the visit goes on", () =>
  withDemo({}, async (demo, browser) => {
    const patient = await person(browser, demo, { init: refuseDevices });
    const { page } = patient;
    await checkIn(page, demo.patient, {
      each: async (name) => {
        if (name !== "check-in-readiness") return;
        await page.locator("alcove-ready button").first().click();
        await page.locator('alcove-ready[data-state="trouble"]').waitFor();
        assert.equal(await page.locator('input[name="camera"]').inputValue(), "refused");
        await look(page, "check-in-readiness-refused");
      },
    });
    await enterLobby(page);
    await page.locator(".own-before .button.primary").click();
    await page.locator(".own-trouble details").waitFor();
    await look(page, "lobby-camera-refused");

    const clinician = await person(browser, demo);
    await signIn(clinician.page, "clinician");
    const room = await openRoom(clinician);
    const admit = room.locator(".panel .admit").first();
    await Promise.race([page.locator(".room").waitFor(), admit.waitFor()]);
    if (!(await page.locator(".room").isVisible()))
      await admit.click({ timeout: 3_000 }).catch(() => undefined);
    await page.locator(".room").waitFor();
    await room.locator(".tile:not(.self) .blank").waitFor();
    await look(page, "room-camera-refused");
    await patient.leave();
    await clinician.leave();
  }));

test("without a camera the demo shows a moving picture and a tone, also in a tab behind another", () =>
  withDemo({ camera: false, extra: ["--use-fake-ui-for-media-stream"] }, async (demo, browser) => {
    const patient = await person(browser, demo);
    const clinician = await person(browser, demo);
    const room = await meet(patient, clinician, demo.patient);
    await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
    const front = await patient.context.newPage();
    await front.goto("/healthz");
    await front.bringToFront();
    await seesAndHears(room, { frames: 20 });
    assert.ok((await count(patient.page)).sent > 0);
    await front.close();
    await patient.leave();
    await clinician.leave();
  }));

test("cameras start only by a press", () =>
  withDemo({}, async (demo, browser) => {
    const patient = await person(browser, demo, {
      init: () => {
        const devices = navigator.mediaDevices;
        if (!devices) return;
        const real = devices.getUserMedia.bind(devices);
        globalThis.asked = 0;
        devices.getUserMedia = (wish) => (globalThis.asked++, real(wish));
      },
    });
    await checkIn(patient.page, demo.patient);
    assert.equal(await patient.page.evaluate(() => globalThis.asked), 0);
    await enterLobby(patient.page);
    await patient.page.waitForTimeout(500);
    assert.equal(await patient.page.evaluate(() => globalThis.asked), 0);
    await turnOn(patient.page);
    assert.equal(await patient.page.evaluate(() => globalThis.asked), 1);
    await patient.leave();
  }));

/** What a browser does after the person pressed Block. */
function refuseDevices() {
  if (!navigator.mediaDevices) return;
  navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
}

async function withDemo(options, run) {
  const demo = await startDemo();
  const browser = await openBrowser(options);
  try {
    await run(demo, browser);
  } finally {
    await browser.close();
    await demo.stop();
    throwAway(demo);
  }
}
