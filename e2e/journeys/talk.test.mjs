// Messages and files in the room: sealed in one browser, opened in the other, and never more than that.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { look } from "../stage/looks.mjs";
import { meet } from "../stage/people.mjs";

let demo, browser, patient, clinician, room, folder;

before(async () => {
  browser = await openBrowser();
  folder = mkdtempSync(join(tmpdir(), "alcove-files-"));
});

beforeEach(async () => {
  demo = await startDemo();
  patient = await person(browser, demo);
  clinician = await person(browser, demo);
  room = await meet(patient, clinician, demo.patient);
  for (const page of [patient.page, room])
    await page.locator(".truth-words", { hasText: /Private so far/ }).waitFor();
});

afterEach(async () => {
  await patient.leave();
  await clinician.leave();
  await demo.stop();
  throwAway(demo);
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const openTalk = (page) => page.locator('[aria-controls="talk"]').click();

async function write(page, text) {
  await page.locator("#talk-text").fill(text);
  await page.locator("#talk-text").press("Enter");
}

test("words reach the other side, by keyboard, under the name they were sealed with", async () => {
  await openTalk(patient.page);
  assert.ok(await patient.page.locator("#talk-text").evaluate((field) => field === document.activeElement));
  await write(patient.page, "My pulse was 62 this morning");
  await room.locator('[aria-controls="talk"] .count', { hasText: "1" }).waitFor();
  await room.locator('[role="status"]', { hasText: "Maria Alvarez wrote: My pulse was 62" }).waitFor();
  await openTalk(room);
  const line = room.locator(".line", { hasText: "My pulse was 62" });
  assert.match(await line.locator(".line-who").innerText(), /^Maria Alvarez patient \d/);
  await write(room, "Thank you.\nA second line");
  await patient.page.locator(".line", { hasText: "A second line" }).waitFor();
  assert.match(await patient.page.locator(".line-who", { hasText: "clinician" }).innerText(), /Dr\./);
  await look(room, "talk-clinician");
  await look(patient.page, "talk-patient");
  await patient.page.keyboard.press("Escape");
  await patient.page.locator("#talk").waitFor({ state: "hidden" });
  const back = '[aria-controls="talk"]';
  assert.ok(await patient.page.locator(back).evaluate((button) => button === document.activeElement));
});

test("a message has at most 2,000 letters, and white space alone is none", async () => {
  await openTalk(patient.page);
  await patient.page.locator("#talk-text").fill("x".repeat(2_000));
  await patient.page.locator("#talk-count", { hasText: "2,000 of 2,000" }).waitFor();
  await patient.page.locator("#talk-text").press("Enter");
  await openTalk(room);
  await room.locator(".line-text").waitFor();
  assert.equal((await room.locator(".line-text").innerText()).length, 2_000);
  await write(patient.page, "   ");
  assert.equal(await patient.page.locator(".line").count(), 1);
});

test("a file of 1.5 MiB arrives byte for byte, and the end of the visit deletes it", async () => {
  const bytes = randomBytes(1_572_864);
  const path = join(folder, "X-ray left hand.pdf");
  writeFileSync(path, bytes);
  await openTalk(patient.page);
  await patient.page.locator('#talk input[type="file"]').setInputFiles(path);
  await patient.page.locator(".file-state", { hasText: "Sent." }).waitFor();
  await openTalk(room);
  const offer = room.locator(".file", { hasText: "X-ray left hand.pdf" });
  await offer.locator(".file-state", { hasText: "Open it only if you expected it" }).waitFor();
  assert.match(await offer.innerText(), /PDF · 1\.6 MB/);
  await look(room, "talk-file-clinician");
  const coming = room.waitForEvent("download");
  await offer.getByRole("button", { name: "Save X-ray left hand.pdf" }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), "X-ray left hand.pdf");
  assert.ok(readFileSync(await download.path()).equals(bytes), "the same bytes");
  await offer.locator(".file-state", { hasText: "Saved" }).waitFor();
  await room.locator(".controls button", { hasText: "End" }).click();
  await room.locator("dialog .danger").click();
  await patient.page.getByText("The messages and files of this visit are deleted.").waitFor();
});

test("26 MiB are refused with a sentence before anything is read, and a file can be stopped", async () => {
  const large = join(folder, "large.bin");
  writeFileSync(large, "");
  truncateSync(large, 26 * 1024 * 1024);
  await openTalk(patient.page);
  await patient.page.locator('#talk input[type="file"]').setInputFiles(large);
  await patient.page.locator(".talk-why", { hasText: "This file is larger than 25 MB" }).waitFor();
  assert.equal(await patient.page.locator(".line").count(), 0);

  truncateSync(large, 20 * 1024 * 1024);
  await patient.page.route("**/room/files/*/3", async (route) => {
    await new Promise((done) => setTimeout(done, 4_000));
    await route.continue().catch(() => undefined);
  });
  await patient.page.locator('#talk input[type="file"]').setInputFiles(large);
  await patient.page.locator(".file progress").waitFor();
  await patient.page.getByRole("button", { name: "Stop large.bin" }).click();
  await patient.page.locator(".file-state", { hasText: "You stopped it" }).waitFor();
  await openTalk(room);
  assert.equal(await room.locator(".line").count(), 0, "nobody heard of it");
});

test("a damaged file and one that is gone are told apart, and nothing is saved", async () => {
  const path = join(folder, "letter.txt");
  writeFileSync(path, "Dear Maria");
  await openTalk(patient.page);
  await openTalk(room);
  await patient.page.locator('#talk input[type="file"]').setInputFiles(path);
  const offer = room.locator(".file", { hasText: "letter.txt" });
  await offer.waitFor();
  let lie = async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    body[0] ^= 1;
    await route.fulfill({ response: answer, body });
  };
  await room.route("**/room/files/*/1", (route) => lie(route));
  await offer.locator("button", { hasText: "Save" }).click();
  await offer.locator(".file-state", { hasText: "did not arrive as it was sent" }).waitFor();
  lie = (route) => route.fulfill({ status: 410, body: "{}" });
  await offer.locator("button", { hasText: "Save" }).click();
  await offer.locator(".file-state", { hasText: "not here any more" }).waitFor();
});
