// Bundles every tests/*.test.ts for Node and runs them with node:test; the result file can be read later.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../target");
const out = join(target, "client-tests");
const report = process.env.JUNIT_FILE ?? join(target, "junit/client.xml");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
mkdirSync(dirname(report), { recursive: true });
const names = readdirSync(join(here, "tests")).filter((name) => name.endsWith(".test.ts"));
const files = await bundle({
  entryPoints: names.map((name) => `tests/${name}`),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  define: { PICTURE_INTEGRITY: '""', SECRECY_INTEGRITY: '""', TREE: JSON.stringify(join(here, "..")) },
});
for (const file of files) writeFileSync(file.path, file.contents);

const run = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    "--test",
    // Node leaves one core free, which on two is half of the machine.
    `--test-concurrency=${availableParallelism()}`,
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=junit",
    `--test-reporter-destination=${report}`,
    ...files.filter((file) => file.path.endsWith(".mjs")).map((file) => file.path),
  ],
  { stdio: "inherit" },
);
process.exit(run.status ?? 1);
