// Cameras that are refused or missing: clear words, a way on, and the other person unharmed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { count, seesAndHears } from "../stage/media.mjs";
import { checkIn, enterLobby, MARIA, meet, openRoom, signIn, turnOn } from "../stage/people.mjs";

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
        const advice = await page.locator("alcove-ready").innerText();
        assert.match(advice, /The browser does not allow the camera or microphone\./);
        assert.match(advice, /Press the sign left of the address/);
        await page.locator('alcove-ready [role="alert"] a[href$="/other-device"]').waitFor();
        await look(page, "check-in-readiness-refused");
      },
    });
    await enterLobby(page);
    await page.locator(".own-before .button.primary").click();
    await page.locator(".own-trouble details").waitFor();
    assert.match(await page.locator(".own-trouble").innerText(), /does not allow the camera/);
    assert.match(await page.locator(".own-trouble").innerText(), /How to allow it/);
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

test("at readiness each browser that refuses gets the advice that fits it", () =>
  withDemo({}, async (demo, browser) => {
    const links = [demo.patient, demo.others[4], demo.others[3]];
    await Promise.all(
      REFUSING.map(async ({ name, agent, lang, who, advice }, at) => {
        const visitor = await person(browser, demo, { phone: true, agent, lang, init: refuseDevices });
        const { page } = visitor;
        await checkIn(page, links[at], { who, until: "readiness" });
        await page.locator("alcove-ready button").first().click();
        await page.locator("alcove-ready .ready-trouble", { hasText: advice }).waitFor();
        await look(page, `check-in-readiness-refused-${name}`);
        await visitor.leave();
      }),
    );
  }));

test("a phone's second camera is tried by a press, and what came of it is kept", () =>
  withDemo({ extra: ["--use-fake-device-for-media-stream=device-count=2"] }, async (demo, browser) => {
    const patient = await person(browser, demo, { phone: true });
    const { page } = patient;
    const kept = page.locator('input[name="back_camera"]');
    const lobby = await checkIn(page, demo.patient, {
      each: async (name) => {
        if (name !== "check-in-readiness") return;
        const row = page.locator('[data-check="back_camera"]');
        await page.locator("alcove-ready button").first().click();
        await row.locator("button").waitFor();
        const first = await cameraShown(page);
        await row.locator("button").click();
        await row.locator(".ready-word", { hasText: "Works" }).waitFor();
        assert.notEqual(await cameraShown(page), first, "another camera is shown");
        assert.equal(await kept.inputValue(), "ok");
        await look(page, "check-in-readiness-two-cameras");
      },
    });
    await page.goto(lobby.replace(/lobby$/, "check-in/readiness"));
    assert.equal(await kept.inputValue(), "ok", "the practice has it");
    await patient.leave();
  }));

/** The camera whose picture is on the page. */
async function cameraShown(page) {
  const shown = () => document.querySelector("alcove-ready video").srcObject?.getVideoTracks()[0];
  await page.waitForFunction(shown);
  return page.evaluate(`(${shown})().getSettings().deviceId`);
}

test("without a camera the demo shows a moving picture and a tone, also while its page is busy for 3 s", () =>
  withDemo({ camera: false, extra: ["--use-fake-ui-for-media-stream"] }, async (demo, browser) => {
    const patient = await person(browser, demo);
    const clinician = await person(browser, demo);
    const room = await meet(patient, clinician, demo.patient);
    await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
    // A worker draws: neither a busy page nor the slow timers of a hidden one stop the picture.
    const before = await count(room);
    let done = false;
    const busy = patient.page.evaluate(blockFor, BUSY_MS).then((ended) => (done = ended));
    await room.waitForTimeout(BUSY_MS - 300);
    const after = await count(room);
    assert.ok(!done, "the sending page was busy all the while");
    await busy;
    const fresh = after.frames - before.frames;
    assert.ok(fresh >= 20, `${fresh} new pictures at the other side while the sender's page was busy`);
    assert.ok(after.energy > before.energy, "the tone goes on as well");
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

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15";
const ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 8";
const REFUSING = [
  {
    name: "iphone",
    agent: `${IPHONE} (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1`,
    who: MARIA,
    advice: "Open Settings, then Apps, then Safari. Press Camera, then Microphone, and choose Allow.",
  },
  {
    name: "android-es",
    agent: `${ANDROID}) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36`,
    lang: "es-ES",
    who: { name: "Ana Duarte", born: ["1", "15", "1993"] },
    advice: "Pulse el signo a la izquierda de la dirección y luego Permisos.",
  },
  {
    name: "gmail",
    agent: `${ANDROID}; wv) AppleWebKit/537.36 Version/4.0 Chrome/130 Mobile Safari/537.36`,
    who: { name: "Tom Becker", born: ["6", "30", "1978"] },
    advice: "Ask the practice for a new link, and open that in Safari or Chrome.",
  },
];

/** Nothing else runs on the page's own thread meanwhile. */
function blockFor(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return true;
}

const BUSY_MS = 3_000;

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
