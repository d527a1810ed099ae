// A page that misbehaves on the wire: too large, malformed, out of place, forbidden. A clear answer each, and
// the visit of the others goes on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, person } from "../stage/browser.mjs";
import { startDemo, throwAway } from "../stage/demo.mjs";
import { seesAndHears } from "../stage/media.mjs";
import { meet } from "../stage/people.mjs";

let demo, browser, patient, clinician, room;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  patient = await person(browser, demo, { init: keepSocket });
  clinician = await person(browser, demo, { init: keepSocket });
  room = await meet(patient, clinician, demo.patient);
  await Promise.all([seesAndHears(patient.page), seesAndHears(room)]);
});

after(async () => {
  await patient?.leave();
  await clinician?.leave();
  await browser?.close();
  await demo?.stop();
  if (demo) throwAway(demo);
});

const BAD_OFFERS = {
  "no description at all": { sdp: "" },
  words: { sdp: "hello" },
  "an offer without media": { sdp: "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" },
  "an offer with ten thousand lines": { sdp: `v=0\r\n${"a=x\r\n".repeat(5_000)}` },
  "a number": { sdp: 7 },
};

for (const [name, body] of Object.entries(BAD_OFFERS)) {
  test(`an offer that is ${name} is answered with a problem, and both see each other again`, async () => {
    const problem = await raw(patient.page, "offer", body);
    assert.ok(problem.title && problem.type, JSON.stringify(problem));
    await bothGoOn();
  });
}

const FORBIDDEN = {
  admit: { participant: "x" },
  remove: { participant: "x" },
  back_to_lobby: { participant: "x" },
  lock: { locked: true },
  end: {},
  say: { text: "Hello" },
};

for (const [type, body] of Object.entries(FORBIDDEN)) {
  test(`a patient's "${type}" is refused and changes nothing`, async () => {
    const problem = await raw(patient.page, type, body);
    assert.ok(problem.title, JSON.stringify(problem));
    await bothGoOn();
  });
}

const MALFORMED = {
  "no JSON": "hello",
  "an unknown type": JSON.stringify({ v: 1, seq: 900_001, type: "become_host", body: {} }),
  "a foreign version": JSON.stringify({ v: 2, seq: 900_002, type: "alive", body: {} }),
  "an extra member": JSON.stringify({ v: 1, seq: 900_003, type: "alive", body: {}, role: "host" }),
  "an extra field": JSON.stringify({
    v: 1,
    seq: 900_004,
    type: "media",
    body: { mic: true, camera: true, role: "host" },
  }),
};

for (const [name, text] of Object.entries(MALFORMED)) {
  test(`a message with ${name} is answered with a problem`, async () => {
    const problem = await rawText(patient.page, text);
    assert.ok(problem.title, JSON.stringify(problem));
    await bothGoOn();
  });
}

test("a message over 64 KiB costs the sender the socket at most; the page comes back by itself", async () => {
  await patient.page.evaluate(() => globalThis.socket.send("x".repeat(70_000)));
  await patient.page.waitForTimeout(1_000);
  await patient.page.locator('.alert[data-tone="bad"]:visible').waitFor({ state: "hidden" });
  await bothGoOn();
});

test("a wrong way in on a fresh socket is refused, and the one inside stays", async () => {
  const answer = await patient.page.evaluate(
    () =>
      new Promise((done) => {
        const socket = new WebSocket(`ws://${location.host}/ws`);
        socket.onopen = () =>
          socket.send(JSON.stringify({ v: 1, seq: 1, type: "hello", body: { ticket: "A".repeat(43) } }));
        socket.onmessage = (event) => done(JSON.parse(event.data));
        socket.onclose = () => done({ type: "closed" });
      }),
  );
  assert.notEqual(answer.type, "welcome");
  await bothGoOn();
});

async function bothGoOn() {
  await Promise.all([seesAndHears(patient.page, { frames: 3 }), seesAndHears(room, { frames: 3 })]);
}

function raw(page, type, body) {
  return page.evaluate(([type, body]) => globalThis.sendRaw(type, body), [type, body]);
}

function rawText(page, text) {
  return page.evaluate((text) => globalThis.sendText(text), text);
}

/** Keeps the page's own socket, so that a journey can send over it what the page never would. */
function keepSocket() {
  const Real = globalThis.WebSocket;
  let seq = 1_000;
  globalThis.WebSocket = new Proxy(Real, {
    construct(target, args) {
      const socket = new target(...args);
      const own = socket.send.bind(socket);
      // The page's own numbers must keep growing too.
      socket.send = (text) => {
        const message = typeof text === "string" && text.startsWith("{") ? JSON.parse(text) : null;
        return own(message ? JSON.stringify({ ...message, seq: ++seq }) : text);
      };
      socket.sendBare = own;
      globalThis.socket = socket;
      return socket;
    },
  });
  globalThis.sendText = (text) =>
    new Promise((done) => {
      const listen = (event) => {
        const message = JSON.parse(event.data);
        if (message.type !== "problem") return;
        globalThis.socket.removeEventListener("message", listen);
        done(message.body);
      };
      globalThis.socket.addEventListener("message", listen);
      globalThis.socket.addEventListener("close", () => done({ type: "closed", title: "closed" }), {
        once: true,
      });
      globalThis.socket.sendBare(text);
    });
  globalThis.sendRaw = (type, body) => globalThis.sendText(JSON.stringify({ v: 1, seq: ++seq, type, body }));
}
