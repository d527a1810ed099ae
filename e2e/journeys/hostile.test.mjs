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
  "without a description": [{ sdp: "" }, "offer-refused"],
  "of mere words": [{ sdp: "hello" }, "offer-refused"],
  "without media": [
    { sdp: "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" },
    "offer-refused",
  ],
  "of five thousand lines": [{ sdp: `v=0\r\n${"a=x\r\n".repeat(5_000)}` }, "offer-refused"],
  "of 33 media lines": [{ sdp: "m=audio 9 RTP/AVP 0\r\n".repeat(33) }, "message-too-long"],
  "over 32 KiB": [{ sdp: `v=0\r\n${"a=x\r\n".repeat(6_600)}` }, "message-too-long"],
  "that is a number": [{ sdp: 7 }, "message-malformed"],
};

for (const [name, [body, code]] of Object.entries(BAD_OFFERS)) {
  test(`an offer ${name} is answered with ${code}, and both see each other still`, async () => {
    await refused(raw("offer", body), code);
    await bothGoOn();
  });
}

const FORBIDDEN = {
  admit: (people) => ({ participant: people.patient }),
  remove: (people) => ({ participant: people.host }),
  back_to_lobby: (people) => ({ participant: people.host }),
  lock: () => ({ locked: true }),
  end: () => ({}),
  say: () => ({ text: "Hello" }),
};

for (const [type, body] of Object.entries(FORBIDDEN)) {
  test(`a patient's "${type}" with a true id is not theirs to do, and changes nothing`, async () => {
    const before = await roomAsSeen(patient.page);
    await refused(raw(type, body(before.ids)), "not-yours");
    await bothGoOn();
    assert.deepEqual(await roomAsSeen(patient.page), before);
  });
}

const MALFORMED = {
  "no JSON": ["hello", "message-malformed"],
  "an unknown type": [{ v: 1, type: "become_host", body: {} }, "message-unknown"],
  "a foreign version": [{ v: 2, type: "alive", body: {} }, "message-version"],
  "an extra member": [{ v: 1, type: "alive", body: {}, role: "host" }, "message-malformed"],
  "an extra field": [
    { v: 1, type: "media", body: { mic: true, camera: true, role: "host" } },
    "message-malformed",
  ],
  "a second hello": [{ v: 1, type: "hello", body: { ticket: "A".repeat(43) } }, "message-malformed"],
};

for (const [name, [message, code]] of Object.entries(MALFORMED)) {
  test(`a message with ${name} is answered with ${code}`, async () => {
    const text = typeof message === "string" ? message : JSON.stringify({ ...message, seq: 900_001 });
    await refused(rawText(text), code);
    await bothGoOn();
  });
}

test("a message of 70 kB is answered with message-too-long, and the socket lives", async () => {
  await patient.page.evaluate(() => (globalThis.before = globalThis.socket));
  await refused(rawText("x".repeat(70_000)), "message-too-long");
  await bothGoOn();
  const same = () => globalThis.before === globalThis.socket && globalThis.socket.readyState === 1;
  assert.ok(await patient.page.evaluate(same), "the very same socket is open");
});

test("a message of 300 kB ends the socket unread, and the page comes back by itself", async () => {
  await patient.page.evaluate(() => {
    globalThis.before = globalThis.socket;
    globalThis.socket.sendBare("x".repeat(300_000));
  });
  await patient.page.waitForFunction(
    () => globalThis.before.readyState === 3 && globalThis.socket !== globalThis.before,
  );
  await patient.page.waitForFunction(() => globalThis.socket.readyState === 1);
  await patient.page.locator('.alert[data-tone="bad"]:visible').waitFor({ state: "hidden" });
  await bothGoOn();
  assert.equal(await room.locator(".panel .admit").count(), 0, "nobody waits again");
});

test("a wrong way in on a fresh socket is answered with ticket-over, and the one inside stays", async () => {
  const heard = await patient.page.evaluate(
    () =>
      new Promise((done) => {
        const types = [];
        const socket = new WebSocket(`ws://${location.host}/ws`);
        socket.onopen = () =>
          socket.sendBare(JSON.stringify({ v: 1, seq: 1, type: "hello", body: { ticket: "A".repeat(43) } }));
        socket.onmessage = (event) => types.push(JSON.parse(event.data).body.type);
        socket.onclose = () => done(types);
      }),
  );
  assert.deepEqual(heard, ["urn:alcove:ticket-over"], "one problem, then the socket closes");
  await bothGoOn();
});

