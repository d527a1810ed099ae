// The program and a mail server that is another: down when the first letters go, slow, greylisting one reader
// and refusing another. What waited drains in order, and the desk sees who got nothing. No browser is needed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { after, test } from "node:test";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startDemo, throwAway, verifyTrail } from "../stage/demo.mjs";
import { daysAround } from "../stage/visits.mjs";

/** Who has a visit today, in the order in which the demo writes to them. */
const READERS = "maria.alvarez james.whitfield rose.nakamura sara.khan tom.becker ana.duarte olu.bankole";
const ADDRESSES = READERS.split(" ").map((name) => `${name}@patients.example`);
const [MARIA, JAMES, ROSE, SARA, TOM, ANA, OLU] = ADDRESSES;
const WITHIN_MS = 20_000;

let demo;
const open = [];

after(async () => {
  await demo?.stop();
  for (const peer of open) peer.kill("SIGKILL");
  if (demo) throwAway(demo);
});

test("a mail server that was down gets all in order; the desk sees what bounced, and mends it", async () => {
  const away = await peer({});
  await away.stop();
  demo = await startDemo({ smtp: `127.0.0.1:${away.port}` });
  const desk = await signedIn("desk");
  await until(async () => (await badges(desk, "Mail delayed")).length >= 7);

  const first = await peer({ port: away.port, slowMs: 200, refuses: [SARA], greys: [TOM] });
  await resend(desk, "James Whitfield");
  await until(() => first.did.filter((line) => line === `took ${JAMES}`).length === 2);
  const heard = first.did.slice(0, first.did.lastIndexOf(`took ${JAMES}`) + 1);
  assert.deepEqual(
    heard.filter((line) => READERS.includes(line.split(/[ @]/)[1])),
    [
      // The letter of the press brings the older one to the same reader with it; after that nobody is down.
      `took ${JAMES}`,
      `took ${MARIA}`,
      `took ${ROSE}`,
      `refused ${SARA}`,
      `greyed ${TOM}`,
      `took ${ANA}`,
      `took ${OLU}`,
      `took ${JAMES}`,
    ],
  );
  assert.deepEqual(await badges(desk, "Mail bounced"), ["Sara Khan"]);
  assert.deepEqual(await badges(desk, "Mail delayed"), ["Tom Becker"], "tried again, nobody else waits");
  assert.match((await desk.get("/patients/errands")).text, /Messages that did not arrive[^]*Sara Khan/);
  await resend(desk, "Tom Becker");
  await until(() => first.did.includes(`took ${TOM}`));
  await until(async () => (await badges(desk, "Mail delayed")).length === 0);

  // The address works again: one press, and the badge goes.
  await first.stop();
  const second = await peer({ port: away.port });
  await resend(desk, "Sara Khan");
  await until(() => second.did.includes(`took ${SARA}`));
  await until(async () => (await badges(desk, "Mail bounced")).length === 0);
  const others = [MARIA, JAMES, ROSE, ANA, OLU].map((to) => `took ${to}`);
  assert.ok(!second.did.some((line) => others.includes(line)), "nothing goes twice");
  await demo.stop();
  const verified = verifyTrail(demo.folder);
  assert.ok(verified.ok, verified.text);
});

/** The mail server as a program of its own; `did` grows. */
async function peer(moods) {
  const script = fileURLToPath(new URL("../stage/mail_peer.mjs", import.meta.url));
  const stdio = ["ignore", "pipe", "inherit"];
  const child = spawn(process.execPath, [script, JSON.stringify(moods)], { stdio });
  open.push(child);
  const lines = createInterface({ input: child.stdout });
  const { port } = JSON.parse((await once(lines, "line"))[0]);
  const did = [];
  lines.on("line", (line) => {
    const said = JSON.parse(line);
    did.push(`${said.did} ${said.to}`);
  });
  const stop = () => Promise.all([once(child, "exit"), child.kill("SIGKILL")]);
  return { port, did, stop };
}

/** Somebody of the staff without a browser: pages by their address, forms by their token. */
async function signedIn(role) {
  const answer = await ask(`/demo/as/${role}`, {});
  const cookie = answer.cookies.map((one) => one.split(";")[0]).join("; ");
  assert.match(cookie, /__Host-staff=/);
  return {
    get: (path) => ask(path, { cookie }),
    async submit(path) {
      const { text } = await ask("/day", { cookie });
      const token = /name="form_token" value="([^"]+)"/.exec(text)[1];
      return ask(path, { cookie, body: new URLSearchParams({ form_token: token }).toString() });
    },
  };
}

function ask(path, { cookie, body }) {
  const headers = { "sec-fetch-site": "same-origin", ...(cookie && { cookie }) };
  if (body) headers["content-type"] = "application/x-www-form-urlencoded";
  return new Promise((done, fail) => {
    const asked = request(demo.origin + path, { method: body ? "POST" : "GET", headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        done({ status: answer.statusCode, cookies: answer.headers["set-cookie"] ?? [], text });
      });
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

async function rowsOf(desk) {
  const pages = await Promise.all(daysAround().map((path) => desk.get(path)));
  const text = pages.map((page) => page.text).join("");
  return [...text.matchAll(/<tr>[^]*?<\/tr>/g)].map(([row]) => row);
}

/** Beside whose names this stands on the page of the day. */
async function badges(desk, words) {
  const rows = (await rowsOf(desk)).filter((row) => row.includes(words));
  return rows.map((row) => /class="person-link"[^>]*>([^<]+)</.exec(row)[1]);
}

async function resend(desk, name) {
  const row = (await rowsOf(desk)).find((one) => one.includes(name));
  const path = /action="(\/visits\/[^"]+\/invite)"/.exec(row)[1];
  assert.equal((await desk.submit(path)).status, 303);
}

async function until(holds) {
  const started = Date.now();
  while (!(await holds())) {
    assert.ok(Date.now() - started < WITHIN_MS, `not within ${WITHIN_MS} ms: ${holds}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
