// One member of a scripted group, ours or openmls, with the same words for both. Owns the translation; what
// each of them sees of the group comes out in one form, so that it can be compared.

import { type Bytes, hex, unhex } from "../../src/secrecy/bytes.ts";
import { Candidate } from "../../src/secrecy/candidate.ts";
import { type Charter, writeCharter } from "../../src/secrecy/charter.ts";
import type { Group } from "../../src/secrecy/group.ts";
import { parseIdentity, type Role, writeIdentity } from "../../src/secrecy/identity.ts";
import { longCode } from "../../src/secrecy/long_code.ts";
import { Openmls } from "./openmls.ts";

export interface Person {
  name: string;
  role: Role;
  pair: CryptoKeyPair;
}

/** What must be the same for everybody after every step. */
export interface Seen {
  epoch: number;
  exporter: string;
  /** Thirty digits of the epoch authenticator: ours keeps the rest to itself. */
  authenticator: string;
  /** Leaf, leaf key, identity key, role and name of everybody. */
  roster: string[];
}

export interface Step {
  remove: number[];
  keyPackage: Bytes | null;
}

export interface Made {
  commit: Bytes;
  welcome: Bytes;
}

export interface Heard {
  leaf: number;
  body: Bytes;
}

export interface Player extends Person {
  readonly kind: "ours" | "openmls";
  readonly keyPackage: Bytes;
  found(group: Bytes): Promise<void>;
  join(welcome: Bytes, group: Bytes): Promise<void>;
  /** Makes a commit and takes it as sent. */
  commit(step: Step, charter: Charter): Promise<Made>;
  /** True when the commit removed this member. */
  follow(commit: Bytes): Promise<boolean>;
  say(body: Bytes): Promise<Bytes>;
  hear(message: Bytes): Promise<Heard>;
  seen(): Promise<Seen>;
  end(): void;
}

export async function ours(person: Person): Promise<Player> {
  const candidate = await Candidate.make({ ...person, visit: VISIT }, person.pair, Date.now());
  let group: Group | null = null;
  const there = (): Group => {
    if (!group) throw new Error(`${person.name} has no group yet`);
    return group;
  };
  return {
    ...person,
    kind: "ours",
    keyPackage: candidate.keyPackage,
    async found(id) {
      group = await candidate.found(id, []);
    },
    async join(welcome, id) {
      group = await candidate.join(welcome, { group: id, signer: () => true });
    },
    async commit({ remove, keyPackage }) {
      const made = await propose(there(), remove, keyPackage);
      await there().apply(made.commit, facts());
      return { commit: made.commit, welcome: made.welcome?.message ?? new Uint8Array(0) };
    },
    follow: async (commit) => (await there().apply(commit, facts())).kind === "removed",
    say: (body) => there().sendApplication(body),
    async hear(message) {
      const outcome = await there().apply(message, facts());
      if (outcome.kind !== "note") throw new Error(`${person.name} heard no note`);
      return { leaf: outcome.from.leaf, body: outcome.body };
    },
    async seen() {
      const epoch = there().epoch;
      const exporter = hex(await there().mediaKey());
      const roster = there()
        .roster()
        .map(({ leaf, leafKey, identity }) => line(leaf, leafKey, identity));
      return { epoch, exporter, authenticator: await there().longCode(), roster };
    },
    end() {},
  };
}

export async function openmls(person: Person, program: string): Promise<Player> {
  const child = new Openmls(program);
  const now = String(Math.floor(Date.now() / 1000));
  const leafKey = unhex(await child.ask("new"));
  const identity = hex(await writeIdentity({ ...person, visit: VISIT }, person.pair, leafKey));
  return {
    ...person,
    kind: "openmls",
    keyPackage: unhex(await child.ask("kp", identity, now)),
    found: async (group) => void (await child.ask("found", hex(group), identity, now)),
    join: async (welcome) => void (await child.ask("join", hex(welcome))),
    async commit({ remove, keyPackage }, charter) {
      const leaves = remove.join(",") || "-";
      const newcomer = keyPackage ? [hex(keyPackage)] : [];
      const said = await child.ask("commit", hex(writeCharter(charter)), leaves, ...newcomer);
      const [commit = "", welcome = ""] = said.split(" ");
      await child.ask("merge");
      return { commit: unhex(commit), welcome: unhex(welcome) };
    },
    async follow(commit) {
      await child.ask("apply", hex(commit));
      return (await child.ask("state")) === "gone";
    },
    say: async (body) => unhex(await child.ask("say", hex(body))),
    async hear(message) {
      const [kind, leaf, body = ""] = (await child.ask("apply", hex(message))).split(" ");
      if (kind !== "note") throw new Error(`${person.name} heard no note`);
      return { leaf: Number(leaf), body: unhex(body) };
    },
    seen: async () => readState(await child.ask("state")),
    end: () => child.end(),
  };
}

async function propose(group: Group, remove: number[], keyPackage: Bytes | null) {
  if (keyPackage) {
    return remove.length > 0 ? group.rejoin(keyPackage, Date.now()) : group.admit(keyPackage, Date.now());
  }
  return remove.length > 0 ? group.remove(remove, facts()) : group.refresh();
}

function readState(said: string): Seen {
  const [exporter = "", authenticator = "", epoch, ...members] = said.split(" ");
  const roster = members.map((member) => {
    const [leaf, leafKey = "", credential = ""] = member.split(":");
    return line(Number(leaf), unhex(leafKey), parseIdentity(unhex(credential)));
  });
  return { epoch: Number(epoch), exporter, authenticator: longCode(unhex(authenticator)), roster };
}

function line(leaf: number, leafKey: Bytes, { key, role, name }: ReturnType<typeof parseIdentity>): string {
  return `${leaf} ${hex(leafKey)} ${hex(key)} ${role} ${name}`;
}

/** Everybody has been silent long enough to be removed by anybody. */
const facts = () => ({ now: Date.now(), silence: () => 60_000 });
const VISIT = "differential";
