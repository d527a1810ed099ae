// The patient's own door: a passkey made after a mailed link, a lost phone, and help at the desk.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { linkIn, openMailbox } from "../stage/mail.mjs";
import { authenticator } from "../stage/passkeys.mjs";
import { MARIA, proveBirthDate, signIn, wordsOf } from "../stage/people.mjs";

let browser, mailbox, demo;

before(async () => {
  browser = await openBrowser();
  mailbox = await openMailbox();
  demo = await startDemo({ smtp: mailbox.address });
});
after(async () => {
  await demo?.stop();
  if (demo) throwAway(demo);
  await mailbox?.close();
  await browser?.close();
});

test("R15: a patient enrols a passkey, loses it, recovers; staff never see what signs in", async () => {
  const patient = await person(browser, demo, { phone: true });
  const desk = await person(browser, demo);
  const seen = watch(desk.page);
  await signIn(desk.page, "desk");
  const help = await portalPageOf(desk.page, MARIA.name);

  // A link to the address on file, the birth date, and a passkey.
  let skip = mailbox.letters.length;
  await desk.page.locator('form[action$="/portal/link"] button').click();
  await desk.page.waitForURL(/done=sent/);
  await look(desk.page, "portal-desk");
  const first = await portalLink(skip);
  const { page } = patient;
  const phone = await authenticator(page);
  await comeInByLink(page, first);
  await look(page, "portal-keys-empty");
  await makePasskey(page);
  assert.equal((await phone.held()).length, 1);
  await look(page, "portal-keys");

  // Out, and in by the passkey alone; not when the phone did not check the finger.
  await signOut(page);
  await page.goto("/portal/opened");
  await page.waitForURL(/\/portal\/sign-in/);
  await look(page, "portal-sign-in");
  await phone.verifies(false);
  await page.locator(PASSKEY).click();
  await page.locator("[data-fault]:visible").waitFor();
  await phone.verifies(true);
  await page.locator(PASSKEY).click();
  await page.waitForURL(({ pathname }) => pathname === "/portal");
  assert.match(await wordsOf(page), /Maria/);

  // The phone is lost: the desk ends everything and mails another link; the old passkey opens nothing.
  skip = mailbox.letters.length;
  await desk.page.goto(help);
  await desk.page.check("#lost");
  await desk.page.locator('form[action$="/portal/link"] button').click();
  await desk.page.waitForURL(/done=lost/);
  assert.match(await wordsOf(desk.page), /This patient has no passkey yet/);
  const second = await portalLink(skip);
  const told = /the way you sign in to .* was changed/i;
  await mailbox.waitFor((letter) => told.test(letter.text.replace(/\s+/g, " ")), { skip });
  await page.goto("/portal");
  await page.waitForURL(/\/portal\/sign-in/);
  await page.locator(PASSKEY).click();
  await page.locator("#faults").waitFor();
  assert.match(await wordsOf(page), /This passkey does not open a portal here/);
  await look(page, "portal-passkey-wrong");

  const replaced = await person(browser, demo, { phone: true });
  const another = await authenticator(replaced.page);
  await comeInByLink(replaced.page, second);
  await makePasskey(replaced.page);
  await signOut(replaced.page);
  await replaced.page.goto("/portal/sign-in");
  await replaced.page.locator(PASSKEY).click();
  await replaced.page.waitForURL(({ pathname }) => pathname === "/portal");
  assert.equal((await another.held()).length, 1);
  await replaced.page.goto("/portal/keys");
  await replaced.page.locator('form[action$="/remove"] button').click();
  await replaced.page.waitForURL(/done=removed/);
  assert.match(await wordsOf(replaced.page), /You have no passkey yet/);

  // What the desk's browser was sent holds neither link, and neither opened at the desk.
  const all = seen.bodies.join("\n");
  for (const link of [first, second]) assert.ok(!all.includes(link.split("#")[1]), "staff saw a secret");
  assert.ok(!(await desk.page.context().cookies()).some(({ name }) => name === "__Host-patient"));
  await patient.leave();
  await replaced.leave();
  await desk.leave();
});

