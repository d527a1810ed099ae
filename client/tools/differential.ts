// Random scripts of our client against openmls: `differential PROGRAM COUNT SEED`. Script number n uses the
// seed SEED + n, so that one failing script is replayed alone. Ends with 1 on any difference.

import { play } from "./differential/script.ts";

const [program = "", countText = "", seedText = ""] = process.argv.slice(2);
const count = Number(countText);
const seed = Number(seedText);
if (!program || !Number.isInteger(count) || count < 1 || !Number.isInteger(seed))
  throw new Error("three arguments: the openmls program, how many scripts, the first seed");

/** Enough to see a pattern. */
const MOST_FAILURES = 5;
const started = Date.now();
let compared = 0;
let steps = 0;
let failures = 0;
let at = 0;
for (; at < count && failures < MOST_FAILURES; at++) {
  const own = (seed + at) % 2 ** 32;
  const played = await play(own, program);
  compared += played.compared;
  steps += played.steps.length;
  if (played.failure) {
    failures++;
    const cause = played.failure.cause ? `\n  cause: ${played.failure.cause}` : "";
    console.log(`seed ${own}: ${played.failure.message}${cause}`);
    for (const [number, step] of played.steps.entries()) console.log(`  ${number + 1}. ${step}`);
    console.log(`again: cargo xtask differential --scripts 1 --seed ${own}`);
  }
  if ((at + 1) % 50 === 0) console.log(`${at + 1} of ${count} scripts, ${failures} failed`);
}
const seconds = ((Date.now() - started) / 1000).toFixed(1);
const work = `${steps} steps, ${compared} comparisons, ${failures} failed, ${seconds} s`;
console.log(`${at} scripts from seed ${seed}, ${work}`);
process.exit(failures === 0 ? 0 : 1);
