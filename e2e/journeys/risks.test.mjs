// Know your risks: from `alcove init` to the signed first analysis. The official answers, asks a colleague,
// hears the staff, rates a risk, signs, finds page and PDF unchanged, and sees a year later what is
// different.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { look } from "../stage/looks.mjs";
import { comeIn, invite, openPractice, proveAndGo } from "../stage/opening.mjs";
import { lookAtPdf } from "../stage/pdf.mjs";
import { program } from "../stage/places.mjs";
import { makePractice } from "../stage/practice.mjs";

let browser, practice, served;

before(async () => {
  practice = await makePractice();
  served = await practice.serve();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await served?.stop();
  practice?.throwAway();
});

test("R42 (part: pages), R46 (part: pages): a first analysis from `alcove init` on, signed", async () => {
  const official = await person(browser, practice);
  const { page } = official;
  await openPractice(page, practice);
  const invited = { noor: await invite(page, practice, NOOR), theo: await invite(page, practice, THEO) };
  await page.goto("/practice");
  await look(page, "risk-home-empty");
  await page.goto("/practice/analysis");
  await page.locator('form[action="/practice/analysis/start"] button').click();
  await look(page, "risk-analysis");

  await signAs(page, OFFICIAL);
  await page.locator('.notice.bad[role="alert"]').waitFor();
  await look(page, "risk-sign-refused");

  await askColleague(page);
  const clinician = await person(browser, practice, { phone: true, lang: "es-US" });
  await comeIn(clinician.page, invited.noor);
  await colleagueAnswers(clinician.page);
  await clinician.leave();
  const desk = await person(browser, practice, { phone: true });
  await comeIn(desk.page, invited.theo);
  await giveInsight(desk.page);

  await page.goto("/practice/analysis/areas/vendors");
  await page.selectOption("#c-f01", "yes");
  await look(page, "risk-area");
  await page.locator("form.card button.primary").click();
  await twoAtOnce(official);

  await printFigures(page);
  const started = Date.now();
  const screens = await answerEverything(page);
  console.log(`all questions answered by pressing through, ms: ${Date.now() - started}, screens: ${screens}`);

  await page.goto("/practice/risks/new");
  await page.selectOption('select[name="vulnerability"]', "overheard-room");
  await page.selectOption('select[name="threat"]', "eavesdropper");
  await page.fill('textarea[name="what"]', "The door of room 3 is thin.");
  await look(page, "risk-new");
  await page.locator('form[action="/practice/risks/new"] button.primary').click();
  await page.waitForURL(/\/practice\/risks\/[0-9a-f-]{36}$/);
  await page.selectOption('select[name="likelihood"]', "high");
  await page.selectOption('select[name="impact"]', "high");
  await page.locator("form.card button.primary").click();
  await page.locator('form[action$="/close"] button').click();
  await page.locator("#faults").waitFor();
  await look(page, "risk-close-refused");
  await page.fill('textarea[name="reason"]', "The room is rebuilt in May and is empty until then.");
  await page.fill('input[name="name"]', OFFICIAL);
  await page.locator('form[action$="/accept"] button').click();
  await page.locator(".notice .icon").first().waitFor();
  await page.goto("/practice/risks");
  await look(page, "risk-register");

  await page.goto("/practice/analysis/about");
  await page.fill('textarea[name="scope"]', "All health data of the practice, on paper and machines.");
  await page.fill('textarea[name="flows"]', "Made in visits, kept on the server, sent by letter.");
  await page.fill('textarea[name="documentation"]', "Two meetings, the log, a walk through the rooms.");
  await page.fill('input[name="review"]', daysFromNow(300));
  await look(page, "risk-about");
  await page.locator("form.stack button.primary").click();
  await page.waitForURL(/\/practice\/analysis$/);
  await page.goto("/practice/analysis/report");
  await look(page, "risk-report-draft");

  const late = await official.context.newPage();
  await late.goto("/practice/analysis/questions/a05");
  const printing = Date.now();
  await signAs(page, OFFICIAL);
  await page.waitForURL(/\/practice\/analysis\/past\/1$/);
  console.log(`signed, with page and PDF, ms: ${Date.now() - printing}`);
  assert.equal(await page.locator(".badge.ok").count(), 2, "both signatures are valid");
  await look(page, "risk-signed");
  await wroteTooLate(late);
  const first = await reportOf(page);
  assert.ok(first.html.includes("The door of room 3 is thin."));
  assert.ok(first.html.includes("Staff are not at ease"), "the staff is heard");
  await answersWith(page, 200);
  await answersWith(desk.page, 404);
  await desk.leave();
  checkOutside(practice.folder, first);
  const signed = lookAtPdf(Buffer.from(first.pdf, "base64"), "report-en", [OFFICIAL, "room 3"]);
  console.log(`pages of the signed report: ${signed}`);
  await page.goto("/practice/analysis");
  await page.selectOption('select[name="trigger"]', "move");
  await page.locator('form[action="/practice/analysis/changed"] button').click();
  await page.waitForLoadState();
  const later = await reportOf(page);
  assert.ok(later.html === first.html && later.pdf === first.pdf, "the signed report stays as it was");
  await secondYear(page);
  await page.goto("/practice");
  await look(page, "risk-home");
  await official.leave();
});