test("two entries of one person are found, put together and taken apart again", async () => {
  const desk = await person(browser, demo);
  const { page } = desk;
  await signIn(page, "desk");
  await page.goto("/patients/new");
  await page.fill('input[name="name"]', "Maria Alvares");
  for (const [at, field] of ["month", "day", "year"].entries()) {
    await page.fill(`input[name="${field}"]`, MARIA.born[at]);
  }
  await page.fill('input[name="phone"]', "617-555-0188");
  await page.check('input[name="lang"][value="en"]');
  await page.locator('form[action="/patients/new"] button.primary').click();
  await page.waitForURL(/done=added/);
  await page.locator('a[href="/patients/alike"]').click();
  await look(page, "alike");
  await page.locator("li", { hasText: "Maria Alvares" }).locator("a.button").click();
  await look(page, "alike-compare");
  await page.locator("form.stack button.primary").click();
  await page.locator("#faults").waitFor();
  await page.locator("label.pick", { hasText: MARIA.name }).click();
  await page.fill("#why", "Asked by phone, spelled wrong when booked");
  await page.locator("form.stack button.primary").press("Enter");
  await page.waitForURL(/done=merged/);
  assert.match(await wordsOf(page), /They are one now/);
  await look(page, "alike-merged");
  await page.goto("/patients");
  assert.equal(await page.locator("tr", { hasText: "Maria Alvares" }).count(), 0);
  await page.goto("/patients/alike");
  await page.locator('form[action$="/undo"] button').click();
  await page.waitForURL(/done=undone/);
  await page.goto("/patients");
  assert.equal(await page.locator("tr", { hasText: "Maria Alvares" }).count(), 1);
  await desk.leave();
});

test("R15 (part: proxies), R74 (part: in the portal): a representative whose authority ends", async () => {
  const clinician = await person(browser, demo);
  const desk = await person(browser, demo);
  const rosa = await person(browser, demo, { phone: true, lang: "es-MX" });
  await signIn(desk.page, "desk");
  const help = await portalPageOf(desk.page, MARIA.name);
  const chart = help.replace(/\/portal$/, "");

  // The care team writes down who acts for Maria, on what proof, for what, until when.
  await signIn(clinician.page, "clinician");
  await clinician.page.goto(`${chart}/representatives`);
  const acting = clinician.page.locator('section[aria-labelledby="acting"]');
  await acting.locator("details > summary").last().click();
  const form = acting.locator('form[action$="/representatives"]');
  await form.locator('input[name="name"]').fill("Rosa Alvarez");
  await form.locator('input[name="contact"]').fill("rosa@family.example");
  const proof = { authority: "agent", identity: "photo_id", evidence: "power_of_attorney" };
  for (const [field, value] of Object.entries(proof)) {
    await form.locator(`input[name="${field}"][value="${value}"]`).check();
  }
  await form.locator('input[name="chart"]').check();
  await form.locator('input[name="from"]').fill(day(-2));
  await form.locator('input[name="until"]').fill(day(2));
  await form.locator("button.primary").click();
  await clinician.page.waitForURL(/done=added/);

  // The desk sends Rosa a link of her own; she makes a passkey and comes in by it.
  await desk.page.goto(help);
  await desk.page.locator("a", { hasText: "Rosa Alvarez" }).click();
  await desk.page.waitForURL(/\/representatives\/[^/]+\/portal$/);
  await look(desk.page, "portal-desk-acting");
  let skip = mailbox.letters.length;
  await desk.page.locator('form[action$="/portal/link"] button').click();
  await desk.page.waitForURL(/done=sent/);
  const { page } = rosa;
  const phone = await authenticator(page);
  await comeInByLink(page, await portalLink(skip));
  await makePasskey(page);
  assert.equal((await phone.held()).length, 1);
  const told = await mailbox.waitFor((one) => /somebody who acts for you got a key/.test(one.text));
  assert.ok(!told.to.includes("rosa@family.example") && !told.text.includes("Rosa"), "Maria hears of it");
  await signOut(page);
  await page.goto("/portal/sign-in");
  await page.locator(PASSKEY).click();
  await page.waitForURL(({ pathname }) => pathname === "/portal");
  assert.match(await wordsOf(page), /Usted ayuda a Maria/);
  await look(page, "portal-acting-es");
  // Her authority covers the chart: nothing that was signed, and nothing that is Maria's own.
  for (const kept of ["/portal/agreements", "/portal/opened", "/portal/contact"]) {
    assert.equal((await page.goto(kept)).status(), 404, kept);
  }
  await page.goto("/portal");

  // It ends while her page is open: the next press leads out, and her passkey opens nothing.
  await clinician.page.goto(`${chart}/representatives`);
  await clinician.page.locator("li details > summary").first().click();
  await clinician.page.locator('li form[action$="/end"] button').first().click();
  await clinician.page.waitForURL(/done=ended/);
  await page.locator('a[href="/portal/keys"]').click();
  await page.waitForURL(/\/portal\/sign-in/);
  await page.locator(PASSKEY).click();
  await page.locator("#faults").waitFor();
  assert.match(await wordsOf(page), /no abre ningún portal aquí/);

  // Maria sees that Rosa was there.
  skip = mailbox.letters.length;
  await desk.page.goto(help);
  await desk.page.locator('form[action$="/portal/link"] button').click();
  await desk.page.waitForURL(/done=sent/);
  const maria = await person(browser, demo, { phone: true });
  await comeInByLink(maria.page, await portalLink(skip));
  await maria.page.goto("/portal/opened");
  assert.match(await wordsOf(maria.page), /Opened your portal for you[\s\S]*Rosa Alvarez · Acts for you/);
  await look(maria.page, "portal-opened-acting");
  for (const one of [clinician, desk, rosa, maria]) await one.leave();
});

