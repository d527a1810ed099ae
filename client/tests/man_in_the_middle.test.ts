// A server that chooses, in front of two real pages; and that it would win if a key were left out of what
// the digits cover.
// `cargo xtask man-in-the-middle` plays it 10^5 times.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { BuildOptions, OutputFile, Plugin } from "esbuild";
import { Crowd } from "../tools/man-in-the-middle/crowd.ts";
import { Hostile, MOST_PAIRS } from "../tools/man-in-the-middle/hostile.ts";

declare const TREE: string;

test("a server that chooses gets no more out of two pages than the limits allow, and no match", async () => {
  const hostile = await Hostile.before((await Crowd.of(3)).group);
  const proven = await hostile.proves();
  assert.match(proven.host[0] ?? "", /^\d{6}$/);
  assert.equal(proven.host[0], proven.host[1], "the digits it reckons with are the ones the host shows");
  assert.match(proven.victim[0] ?? "", /^\d{6}$/);
  assert.equal(proven.victim[0], proven.victim[1], "and the ones the newcomer shows");

  const learned = await (await Hostile.before((await Crowd.of(2)).group)).play(true);
  for (const greedy of [false, true]) {
    const again = await Hostile.before((await Crowd.of(2)).group, learned);
    const { pairs, matched, answers, openings } = await again.play(greedy);
    assert.deepEqual([answers, openings], [48, 24], "it tried as often as they let it");
    assert.ok(greedy ? pairs === MOST_PAIRS : pairs > 50 && pairs <= MOST_PAIRS, `${pairs} pairs`);
    assert.deepEqual(matched, []);
  }
});

test("the command fails when any key, nonce or name is left out of the code", async () => {
  for (const [name, lines] of LEFT_OUT) {
    const without = lines.map((line): [string, string] => [line, line.endsWith(";") ? ";" : "\n"]);
    const { status, stdout } = await command(without);
    assert.equal(status, 1, `${name}: ${stdout}`);
    assert.match(stdout, new RegExp(`matched \\(.*${name}`), stdout);
  }
  const { status, stdout } = await command([]);
  assert.equal(status, 0, stdout);
});

/** What the server is seen to win by, and the lines of spoken_code.ts that stood against it. */
const LEFT_OUT: [string, string[]][] = [
  ["visit", ["    .text(visit)\n"]],
  ["group, chosen", [".field(host.group)\n"]],
  ["host's identity key, chosen", [".field(host.identity)\n"]],
  ["host's leaf key, chosen", [".field(host.leafKey)\n"]],
  ["host's nonce", [".field(hostNonce)\n"]],
  ["newcomer's nonce", [".field(joinerNonce)\n"]],
  ["newcomer's identity key", [".field(joiner.identity)\n"]],
  ["newcomer's leaf key", [".field(joiner.leafKey)\n"]],
  ["newcomer's key package", [".field(joiner.keyPackage)\n"]],
  // Its own key package goes through to the host where neither promise nor digits hold the newcomer's.
  [
    "newcomer's identity key and newcomer's leaf key and newcomer's key package, chosen",
    [
      ".field(identity).field(keyPackage);",
      ".field(joiner.identity)\n",
      ".field(joiner.leafKey)\n",
      ".field(joiner.keyPackage)\n",
    ],
  ],
];

test("the command fails when one of the limits on tries is raised by one", async () => {
  for (const [file, line, raised] of RAISED) {
    const { status, stdout } = await command([[line, raised]], file);
    assert.equal(status, 1, `${raised}: ${stdout}`);
    const [, most] = /at most (\d+) in a visit/.exec(stdout) ?? [];
    assert.ok(Number(most) > MOST_PAIRS, `${raised}: ${stdout}`);
  }
});

/** Limits of the two pages, as they stand there, and one more. */
const RAISED: [file: RegExp, line: string, raised: string][] = [
  [/threshold\.ts$/, "OPEN_CODES = 8;", "OPEN_CODES = 9;"],
  [/threshold\.ts$/, "ATTEMPTS_IN_ALL = 48;", "ATTEMPTS_IN_ALL = 49;"],
  [/knocking\.ts$/, "STEPS = 3;", "STEPS = 4;"],
  [/knocking\.ts$/, "GUESSES = 24;", "GUESSES = 25;"],
];

interface Build {
  bundle(options: BuildOptions): Promise<OutputFile[]>;
}

/** The command with these pieces of a source changed, on few tries: what matches does so in most. */
async function command(
  changes: [piece: string, into: string][],
  filter = /spoken_code\.ts$/,
): Promise<{ status: number | null; stdout: string }> {
  const build = pathToFileURL(join(TREE, "client/build.mjs")).href;
  const { bundle } = (await import(build)) as Build;
  const mutant: Plugin = {
    name: "mutant",
    setup: (of) =>
      of.onLoad({ filter }, async ({ path }) => {
        let contents = await readFile(path, "utf8");
        for (const [piece, into] of changes) {
          assert.equal(contents.split(piece).length, 2, `"${piece.trim()}" stands there once`);
          contents = contents.replace(piece, into);
        }
        return { contents, loader: "ts" };
      }),
  };
  const out = mkdtempSync(join(tmpdir(), "alcove-mutant-"));
  try {
    const entry = { entryPoints: ["tools/man-in-the-middle.ts"], outdir: out, plugins: [mutant] };
    const [file] = await bundle({ ...entry, platform: "node", target: "node20" });
    const path = join(out, "command.mjs");
    writeFileSync(path, file?.contents ?? "");
    const { status, stdout } = spawnSync(process.execPath, [path, "700"], { encoding: "utf8" });
    return { status, stdout };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
