// The staff's door: ways in, wrong ways in, and what happens on the day phone and key are gone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { codeFor } from "../stage/codes.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { authenticator } from "../stage/passkeys.mjs";
import { signIn, wordsOf } from "../stage/people.mjs";

let browser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

test("R14 (part: a way in that no fake page can steal): a passkey is made, and lets in alone", () =>
  inDemo(async (demo) => {
    const desk = await person(browser, demo);
    const { page } = desk;
    const device = await authenticator(page);
    await signIn(page, "desk");
    await page.locator('a[href="/me"]').click();
    assert.match(await wordsOf(page), /You have not set up a way to sign in yet/);
    await look(page, "account-empty");
    await page.locator('form[data-passkey="/me/passkeys/start"] button').click();
    await page.locator(".codes").waitFor();
    assert.equal((await savedCodes(page)).length, 10);
    await look(page, "saved-codes");
    assert.equal((await device.held()).length, 1);
    await page.locator(".actions a.primary").click();
    await page.waitForURL(/\/me$/);
    await look(page, "account");
    await page.locator('form[action="/sign-out"] button').click();
    await page.waitForURL(/signed-out/);
    await page.goto("/day");
    assert.match(page.url(), /\/sign-in\?back=\/day$/);
    await look(page, "sign-in");
    await page.locator('form[action="/sign-in/passkey"] button').click();
    await page.waitForURL(({ pathname }) => pathname === "/day");
    assert.match(await wordsOf(page), /Theo Marchetti/);

    await page.locator('form[action="/sign-out"] button').click();
    await page.waitForURL(/signed-out/);
    await device.verifies(false);
    await page.goto("/sign-in");
    await page.locator('form[action="/sign-in/passkey"] button').click();
    await page.locator("[data-fault]:visible").waitFor();
    assert.match(await wordsOf(page), /The passkey did not work, or you stopped it/);
    await desk.leave();
  }));

test("R14 (part: never a password alone): neither password nor code lets in by itself", () =>
  inDemo(async (demo) => {
    const desk = await person(browser, demo, { phone: true });
    const { page } = desk;
    await signIn(page, "desk");
    await page.goto("/me/password");
    const key = await page.locator("code.key").innerText();
    await page.fill("#password", "password12345678");
    await page.fill("#code", "000000");
    await page.locator('form[action="/me/password"] button').click();
    assert.match(await wordsOf(page), /easy to guess[\s\S]*This code does not fit/);
    assert.equal(await page.locator("code.key").innerText(), key, "the app need not be set up twice");
    await look(page, "password-refused");
    await page.fill("#password", PASSWORD);
    await page.fill("#code", codeFor(key, -1));
    await page.locator('form[action="/me/password"] button').click();
    await page.locator(".codes").waitFor();
    await page.locator(".actions a.primary").click();
    await page.locator('form[action="/sign-out"] button').click();

    const now = codeFor(key);
    for (const [password, code] of [
      [PASSWORD, ""],
      [PASSWORD, "000000"],
      ["another long password", now],
      ["", now],
    ]) {
      await comeIn(page, { password, code });
      assert.match(await wordsOf(page), /That did not match\. Check all three/);
    }
    await comeIn(page, { email: "nobody@harbor.example", code: now });
    assert.match(await wordsOf(page), /That did not match\. Check all three/, "a name nobody has");
    await look(page, "sign-in-wrong");
    await page.waitForTimeout(1_100);
    await comeIn(page, { code: codeFor(key) });
    await page.waitForURL(/^[^?]+\/day$/);
    await page.locator('form[action="/sign-out"] button').click();
    await comeIn(page, { code: codeFor(key) });
    assert.match(await wordsOf(page), /That did not match/, "the same code again");
    await comeIn(page, { code: codeFor(key, 1) });
    await page.waitForURL(/^[^?]+\/day$/);
    await desk.leave();
  }));

