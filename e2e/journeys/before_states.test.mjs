// States before a visit that nobody's straight way shows, in English and in Spanish: a consent by voice, an
// interpreter by way of exception, a host who decides, a consent taken back, a visit by phone, a no-show.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look, lookInBoth, unfold } from "../stage/looks.mjs";
import { checkIn, enterLobby, MARIA, signIn, speak, stepsToLobby, wordsOf } from "../stage/people.mjs";
import { visitsByName } from "../stage/visits.mjs";

const JAMES = { name: "James Whitfield", born: ["11", "3", "1957"] };

let demo, browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), openBrowser({ camera: false })]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

const VOICE = 'form[action$="/consent"]';
const LAY = 'form[action$="/interpreter/exception"]';
const HAND_OVER = 'form[action$="/hand-over"]';

test("R62 (part: the desk's form), R95 (part: the desk's form): a voice, an exception", async () => {
  const desk = await person(browser, demo);
  const { page } = desk;
  await signIn(page, "desk");
  const visits = await visitsByName(page);
  await page.goto(visits["Tom Becker"]);
  await faultsOf(page, VOICE, "before-visit-by-voice-faults");
  await page.check(`${VOICE} input[name="how"][value="voice"]`);
  await page.selectOption(`${VOICE} select[name="signer"]`, "patient");
  await page.selectOption(`${VOICE} select[name="state"]`, "MA");
  await page.fill(`${VOICE} input[name="basis"]`, "Letter of our lawyer, March 3");
  await page.check(`${VOICE} input[name="notice"][value="not_possible"]`);
  await page.fill(`${VOICE} input[name="notice_why"]`, "By phone; sent by mail today");
  await page.check(`${VOICE} input[name="means"][value="stop"]`);
  await page.check(`${VOICE} input[name="said_yes"]`);
  await page.locator(`${VOICE} button.primary`).click();
  await page.locator("#faults").waitFor();
  const left = await page.locator("#faults a").evaluateAll((all) => all.map((one) => one.hash));
  assert.deepEqual(left, ["#witness"], "a witness alone is missing, and the rest is kept");
  await page.selectOption(`${VOICE} select[name="witness"]`, { index: 1 });
  await page.locator(`${VOICE} button.primary`).click();
  await page.waitForURL(/done=consent/);
  assert.equal(await page.locator(VOICE).count(), 0, "nobody is asked twice");

  await page.goto(visits["Ana Duarte"]);
  await faultsOf(page, LAY, "before-visit-exception-faults");
  await page.fill(`${LAY} input[name="lay_name"]`, "Luis Duarte");
  await page.check(`${LAY} input[name="age"][value="adult"]`);
  await page.selectOption(`${LAY} select[name="lay_tongue"]`, "spa");
  await page.check(`${LAY} input[name="grounds"][value="private_request"]`);
  const through = page.locator(`${LAY} select[name="confirmed_by"]`);
  const elena = await through.locator("option", { hasText: "Elena Ruiz" }).textContent();
  await through.selectOption({ label: elena });
  for (const box of ["agrees", "suitable"]) await page.check(`${LAY} input[name="${box}"]`);
  await page.fill(`${LAY} input[name="lay_reason"]`, "Wants her brother, whom she trusts");
  await page.locator(`${LAY} button`).click();
  await page.waitForURL(/done=excepted/);
  assert.match(await wordsOf(page), /Luis Duarte/);
  await lookInBoth(page, "before-visit-exception");

  await page.goto(visits["Olu Bankole"]);
  await lookInBoth(page, "before-visit-hand-over", () => unfold(page, HAND_OVER));
  await desk.leave();
});

/** Sent as it is, a form says what is missing, in both languages. */
async function faultsOf(page, form, name) {
  await lookInBoth(page, name, async () => {
    await unfold(page, form);
    await page.locator(`${form} button`).last().click();
    await page.locator(`${form} #faults`).waitFor();
  });
}

test("R88 (part: seen): a host decides for a state without a licence; the patient signs for it", async () => {
  const [host, james] = [await person(browser, demo), await person(browser, demo, { phone: true })];
  await signIn(host.page, "clinician");
  const visits = await visitsByName(host.page);
  const { page } = james;
  await checkIn(page, demo.others[0], { who: JAMES, until: "notice" });
  await page.locator('form[action$="/notice"] button[value="no"]').click();
  await page.waitForURL(/\/check-in\/consent$/);
  await page.goBack();
  await page.waitForURL(/\/check-in\/notice$/);
  await page.reload();
  assert.match(await wordsOf(page), /You said on .* that you would rather not confirm/);
  assert.equal(await page.locator('button[value="no"][name="answer"]').count(), 0, "the other answer alone");
  await lookInBoth(page, "before-notice-declined");
  await page.locator(".actions a.button.primary").click();
  const lobby = await stepsToLobby(page, { who: JAMES });

  // He is in California, it turns out: nobody here may treat him there, unless his clinician decides.
  await page.goto(lobby.replace(/lobby$/, "check-in/location"));
  await page.selectOption('select[name="state"]', "CA");
  const save = page.locator('form[action$="/location"] .actions button');
  await Promise.all([page.waitForNavigation(), save.click()]);
  await page.goto(lobby.replace(/lobby$/, "check-in/consent"));
  const other = { en: /another state than when you signed/, es: /otro estado/ };
  for (const lang of ["en", "es"]) {
    await speak(page, lang);
    assert.match(await page.locator(".notice.warn").first().innerText(), other[lang]);
    await look(page, `before-consent-again-${lang}`);
  }
  await stepsToLobby(page, { who: JAMES, until: "location" });
  await page.locator('.notice.warn[role="status"]').waitFor();
  await lookInBoth(page, "before-location-held");

  await host.page.goto(visits[JAMES.name]);
  const licence = 'form[action$="/licence"]';
  await lookInBoth(host.page, "before-visit-licence", () => unfold(host.page, licence));
  await host.page.fill(`${licence} input[name="reason"]`, "Follow-up of a visit in Boston last week");
  await host.page.locator(`${licence} button`).click();
  await host.page.waitForURL(/done=licence/);
  await page.goto(lobby);
  assert.ok(page.url().endsWith("/lobby"), "what the host decided lets him in");
  await host.page.goto(`${visits[JAMES.name]}/emergency`);
  await lookInBoth(host.page, "before-emergency-card-gap");
  await host.page.goto(visits[JAMES.name]);
  await host.page.locator('a[href$="/identity"]').first().click();
  await host.page.waitForURL(/\/identity$/);
  await lookInBoth(host.page, "before-identity-as-host");
  for (const one of [host, james]) await one.leave();
});

