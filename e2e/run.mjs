// Runs every journey, one file after the other (two cores, real browsers), and writes the report.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { out, screenshots } from "./stage/places.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const report = process.env.JUNIT_FILE ?? join(out, "journeys.xml");
mkdirSync(dirname(report), { recursive: true });

const JOURNEY_MS = 420_000;
const RUN_MS = 40 * 60_000;
const wanted = process.argv.slice(2);
// Only a full run takes every picture again; pictures of pages that are gone would mislead.
if (wanted.length === 0) rmSync(screenshots, { recursive: true, force: true });
const files = readdirSync(join(here, "journeys"))
  .filter(
    (name) =>
      name.endsWith(".test.mjs") && (wanted.length === 0 || wanted.some((word) => name.includes(word))),
  )
  .sort()
  .map((name) => join(here, "journeys", name));

const run = spawnSync(
  process.execPath,
  [
    "--test",
    "--test-concurrency=1",
    // A journey that waits for what never comes is a failure, not a halt.
    `--test-timeout=${JOURNEY_MS}`,
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=junit",
    `--test-reporter-destination=${report}`,
    ...files,
  ],
  { stdio: "inherit", timeout: RUN_MS, killSignal: "SIGKILL" },
);
if (run.error) console.error(`the journeys did not end in ${RUN_MS / 60_000} minutes: ${run.error.message}`);
process.exit(run.status ?? 1);
