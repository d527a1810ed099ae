// A server that chooses, between one tab that knocks (Knocking) and one page that leads (Threshold), both as
// they are in the product. Owns its choices: whose key package and which promise it shows to the host, which
// of the host's values it shows to the newcomer and with whose nonce, who is asked first, and when it gives
// up a code for a fresh one. It goes on until the two pages answer no more, each time under another name, and
// keeps every code; which of them are worth anything still, the two pages say: a pair counts while the one
// would take its code and the other join by its own.

import { Knocking } from "../../src/room/knocking.ts";
import { Met } from "../../src/room/met.ts";
import type { Standing } from "../../src/room/standing.ts";
import { Threshold } from "../../src/room/threshold.ts";
import { type Bytes, equal, hex, random, Reader, Writer } from "../../src/secrecy/bytes.ts";
import { type Candidate, readKeyPackage } from "../../src/secrecy/candidate.ts";
import { SecrecyError } from "../../src/secrecy/failure.ts";
import type { Group } from "../../src/secrecy/group.ts";
import type { Proposal } from "../../src/secrecy/group_keys.ts";
import { makeIdentityKey } from "../../src/secrecy/identity.ts";
import { readParcel, writeParcel } from "../../src/secrecy/parcels.ts";
import { SealedRoom } from "../../src/secrecy/sealed_room.ts";
import {
  commitment,
  type Host,
  type Joiner,
  spokenCode,
  type Transcript,
} from "../../src/secrecy/spoken_code.ts";
import { candidate, VISIT } from "./people.ts";

export interface Outcome {
  /** Codes of the two ends that could be held against each other, and differ in a key. */
  pairs: number;
  /** Of those, which have the same six digits: what the server had swapped. */
  matched: string[];
  /** Of those, how many end with the same three: a thousand times as many by chance. */
  alike: number;
  /** What the two pages gave away before they stopped. */
  answers: number;
  openings: number;
  /** The most codes that the host would take at a time. */
  open: number;
}

/** What a server has learned in another visit: one try more than this would be one code less to go by. */
export type Learned = Pick<Outcome, "openings" | "open">;

interface Code {
  of: Transcript;
  digits: string;
}

/** One that the host has, with the name it knows and the half it was sent. */
interface HostCode extends Code {
  name: string;
  opening: Bytes;
}

interface Knock {
  joiner: Joiner;
  keyPackage: Bytes;
  promise: Bytes;
}

/** What the server shows in place of what came: to the host, and to the newcomer. */
const SWAPS = ["joiner", "older", "identity", "leafKey", "group", "nonce"] as const;
type Swap = (typeof SWAPS)[number];
/** One at a time: where a single value is left out of the code, this is what wins. */
const ONE_SWAPPED: Swap[][] = SWAPS.map((swap) => [swap]);

/** What the host answered, to which name. */
interface Asked {
  name: string;
  host: Host;
  nonce: Bytes;
}

export class Hostile {
  readonly #room: SealedRoom;
  readonly #commits: Bytes[];
  readonly #threshold: Threshold;
  readonly #knocking: Knocking;
  readonly #met = memory();
  readonly #victim: Standing;
  readonly #impostor: Candidate;
  readonly #chance: () => number;
  readonly #learned: Learned;
  readonly #replies: Bytes[];
  #newest: Bytes | null = null;
  #knocks: Knock[] = [];
  #atHost: HostCode[] = [];
  #atVictim: Code[] = [];
  #answers = 0;
  #dry = false;
  #result: Outcome = { pairs: 0, matched: [], alike: 0, answers: 0, openings: 0, open: 0 };

