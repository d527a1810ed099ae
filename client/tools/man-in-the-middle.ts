// The server as a man in the middle: `man-in-the-middle TRIES`, over visits of two to eight. Half of the
// tries are pairs of codes that a server which chooses gets out of two real pages, as often as they let it;
// in the other half one single value is swapped, each in its turn. Counts how often both ends read the same
// six digits although a key is another one. Chance is one in a million; ends with 1 above that, and also when
// the pages let the server try more often than docs/threat-model.md says.

import { Crowd, SIZES, SWAPS } from "./man-in-the-middle/crowd.ts";
import { Hostile, MOST_PAIRS } from "./man-in-the-middle/hostile.ts";

const tries = Number(process.argv[2]);
if (!Number.isInteger(tries) || tries < 1) throw new Error("one argument: how many tries");

const crowds = await Promise.all(SIZES.map((size) => Crowd.of(size)));
// As the server learns it once, in a visit that it gives up.
const first = await Hostile.before((await Crowd.of(2)).group);
const learned = await first.play(true);
const sum = { sessions: 0, pairs: 0, most: 0, alike: 0, answers: 0, openings: 0 };
const matched: string[] = [];
for (; sum.pairs < Math.ceil(tries / 2); sum.sessions++) {
  const crowd = crowds[sum.sessions % crowds.length] ?? (await Crowd.of(2));
  const hostile = await Hostile.before(crowd.group, learned);
  const { pairs, alike, answers, openings, matched: found } = await hostile.play(sum.sessions % 2 === 1);
  sum.most = Math.max(sum.most, pairs);
  [sum.pairs, sum.alike] = [sum.pairs + pairs, sum.alike + alike];
  [sum.answers, sum.openings] = [Math.max(sum.answers, answers), Math.max(sum.openings, openings)];
  matched.push(...found.map((swapped) => `${swapped}, chosen`));
}
const { sessions, pairs, most, alike, answers, openings } = sum;
console.log(`a server that chooses: ${sessions} visits, ${answers} answers and ${openings} openings in each`);
console.log(`${pairs} pairs of codes that differ in a key, at most ${most} in a visit (limit ${MOST_PAIRS})`);
console.log(`${alike} end with the same three digits, fewer than ${unlikely(pairs / 1_000)} are chance`);

const swaps = Object.keys(SWAPS);
const single = Math.ceil(tries / 2);
for (let round = 0; round < single; round++) {
  const swap = swaps[Math.floor(round / crowds.length) % swaps.length] ?? "";
  const crowd = crowds[round % crowds.length];
  if (await crowd?.swapped(swap)) matched.push(swap);
}
console.log(`${swaps.length} values swapped alone, ${single} times in all`);
const bound = unlikely((pairs + single) / 1_000_000);
const kinds = [...new Set(matched)].slice(0, 12).join("; ");
const by = matched.length > 0 ? ` (${kinds})` : "";
console.log(`${pairs + single} tries, ${matched.length} matched${by}, fewer than ${bound} are chance`);
const chance = matched.length < bound && alike < unlikely(pairs / 1_000) && most <= MOST_PAIRS;
process.exit(chance ? 0 : 1);

/** So many or more happen by chance in fewer than one run of a million (Poisson). */
function unlikely(mean: number): number {
  if (mean > 500) return Math.ceil(mean + 5 * Math.sqrt(mean));
  let [term, below, count] = [Math.exp(-mean), 0, 0];
  while (1 - below > 1e-6) {
    below += term;
    term *= mean / ++count;
  }
  return count;
}
