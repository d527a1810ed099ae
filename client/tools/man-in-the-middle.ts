// The server as a man in the middle, many times: `man-in-the-middle TRIES`. In half of the tries it stands
// between patient and clinician with keys of its own, in the order the protocol forces on it; in the other
// half it swaps one single value on the way. Counts how often both still read the same six digits. Chance is
// one in a million; ends with 1 above that.

import { random } from "../src/secrecy/bytes.ts";
import { type Host, HostCode, type Joiner, JoinerCode, spokenCode } from "../src/secrecy/spoken_code.ts";
import type { Transcript } from "../src/secrecy/spoken_code.ts";

const tries = Number(process.argv[2]);
if (!Number.isInteger(tries) || tries < 1) throw new Error("one argument: how many tries");

const joiner = (): Joiner => ({ identity: random(32), leafKey: random(32), keyPackage: random(32) });
const host = (): Host => ({ identity: random(32), leafKey: random(32), group: random(16) });

/** Everything that goes into the digits, each swapped alone. */
const SWAPS: Record<string, (of: Transcript) => Transcript> = {
  "patient's identity key": (of) => ({ ...of, joiner: { ...of.joiner, identity: random(32) } }),
  "patient's leaf key": (of) => ({ ...of, joiner: { ...of.joiner, leafKey: random(32) } }),
  "patient's key package": (of) => ({ ...of, joiner: { ...of.joiner, keyPackage: random(32) } }),
  "patient's nonce": (of) => ({ ...of, joinerNonce: random(32) }),
  "host's identity key": (of) => ({ ...of, host: { ...of.host, identity: random(32) } }),
  "host's leaf key": (of) => ({ ...of, host: { ...of.host, leafKey: random(32) } }),
  "host's nonce": (of) => ({ ...of, hostNonce: random(32) }),
  group: (of) => ({ ...of, host: { ...of.host, group: random(16) } }),
};

/** Both ends do everything right; what they hear of each other comes from in between. */
async function between(round: number): Promise<boolean> {
  const visit = `visit-${round}`;
  const [patient, falsePatient, clinician] = [joiner(), joiner(), host()];
  const falseClinician = { ...host(), group: round % 4 === 0 ? clinician.group : random(16) };
  const patientSide = new JoinerCode(visit, patient);
  // A commitment must be given to the clinician before any nonce of the clinician's is seen.
  const falseSide = new JoinerCode(visit, falsePatient);
  const clinicianSide = new HostCode(visit, clinician, falsePatient, await falseSide.commitment());
  const toPatient = new HostCode(visit, falseClinician, patient, await patientSide.commitment());
  const opening = falseSide.challenged(clinicianSide.challenge());
  await toPatient.opened(patientSide.challenged(toPatient.challenge()));
  await clinicianSide.opened(opening);
  return (await patientSide.digits()) === (await clinicianSide.digits());
}

async function swapped(swap: (of: Transcript) => Transcript): Promise<boolean> {
  const nonces = { joinerNonce: random(32), hostNonce: random(32) };
  const transcript = { visit: "visit", joiner: joiner(), host: host(), ...nonces };
  const [one, other] = await Promise.all([spokenCode(transcript), spokenCode(swap(transcript))]);
  return one === other;
}

const names = Object.keys(SWAPS);
const matched = new Map<string, number>();
for (let round = 0; round < tries; round++) {
  const name = round % 2 === 0 ? "everything" : (names[(round >> 1) % names.length] ?? "");
  const swap = SWAPS[name];
  if (await (swap ? swapped(swap) : between(round))) matched.set(name, (matched.get(name) ?? 0) + 1);
}
const all = [...matched.values()].reduce((sum, one) => sum + one, 0);
/** So many or more happen by chance in fewer than one run of a million (Poisson, mean TRIES / 10^6). */
const bound = unlikely(tries / 1_000_000);
const by = [...matched].map(([name, count]) => `${name} ${count}`).join(", ");
console.log(`${tries} tries, ${all} matched${by && ` (${by})`}, fewer than ${bound} are chance`);
process.exit(all < bound ? 0 : 1);

function unlikely(mean: number): number {
  let [term, below, count] = [Math.exp(-mean), 0, 0];
  while (1 - below > 1e-6) {
    below += term;
    term *= mean / ++count;
  }
  return count;
}
