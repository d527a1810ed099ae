// Pages of staff and the demo as people meet them: axe, two widths, both languages, the keyboard alone; and
// how heavy they are.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { hasFocus, tabTo } from "../stage/keyboard.mjs";
import { look } from "../stage/looks.mjs";
import { seesAndHears } from "../stage/media.mjs";
import { checkIn, enterLobby, meet, signIn, turnOn } from "../stage/people.mjs";

let demo, browser;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

test("R99 (part: the staff's and the demo's pages): axe finds nothing, nothing spills", async () => {
  const staff = await person(browser, demo);
  for (const path of ["/demo", "/styleguide", "/sign-in", "/nothing-here"]) {
    await staff.page.goto(path);
    await look(staff.page, `page${path.replaceAll("/", "-")}`);
  }
  await staff.page.goto("/demo/as/desk");
  for (const path of ["/day", "/day/book", "/patients", "/patients/new"]) {
    await staff.page.goto(path);
    await look(staff.page, `staff${path.replaceAll("/", "-")}`);
  }
  await staff.page.goto("/demo/as/clinician");
  await staff.page.goto("/day");
  await staff.page.locator('a[href^="/visits/"]').first().click();
  await look(staff.page, "staff-visit");
  await staff.page.goto("/demo/as/privacy_official");
  await look(staff.page, "staff-practice");
  await staff.leave();
});

test("R99 (part: how private a visit is): anybody reads it, in two languages", async () => {
  const stranger = await person(browser, demo, { phone: true });
  await stranger.page.goto("/i");
  const link = stranger.page.locator('a[href="/how-private"]');
  const opened = stranger.context.waitForEvent("page");
  await link.click();
  const page = await opened;
  await page.locator("h1", { hasText: "How private is this?" }).waitFor();
  await look(page, "how-private");
  await page.locator('button[name="lang"][value="es"]').click();
  await page.locator("h1", { hasText: "privado" }).waitFor();
  await look(page, "es-how-private");
  await stranger.leave();
});

test("one press turns the check-in and the room Spanish, on a phone", async () => {
  const patient = await person(browser, demo, { phone: true });
  await patient.page.goto("/i");
  await patient.page.locator('button[name="lang"][value="es"]').click();
  await patient.page.waitForFunction(
    () => document.documentElement.lang === "es" && document.readyState === "complete",
  );
  // Leave first: from /i to /i#secret is no new page.
  await patient.page.goto("about:blank");
  await checkIn(patient.page, demo.patient, { each: (name) => look(patient.page, `es-${name}`) });
  await enterLobby(patient.page);
  await look(patient.page, "es-lobby");
  assert.equal(await patient.page.evaluate(() => document.documentElement.lang), "es");
  await patient.leave();
});

test("the clinician's visit by keyboard alone: admit from the day page, mute, end", async () => {
  const other = await startDemo();
  const patient = await person(browser, other);
  await checkIn(patient.page, other.patient);
  await enterLobby(patient.page);
  await turnOn(patient.page);
  const clinician = await person(browser, other);
  await signIn(clinician.page, "clinician");
  await clinician.page.goto("/day");
  await tabTo(clinician.page, clinician.page.locator("form[data-admit] button").first());
  const opened = clinician.context.waitForEvent("page");
  await clinician.page.keyboard.press("Enter");
  const room = await opened;
  await room.locator(".room").waitFor();
  await tabTo(room, room.locator(".own-before .button.primary"));
  await room.keyboard.press("Enter");
  await room.locator(".frame.own video:visible").waitFor();
  await patient.page.locator(".room").waitFor();
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);

  await room.keyboard.press("m");
  await room.locator(".tile.self .tag-muted").waitFor();
  await patient.page.locator(".tile:not(.self) .tag-muted").waitFor();
  const end = room.locator(".controls .red:visible");
  await tabTo(room, end);
  await room.keyboard.press("Enter");
  await room.locator(".dialog[open]").waitFor();
  assert.ok(await hasFocus(room.locator(".dialog .primary")), "focus on the way back");
  await room.keyboard.press("Escape");
  await room.locator(".dialog:not([open])").waitFor({ state: "attached" });
  assert.ok(await hasFocus(end), "focus where it was");
  await room.keyboard.press("Enter");
  await room.locator(".dialog[open]").waitFor();
  await room.keyboard.press("Tab");
  await room.keyboard.press("Enter");
  await room.locator(".over").waitFor();
  assert.equal(await room.evaluate(() => document.activeElement?.tagName), "H1", "focus tells where one is");
  await patient.page.locator(".over").waitFor();
  await patient.leave();
  await clinician.leave();
  await other.stop();
  throwAway(other);
});