  private constructor(
    at: { room: SealedRoom; commits: Bytes[] },
    people: { victim: Standing; impostor: Candidate },
    { learned, chance }: { learned: Learned; chance: () => number },
  ) {
    const { room } = at;
    [this.#room, this.#commits] = [room, at.commits];
    const replies: Bytes[] = [];
    const known = { visit: VISIT, met: memory(), placed: [], wanted: new Map<string, string | null>() };
    this.#threshold = new Threshold(room, known, (_, parcel) => void replies.push(parcel));
    this.#replies = replies;
    this.#victim = people.victim;
    this.#impostor = people.impostor;
    [this.#learned, this.#chance] = [learned, chance];
    this.#knocking = new Knocking((knock) => (this.#newest = knock));
  }

  /** In front of the group of a visit, which the host leads. */
  static async before(group: Group, learned = NOTHING, chance = Math.random): Promise<Hostile> {
    const [quiet, commits] = [() => undefined, [] as Bytes[]];
    const commit = (proposal: Proposal) => void commits.push(proposal.commit);
    const out = { note: quiet, commit, worker: quiet, event: quiet };
    const room = await SealedRoom.enter(group, out, Date.now());
    const claims = { visit: VISIT, role: "patient", name: "Ana" } as const;
    const victim = { claims, pair: await makeIdentityKey() } as Standing;
    const people = { victim, impostor: await candidate("patient") };
    return new Hostile({ room, commits }, people, { learned, chance });
  }

  /** Whatever comes to its mind; or `greedy`, in the order that gives it most pairs to compare. */
  async play(greedy: boolean): Promise<Outcome> {
    const moves = [() => this.#relays(), () => this.#asksHost(), () => this.#asksVictim()];
    if (greedy) {
      for (let before = -1; before < this.#atHost.length && before + 1 < this.#learned.open; ) {
        before = this.#atHost.length;
        await this.#asksHost();
        this.#result.open = (await this.#open()).length;
      }
      await this.#until(() => this.#asksVictim());
      await this.#until(() => this.#asksHost());
    } else {
      for (const swap of ONE_SWAPPED) await this.#relays(swap);
      await this.#until(() => this.#any(moves)());
    }
    return { ...this.#result, answers: this.#answers };
  }

  /** Nobody gives anything away any more. */
  async #until(move: () => Promise<void>): Promise<void> {
    for (let still = 0; still < ENOUGH; ) {
      const before = this.#answers + this.#result.openings;
      await move();
      still = this.#answers + this.#result.openings > before ? 0 : still + 1;
    }
  }

  /** One exchange goes through from end to end, with what the server likes better put in its place. */
  async #relays(swap: Swap[] = SWAPS.filter(() => this.#chance() < 0.4)): Promise<void> {
    const theirs = await this.#fresh();
    if (!theirs) return;
    const own = await this.#ownKnock();
    // Its own key package under the other's promise, an older one of theirs, or all as it came.
    const older = swap.includes("older") ? (this.#knocks.at(-2) ?? theirs) : theirs;
    const shown = { ...(swap.includes("joiner") ? own.knock : older), promise: theirs.promise };
    const asked = await this.#knocksAt(shown);
    if (!asked) return;
    const host = { ...asked.host };
    for (const name of ["identity", "leafKey", "group"] as const)
      if (swap.includes(name)) host[name] = this.#falseHost()[name];
    const first = swap.includes("nonce") ? random(32) : asked.nonce;
    const nonce = await this.#challenges(theirs, host, first);
    if (nonce) await this.#opensAt(asked, shown.joiner, nonce);
  }

  async #asksHost(): Promise<void> {
    const { knock, nonce } = await this.#ownKnock();
    const asked = await this.#knocksAt(knock);
    if (asked) await this.#opensAt(asked, knock.joiner, nonce);
  }

  async #asksVictim(): Promise<void> {
    const knock = await this.#fresh();
    if (knock) await this.#challenges(knock, this.#falseHost(), random(32));
  }

  /** A knock of theirs that nobody answered yet; null when there are no more. */
  async #fresh(): Promise<Knock | null> {
    const before = this.#newest;
    if (this.#knocks.length > 0 && !this.#dry) return this.#knocks.at(-1) ?? null;
    if (this.#result.openings >= this.#learned.openings) return null;
    await this.#knocking.knock(this.#victim);
    if (!this.#newest || this.#newest === before) return null;
    this.#dry = false;
    this.#knocks = [...this.#knocks, await readKnock(this.#newest)].slice(-2);
    return this.#knocks.at(-1) ?? null;
  }

  async #ownKnock(): Promise<{ knock: Knock; nonce: Bytes }> {
    const { identity, leafKey, ref, keyPackage } = this.#impostor;
    const [nonce, joiner] = [random(32), { identity: identity.key, leafKey, keyPackage: ref }];
    return { knock: { joiner, keyPackage, promise: await commitment(VISIT, joiner, nonce) }, nonce };
  }

  /** That the digits it goes by are those the two pages come to: as they are, and as it has them. */
  async proves(): Promise<Record<"host" | "victim", (string | null | undefined)[]>> {
    const { knock, nonce } = await this.#ownKnock();
    const asked = (await this.#knocksAt(knock)) ?? fail();
    await this.#opensAt(asked, knock.joiner, nonce);
    await this.#threshold.admit(asked.name, Date.now());
    for (const commit of this.#commits.splice(0)) await this.#room.logged(commit, Date.now());
    const shown = this.#threshold.digits(hex(knock.joiner.identity));

    const theirs = (await this.#fresh()) ?? fail();
    const group = await (await candidate("host")).found(random(16), []);
    const [host] = group.roster();
    if (!host) return fail();
    const { identity, leafKey } = host;
    await this.#challenges(theirs, { identity: identity.key, leafKey, group: group.id }, random(32));
    const { welcome } = await group.admit(theirs.keyPackage, Date.now());
    this.#knocking.welcome(writeParcel({ kind: "welcome", message: welcome?.message ?? fail() }));
    const joined = await this.#knocking.join(group.id);
    const has = this.#atVictim.at(-1)?.digits;
    return { host: [shown, this.#atHost.at(-1)?.digits], victim: [joined?.digits, has] };
  }

  #falseHost(): Host {
    return { identity: random(32), leafKey: random(32), group: random(16) };
  }

  /** Under a name that nobody had before. */
  async #knocksAt({ keyPackage, promise }: Knock): Promise<Asked | null> {
    const name = `p${this.#answers}`;
    const before = this.#replies.length;
    const knock = writeParcel({ kind: "knock", keyPackage, commitment: promise });
    await this.#threshold.knocked(name, knock, Date.now()).catch(unlessRefused);
    const reply = this.#replies.at(-1);
    if (!reply || this.#replies.length === before) return null;
    this.#answers++;
    const parcel = readParcel(reply);
    if (parcel.kind !== "challenge") return fail();
    const reader = new Reader(parcel.challenge);
    const host = { identity: reader.field(), leafKey: reader.field(), group: reader.field() };
    return { name, host, nonce: reader.field() };
  }

  async #opensAt(at: Asked, joiner: Joiner, nonce: Bytes): Promise<void> {
    const opening = writeParcel({ kind: "opening", nonce, kept: false });
    const refused = await this.#threshold.opened(at.name, opening, Date.now()).catch(unlessRefused);
    if (refused) return;
    const of = { visit: VISIT, joiner, host: at.host, joinerNonce: nonce, hostNonce: at.nonce };
    const code = { of, digits: await spokenCode(of), name: at.name, opening };
    this.#atHost.push(code);
    for (const other of this.#atVictim) if (this.#isRemembered(other)) this.#holds(other, code);
  }

  /** Their half, once they have seen ours; null when they have had enough. */
  async #challenges({ joiner, promise }: Knock, host: Host, nonce: Bytes): Promise<Bytes | null> {
    const fields = new Writer().field(host.identity).field(host.leafKey).field(host.group).field(nonce);
    const challenge = { kind: "challenge", commitment: promise, challenge: fields.done() } as const;
    const reply = await this.#knocking.received(writeParcel(challenge), this.#met).catch(() => null);
    this.#dry = true;
    if (!reply || reply === "again") return null;
    this.#result.openings++;
    const parcel = readParcel(reply);
    if (parcel.kind !== "opening") return fail();
    const of = { visit: VISIT, joiner, host, joinerNonce: parcel.nonce, hostNonce: nonce };
    const code = { of, digits: await spokenCode(of) };
    this.#atVictim.push(code);
    for (const other of await this.#open()) this.#holds(code, other);
    return parcel.nonce;
  }

  /** Those that the host would still take: it refuses another half of them, and of others it says nothing. */
  async #open(): Promise<HostCode[]> {
    const open: HostCode[] = [];
    for (const code of this.#atHost) {
      const said = this.#threshold.opened(code.name, code.opening, Date.now());
      if (await said.catch(unlessRefused)) open.push(code);
    }
    return (this.#atHost = open);
  }

  /**
   * Whether the newcomer's page would still join by it. It tells by the group's name; where that is the
   * host's own for all of them, the newest are taken.
   */
  #isRemembered(code: Code): boolean {
    const { group } = code.of.host;
    if (!equal(group, this.#room.group.id)) return this.#knocking.wasAnsweredBy(group);
    return this.#atVictim.slice(-REMEMBERED).includes(code);
  }

  /** The server is in between where the two ends have other keys; everything else is an honest exchange. */
  #holds(victim: Code, host: Code): void {
    const swapped = differences(victim.of, host.of);
    if (swapped.length === 0) return;
    this.#result.pairs++;
    if (victim.digits.slice(3) === host.digits.slice(3)) this.#result.alike++;
    if (victim.digits === host.digits) this.#result.matched.push(swapped.join(" and "));
  }

  #any<T>(all: T[]): T {
    return all[Math.floor(this.#chance() * all.length)] ?? fail();
  }
}

function differences(one: Transcript, other: Transcript): string[] {
  const pairs: [string, Bytes, Bytes][] = [
    ["group", one.host.group, other.host.group],
    ["host's identity key", one.host.identity, other.host.identity],
    ["host's leaf key", one.host.leafKey, other.host.leafKey],
    ["newcomer's identity key", one.joiner.identity, other.joiner.identity],
    ["newcomer's leaf key", one.joiner.leafKey, other.joiner.leafKey],
    ["newcomer's key package", one.joiner.keyPackage, other.joiner.keyPackage],
  ];
  return pairs.filter(([, a, b]) => !equal(a, b)).map(([name]) => name);
}

/** What a knock of the newcomer says, as anybody can read it. */
async function readKnock(bytes: Bytes): Promise<Knock> {
  const parcel = readParcel(bytes);
  if (parcel.kind !== "knock") return fail();
  const { keyPackage, commitment: promise } = parcel;
  const { identity, leafKey, ref } = await readKeyPackage(keyPackage, VISIT, Date.now());
  return { joiner: { identity: identity.key, leafKey, keyPackage: ref }, keyPackage, promise };
}

function memory(): Met {
  return new Met(VISIT, () => ({ getItem: () => null, setItem: () => undefined }));
}

function unlessRefused(error: unknown): true {
  if (error instanceof SecrecyError) return true;
  throw error;
}

function fail(): never {
  throw new Error("the story went another way");
}

const NOTHING: Learned = { openings: Infinity, open: Infinity };
/** As many as the newcomer remembers (knocking.ts). */
const REMEMBERED = 3;
/** Moves in a row that got nothing out of anybody. */
const ENOUGH = 60;
/**
 * 24 openings by 8 codes, and 48 answers by 3 knocks, of which the first 8 and 3 meet but once: as
 * docs/threat-model.md counts them.
 */
export const MOST_PAIRS = 24 * 8 + 48 * 3 - 8 * 3;
