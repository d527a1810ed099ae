// A practice of its own, as an operator makes it: `alcove init`, `alcove serve`, the kit and the lock.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "./places.mjs";

/** `secure`: with a certificate of its own; otherwise on this machine alone. */
export async function makePractice({ secure = false, lang = "en" } = {}) {
  const top = mkdtempSync(join(tmpdir(), "alcove-opening-"));
  const folder = join(top, "practice");
  const origin = `${secure ? "https" : "http"}://localhost:${await freePort()}`;
  const said = order(
    ["init", folder, "--origin", origin, "--owner", "Amara Osei", "--owner-email", OWNER, "--lang", lang],
    "",
  );
  const file = join(folder, "alcove.toml");
  if (secure) certify(folder);
  let text = readFileSync(file, "utf8").replace("0.0.0.0", "127.0.0.1").replace(/^port = .*$/m, "port = 0");
  if (!secure) text += "\n[media]\nport = 0\n";
  writeFileSync(file, text);
  const open = [];
  return {
    origin,
    folder,
    file,
    link: said.text.match(/https?:\S+\/welcome#\S+/)[0],
    /** Three shares, three lines each. */
    shares: said.text.split(/# Alcove recovery share/).slice(1).map(linesOf),
    order: (args, typed = "") => order([...args, "--folder", folder], typed),
    async serve(...more) {
      const stdio = ["ignore", "pipe", "pipe"];
      const child = spawn(program, ["serve", "--config", file, ...more], { stdio });
      open.push(child);
      return answering(child, more.includes("--sealed") ? "sealed at" : "is open at");
    },
    throwAway() {
      for (const child of open) child.kill("SIGKILL");
      rmSync(top, { recursive: true, force: true });
    },
  };
}

export const OWNER = "amara.osei@harbor.example";

async function answering(child, first) {
  const log = [];
  const ended = new Promise((done) => child.once("exit", done));
  child.stderr.on("data", (bytes) => log.push(String(bytes)));
  const said = [];
  child.stdout.on("data", (bytes) => said.push(String(bytes)));
  const until = async (words) => {
    for (let at = 0; at < TRIES; at++) {
      if (said.join("").includes(words)) return;
      if (child.exitCode !== null) throw new Error(`the program ended:\n${log.join("")}`);
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`it never said "${words}":\n${said.join("")}${log.join("")}`);
  };
  await until(first);
  return {
    until,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function order(args, typed) {
  const run = spawnSync(program, args, { encoding: "utf8", input: typed });
  return { ok: run.status === 0, text: run.stdout + run.stderr };
}

function linesOf(part) {
  const lines = part.split("\n").map((line) => line.trim());
  return lines.filter((line) => /^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$/.test(line)).slice(0, 3);
}

function certify(folder) {
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "certificate.key")];
  const run = spawnSync(
    "openssl",
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost
     -addext subjectAltName=DNS:localhost -out ${certificate} -keyout ${key}`.split(/\s+/),
    { encoding: "utf8" },
  );
  if (run.status !== 0) throw new Error(`no certificate: ${run.stderr ?? run.error}`);
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

const TRIES = 600;
