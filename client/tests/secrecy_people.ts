// People, a log and a hostile hand for the tests of the group. The log takes one commit per epoch, as the
// server does.

import assert from "node:assert/strict";
import { type Bytes, hex, random } from "../src/secrecy/bytes.ts";
import { Candidate } from "../src/secrecy/candidate.ts";
import type { Member } from "../src/secrecy/charter.ts";
import { type Refusal, SecrecyError } from "../src/secrecy/failure.ts";
import type { Group } from "../src/secrecy/group.ts";
import type { Facts, Outcome, Proposal } from "../src/secrecy/group_keys.ts";
import { makeIdentityKey, publicKeyOf, type Role } from "../src/secrecy/identity.ts";

export const VISIT = "0192f3a4-visit";
export const facts = (silence: (leaf: number) => number = () => 0): Facts => ({ now: Date.now(), silence });

export interface Person {
  name: string;
  role: Role;
  pair: CryptoKeyPair;
  group: Group;
}

export async function candidate(
  name: string,
  role: Role = "patient",
  pair?: CryptoKeyPair,
  visit = VISIT,
): Promise<{ candidate: Candidate; pair: CryptoKeyPair }> {
  const keys = pair ?? (await makeIdentityKey());
  return { candidate: await Candidate.make({ visit, role, name }, keys, Date.now()), pair: keys };
}

/** A visit with one log that everybody reads. */
export class Visit {
  people: Person[] = [];
  log: Bytes[] = [];
  id = random(16);

  static async open(deputies: CryptoKeyPair[] = []): Promise<Visit> {
    const visit = new Visit();
    const { candidate: host, pair } = await candidate("Dr. Reed", "host");
    const keys = await Promise.all(deputies.map(publicKeyOf));
    visit.people.push({ name: "Dr. Reed", role: "host", pair, group: await host.found(visit.id, keys) });
    return visit;
  }

  static async of(...names: string[]): Promise<Visit> {
    const visit = await Visit.open();
    for (const name of names) await visit.admit(name);
    return visit;
  }

  get host(): Person {
    return this.person("Dr. Reed");
  }

  person(name: string): Person {
    return this.people.find((each) => each.name === name) ?? assert.fail(name);
  }

  async admit(
    name: string,
    options: { role?: Role; pair?: CryptoKeyPair; by?: Person } = {},
  ): Promise<Person> {
    const role = options.role ?? "patient";
    const { candidate: newcomer, pair } = await candidate(name, role, options.pair);
    const by = options.by ?? this.host;
    const proposal = await by.group.admit(newcomer.keyPackage, Date.now());
    await this.deliver(proposal.commit);
    const group = await newcomer.join(welcomeOf(proposal), { group: this.id, signer: signerIs(by) });
    const person = { name, role, pair, group };
    this.people.push(person);
    return person;
  }

  /** To everybody in the group; who is removed leaves the list. */
  async deliver(message: Bytes, silence?: (leaf: number) => number): Promise<Outcome[]> {
    this.log.push(message);
    const outcomes: Outcome[] = [];
    for (const person of [...this.people]) {
      const outcome = await person.group.apply(message, facts(silence));
      if (outcome.kind === "removed") this.people = this.people.filter((each) => each !== person);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Everybody agrees on keys, people and charter. */
  async agree(): Promise<void> {
    const seen = new Set<string>();
    for (const { group } of this.people) seen.add(await print(group));
    assert.equal(seen.size, 1);
  }
}

/** All that must not change when something is refused. */
export async function print(group: Group): Promise<string> {
  const charter = group.charter();
  const order = charter.order.map(hex).join();
  const key = hex(await group.mediaKey());
  const roster = hex(await group.rosterHash());
  return `${group.epoch} ${roster} ${order} ${charter.locked} ${key} ${await group.longCode()}`;
}

export function welcomeOf(proposal: Proposal): Bytes {
  return proposal.welcome?.message ?? assert.fail("no welcome");
}

export function signerIs(person: Person): (member: Member) => boolean {
  return (member) => member.identity.name === person.name && member.leaf === person.group.own;
}

export function is(...refusals: Refusal[]): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof SecrecyError)) throw error;
    if (refusals.includes(error.refusal)) return true;
    assert.fail(`refused as ${error.refusal}, not as ${refusals.join(" or ")}: ${String(error.cause)}`);
  };
}