test("the guard notices a request that leaves, and the pages' own policy stops it", async () => {
  const careless = await person(browser, demo, { bypassPolicy: true });
  await careless.page.goto("/demo");
  await careless.page.evaluate(() => fetch("http://127.0.0.1:9/elsewhere").catch(() => undefined));
  await assert.rejects(careless.leave(), /own origin/);

  const guarded = await person(browser, demo);
  await guarded.page.goto("/demo");
  const stopped = await guarded.page.evaluate(
    () =>
      new Promise((done) => {
        document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
        fetch("http://127.0.0.1:9/elsewhere").catch(() => undefined);
      }),
  );
  assert.equal(stopped, "connect-src");
  await guarded.context.close();
});

test("the check-in and the room stay under their weight", async () => {
  const { gzipSync } = await import("node:zlib");
  const visitor = await person(browser, demo);
  const weigh = async (path, page = visitor.page) => {
    let bytes = 0;
    const listen = async (answer) => {
      const body = await answer.body().catch(() => Buffer.alloc(0));
      bytes += /woff2/.test(answer.url()) ? body.length : gzipSync(body, { level: 9 }).length;
    };
    page.on("response", listen);
    await page.goto(path, { waitUntil: "networkidle" });
    page.off("response", listen);
    return bytes;
  };
  const invitation = await weigh("/i");
  const room = await weigh("/room/");
  // The heaviest page of the check-in: the whole text of the consent.
  const who = { name: "James Whitfield", born: ["11", "3", "1957"] };
  await checkIn(visitor.page, demo.others[0], { who, until: "consent" });
  // The same person at a browser that has nothing of ours yet.
  const fresh = await browser.newContext({ storageState: await visitor.context.storageState() });
  const checkInPage = await weigh(visitor.page.url(), await fresh.newPage());
  await fresh.close();
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(`weight: invitation ${kB(invitation)}, check-in ${kB(checkInPage)}, room ${kB(room)}`);
  assert.ok(Math.max(invitation, checkInPage) < 120_000, `${invitation} and ${checkInPage} bytes`);
  assert.ok(room < 300_000, `${room} bytes`);
  await visitor.leave();
});

test("the time to the first picture of the other, ten times", async () => {
  const other = await startDemo();
  const patient = await person(browser, other);
  const clinician = await person(browser, other);
  const room = await meet(patient, clinician, other.patient);
  await seesAndHears(room);
  const times = [];
  for (let round = 0; round < 10; round++) {
    await patient.page.reload();
    times.push(
      await patient.page.evaluate(async () => {
        for (;;) {
          const now = await globalThis.countMedia();
          if (now.frames > 0) return Math.round(performance.now());
          if (performance.now() > 20_000) return Infinity;
          await new Promise((done) => setTimeout(done, 20));
        }
      }),
    );
  }
  times.sort((a, b) => a - b);
  console.log(`first remote frame, 10 joins (ms): least ${times[0]}, median ${times[5]}, max ${times[9]}`);
  assert.ok(times[9] < 15_000, times.join(" "));
  await patient.leave();
  await clinician.leave();
  await other.stop();
  throwAway(other);
});