test("R58 (part: seen): a host goes on without a consent in an emergency, and it says so", async () => {
  const host = await person(browser, demo);
  await signIn(host.page, "clinician");
  await host.page.goto((await visitsByName(host.page))["Sara Khan"]);
  const emergency = 'form[action$="/consent/emergency"]';
  await lookInBoth(host.page, "before-visit-emergency", () => unfold(host.page, emergency));
  await host.page.fill(`${emergency} input[name="reason"]`, "The baby has trouble breathing");
  await host.page.locator(`${emergency} button`).click();
  await host.page.waitForURL(/done=emergency/);
  assert.equal(await host.page.locator(emergency).count(), 0, "once");
  await host.page.locator(".notice.warn").first().waitFor();
  await lookInBoth(host.page, "before-visit-emergency-on");
  await host.leave();
});

test("a consent is taken back while she waits; a visit goes to the phone; somebody never came", async () => {
  const [desk, maria] = [await person(browser, demo), await person(browser, demo, { phone: true })];
  await signIn(desk.page, "desk");
  const visits = await visitsByName(desk.page);
  const lobby = await checkIn(maria.page, demo.patient);
  await enterLobby(maria.page);
  await desk.page.goto(visits[MARIA.name]);
  const back = 'form[action$="/consent/taken-back"]';
  await unfold(desk.page, back);
  await desk.page.selectOption(`${back} select`, "telehealth");
  await desk.page.locator(`${back} button[value="voice"]`).click();
  await desk.page.waitForURL(/done=taken-back/);
  await maria.page.locator(".lobby .place").waitFor({ state: "detached" });
  await look(maria.page, "before-withdrawn-in-lobby-en");
  await maria.page.goto(lobby);
  assert.ok(!maria.page.url().endsWith("/lobby"), "no way in without it");
  assert.match(await wordsOf(maria.page), /We were told on .* is taken back/, "and why");
  await lookInBoth(maria.page, "before-withdrawn-after");

  await desk.page.goto(visits[MARIA.name]);
  await desk.page.locator('form[action$="/by-phone"] button[value="wish"]').click();
  await desk.page.waitForURL(/done=by-phone/);
  await lookInBoth(desk.page, "before-visit-by-phone");
  await desk.page.locator('a[href$="/identity"]').first().click();
  await desk.page.locator('form[action$="/identity/open"] button').click();
  await desk.page.locator('input[name="birth_date"]').waitFor();
  await lookInBoth(desk.page, "before-identity-by-phone");
  for (const fact of ["birth_date", "phone"]) await desk.page.check(`input[name="${fact}"]`);
  await desk.page.fill('input[name="basis"]', "Here in March, and the same voice");
  await desk.page.locator('form[action$="/identity"] button').click();
  await desk.page.waitForURL(/done=saved/);
  await maria.page.goto(lobby.replace(/lobby$/, "after"));
  await lookInBoth(maria.page, "before-after-by-phone");

  await walkIn(desk.page, "Walter Novak");
  const link = desk.page.locator('main a[href^="/visits/"]').last();
  await desk.page.goto(await link.getAttribute("href"));
  await desk.page.locator('form[action$="/no-show"] button').click();
  await desk.page.waitForURL(/done=no-show/);
  assert.equal(await desk.page.locator('form[action$="/no-show"]').count(), 0);
  await lookInBoth(desk.page, "before-visit-no-show");
  for (const one of [desk, maria]) await one.leave();
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  assert.ok(verified.ok, verified.text);
});

async function walkIn(page, name) {
  await page.goto("/day/walk-in");
  await page.fill('input[name="q"]', name);
  await page.locator("form[role=search] button").click();
  await page.locator('a[href^="/day/walk-in?patient="]').first().click();
  await page.selectOption("#clinician", { index: 1 });
  await page.locator('form[action="/day/walk-in"] button').click();
  await page.locator("svg.qr, #warned").first().waitFor();
  if (await page.locator("#warned").isVisible()) {
    await page.check('input[name="anyway"]');
    await page.locator('form[action="/day/walk-in"] button').click();
  }
  await page.locator("svg.qr").waitFor();
}
