// Staff sign in with an account they have elsewhere: connected by themselves, never by a password alone.

import assert from "node:assert/strict";
import { writeFileSync, appendFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser } from "../stage/browser.mjs";
import { codeFor } from "../stage/codes.mjs";
import { look } from "../stage/looks.mjs";
import { wordsOf } from "../stage/people.mjs";
import { makePractice } from "../stage/practice.mjs";
import { openProvider } from "../stage/provider.mjs";

let browser;

before(async () => {
  browser = await openBrowser({ camera: false });
});
after(() => browser?.close());

test("an account elsewhere is connected and lets in, and a password there asks for our code", async () => {
  const practice = await makePractice();
  const provider = await openProvider(practice.origin);
  try {
    writeFileSync(join(practice.folder, "provider.secret"), provider.secret, { mode: 0o600 });
    appendFileSync(practice.file, provider.section);
    const house = await practice.serve();
    const context = await browser.newContext({ baseURL: practice.origin, viewport: PHONE });
    const strays = [];
    const known = [practice.origin, provider.issuer];
    context.on("request", (one) => known.includes(new URL(one.url()).origin) || strays.push(one.url()));
    const page = await context.newPage();
    await page.goto(practice.link);
    await page.locator('form[action="/welcome"] button').click();
    const key = await page.locator("code.key").innerText();
    await page.fill("#password", PASSWORD);
    await page.fill("#code", codeFor(key, -1));
    await page.locator('form[action="/welcome/password"] button').click();
    await page.locator(".codes").waitFor();

    await page.goto("/me");
    await page.locator('a[href="/me/provider"]').click();
    await signInElsewhere(page, "amara");
    await page.waitForURL(/\/sign-in\/provider\/back/);
    assert.match(await wordsOf(page), /Connect an account[\s\S]*amara@harbor\.example/);
    await look(page, "provider-connect");
    await page.locator('form[action="/me/provider"] button').click();
    await page.waitForURL(/\/me\?done=connected$/);
    await look(page, "account-connected");
    await page.locator('form[action="/sign-out"] button').first().click();
    await page.waitForURL(/signed-out$/);

    await page.goto("/sign-in?back=/me");
    await look(page, "sign-in-provider");
    await page.locator('a[href^="/sign-in/provider"]').click();
    // The provider still knows this browser, and was asked a moment ago: it does not ask again.
    await page.waitForURL(({ pathname }) => pathname === "/me");
    assert.match(await wordsOf(page), /With another account/);
    await page.locator('form[action="/sign-out"] button').first().click();
    await page.waitForURL(/signed-out\?provider=true$/);
    assert.match(await wordsOf(page), /You are still signed in at .*Harbor account/);
    await look(page, "signed-out-provider");
    const out = await page.locator("main a.primary").getAttribute("href");
    assert.ok(out.startsWith(`${provider.issuer}/session/end?client_id=alcove`), out);

    await context.clearCookies({ domain: "localhost" });
    provider.state.amr = ["pwd"];
    await page.goto("/sign-in?back=/me");
    await page.locator('a[href^="/sign-in/provider"]').click();
    await signInElsewhere(page, "amara");
    await page.locator('form[action="/sign-in/provider/code"]').waitFor();
    assert.match(await wordsOf(page), /One more step/);
    await look(page, "provider-half");
    await page.fill("#code", codeFor(key));
    await page.locator('form[action="/sign-in/provider/code"] button').click();
    await page.waitForURL(({ pathname }) => pathname === "/me");

    for (const [name, press, said] of [
      ["somebody.else", "button:not([name])", /lets nobody in here/],
      ["amara", "button[name=no]", /You were not signed in/],
    ]) {
      await context.clearCookies({ domain: "localhost" });
      await page.goto("/sign-in");
      await page.locator('a[href^="/sign-in/provider"]').click();
      await signInElsewhere(page, name, press);
      await page.waitForURL(/\/sign-in\/provider\/back/);
      assert.match(await wordsOf(page), said);
      await page.goto("/me");
      assert.match(page.url(), /\/sign-in\?back=\/me$/);
    }
    assert.deepEqual(strays, [], "two origins and no third");
    await context.close();
    await house.stop();
    const trail = practice.order(["trail", "verify", "--deep"]);
    assert.ok(trail.ok, trail.text);
  } finally {
    provider.close();
    practice.throwAway();
  }
});

async function signInElsewhere(page, name, press = "button:not([name])") {
  await page.waitForURL(/\/ask\//);
  await page.fill("[name=name]", name);
  await page.locator(press).click();
}

const PASSWORD = "purple otters envelop noon";
const PHONE = { width: 390, height: 844 };
