// A practice is opened for real: made, served, set up by its owner; locked, and unlocked with the kit.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { codeFor } from "../stage/codes.mjs";
import { look } from "../stage/looks.mjs";
import { authenticator } from "../stage/passkeys.mjs";
import { wordsOf } from "../stage/people.mjs";
import { makePractice, OWNER } from "../stage/practice.mjs";

let browser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

test("R53 (part: on the pages): the owner comes by passkey, and the practice opens when all is named", () =>
  inPractice({}, async (practice) => {
    const house = await practice.serve();
    const owner = await person(browser, practice);
    const { page } = owner;
    await authenticator(page);
    await page.goto(practice.link);
    await page.locator('form[action="/welcome"] button').click();
    await page.locator('form[action="/welcome/passkey"] button').click();
    await page.locator(".codes").waitFor();
    await page.locator(".actions a.primary").click();
    await page.waitForURL(/\/set-up$/);
    assert.match(await wordsOf(page), /The practice is not open yet\. Nobody can be booked/);
    await look(page, "set-up");
    for (const closed of ["/day", "/patients", "/practice", "/practice/findings", "/"]) {
      await page.goto(closed);
      assert.match(page.url(), /\/set-up(\?back=.*)?$/, closed);
    }

    await page.goto("/set-up/practice");
    await page.fill("#name", "Harbor Family Health");
    await page.fill("#phone", "617-555-0142");
    await look(page, "set-up-practice");
    await save(page);
    await page.goto("/set-up/law");
    await page.check('input[name="covered_entity"][value="yes"]');
    await page.check('input[name="part_2"][value="no"]');
    await page.check('input[name="federal_funds"][value="unsure"]');
    await look(page, "set-up-law");
    await save(page);
    await page.goto("/set-up/sites");
    await page.fill("#site_name", "Main Street");
    await page.fill("#address", "12 Harbor Street, Boston");
    await page.fill("#state", "MA");
    await save(page);
    await look(page, "set-up-sites");
    const wrong = practice.order(["kit", "try"], [...practice.shares[0], ...practice.shares[0]].join("\n"));
    assert.ok(!wrong.ok && /both are share 1/.test(wrong.text), wrong.text);
    const right = practice.order(["kit", "try"], [...practice.shares[2], ...practice.shares[0]].join("\n"));
    assert.ok(right.ok && /open the practice/.test(right.text), right.text);
    await page.goto("/set-up");
    assert.equal(await page.locator('form[action="/set-up/open"]').count(), 0, "nobody is named");

    await page.goto("/set-up/officials");
    await save(page);
    assert.match(await wordsOf(page), /Write who takes complaints/);
    await look(page, "set-up-officials-wrong");
    for (const mine of ["i_am_privacy", "i_am_security", "i_am_clinician"]) await page.check(`#${mine}`);
    await page.fill("#complaints_to", "Amara Osei");
    await page.fill("#complaints_phone", "617-555-0142");
    await save(page);
    await page.waitForURL(/\/set-up$/);
    await look(page, "set-up-whole");
    await page.locator('form[action="/set-up/open"] button').click();
    await page.waitForURL(/^[^?]+\/day$/);
    assert.match(await wordsOf(page), /Amara Osei/);
    await look(page, "day-first");
    await owner.leave();
    await house.stop();
    const trail = practice.order(["trail", "verify", "--deep"]);
    assert.ok(trail.ok, trail.text);
  }));

test("over TLS the owner comes by password and code, in Spanish; two shares unlock the practice", () =>
  inPractice({ secure: true, lang: "es" }, async (practice) => {
    let house = await practice.serve();
    const owner = await person(browser, practice, { phone: true, lang: "es-MX", ownCertificate: true });
    const { page } = owner;
    await page.goto(practice.link);
    await page.locator('form[action="/welcome"] button').click();
    const key = await page.locator("code.key").innerText();
    await page.fill("#password", PASSWORD);
    await page.fill("#code", codeFor(key, -1));
    await page.locator('form[action="/welcome/password"] button').click();
    await page.locator(".codes").waitFor();
    await page.locator(".actions a.primary").click();
    await page.waitForURL(/\/set-up$/);
    assert.match(await wordsOf(page), /El consultorio todavía no está abierto/);
    await look(page, "set-up-es");
    await page.goto("/set-up/officials");
    await look(page, "set-up-officials-es");
    const used = practice.order(["owner-link"]);
    assert.ok(!used.ok && /has signed in before/.test(used.text), used.text);
    await house.stop();

    house = await practice.serve("--sealed");
    const answer = await page.goto("/sign-in");
    assert.equal(answer.status(), 503);
    assert.match(await wordsOf(page), /locked right now[\s\S]*cerrado con llave/);
    await look(page, "sealed");
    assert.equal((await page.request.get("/healthz")).status(), 503);
    const one = practice.order(["unlock"], practice.shares[1].join("\n"));
    assert.ok(!one.ok && /two shares are 6 lines/.test(one.text), one.text);
    const two = practice.order(["unlock"], [...practice.shares[1], ...practice.shares[2]].join("\n"));
    assert.ok(two.ok, two.text);
    await house.until("is open at");
    await page.goto("/sign-in?back=/set-up");
    if (!/set-up/.test(new URL(page.url()).pathname)) {
      await page.fill("#email", OWNER);
      await page.fill("#password", PASSWORD);
      await page.fill("#code", codeFor(key));
      await page.locator('form[action="/sign-in"] button').click();
    }
    await page.waitForURL(/\/set-up$/);
    await owner.leave();
    await house.stop();
  }));

const PASSWORD = "purple otters envelop noon";

async function save(page) {
  await page.locator("main form.stack button.primary").click();
  await page.waitForLoadState();
}

async function inPractice(options, run) {
  const practice = await makePractice(options);
  try {
    await run(practice);
  } finally {
    practice.throwAway();
  }
}