test("who lost phone and key sets up a new way in with a saved code, and the old one is dead", () =>
  inDemo(async (demo) => {
    const desk = await person(browser, demo);
    const { page } = desk;
    const device = await authenticator(page);
    await signIn(page, "desk");
    await page.goto("/me");
    await page.locator('form[data-passkey="/me/passkeys/start"] button').click();
    await page.locator(".codes").waitFor();
    const codes = await savedCodes(page);

    const elsewhere = await person(browser, demo);
    await elsewhere.page.goto("/sign-in");
    await elsewhere.page.locator('a[href="/sign-in/saved-code"]').click();
    await look(elsewhere.page, "saved-code");
    await elsewhere.page.fill("#email", THEO);
    await elsewhere.page.fill("#saved_code", "0000-0000-0000-0000");
    await elsewhere.page.locator('form[action="/sign-in/saved-code"] button').click();
    assert.match(await wordsOf(elsewhere.page), /That did not match/);
    await elsewhere.page.fill("#email", THEO);
    await elsewhere.page.fill("#saved_code", codes[4].toLowerCase());
    await elsewhere.page.locator('form[action="/sign-in/saved-code"] button').click();
    await elsewhere.page.locator('form[action="/welcome/password"]').waitFor();
    assert.match(await wordsOf(elsewhere.page), /Theo Marchetti, you sign in as theo\.marchetti@harbor/);
    await look(elsewhere.page, "set-up");
    const key = await elsewhere.page.locator("code.key").innerText();
    await elsewhere.page.fill("#password", PASSWORD);
    await elsewhere.page.fill("#code", codeFor(key));
    await elsewhere.page.locator('form[action="/welcome/password"] button').click();
    await elsewhere.page.locator(".codes").waitFor();
    await elsewhere.page.locator(".actions a.primary").click();
    await elsewhere.page.waitForURL(/^[^?]+\/day$/);

    await page.goto("/day");
    assert.match(page.url(), /\/sign-in/, "the session of before is over");
    assert.equal((await device.held()).length, 1, "the device still has it");
    await page.locator('form[action="/sign-in/passkey"] button').click();
    await page.locator("#faults").waitFor();
    assert.match(await wordsOf(page), /This passkey lets nobody in here/, "the one of before");
    await elsewhere.leave();
    await desk.leave();
    await demo.stop();
    const trail = verifyTrail(demo.folder);
    assert.ok(trail.ok, trail.text);
  }));

test("a session elsewhere is ended from the list", () =>
  inDemo(async (demo) => {
    const here = await person(browser, demo);
    const there = await person(browser, demo);
    await signIn(here.page, "desk");
    await signIn(there.page, "desk");
    await here.page.goto("/me");
    assert.equal(await here.page.locator('form[action*="/me/sessions/"]').count(), 1);
    await here.page.locator('form[action*="/me/sessions/"] button').click();
    assert.match(await wordsOf(here.page), /That browser is signed out/);
    assert.equal(await here.page.locator('form[action*="/me/sessions/"]').count(), 0);
    await there.page.goto("/day");
    assert.match(there.page.url(), /\/sign-in/);
    await here.leave();
    await there.leave();
  }));

test("the door speaks Spanish", () =>
  inDemo(async (demo) => {
    const desk = await person(browser, demo, { lang: "es-MX", phone: true });
    const { page } = desk;
    await page.goto("/sign-in");
    await look(page, "sign-in-es");
    await comeIn(page, { code: "123456" });
    assert.match(await wordsOf(page), /No coincide\. Revise los tres: correo, contraseña y el código/);
    await page.goto("/demo/as/desk-es");
    await page.goto("/me");
    assert.match(await wordsOf(page), /Todavía no configuró una forma de entrar/);
    await page.goto("/me/password");
    await look(page, "password-es");
    await page.goto("/welcome");
    assert.match(await wordsOf(page), /Este enlace no está completo|Ábralo otra vez/);
    await look(page, "welcome-es");
    await desk.leave();
  }));

const THEO = "theo.marchetti@harbor.example";
const PASSWORD = "purple otters envelop noon";

async function comeIn(page, { email = THEO, password = PASSWORD, code }) {
  await page.goto("/sign-in?back=/day");
  await page.fill("#email", email);
  await page.fill("#password", password);
  await page.fill("#code", code);
  await page.locator('form[action="/sign-in"] button').click();
  await page.waitForLoadState();
}

async function savedCodes(page) {
  return page.locator(".codes code").allInnerTexts();
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
