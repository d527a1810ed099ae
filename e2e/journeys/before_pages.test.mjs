// Pages before a visit that no story passes, in English and in Spanish, at two widths and, where there is
// something to print, on paper: those of the desk and the practice, of a patient's portal, and for anybody.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look, lookInBoth, lookOnPaper } from "../stage/looks.mjs";
import { linkIn, openMailbox } from "../stage/mail.mjs";
import { checkIn, MARIA, proveBirthDate, signIn, speak, wordsOf } from "../stage/people.mjs";
import { bookSoon, visitsByName } from "../stage/visits.mjs";

const HELEN = "Helen Papadakis";
const mailOf = (name) => `${name.toLowerCase().replace(" ", ".")}@patients.example`;
/** Her mailbox is unknown to the mail server. */
const INGRID = "Ingrid Sorensen";
/** Who is written to last. */
const MIGUEL = "Miguel Santos";
const LANGS = ["en", "es"];

let mailbox, demo, browser;

before(async () => {
  mailbox = await openMailbox({ refuses: [mailOf(INGRID)] });
  [demo, browser] = await Promise.all([startDemo({ smtp: mailbox.address }), openBrowser({ camera: false })]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  await mailbox?.close();
  if (demo) throwAway(demo);
});

/** `[role, path, name, sees]`; `LANG` in a path is the language of the look. */
const pages = ({ charts, visits, staff, sheet }) => [
  ["desk", "/patients/errands", "errands", 'form[action^="/patients/errands/"] button'],
  ["desk", `${charts[HELEN]}/contact`, "contact-at-desk", '#channel input[value="post"]:checked'],
  ["desk", `${charts[MARIA.name]}/papers`, "papers", "[data-paper]"],
  ["desk", sheet, "paper-sheet", '.sheet[lang="LANG"] .by-hand'],
  ["desk", `${visits[MARIA.name]}/sheet`, "sheet", '[data-outcome="done"]'],
  ["desk", `${visits[MARIA.name]}/emergency`, "emergency-card", "dl.facts .digits"],
  ["desk", "/practice/emergency-numbers", "emergency-numbers", 'form[action$="/end"]'],
  ["clinician", "/delegates", "delegates", "#last"],
  ["administrator", "/practice/visit-types", "visit-types", "#types input:checked"],
  ["administrator", "/staff/licences", "licences", "ul.ways li"],
  ["administrator", staff, "licences-of-one", 'form[action$="/end"]'],
  ["privacy_official", "/practice/translations", "translations", "ul.ways a"],
  ["privacy_official", "/practice/translations/telehealth", "translation", 'article[lang="es"]'],
];
const ON_PAPER = ["paper-sheet", "sheet", "emergency-card"];

test("R99 (part: the desk's and the practice's pages before a visit), also printed", async () => {
  const [desk, maria] = [await person(browser, demo), await person(browser, demo, { phone: true })];
  await signIn(desk.page, "desk");
  const [at] = await Promise.all([
    prepared(desk.page),
    checkIn(maria.page, demo.patient),
    mailbox.waitFor(to(MIGUEL)),
  ]);
  const all = pages(at);
  for (const one of [desk, maria]) await one.leave();
  await Promise.all([...new Set(all.map(([role]) => role))].map((role) => walk(role, all)));
});

const READABLE_PX = 16;
const sizeOfLetters = (one) => parseFloat(getComputedStyle(one).fontSize);

async function walk(role, all) {
  const staff = await person(browser, demo);
  const { page } = staff;
  await signIn(page, role);
  for (const lang of LANGS) {
    await speak(page, lang);
    for (const [, at, name, sees] of all.filter(([whose]) => whose === role)) {
      const path = at.replace("LANG", lang);
      const answer = await page.goto(path);
      assert.equal(answer.status(), 200, path);
      assert.ok(page.url().endsWith(path), `${path} leads to ${page.url()}`);
      assert.equal(await page.locator("html").getAttribute("lang"), lang, path);
      await page.locator(sees.replace("LANG", lang)).first().waitFor();
      const listed = page.locator("ul.ways li").first();
      const letters = (await listed.count()) > 0 ? await listed.evaluate(sizeOfLetters) : READABLE_PX;
      assert.ok(letters >= READABLE_PX, `${path} is written in ${letters} px`);
      await look(page, `before-${name}-${lang}`);
      if (ON_PAPER.includes(name)) await lookOnPaper(page, `before-${name}-${lang}`);
    }
  }
  if (role === "desk") {
    await page.goto("/patients/errands");
    assert.match(await page.locator('section[aria-labelledby="lost"]').innerText(), new RegExp(INGRID));
    assert.ok((await wordsOf(page)).includes(HELEN), "what no letter may say");
  }
  await staff.leave();
}

/** A patient who wants paper, an agreement that came back on paper, and the addresses of them all. */
async function prepared(page) {
  await page.goto("/patients");
  const links = await page.locator("tr").evaluateAll((rows) =>
    rows.map((row) => [row.innerText, row.querySelector('a[href$="/contact"]')?.getAttribute("href")]),
  );
  const chartOf = (name) => links.find(([words]) => words.includes(name))[1].replace(/\/contact$/, "");
  const charts = { [HELEN]: chartOf(HELEN), [MARIA.name]: chartOf(MARIA.name) };

  await page.goto(`${charts[HELEN]}/contact`);
  await page.check('input[name="channel"][value="post"]');
  await page.fill('input[name="post"]', "Box 7, Boston MA 02110");
  await page.locator('form[action$="/contact"] button.primary').click();
  await page.locator('.notice[role="status"]').waitFor();
  await bookSoon(page, HELEN, "Hargreaves");

  const papers = `${charts[MARIA.name]}/papers`;
  await recordPaper(page, `${papers}/recording`);
  await page.goto(`${papers}/telehealth`);
  await page.locator('main button[name="lang"][value="en"]').click();
  await page.waitForURL(/\/sheet\?/);
  const { pathname, search } = new URL(page.url());

  const staff = await addLicence();
  const sheet = `${pathname}${search}`.replace("lang=en", "lang=LANG");
  return { charts, visits: await visitsByName(page), staff, sheet };
}

/** Sent empty it says what is missing; then the licence is in the list of its holder, whose page this is. */
async function addLicence() {
  const administrator = await person(browser, demo);
  const { page } = administrator;
  await signIn(page, "administrator");
  await page.goto("/staff/licences");
  await page.locator('main section a[href$="/licences"]').first().click();
  await page.waitForURL(/\/staff\/[\w-]{36}\/licences$/);
  const { pathname } = new URL(page.url());
  const add = page.locator(`form[action="${pathname}"] button.primary`);
  await lookInBoth(page, "before-licence-faults", async () => {
    await add.click();
    await page.locator("#faults").waitFor();
  });
  await page.selectOption('select[name="state"]', "RI");
  await page.fill('input[name="until"]', dayIn(400));
  await add.click();
  await page.locator('form[action$="/end"]').waitFor();
  await administrator.leave();
  return pathname;
}

/** Sent too early it says what is missing; then the paper is in the list. */
async function recordPaper(page, address) {
  await page.goto(address);
  const record = page.locator('form[method="post"] button.primary');
  await lookInBoth(page, "before-paper-faults", async () => {
    await record.click();
    await page.locator("#faults").waitFor();
  });
  await page.check('input[name="lang"][value="en"]');
  await page.fill('input[name="version"]', "2026-1");
  await page.fill('input[name="signed_on"]', dayIn(-1));
  await page.check('input[name="means"][value="stop"]');
  await page.fill('input[name="kept"]', "Binder 3, page 12");
  await page.check("#holds");
  await record.click();
  await page.locator("[data-paper]", { hasText: "Binder 3" }).waitFor();
}

test("R103 (part: the warning), R69 (part: the form in the portal): a patient's own pages", async () => {
  const [desk, patient] = [await person(browser, demo), await person(browser, demo, { phone: true })];
  await signIn(desk.page, "desk");
  await desk.page.goto("/patients");
  await desk.page.locator("tr", { hasText: MARIA.name }).locator('a[href$="/portal"]').click();
  await desk.page.locator('form[action$="/portal/link"] button').click();
  await desk.page.waitForURL(/done=sent/);
  const letter = await mailbox.waitFor((one) => linkIn(one)?.includes("/portal/link#"));
  const { page } = patient;
  await page.goto(linkIn(letter));
  await page.locator('form[action="/portal/link"] button').click();
  await proveBirthDate(page, MARIA.born);
  await page.waitForURL(/\/portal\/keys$/);

  await page.goto("/portal/contact");
  await lookInBoth(page, "before-portal-contact");
  await lookInBoth(page, "before-portal-contact-faults", async () => {
    await page.check('input[name="channel"][value="text"]');
    await page.uncheck('input[name="texts"]');
    await page.fill('input[name="email"]', "maria at home");
    await page.locator('form[action="/portal/contact"] button.primary').click();
    await page.locator("#faults").waitFor();
  });
  await page.goto("/portal/contact/plain");
  await lookInBoth(page, "before-portal-plain-warning");
  await page.locator('button[name="plain"][value="yes"]').click();
  await page.locator('button[name="plain"][value="stop"]').waitFor();
  await lookInBoth(page, "before-portal-plain-chosen");
  for (const one of [desk, patient]) await one.leave();
});

test("R105 (part: in a browser): /is-it-us, /join with a wrong code, the notice for anybody", async () => {
  const stranger = await person(browser, demo, { phone: true });
  const { page } = stranger;
  const letter = await mailbox.waitFor(to(MARIA.name));
  const [, ours] = /with the code ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(letter.text.replace(/\s+/g, " "));
  const ask = async (code, answer) => {
    await page.fill("#code", code);
    await page.locator("main form button.button").click();
    await page.locator(answer).waitFor();
  };
  await page.goto("/is-it-us");
  await lookInBoth(page, "before-is-it-us");
  await lookInBoth(page, "before-is-it-us-yes", () => ask(ours, ".notice.ok"));
  await lookInBoth(page, "before-is-it-us-no", () => ask("ABCD-2345", ".notice.bad"));
  // A code of a letter opens no visit, and says no more than one that nobody ever made.
  await page.goto("/join");
  await lookInBoth(page, "before-join");
  await lookInBoth(page, "before-join-wrong", () => ask(ours.toLowerCase(), "#faults"));
  const wrong = await page.locator("#faults").innerText();
  await ask("ABCD-2345", "#faults");
  assert.equal(await page.locator("#faults").innerText(), wrong);
  await page.goto("/privacy-notice");
  await lookInBoth(page, "before-privacy-notice");
  await stranger.leave();
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  assert.ok(verified.ok, verified.text);
});

const to = (name) => (one) => one.to.includes(mailOf(name));
const dayIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
