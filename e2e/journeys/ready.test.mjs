// Readiness: what the checks say of faked pictures, sounds and networks, and the practice room for anybody.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { LIGHTS, devices, picture, sound } from "../stage/faked.mjs";
import { look } from "../stage/looks.mjs";
import { seesAndHears } from "../stage/media.mjs";
import { signIn, wordsOf } from "../stage/people.mjs";
import { measured, onWeakNetwork } from "../stage/weak.mjs";

let demo, folder;

before(async () => {
  demo = await startDemo();
  folder = mkdtempSync(join(tmpdir(), "alcove-faked-"));
});

after(async () => {
  await demo?.stop();
  if (demo) throwAway(demo);
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test("dark, bright and backlit pictures, a quiet and a loud room get the right word and advice", async () => {
  const cases = [
    ["dark", -70, { light: "poor", noise: "good" }, /Dim[\s\S]*switch on a lamp[\s\S]*Quiet/],
    ["bright", -20, { light: "poor", noise: "poor" }, /Too bright[\s\S]*Loud[\s\S]*Close the door/],
    ["backlit", -45, { light: "poor", noise: "ok" }, /Light behind you[\s\S]*Turn around/],
  ];
  await Promise.all(
    cases.map(async ([name, dbfs, verdicts, said]) => {
      const files = devices(picture(folder, name, LIGHTS[name]), sound(folder, name, dbfs));
      const browser = await openBrowser({ extra: files });
      try {
        const visitor = await person(browser, demo);
        const fields = await measured(visitor.page);
        const { light, noise } = fields;
        assert.deepEqual({ light, noise }, verdicts, name);
        assert.match(await wordsOf(visitor.page), said, name);
        assert.ok(!("luma" in fields || "noise_db" in fields), "no number of picture or sound");
        await visitor.leave();
      } finally {
        await browser.close();
      }
    }),
  );
});

test("lost packets and a narrow way are measured over the real media server, and called weak", () => {
  const lossy = onWeakNetwork("numgen random mod 100 < 15 drop");
  assert.equal(lossy.fields.way, "udp");
  assert.ok(Number(lossy.fields.lost) > 80, `15 % of the packets are dropped: ${JSON.stringify(lossy)}`);
  const cap = "limit rate over 12 kbytes/second burst 4 kbytes drop";
  const narrow = onWeakNetwork(cap, "check-in-readiness-narrow");
  for (const name of ["up", "down"])
    assert.match(String(narrow.fields[name]), /^\d+$/, `nothing was measured: ${JSON.stringify(narrow)}`);
  // Of the way up the browser knows what the server could still report, which also has to pass.
  assert.ok(Number(narrow.fields.down) < 150, `12 kB each second pass: ${JSON.stringify(narrow)}`);
  assert.ok(Number(narrow.fields.lost) > 80, JSON.stringify(narrow));
  for (const said of [lossy, narrow]) {
    assert.equal(said.word, "Weak");
    assert.match(said.advice, /^Try another network, or sit closer to your router\./);
    assert.ok(said.badges.includes("Weak internet"), JSON.stringify(said.badges));
    isKept(said);
  }
});

test("a wall before UDP is gone round over TCP, which is usable and never better", () => {
  const walled = onWeakNetwork("drop");
  assert.equal(walled.fields.way, "tcp", JSON.stringify(walled));
  assert.equal(walled.word, "Fine");
  assert.match(walled.advice, /^Video may stop for moments\./);
  assert.ok(walled.badges.length > 0 && !walled.badges.includes("Weak internet"), JSON.stringify(walled));
  isKept(walled);
});

/** The numbers of the network are the only ones that the practice gets, and it has them as they were. */
function isKept({ fields, kept }) {
  const numbers = (all) => ["way", "round_trip", "lost", "up", "down"].map((name) => all[name]);
  assert.deepEqual(numbers(kept), numbers(fields));
}

test("R101 (part: anybody tries devices, sound and network without staff, and sees themselves)", () =>
  inBrowser(trying));

async function inBrowser(run) {
  const browser = await openBrowser();
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
}

/** From the invitation, before anybody knows who it is. */
async function trying(browser) {
  const visitor = await person(browser, demo, { phone: true });
  await visitor.page.goto(demo.patient);
  const beside = visitor.context.waitForEvent("page");
  await visitor.page.locator('a[href="/try"]').click();
  const page = await beside;
  const fields = await measured(page);
  const { way, camera, microphone } = fields;
  assert.deepEqual([way, fields.browser, camera, microphone], ["udp", "good", "ok", "ok"]);
  for (const name of ["round_trip", "lost", "up", "down"]) assert.match(fields[name], /^\d+$/, name);
  assert.ok(Number(fields.up) > 150 && Number(fields.down) > 150, JSON.stringify(fields));
  assert.ok(await page.locator('[data-check="back_camera"]').isHidden(), "there is no second camera");
  const speaker = page.locator('[data-check="speaker"] button');
  await speaker.nth(0).click();
  await speaker.nth(2).click();
  assert.equal(await page.locator('input[name="speaker"]').inputValue(), "poor");
  assert.match(await wordsOf(page), /Turn the volume up/);
  await speaker.nth(1).click();
  assert.equal(await page.locator('input[name="speaker"]').inputValue(), "good");
  await page.locator("alcove-mirror button").first().click();
  await page.locator('alcove-mirror[data-state="on"]').waitFor();
  // Muted is not played: nothing howls before the person asks for it.
  await page.locator("alcove-mirror button").nth(1).click();
  await seesAndHears(page, { frames: 15 });
  const sealing = await page.evaluate(() => globalThis.countSealing());
  assert.deepEqual(sealing, { guarded: true, ends: 2, transformed: 2 }, "sealed on the way");
  await look(page, "try");
  await page.locator("alcove-mirror button").first().click();
  await page.locator('alcove-mirror[data-state="off"]').waitFor();
  await visitor.leave();
}

test("staff check themselves before the first visit, and measure a room of the register", async () => {
  const browser = await openBrowser();
  const staff = await person(browser, demo);
  const { page } = staff;
  try {
    await signIn(page, "privacy_official");
    await page.goto("/practice/rooms");
    await page.fill('input[name="name"]', "Room 2");
    await page.locator('form[action="/practice/rooms"] button').click();
    await page.locator("alcove-ready button").first().click();
    await page.locator('alcove-ready[data-state="done"]').waitFor({ timeout: 45_000 });
    for (const name of ["closes", "unheard", "no_machines"]) await page.check(`input[name="${name}"]`);
    await page.locator('form[action$="/check"] .actions button').click();
    await page.locator(".lines .badges").waitFor();
    assert.match(await wordsOf(page), /Brightness \d+ of 255, noise -?\d+ dBFS/);
    await look(page, "room-register-one");
    await page.goto("/practice/rooms");
    await look(page, "room-register");
    await signIn(page, "clinician");
    await page.goto("/day");
    assert.match(await wordsOf(page), /Before your first visit/);
    await page.locator('a[href="/day/ready"]').click();
    await page.locator("alcove-ready button").first().click();
    await page.locator('alcove-ready[data-state="done"]').waitFor({ timeout: 45_000 });
    await page.selectOption('select[name="room"]', { label: "Room 2" });
    await page.locator('form[action="/day/ready"] .actions button').click();
    await page.locator("#faults").waitFor();
    assert.match(await wordsOf(page), /Choose how the door is/);
    await look(page, "own-readiness-fault");
    await page.check('input[name="near"][value="alone"]');
    await page.check('input[name="door_is"][value="closed"]');
    await page.check('input[name="headphones"][value="yes"]');
    await page.locator('form[action="/day/ready"] .actions button').click();
    await page.waitForURL(/\/day$/);
    assert.match(await wordsOf(page), /You checked yourself today at/);
    await look(page, "day-own-checked");
    await staff.leave();
  } finally {
    await browser.close();
  }
});
