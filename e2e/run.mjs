// Runs every journey (two cores, real browsers) and writes the report: journeys with cameras one file after
// the other, and beside them those without. What counts pictures comes last, when the others are through.
// What failed runs once more, alone: a machine that was short of breath is not a fault, and what passed only
// then is named at the end.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { out, screenshots } from "./stage/places.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const report = process.env.JUNIT_FILE ?? join(out, "journeys.xml");
mkdirSync(dirname(report), { recursive: true });

const JOURNEY_MS = 420_000;
const RUN_MS = 40 * 60_000;
/** More than these failing is no accident. */
const AGAIN = 4;
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
/** What counts pictures or packets, or has more than one visit's worth of browsers. */
const COUNTS =
  /\b(changesOver|onWeakNetwork)\(|\bcount\b.*stage\/media|stage\/(crowd|firefox|stranger|tap)\.mjs/;
const holds = (file, what) => what.test(readFileSync(file, "utf8"));
const counts = (file) => Number(holds(file, COUNTS));
const withCamera = files
  .filter((file) => holds(file, CAMERA))
  .sort((one, other) => counts(one) - counts(other));
const without = files.filter((file) => !withCamera.includes(file));
/** By file: whether its last run passed, and the cases of its report. */
const ended = new Map();

await Promise.all([runAll(withCamera), runAll(without)]);
const failed = files.filter((file) => !ended.get(file).passed);
const tooMany = failed.length > AGAIN;
if (!tooMany) await runAll(failed);
const cases = files.map((file) => ended.get(file).cases);
writeFileSync(report, `<?xml version="1.0" encoding="utf-8"?>\n<testsuites>${cases.join("")}</testsuites>\n`);
const names = (some) => some.map((file) => basename(file)).join(", ");
const still = files.filter((file) => !ended.get(file).passed);
const second = failed.filter((file) => !still.includes(file));
if (second.length > 0) console.log(`passed at the second try only: ${names(second)}`);
if (still.length > 0) console.log(`failed${tooMany ? "" : " twice"}: ${names(still)}`);
process.exit(still.length > 0 ? 1 : 0);

/** One file after the other; the output of each comes in one piece. */
async function runAll(some) {
  for (const file of some) ended.set(file, await run(file));
}

async function run(file) {
  const junit = `${report}.${basename(file)}`;
  writeFileSync(junit, "<testsuites></testsuites>");
  const arguments_ = [
    "--test",
    // A journey that waits for what never comes is a failure, not a halt.
    `--test-timeout=${JOURNEY_MS}`,
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=junit",
    `--test-reporter-destination=${junit}`,
    file,
  ];
  const limits = { timeout: Math.max(1_000, deadline - Date.now()), killSignal: "SIGKILL" };
  const child = spawn(process.execPath, arguments_, { stdio: ["ignore", "pipe", "pipe"], ...limits });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => said.push(piece));
  const code = await new Promise((done) => {
    child.on("close", done);
    child.on("error", () => done(1));
  });
  process.stdout.write(Buffer.concat(said));
  const text = readFileSync(junit, "utf8");
  rmSync(junit);
  if (code === null) console.error(`${basename(file)} was stopped: ${RUN_MS / 60_000} minutes are over`);
  // A file that fell over before its first test has no case of its own to fail.
  const missing = code !== 0 && !text.includes("<failure");
  return { passed: code === 0, cases: inside(text) + (missing ? fell(file) : "") };
}

function fell(file) {
  return `<testcase name="${basename(file)}" classname="test"><failure message="did not end"/></testcase>`;
}

/** What stands between the tags of a report; a run that was killed left no end of it. */
function inside(xml) {
  const from = xml.indexOf(">", xml.indexOf("<testsuites")) + 1;
  const end = xml.lastIndexOf("</testsuites>");
  return xml.slice(from, end < 0 ? undefined : end);
}
