// Who works here: invited by mail, suspended in the middle of a visit, let in again by two.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { codeFor } from "../stage/codes.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { openMailbox } from "../stage/mail.mjs";
import { seesAndHears, seesNothing } from "../stage/media.mjs";
import { authenticator } from "../stage/passkeys.mjs";
import { meet, signIn, wordsOf } from "../stage/people.mjs";

let browser, mailbox;

before(async () => {
  [browser, mailbox] = [await openBrowser(), await openMailbox()];
});
after(async () => {
  await browser?.close();
  await mailbox?.close();
});

test("R10 (part: an account by a link to one's own address): a colleague is invited, and comes in", () =>
  inDemo(async (demo) => {
    const admin = await person(browser, demo);
    await signIn(admin.page, "administrator");
    await admin.page.goto("/staff");
    await look(admin.page, "staff-list");
    await admin.page.locator('a[href="/staff/invite"]').click();
    assert.equal(await admin.page.locator("#role-privacy_official").count(), 0, "not the administrator's");
    await admin.page.locator('form[action="/staff/invite"] button.primary').click();
    assert.match(await wordsOf(admin.page), /Write a name[\s\S]*address is not complete[\s\S]*one role/);
    await look(admin.page, "staff-invite-wrong");
    await admin.page.fill("#name", "Ana Ruiz");
    await admin.page.fill("#email", "ana.ruiz@harbor.example");
    await admin.page.check("#role-desk");
    await admin.page.fill("#why", "New at the front desk");
    await admin.page.locator('form[action="/staff/invite"] button.primary').click();
    await admin.page.waitForURL(/\/staff\?done=invited/);
    assert.match(await wordsOf(admin.page), /Ana Ruiz[\s\S]*Invited/);

    const letter = await mailbox.waitFor((one) => one.to.includes("ana.ruiz@harbor.example"));
    assert.ok(!letter.text.includes("Ana"), "a letter names nobody");
    const ana = await person(browser, demo, { phone: true });
    const device = await authenticator(ana.page);
    await ana.page.goto(welcomeIn(letter));
    await look(ana.page, "welcome");
    await ana.page.locator('form[action="/welcome"] button').click();
    await ana.page.locator('form[action="/welcome/passkey"] button').click();
    await ana.page.locator(".codes").waitFor();
    assert.equal((await device.held()).length, 1);
    await ana.page.locator(".actions a.primary").click();
    await ana.page.waitForURL(/^[^?]+\/day$/);
    await ana.page.locator('form[action="/sign-out"] button').click();
    // Her phone is hers: it makes no passkey for a second account.
    await admin.page.goto("/staff/invite");
    await admin.page.fill("#name", "Leo Marsh");
    await admin.page.fill("#email", "leo.marsh@harbor.example");
    await admin.page.check("#role-desk");
    await admin.page.fill("#why", "New too");
    await admin.page.locator('form[action="/staff/invite"] button.primary').click();
    const second = await mailbox.waitFor((one) => one.to.includes("leo.marsh@harbor.example"));
    await ana.page.goto(welcomeIn(second));
    await ana.page.locator('form[action="/welcome"] button').click();
    await ana.page.locator('form[action="/welcome/passkey"] button').click();
    await ana.page.locator("[data-fault]:not([hidden])").waitFor();
    assert.match(await wordsOf(ana.page), /This device already has a passkey here/);
    assert.equal((await device.held()).length, 1);
    await ana.page.goto("/sign-in");
    await ana.page.locator('form[action="/sign-in/passkey"] button').click();
    await ana.page.waitForURL(/^[^?]+\/day$/);

    const again = await person(browser, demo);
    await again.page.goto(welcomeIn(letter));
    await again.page.locator('form[action="/welcome"] button').click();
    assert.match(await wordsOf(again.page), /This link does not work/);
    await look(again.page, "welcome-over");
    for (const one of [admin, ana, again]) await one.leave();
  }));