/** Officials read the analysis, signed by now; whoever gave an insight does not. */
async function answersWith(page, status) {
  for (const path of ["", "/analysis", "/risks", "/findings", "/analysis/signed/1", "/evidence"]) {
    assert.equal((await page.request.get(`/practice${path}`)).status(), status, path);
  }
}

/** A proof of who they are counts for five minutes. */
async function signAs(page, name) {
  await proveAndGo(page, "/practice/analysis/sign");
  await page.fill('input[name="name"]', name);
  await look(page, "risk-sign");
  await page.locator('form[action="/practice/analysis/sign"] button.primary').click();
}

async function giveInsight(page) {
  await page.goto("/insight");
  await page.locator('input[name="ease"][value="2"]').check();
  await page.locator('input[name="clear"][value="4"]').check();
  await page.locator('form[action="/insight"] button.primary').click();
  await page.locator('form[action="/insight"]').waitFor({ state: "detached" });
}

/** The signed files as they come out: text of the page, PDF as base64, proof. */
async function reportOf(page) {
  return page.evaluate(async () => {
    const at = "/practice/analysis/signed/1";
    const pdf = new Uint8Array(await (await fetch(`${at}/pdf`)).arrayBuffer());
    const letters = Array.from(pdf, (byte) => String.fromCharCode(byte)).join("");
    const text = async (path) => (await fetch(path)).text();
    return { html: await text(at), pdf: btoa(letters), proof: await text(`${at}/proof`) };
  });
}

/** What somebody does who got the report: the files, the proof, and no practice. */
function checkOutside(folder, { html, pdf, proof }) {
  const at = (name) => join(folder, "..", name);
  writeFileSync(at("report.html"), html);
  writeFileSync(at("report.pdf"), Buffer.from(pdf, "base64"));
  writeFileSync(at("proof.json"), proof);
  const verify = (name) =>
    spawnSync(program, ["report", "verify", at(name), "--proof", at("proof.json")], { encoding: "utf8" });
  for (const name of ["report.html", "report.pdf"]) {
    const said = verify(name);
    assert.equal(said.status, 0, said.stderr);
    assert.match(said.stdout, new RegExp(`signature valid[\\s\\S]*signed by ${OFFICIAL}`));
  }
  assert.ok(Buffer.from(pdf, "base64").subarray(0, 5).equals(Buffer.from("%PDF-")));
  writeFileSync(at("report.html"), html.replace("room 3", "room 4"));
  assert.notEqual(verify("report.html").status, 0, "a changed page is no signed one");
  writeFileSync(at("proof.json"), proof.replace(OFFICIAL, "Mallory Smith"));
  assert.notEqual(verify("report.pdf").status, 0, "a name that did not sign is not told");
  if (process.env.KEEP_REPORT) writeFileSync(process.env.KEEP_REPORT, Buffer.from(pdf, "base64"));
}

/** Somebody signed while they wrote: their words are shown whole, to copy. */
async function wroteTooLate(late) {
  await late.fill('textarea[name="note"]', "Every spring, with the list of forms.");
  await late.locator("form.card button.primary").click();
  await late.getByText("Every spring, with the list of forms.").waitFor();
  await look(late, "unsaved");
  await late.close();
}