test("ten refused messages in a row close the socket; the page comes back by itself", async () => {
  const heard = await patient.page.evaluate(
    () =>
      new Promise((done) => {
        const types = [];
        const { socket } = globalThis;
        socket.addEventListener("message", (event) => types.push(JSON.parse(event.data).body.type));
        socket.addEventListener("close", () => done(types.filter(Boolean)), { once: true });
        for (let sent = 0; sent < 10; sent++) socket.sendBare("hello");
      }),
  );
  assert.deepEqual(
    heard.map((type) => type.split(":").at(-1)),
    [...Array(10).fill("message-malformed"), "message-too-many-mistakes"],
  );
  await patient.page.locator('.alert[data-tone="bad"]:visible').waitFor({ state: "hidden" });
  await bothGoOn();
});

/** Exactly this code, with a sentence for the person; a socket that closes instead is a failure. */
async function refused(answer, code) {
  const problem = await answer;
  assert.equal(problem.type, `urn:alcove:${code}`, JSON.stringify(problem));
  assert.match(problem.title, /^[A-Z][^{}]+\.$/);
  assert.match(problem.detail, /^[A-Z][^{}]+\.$/);
}

/** Sound and pictures go on, and the patient's socket answers: which also ends a row of refused messages. */
async function bothGoOn() {
  await patient.page.evaluate(() => globalThis.aliveAnswered());
  await Promise.all([seesAndHears(patient.page, { frames: 3 }), seesAndHears(room, { frames: 3 })]);
}

async function roomAsSeen(page) {
  const { people, locked } = await page.evaluate(() => globalThis.lastRoom);
  const idOf = (role) => people.find((one) => one.role === role)?.id;
  const ids = { host: idOf("host"), patient: idOf("patient") };
  assert.ok(ids.host && ids.patient, "both are in the room");
  return { ids, locked, count: people.length, lobby: await page.locator(".lobby").isVisible() };
}

function raw(type, body) {
  return patient.page.evaluate(([type, body]) => globalThis.sendRaw(type, body), [type, body]);
}

function rawText(text) {
  return patient.page.evaluate((text) => globalThis.sendText(text), text);
}

/** Keeps the page's own socket, so that a journey can send over it what the page never would. */
function keepSocket() {
  const Real = globalThis.WebSocket;
  let seq = 1_000;
  globalThis.WebSocket = new Proxy(Real, {
    construct(target, args) {
      const socket = new target(...args);
      const own = socket.send.bind(socket);
      // The page's own numbers must keep growing too; what answers one of them is given it back.
      const numbers = new Map();
      socket.send = (text) => {
        const message = typeof text === "string" && text.startsWith("{") ? JSON.parse(text) : null;
        if (message) numbers.set(++seq, message.seq);
        return own(message ? JSON.stringify({ ...message, seq }) : text);
      };
      let page = null;
      Object.defineProperty(socket, "onmessage", { get: () => page, set: (listener) => (page = listener) });
      socket.addEventListener("message", ({ data }) => {
        const message = JSON.parse(data);
        const answers = numbers.get(message.body.seq_of);
        if (answers) message.body.seq_of = answers;
        page?.(new MessageEvent("message", { data: JSON.stringify(message) }));
      });
      socket.sendBare = own;
      socket.addEventListener("message", (event) => {
        const message = JSON.parse(event.data);
        if (message.type === "welcome") globalThis.socket = socket;
        if (message.type === "room") globalThis.lastRoom = message.body;
      });
      return socket;
    },
  });
  const answer = (send, fits) =>
    new Promise((done, fail) => {
      const { socket } = globalThis;
      const listen = (event) => {
        const message = JSON.parse(event.data);
        if (!fits(message)) return;
        socket.removeEventListener("message", listen);
        done(message.body);
      };
      socket.addEventListener("message", listen);
      socket.addEventListener("close", () => fail(new Error("the socket closed instead")), { once: true });
      send(socket);
    });
  globalThis.sendText = (text) =>
    answer(
      (socket) => socket.sendBare(text),
      (message) => message.type === "problem",
    );
  globalThis.sendRaw = (type, body) => globalThis.sendText(JSON.stringify({ v: 1, seq: ++seq, type, body }));
  globalThis.aliveAnswered = () =>
    answer(
      (socket) => socket.send(JSON.stringify({ v: 1, seq: 0, type: "alive", body: {} })),
      (message) => message.type === "alive",
    );
}
