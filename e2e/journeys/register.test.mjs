// The register of patients: a list from a file, and what left the practice.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { signIn, wordsOf } from "../stage/people.mjs";

let browser, demo;

before(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

const LIST = [
  "Apellidos;Nombre;Fecha de nacimiento;Teléfono;Idioma;Nota",
  "Núñez;José;24/12/1980;555-010-0113;Español;a",
  "Álvarez;María;12/4/1985;555-010-0199;;b",
  "Ruiz;Ana;31/4/1970;555-010-0112;Klingon;=1+1",
].join("\r\n");

test("a list in Windows letters is looked at on a phone, and only then added", async () => {
  const desk = await person(browser, demo, { phone: true });
  const { page } = desk;
  await signIn(page, "desk");
  await page.goto("/patients");
  await page.locator('a[href="/patients/import"]').click();
  await look(page, "import");
  await page.setInputFiles("#file", { name: "x.csv", mimeType: "text/csv", buffer: Buffer.from("PK\u0003") });
  await page.locator('form[action="/patients/import/file"] button').click();
  assert.match(await wordsOf(page), /This is not a text file/);
  await look(page, "import-wrong");
  const letters = Buffer.from(LIST, "latin1");
  await page.setInputFiles("#file", { name: "pacientes.csv", mimeType: "text/csv", buffer: letters });
  await page.locator("#file").press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("#rows").waitFor();
  const seen = await wordsOf(page);
  assert.match(seen, /Windows-1252/);
  assert.match(seen, /1 new patient[\s\S]*José Núñez[\s\S]*December 24, 1980/);
  assert.match(seen, /1 row looks like somebody[\s\S]*Looks like: Maria Alvarez/);
  assert.match(seen, /1 row has a mistake[\s\S]*Row 4[\s\S]*There is no such day/);
  assert.equal(await page.locator('input[name="order"][value="day"]').isChecked(), true);
  await look(page, "import-look");
  await page.goto("/patients");
  assert.doesNotMatch(await wordsOf(page), /Núñez/, "nothing is added before the press");
  await page.goto("/patients/import");
  await page.locator('form[action="/patients/import/add"] button').click();
  await page.locator('a[href="/patients/import/left-out"]').waitFor();
  assert.match(await wordsOf(page), /1 patient was added[\s\S]*2 rows were left out/);
  await look(page, "import-done");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.locator('a[href="/patients/import/left-out"]').click(),
  ]);
  const left = await textOf(await file.createReadStream());
  assert.match(left, /Ruiz,Ana,31\/4\/1970,555-010-0112,Klingon,'=1\+1,/);
  assert.match(left, /who is already here/);
  await page.locator('form[action="/patients/import/drop"] button').click();
  await page.waitForURL(/\/patients$/);
  await page.fill("#name", "nunez");
  await page.locator('form[role="search"] button').click();
  await page.getByText("José Núñez").first().waitFor();
  await desk.leave();
});

test("R116 (part: the decision is asked and read again): a copy leaves, an official sees why", async () => {
  const [doctor, official] = [await person(browser, demo), await person(browser, demo)];
  await signIn(doctor.page, "clinician");
  await doctor.page.goto("/patients");
  await doctor.page.locator("td a", { hasText: "Maria Alvarez" }).first().click();
  await doctor.page.locator('a[href$="/copy"]').click();
  await doctor.page.fill("#recipient", "County court");
  await doctor.page.fill("#address", "1 Main Street");
  await doctor.page.check('input[value="other"]');
  await doctor.page.locator('form[action$="/copy"] button.primary').click();
  await doctor.page.locator("#words-fault").waitFor();
  await doctor.page.fill("#words", "They asked for the birth date alone");
  await doctor.page.locator('form[action$="/copy"] button.primary').click();
  await doctor.page.getByText("County court").first().waitFor();
  await signIn(official.page, "privacy_official");
  await official.page.goto("/practice");
  await official.page.locator('a[href="/practice/disclosures"]').click();
  assert.match(await wordsOf(official.page), /Maria Alvarez → County court[\s\S]*birth date alone/);
  assert.match(await wordsOf(official.page), /Belongs in the accounting/);
  await look(official.page, "disclosures");
  await official.page.locator('a[href^="/practice/disclosures/"]').first().click();
  assert.match(await wordsOf(official.page), /Born April 12, 1985/);
  await look(official.page, "disclosures-one");
  await Promise.all([doctor.leave(), official.leave()]);
});

test("the same page in Spanish says which rows look like somebody", async () => {
  const desk = await person(browser, demo, { phone: true });
  const { page } = desk;
  await signIn(page, "desk-es");
  await page.goto("/patients/import");
  const buffer = Buffer.from(LIST);
  await page.setInputFiles("#file", { name: "x.csv", mimeType: "text/csv", buffer });
  await page.locator('form[action="/patients/import/file"] button').click();
  await page.locator("#rows").waitFor();
  assert.match(await wordsOf(page), /2 filas se parecen a alguien[\s\S]*Se parece a: José Núñez/);
  await look(page, "import-look-es");
  await page.locator('form[action="/patients/import/drop"] button').click();
  await page.waitForURL(/\/patients$/);
  await desk.leave();
});

test("the trail of all that is whole", async () => {
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  assert.ok(verified.ok, verified.text);
});

async function textOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
