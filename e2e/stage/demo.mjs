// Starts the program as `alcove demo` in a fresh folder, on a free port, and stops it again: gently or by
// SIGKILL.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "./places.mjs";

/**
 * Options: `smtp` ("127.0.0.1:2525"), `noUdp`, `folder` and `port` (to open the same practice again),
 * `daysLater` (to open it as it will be by then), `tap` (a file for the payloads that arrive), `vp9`,
 * `env` (added to the program's environment).
 */
export async function startDemo(options = {}) {
  const folder = options.folder ?? join(mkdtempSync(join(tmpdir(), "alcove-journey-")), "practice");
  const args = ["demo", "--json", "--port", String(options.port ?? 0), "--folder", folder];
  if (options.smtp) args.push("--smtp", options.smtp);
  if (options.noUdp) args.push("--no-udp");
  if (options.daysLater) args.push("--days-later", String(options.daysLater));
  if (options.vp9) args.push("--vp9");
  if (options.tap) args.push("--tap", options.tap);
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, RUST_BACKTRACE: "1", ...options.env },
  });
  const log = [];
  const ended = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
  child.stderr.on("data", (bytes) => log.push(String(bytes)));
  const links = await firstLine(child, log);
  return {
    ...links,
    folder,
    port: Number(new URL(links.origin).port),
    pid: child.pid,
    log: () => log.join(""),
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
    async crash() {
      child.kill("SIGKILL");
      await ended;
    },
    ended,
  };
}

/** `alcove trail verify` over a practice that nobody has open. */
export function verifyTrail(folder) {
  const run = spawnSync(program, ["trail", "verify", "--deep", "--folder", folder], { encoding: "utf8" });
  return { ok: run.status === 0, text: run.stdout + run.stderr };
}

export function throwAway(demo) {
  rmSync(join(demo.folder, ".."), { recursive: true, force: true });
}

function firstLine(child, log) {
  return new Promise((done, fail) => {
    let text = "";
    const timer = setTimeout(
      () => fail(new Error(`the demo said nothing in ${START_WITHIN_MS} ms:\n${log.join("")}`)),
      START_WITHIN_MS,
    );
    child.once("exit", (code) => {
      fail(new Error(`the demo ended with ${code}:\n${(text + log.join("")).slice(0, 1_500)}`));
    });
    child.stdout.on("data", (bytes) => {
      text += bytes;
      const line = text.split("\n").find((one) => one.startsWith("{"));
      if (!line || !text.includes(`${line}\n`)) return;
      clearTimeout(timer);
      done(JSON.parse(line));
    });
  });
}

const START_WITHIN_MS = 60_000;