/** The next analysis holds last year's answers; what is different stands on one page. */
async function secondYear(page) {
  await page.goto("/practice/analysis/areas/policies");
  await page.selectOption("#c-a03", "no");
  await page.locator("form.card button.primary").click();
  await page.goto("/practice/analysis/compare/2");
  await page.locator("table .badge.bad").first().waitFor();
  await look(page, "risk-compare");
  await page.locator('form[action="/lang"] button[value="es"]').first().click();
  await page.waitForFunction(() => document.documentElement.lang === "es");
  const draft = await page.request.get("/practice/analysis/report.pdf");
  const pages = lookAtPdf(await draft.body(), "report-es", ["Análisis de riesgos", "¿"]);
  console.log(`pages of the draft in Spanish: ${pages}`);
  await page.goto("/practice/analysis/past/1");
  await look(page, "es-risk-signed");
  await page.goto("/practice");
  await page.locator("svg.heat").nth(1).waitFor();
  await look(page, "es-risk-home");
  await page.locator('form[action="/lang"] button[value="en"]').first().click();
  await page.waitForFunction(() => document.documentElement.lang === "en");
  const rest = ["plan", "evaluations", "evaluations/new", "evidence", "evidence/export", "safeguards"];
  for (const path of [...rest, "safeguards/proposed", "safeguards/tips"]) {
    await page.goto(`/practice/${path}`);
    await look(page, `practice-${path.replace("/", "-")}`);
  }
}

async function askColleague(page) {
  await page.goto("/practice/analysis/questions/d05");
  await look(page, "risk-question");
  const name = await page.locator('select[name="asked_of"] option', { hasText: NOOR.name }).innerText();
  await page.selectOption('select[name="asked_of"]', { label: name });
  await page.fill('input[name="due"]', daysFromNow(5));
  await page.locator("form.card button.primary").click();
}

async function colleagueAnswers(page) {
  await page.goto("/practice/asked");
  await page.locator('a[href="/practice/asked/d05"]').click();
  await look(page, "es-risk-asked");
  await page.locator('input[name="choice"][value="partly"]').check();
  await page.locator("form.card button.primary").click();
  await page.waitForURL(/\/practice\/asked$/);
}

/** The same question open twice: the second to save sees both texts, and chooses. */
async function twoAtOnce({ page, context }) {
  const other = await context.newPage();
  await page.goto("/practice/analysis/questions/a01");
  await other.goto("/practice/analysis/questions/a01");
  await page.fill('textarea[name="note"]', "Two facts, asked by the desk.");
  await page.locator('input[name="choice"][value="partly"]').check();
  await page.locator("form.card button.primary").click();
  await page.waitForURL(/a02$/);
  await other.fill('textarea[name="note"]', "We ask for the birth date.");
  await other.locator('input[name="choice"][value="yes"]').check();
  await other.locator("form.card button.primary").click();
  await other.getByText("Two facts, asked by the desk.").waitFor();
  await other.getByText("We ask for the birth date.").waitFor();
  await look(other, "risk-clash");
  await other.locator("form.row button").click();
  await other.waitForURL(/a02$/);
  await other.close();
}

/** What a newcomer gets: the bank by area, what the program answers by itself, and a draft as a PDF. */
async function printFigures(page) {
  await page.goto("/practice/analysis");
  const plain = (text) => text.replace(/[\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();
  const areas = page.locator('ul.lines li:has(a[href^="/practice/analysis/areas/"])');
  console.log(`the bank by area: ${(await areas.allInnerTexts()).map(plain).join("; ")}`);
  await page.goto("/practice");
  const answered = page.locator(".figure").filter({ has: page.locator("progress") }).first();
  console.log(`before anybody pressed through: ${plain(await answered.innerText())}`);
  const printing = Date.now();
  const bytes = await page.evaluate(async () => {
    const answer = await fetch("/practice/analysis/report.pdf");
    return answer.ok ? (await answer.arrayBuffer()).byteLength : 0;
  });
  assert.ok(bytes > 10_000, "the draft is a PDF");
  console.log(`the draft as a PDF, ms: ${Date.now() - printing}, bytes: ${bytes}`);
}

/** Presses through the open questions; the last press leads back to the overview. */
async function answerEverything(page) {
  for (let step = 0; step < QUESTIONS_MAX; step++) {
    await page.goto("/practice/analysis/next");
    if (new URL(page.url()).pathname === "/practice/analysis") return step;
    await page.locator(`input[name="choice"][value="${step % 9 === 0 ? "not-sure" : "yes"}"]`).check();
    await page.locator("form.card button.primary").click();
  }
  assert.fail("the questions do not end");
}

function daysFromNow(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

const QUESTIONS_MAX = 200;
/** The owner of a new practice. */
const OFFICIAL = "Amara Osei";
const NOOR = { name: "Noor Haddad", email: "noor.haddad@harbor.example", role: "clinician" };
const THEO = { name: "Theo Marchetti", email: "theo.marchetti@harbor.example", role: "desk" };