test("R13: suspended in the middle of a visit, a clinician's pages, room and media end within 2 s", () =>
  inDemo(async (demo) => {
    const patient = await person(browser, demo);
    const clinician = await person(browser, demo);
    const owner = await person(browser, demo);
    await signIn(owner.page, "owner");
    await owner.page.goto("/staff");
    await owner.page.locator(".ways a", { hasText: "Amara Osei" }).click();
    await look(owner.page, "staff-one");
    const room = await meet(patient, clinician, demo.patient);
    await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
    const pressed = Date.now();
    await owner.page.locator('form[action$="/suspend"] button').click();
    await room.locator(".over h1").waitFor();
    const took = Date.now() - pressed;
    assert.ok(took <= 2_000, `out after ${took} ms`);
    console.log(`suspended: out of the room after ${took} ms`);
    await seesNothing(patient.page, 20_000);
    await look(room, "suspended-in-the-room");
    await clinician.page.goto("/day");
    assert.match(clinician.page.url(), /\/sign-in/);
    const link = await clinician.page.goto("/demo/as/clinician");
    assert.equal(link.status(), 404, "no way in brings a suspended account back");
    assert.match(await wordsOf(owner.page), /Suspended/);
    for (const one of [patient, clinician, owner]) await one.leave();
  }));

test("two let a colleague in again; a day passes first, and it can be stopped", async () => {
  let demo = await startDemo({ smtp: mailbox.address });
  try {
    const admin = await person(browser, demo);
    await signIn(admin.page, "administrator");
    await theo(admin.page);
    await admin.page.locator('form[action$="/recovery/ask"] button').click();
    assert.match(await wordsOf(admin.page), /Samuel Adeyemi asks to let Theo Marchetti/);
    assert.equal(await admin.page.locator('form[action$="/approve"]').count(), 0, "not both of the two");
    await look(admin.page, "recovery-asked");
    const owner = await person(browser, demo);
    await signIn(owner.page, "owner");
    await owner.page.goto("/staff");
    assert.match(await wordsOf(owner.page), /One more person must agree/);
    await theo(owner.page);
    await owner.page.locator('form[action$="/recovery/approve"] button').click();
    assert.match(await wordsOf(owner.page), /The link opens on/);
    const letter = await mailbox.waitFor((one) => one.to.includes(THEO));
    const lost = await person(browser, demo);
    await open(lost.page, letter);
    assert.match(await wordsOf(lost.page), /This link works later[\s\S]*It opens on/);
    await look(lost.page, "recovery-not-yet");
    const desk = await person(browser, demo);
    await signIn(desk.page, "desk");
    await desk.page.goto("/me");
    assert.match(await wordsOf(desk.page), /Two colleagues are giving you a new way to sign in/);
    await look(desk.page, "recovery-own");
    for (const one of [admin, owner, lost, desk]) await one.leave();
    await demo.stop();

    demo = await startDemo({ smtp: mailbox.address, folder: demo.folder, port: demo.port, daysLater: 2 });
    const later = await person(browser, demo);
    await open(later.page, letter);
    const key = await later.page.locator("code.key").innerText();
    await later.page.fill("#password", "seven geese crossed silently");
    await later.page.fill("#code", codeFor(key, 2 * 2880));
    await later.page.locator('form[action="/welcome/password"] button').click();
    await later.page.locator(".codes").waitFor();
    await later.page.locator(".actions a.primary").click();
    await later.page.waitForURL(/^[^?]+\/day$/);
    await later.leave();
  } finally {
    await demo.stop();
    throwAway(demo);
  }
});

const THEO = "theo.marchetti@harbor.example";

async function theo(page) {
  await page.goto("/staff");
  await page.locator(".ways a", { hasText: "Theo Marchetti" }).click();
  await page.waitForURL(/\/staff\/[\w-]+$/);
}

async function open(page, letter) {
  await page.goto(welcomeIn(letter));
  await page.locator('form[action="/welcome"] button').click();
  await page.waitForLoadState();
}

function welcomeIn(letter) {
  return /https?:\/\/\S+?\/welcome#[\w-]+/.exec(letter.text)[0];
}

async function inDemo(run) {
  const demo = await startDemo({ smtp: mailbox.address });
  try {
    await run(demo);
  } finally {
    await demo.stop();
    throwAway(demo);
  }
}
