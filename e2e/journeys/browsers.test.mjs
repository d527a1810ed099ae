// Browsers that cannot hold a visit: told kindly where the link is opened, before it belongs to them, and at
// the door of the room. A mail or chat app is told to open Safari or Chrome.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";

let demo, browser;

before(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15";
const ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 8; wv) AppleWebKit/537.36";
const APPS = {
  gmail: `${ANDROID} Version/4.0 Chrome/130 Mobile Safari/537.36`,
  outlook: `${IPHONE} Mobile/15E148 Outlook-iOS/2.0`,
  facebook: `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.38.108]`,
  instagram: `${IPHONE} Mobile/15E148 Instagram 320.0.2`,
  "mail app": `${IPHONE} Mobile/15E148`,
};
/** One picture for each language. */
const PICTURED = { outlook: "es", facebook: "en" };
const OLD = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36";

for (const [app, agent] of Object.entries(APPS))
  test(`inside ${app} the link is not used up, and the way to Safari or Chrome is told`, async () => {
    const lang = app === "outlook" || app === "gmail" ? "es-ES" : "en-US";
    const words = lang === "es-ES" ? /Safari o Chrome/ : /Safari or Chrome/;
    const one = await person(browser, demo, { phone: true, agent, lang, init: withoutTransforms });
    await one.page.goto(demo.patient);
    const note = one.page.locator('[data-missing="mail_app"]');
    await note.waitFor();
    assert.match(await note.innerText(), words);
    assert.ok(await one.page.locator('[data-missing="old"]').isHidden());
    const pictured = PICTURED[app];
    if (pictured) await look(one.page, `invitation-in-app-${pictured}`);
    await one.page.goto(`/room/#${"A".repeat(43)}`);
    await one.page.locator(".over", { hasText: words }).waitFor();
    assert.equal(await one.page.locator("html").getAttribute("data-stage"), "unsupported");
    if (pictured) await look(one.page, `room-in-app-${pictured}`);
    await one.leave();
  });

test("a browser without sealed frames gets a page with those that can, in both languages", async () => {
  for (const [lang, words] of [
    ["en-US", /newest Chrome, Edge, Firefox or Safari/],
    ["es-ES", /más nueva de Chrome, Edge, Firefox o Safari/],
  ]) {
    const one = await person(browser, demo, { phone: true, agent: OLD, lang, init: withoutTransforms });
    await one.page.goto(demo.patient);
    await one.page.locator('[data-missing="old"]', { hasText: words }).waitFor();
    await look(one.page, `invitation-old-${lang.slice(0, 2)}`);
    await one.page.goto(`/room/#${"A".repeat(43)}`);
    await one.page.locator(".over", { hasText: words }).waitFor();
    await look(one.page, `room-old-${lang.slice(0, 2)}`);
    await one.leave();
  }
});

test("where everything is there nothing is said, also inside an app", async () => {
  const one = await person(browser, demo, { phone: true, agent: APPS.facebook });
  await one.page.goto(demo.patient);
  await one.page.locator('form:has(input[name="secret"]) button').waitFor();
  await one.page.waitForFunction(() => document.querySelector('input[name="secret"]').value !== "");
  assert.deepEqual(await one.page.locator("[data-missing]:visible").count(), 0);
  await one.leave();
});

/** Runs in the page before its scripts: a browser from before encoded transforms. */
function withoutTransforms() {
  delete globalThis.RTCRtpScriptTransform;
  if (globalThis.RTCRtpSender) delete RTCRtpSender.prototype.transform;
}
