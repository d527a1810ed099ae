// A visit of two to eight with its newest member on the way in: real keys, key packages and groups. Owns one
// swap of a single value, and says whether both ends still read the same six digits.

import { random } from "../../src/secrecy/bytes.ts";
import type { Candidate } from "../../src/secrecy/candidate.ts";
import type { Group } from "../../src/secrecy/group.ts";
import { MEMBERS } from "../../src/secrecy/rules.ts";
import { spokenCode, type Transcript } from "../../src/secrecy/spoken_code.ts";
import { candidate, VISIT } from "./people.ts";

/** Everything that goes into the digits, each swapped alone, by what the server has of its own. */
export const SWAPS: Record<string, (of: Transcript, by: Transcript) => Transcript> = {
  visit: (of) => ({ ...of, visit: `${of.visit}x` }),
  group: (of, by) => ({ ...of, host: { ...of.host, group: by.host.group } }),
  "newcomer's identity key": (of, by) => ({ ...of, joiner: { ...of.joiner, identity: by.joiner.identity } }),
  "newcomer's leaf key": (of, by) => ({ ...of, joiner: { ...of.joiner, leafKey: by.joiner.leafKey } }),
  "newcomer's key package": (of, by) => ({
    ...of,
    joiner: { ...of.joiner, keyPackage: by.joiner.keyPackage },
  }),
  "newcomer's nonce": (of, by) => ({ ...of, joinerNonce: by.joinerNonce }),
  "host's identity key": (of, by) => ({ ...of, host: { ...of.host, identity: by.host.identity } }),
  "host's leaf key": (of, by) => ({ ...of, host: { ...of.host, leafKey: by.host.leafKey } }),
  "host's nonce": (of, by) => ({ ...of, hostNonce: by.hostNonce }),
};

/** Members, the newcomer counted, of all visits there can be. */
export const SIZES = Array.from({ length: MEMBERS - 1 }, (_, at) => at + 2);

export class Crowd {
  readonly group: Group;
  /** What the server shows the newcomer in its place. */
  readonly #false: Group;
  #ends: { newcomer: Candidate; impostor: Candidate } | null = null;
  #uses = 0;

  private constructor(group: Group, falseGroup: Group) {
    this.group = group;
    this.#false = falseGroup;
  }

  /** The host's page, with everybody in the group but the newest of `members`. */
  static async of(members: number): Promise<Crowd> {
    const group = await (await candidate("host")).found(random(16), []);
    for (let inside = 1; inside < members - 1; inside++) {
      const { keyPackage } = await candidate("supporter");
      const { commit } = await group.admit(keyPackage, Date.now());
      await group.apply(commit, { now: Date.now(), silence: () => 0 });
    }
    return new Crowd(group, await (await candidate("host")).found(random(16), []));
  }

  get size(): number {
    return this.group.roster().length + 1;
  }

  /** One value is another one at one of the two ends. */
  async swapped(name: string): Promise<boolean> {
    const { newcomer, impostor } = await this.#people();
    const own = transcript(newcomer, this.group);
    const other = SWAPS[name]?.(own, transcript(impostor, this.#false));
    if (!other) throw new Error(`nothing is called ${name}`);
    return (await spokenCode(own)) === (await spokenCode(other));
  }

  /** New keys now and then: each try has new nonces. */
  async #people(): Promise<{ newcomer: Candidate; impostor: Candidate }> {
    if (this.#uses++ % KEYS_FOR !== 0 && this.#ends) return this.#ends;
    this.#ends = { newcomer: await candidate("patient"), impostor: await candidate("patient") };
    return this.#ends;
  }
}

function transcript({ identity, leafKey, ref }: Candidate, group: Group): Transcript {
  const host = group.roster()[0];
  if (!host) throw new Error("the host is in the group");
  return {
    visit: VISIT,
    joiner: { identity: identity.key, leafKey, keyPackage: ref },
    host: { identity: host.identity.key, leafKey: host.leafKey, group: group.id },
    joinerNonce: random(32),
    hostNonce: random(32),
  };
}

const KEYS_FOR = 16;
