// Runs every journey (two cores, real browsers) and writes the report: journeys with cameras one file after
// the other, because they count pictures; then the others, two files at a time.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { out, screenshots } from "./stage/places.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const report = process.env.JUNIT_FILE ?? join(out, "journeys.xml");
mkdirSync(dirname(report), { recursive: true });

const JOURNEY_MS = 420_000;
const RUN_MS = 40 * 60_000;
const deadline = Date.now() + RUN_MS;
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

/** Steps and stages with a camera in them. */
const CAMERA = /\b(turnOn|meet|seesAndHears)\(|stage\/(crowd|firefox|stranger|tap)\.mjs/;
const withCamera = files.filter((file) => CAMERA.test(readFileSync(file, "utf8")));
const without = files.filter((file) => !withCamera.includes(file));

const statuses = [runAll(withCamera, 1, `${report}.1`), runAll(without, 2, `${report}.2`)];
const cases = [1, 2].map((n) => inside(readFileSync(`${report}.${n}`, "utf8")));
writeFileSync(report, `<?xml version="1.0" encoding="utf-8"?>\n<testsuites>${cases.join("")}</testsuites>\n`);
process.exit(Math.max(...statuses));

function runAll(some, together, junit) {
  writeFileSync(junit, "<testsuites></testsuites>");
  if (some.length === 0) return 0;
  const run = spawnSync(
    process.execPath,
    [
      "--test",
      `--test-concurrency=${together}`,
      // A journey that waits for what never comes is a failure, not a halt.
      `--test-timeout=${JOURNEY_MS}`,
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      "--test-reporter=junit",
      `--test-reporter-destination=${junit}`,
      ...some,
    ],
    { stdio: "inherit", timeout: Math.max(1_000, deadline - Date.now()), killSignal: "SIGKILL" },
  );
  if (run.error) {
    console.error(`the journeys did not end in ${RUN_MS / 60_000} minutes: ${run.error.message}`);
  }
  return run.status ?? 1;
}

/** What stands between the tags of a report; a run that was killed left no end of it. */
function inside(xml) {
  const from = xml.indexOf(">", xml.indexOf("<testsuites")) + 1;
  const end = xml.lastIndexOf("</testsuites>");
  return xml.slice(from, end < 0 ? undefined : end);
}
