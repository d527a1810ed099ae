// The server as a man in the middle, many times: `man-in-the-middle TRIES`, spread evenly over visits of two
// to eight. In half of the tries it stands between the newest member and the host with keys of its own; in
// the other half it swaps one single value, each in its turn. Counts how often both ends still read the same
// six digits. Chance is one in a million; ends with 1 above that.

import { Crowd, SIZES, SWAPS } from "./man-in-the-middle/crowd.ts";

const tries = Number(process.argv[2]);
if (!Number.isInteger(tries) || tries < 1) throw new Error("one argument: how many tries");

const swaps = Object.keys(SWAPS);
const matched: string[] = [];
const made = new Map<string, number>();
const crowds = await Promise.all(SIZES.map((size) => Crowd.of(size)));
for (let round = 0; round < tries; round++) {
  const crowd = crowds[round % crowds.length] ?? (await Crowd.of(2));
  // Every size gets every kind of try.
  const turn = Math.floor(round / crowds.length);
  const swap = turn % 2 === 0 ? null : (swaps[(turn >> 1) % swaps.length] ?? null);
  const name = `${crowd.size} members, ${swap ?? "everything"}`;
  made.set(name, (made.get(name) ?? 0) + 1);
  if (await (swap ? crowd.swapped(swap) : crowd.between())) matched.push(name);
}
/** So many or more happen by chance in fewer than one run of a million (Poisson, mean TRIES / 10^6). */
const bound = unlikely(tries / 1_000_000);
const fewest = Math.min(...made.values());
console.log(`${swaps.length} values swapped alone, and everything at once`);
console.log(`visits of ${SIZES.join(", ")}: ${made.size} kinds of try, each made ${fewest} times or more`);
const by = matched.length > 0 ? ` (${matched.join("; ")})` : "";
console.log(`${tries} tries, ${matched.length} matched${by}, fewer than ${bound} are chance`);
process.exit(matched.length < bound ? 0 : 1);

function unlikely(mean: number): number {
  let [term, below, count] = [Math.exp(-mean), 0, 0];
  while (1 - below > 1e-6) {
    below += term;
    term *= mean / ++count;
  }
  return count;
}
