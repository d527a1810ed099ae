// The room's page as others can check it: no browser reports a breach of its policies during a whole visit,
// and `alcove verify-page` tells the published page from one with a single other byte.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer, request } from "node:http";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { count, seesAndHears } from "../stage/media.mjs";
import { compareDigits, meet, wordsOf } from "../stage/people.mjs";
import { program } from "../stage/places.mjs";

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

/** Runs in every page before its scripts: hands on each report of a policy that was broken. */
function reportBreaches() {
  document.addEventListener("securitypolicyviolation", (event) => {
    const { effectiveDirective, blockedURI, sourceFile } = event;
    globalThis.breach?.(`${location.pathname}: ${effectiveDirective} ${blockedURI} ${sourceFile}`);
  });
  const types = ["csp-violation", "integrity-violation", "coep", "coop", "permissions-policy-violation"];
  const report = (found) => found.forEach((one) => globalThis.breach?.(`${one.type} ${one.url}`));
  new ReportingObserver(report, { types, buffered: true }).observe();
}

async function watched(breaches, options = {}) {
  const one = await person(browser, demo, { init: reportBreaches, ...options });
  await one.context.exposeFunction("breach", (words) => breaches.push(words));
  return one;
}

test("no policy is broken during a whole visit, the page is isolated and every worker works", async () => {
  const breaches = [];
  const patient = await watched(breaches, { phone: true });
  const clinician = await watched(breaches);
  const room = await meet(patient, clinician, demo.patient, { measure: true });
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  await compareDigits(patient.page, room);
  for (const page of [patient.page, room]) {
    const words = page.locator('a[href="/how-private"]:visible');
    assert.equal(await words.count(), 1, "what this means is a press away");
    assert.equal(await page.evaluate(() => globalThis.crossOriginIsolated), true);
    const sealing = await page.evaluate(() => globalThis.countSealing());
    assert.equal(sealing.transformed, sealing.ends, "every lane goes through the worker");
  }
  await callsForHelp(clinician, room);
  await Promise.all([seesAndHears(patient.page, { frames: 20 }), seesAndHears(room, { frames: 20 })]);
  await room.locator(".controls .red:visible").click();
  await room.locator(".dialog[open]").waitFor();
  await room.locator(".dialog .danger").click();
  await patient.page.locator(".over").waitFor();
  await clinician.leave();
  await patient.leave();
  assert.deepEqual(breaches, []);
});

/** One press in the room: whom to call where the patient is, in a tab of its own; the visit goes on. */
async function callsForHelp({ context }, room) {
  const opened = context.waitForEvent("page");
  await room.locator(".panel").getByRole("link", { name: "Emergency card" }).click();
  const card = await opened;
  await card.locator("dl.facts").waitFor();
  const words = await wordsOf(card);
  assert.match(words, /617-555-0190[^]*12 Harbor Street, Boston[^]*617-555-0177/);
  await card.close();
}

test("the room refuses and reports code from words, and scripts and workers without a digest", async () => {
  const breaches = [];
  const visitor = await watched(breaches);
  await visitor.page.goto("/room/");
  const { hashes } = JSON.parse((await run("version", "--manifest")).stdout);
  const got = await visitor.page.evaluate(tryEverything, hashes["/room/picture.js"]);
  assert.deepEqual(got, {
    words: "EvalError",
    address: "TypeError",
    worker: "TypeError",
    without: "refused",
    withDigest: "loaded",
  });
  await visitor.page.waitForTimeout(500);
  for (const kind of ["require-trusted-types-for", "integrity-violation"])
    assert.ok(breaches.some((one) => one.includes(kind)), `${kind} in ${breaches.join("; ")}`);
  await visitor.context.close();
});

/** In a task of the page's own: what a debugger evaluates may do more than a page. */
function tryEverything(digest) {
  const caught = (work) => {
    try {
      work();
      return "done";
    } catch (error) {
      return error.name;
    }
  };
  const preload = (integrity) =>
    new Promise((done) => {
      const link = document.createElement("link");
      Object.assign(link, { rel: "modulepreload", href: "/room/picture.js", crossOrigin: "anonymous" });
      if (integrity) link.integrity = integrity;
      link.onload = () => done("loaded");
      link.onerror = () => done("refused");
      document.head.append(link);
    });
  return new Promise((done) => {
    setTimeout(async () => {
      done({
        words: caught(() => new Function("return 1")()),
        address: caught(() => (document.createElement("script").src = "/room/room.js")),
        worker: caught(() => new Worker("/room/secrecy.js")),
        without: await preload(""),
        withDigest: await preload(digest),
      });
    });
  });
}

test("verify-page believes the demo, and finds one other byte on the way", async () => {
  const published = await run("version");
  const { stdout: manifest } = await run("version", "--manifest");
  assert.match(published.stdout, /room page sha256-[\w+/]{43}=/);
  assert.ok(JSON.parse(manifest).hashes["/room/room.js"].startsWith("sha256-"));

  const good = await run("verify-page", demo.origin);
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /This is the published page/);

  const proxy = await onTheWay((path, bytes) => {
    if (path === "/room/room.js") bytes[bytes.length >> 1] ^= 1;
  });
  const bad = await run("verify-page", proxy.origin);
  await proxy.close();
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /CHANGED +\/room\/room\.js/);
  assert.match(bad.stderr, /Hold no visit on it/);
});

/** A server in front of the demo that may change what passes. */
async function onTheWay(change) {
  const server = createServer((asked, answer) => {
    const { port } = new URL(demo.origin);
    const onward = request({ host: "localhost", port, path: asked.url, headers: asked.headers }, (got) => {
      const parts = [];
      got.on("data", (part) => parts.push(part));
      got.on("end", () => {
        const bytes = Buffer.concat(parts);
        change(asked.url, bytes);
        answer.writeHead(got.statusCode, got.headers).end(bytes);
      });
    });
    onward.end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://localhost:${server.address().port}`,
    close: () => new Promise((done) => server.close(done)),
  };
}

function run(...args) {
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (bytes) => (stdout += bytes));
    child.stderr.on("data", (bytes) => (stderr += bytes));
    child.on("exit", (code) => done({ code, stdout, stderr }));
  });
}
