// A tab nobody looks at: the picture and the tone of the demo go on when another tab is in front of it. The
// browser here is driven by hand, because a driver that stays attached keeps every tab visible.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { FLAGS, openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { count, seesAndHears } from "../stage/media.mjs";
import { meet } from "../stage/people.mjs";
import { chromium as executablePath } from "../stage/places.mjs";

test("the demo's picture and tone go on in a tab that another tab hides", async () => {
  const demo = await startDemo();
  const browser = await openBrowser();
  const clinician = await person(browser, demo);
  const tabs = await browserOfTabs();
  try {
    const patient = await tabs.attach();
    const page = patient.contexts()[0].pages()[0];
    const room = await meet({ page }, clinician, demo.patient);
    await seesAndHears(room);
    await page.evaluate(() => {
      globalThis.seen = [];
      const note = () => globalThis.seen.push([document.visibilityState, Date.now()]);
      document.addEventListener("visibilitychange", note);
    });
    await patient.close();

    await tabs.open("about:blank");
    await room.waitForTimeout(SETTLE_MS);
    const started = Date.now();
    const before = await count(room);
    await room.waitForTimeout(HIDDEN_MS);
    const after = await count(room);
    const counted = Date.now();

    const again = await tabs.attach();
    const hidden = again.contexts()[0].pages().find((one) => one.url().startsWith(demo.origin));
    const seen = (await hidden.evaluate(() => globalThis.seen)).filter(([, at]) => at < counted);
    assert.equal(seen.at(-1)?.[0], "hidden", "the tab was hidden all the while");
    assert.ok(seen.at(-1)[1] < started, "from before the counting");
    await again.close();
    const fresh = after.frames - before.frames;
    assert.ok(fresh >= (5 * HIDDEN_MS) / 1_000, `${fresh} new pictures in ${HIDDEN_MS} ms`);
    assert.ok(after.energy > before.energy, "the tone goes on as well");
    await clinician.leave();
  } finally {
    await browser.close();
    await demo.stop();
    throwAway(demo);
    await tabs.close();
  }
});

/** A browser of its own, without cameras; drivers come and go. */
async function browserOfTabs() {
  const profile = mkdtempSync(join(tmpdir(), "alcove-tabs-"));
  const args = [...FLAGS, "--use-fake-ui-for-media-stream", "--remote-debugging-port=0"];
  const child = spawn(executablePath, [...args, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: "ignore",
    // A group of its own: its helpers go with it, and write into the profile no more.
    detached: true,
  });
  const ended = new Promise((done) => child.once("exit", done));
  const origin = `http://127.0.0.1:${await portIn(join(profile, "DevToolsActivePort"))}`;
  return {
    attach: () => chromium.connectOverCDP(origin),
    /** In the window of the others, in front of them. */
    open: (address) => fetch(`${origin}/json/new?${address}`, { method: "PUT" }),
    async close() {
      process.kill(-child.pid, "SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function portIn(file) {
  for (let tries = 0; tries < 200; tries++) {
    const port = existsSync(file) && readFileSync(file, "utf8").split("\n")[0];
    if (port) return port;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("the browser did not say its port");
}

const SETTLE_MS = 1_000;
const HIDDEN_MS = 6_000;