test("R15 (part: help at the desk): letters read out let in the phone that shows them", async () => {
  const patient = await person(browser, demo, { phone: true, lang: "es-MX" });
  const desk = await person(browser, demo);
  const { page } = patient;
  const seen = watch(desk.page);
  await page.goto("/portal/sign-in");
  await look(page, "portal-sign-in-es");
  await page.keyboard.press("Tab");
  await page.locator('form[action="/portal/help"] button').press("Enter");
  const code = await page.locator('input[name="code"]').inputValue();
  const secret = await page.locator('input[name="secret"]').inputValue();
  await look(page, "portal-help-es");
  await signIn(desk.page, "desk");
  await portalPageOf(desk.page, MARIA.name);
  await desk.page.fill("#code", code.toLowerCase());
  await desk.page.check('input[name="identity"][value="photo_id"]');
  await desk.page.locator('form[action$="/portal/code"] button').click();
  await desk.page.waitForURL(/done=approved/);
  await page.locator('form[action="/portal/link"] button').click();
  await proveBirthDate(page, MARIA.born);
  await page.waitForURL(/\/portal\/keys$/);
  const phone = await authenticator(page);
  await makePasskey(page);
  assert.equal((await phone.held()).length, 1);
  assert.match(await wordsOf(page), /La llave de acceso se guardó|passkey was saved/);
  assert.ok(!seen.bodies.join("\n").includes(secret), "staff saw a secret");
  await patient.leave();
  await desk.leave();
  await demo.stop();
  const trail = verifyTrail(demo.folder);
  assert.ok(trail.ok, trail.text);
});

/** A day from today, as a date field takes it. */
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const PASSKEY = 'form[action="/portal/sign-in/passkey"] button';

async function portalLink(skip) {
  const ours = (letter) => linkIn(letter)?.includes("/portal/link#");
  return linkIn(await mailbox.waitFor(ours, { skip }));
}

/** Every text the desk's browser is sent. */
function watch(page) {
  const bodies = [];
  page.on("response", (response) => {
    const kind = response.headers()["content-type"] ?? "";
    if (/html|json/.test(kind)) response.text().then((text) => bodies.push(text), () => undefined);
  });
  return { bodies };
}

async function portalPageOf(page, name) {
  await page.goto("/patients");
  await page.locator("tr", { hasText: name }).locator('a[href$="/portal"]').click();
  await page.waitForURL(/\/patients\/[^/]+\/portal$/);
  return page.url();
}

async function comeInByLink(page, link) {
  await page.goto(link);
  assert.ok(!page.url().includes("#"), "the secret leaves the address");
  await page.locator('form[action="/portal/link"] button').click();
  await proveBirthDate(page, MARIA.born);
  await page.waitForURL(/\/portal\/keys$/);
}

async function makePasskey(page) {
  await page.locator('form[data-passkey="/portal/keys/start"] button').click();
  await page.waitForURL(/done=added/);
}

async function signOut(page) {
  await page.goto("/portal");
  await page.locator('form[action="/portal/sign-out"] button').click();
  await page.waitForURL(/signed-out/);
}
