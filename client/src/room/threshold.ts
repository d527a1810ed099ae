// Owns the leading side of the group's door, the host's and while the host is gone a deputy's: answers
// knocks, keeps the digits, and lets somebody in after a press here, or again when they were let in before.
// The server's word alone lets nobody in, and whoever does not lead answers nobody but a host who comes back.

import { type Bytes, equal, hex } from "../secrecy/bytes.ts";
import type { Member } from "../secrecy/charter.ts";
import type { Offered } from "../secrecy/candidate.ts";
import { Door } from "../secrecy/door.ts";
import type { Proposal } from "../secrecy/group_keys.ts";
import type { Identity } from "../secrecy/identity.ts";
import type { SealedRoom } from "../secrecy/sealed_room.ts";
import type { Met } from "./met.ts";
import type { Asking } from "./secrecy_view.ts";

interface Knock {
  bytes: Bytes;
  identity: Identity;
  leafKey: Bytes;
  keyPackage: Bytes;
  ref: string;
  reply: Bytes;
  at: number;
  /** Once the promise was kept. */
  digits: string | null;
  /** Answers this person got, and whether they get another. */
  tries: number;
  counted: boolean;
  /** Counted, and given back since its digits showed nobody anything. */
  untried: boolean;
  spent: boolean;
  /** Its code counts for nothing any more: too old, or too many came after it. */
  stale: boolean;
  /** Handed to the group. */
  done: boolean;
}

/** Somebody with a place in the room, by the server's word. */
export interface Placed {
  id: string;
  name: string;
  role: string;
}

/** Whom a press wants in, and under which key they had knocked by then. */
export type Wanted = Map<string, string | null>;

export class Threshold {
  readonly #room: SealedRoom;
  readonly #met: Met;
  readonly #reply: (to: string, parcel: Bytes) => void;
  #door: Door;
  #knocks = new Map<string, Knock>();
  #attempts = new Map<string, number>();
  /** Who knocked when no answer was left for them, and has no code here. */
  #refused = new Map<string, Identity>();
  #wanted: Wanted;
  #inside: Set<string>;
  #leaving = new Set<string>();
  #placed = new Map<string, Placed>();

  constructor(
    room: SealedRoom,
    known: { visit: string; met: Met; placed: Placed[]; wanted: Wanted },
    reply: (to: string, parcel: Bytes) => void,
  ) {
    this.#room = room;
    this.#met = known.met;
    this.#inside = new Set(known.placed.map(({ id }) => id));
    for (const one of known.placed) this.#placed.set(one.id, one);
    this.#wanted = known.wanted;
    this.#reply = reply;
    this.#door = new Door(room.group, known.visit);
  }

  async knocked(from: string, bytes: Bytes, now: number): Promise<void> {
    const before = this.#knocks.get(from);
    // One promise gets one answer; and each answer is a guess for whoever stands between. The same answer
    // once more is none: it may have been lost on the way.
    if (before && equal(before.bytes, bytes)) {
      if (!before.digits && !before.spent && !before.stale) this.#reply(from, before.reply);
      return;
    }
    const read = await this.#door.read(bytes, now);
    // What is not answered begins no code: the one before goes on.
    if (!this.#hears(read.offered)) return;
    const { identity, ref, leafKey } = read.offered;
    // Whom we heard has no digits to guess any more.
    const fresh = !this.#met.matched(hex(identity.key));
    const tries = (this.#attempts.get(from) ?? 0) + (fresh ? 1 : 0);
    const enough = tries > ATTEMPTS || (fresh && this.#met.tries >= ATTEMPTS_IN_ALL);
    if (enough) return this.#refuse(from, identity);
    const { reply } = this.#door.answer(from, read);
    if (fresh) this.#met.tried();
    this.#attempts.set(from, tries);
    this.#refused.delete(from);
    const begun = { digits: null, untried: false, spent: false, stale: false, done: false };
    const { keyPackage } = read;
    const offered = { bytes, identity, leafKey, keyPackage, ref: hex(ref), reply, at: now };
    const knock: Knock = { ...offered, tries, counted: fresh, ...begun };
    this.#knocks.delete(from);
    this.#knocks.set(from, knock);
    this.#forgetCodes(now);
    this.#leaving.delete(from);
    this.#reply(from, reply);
    await this.#decide(from, now);
  }

  /** Whether this knock is ours to answer. */
  #hears({ identity, leafKey }: Offered): boolean {
    if (!this.#room.answers(identity.key)) return false;
    // Whoever reloads keeps their first digits: they must be kept here too before the old knock is gone.
    this.digits(hex(identity.key));
    // Somebody else may have added them by this very knock.
    return !this.#isInside({ leafKey });
  }

  /** No answer is left. The code that was begun before goes on; without one they are told of all the same. */
  #refuse(from: string, identity: Identity): void {
    const before = this.#knocks.get(from);
    if (before) before.spent = true;
    else this.#refused.set(from, identity);
    for (const old of [...this.#refused.keys()].slice(0, -REFUSED)) this.#refused.delete(old);
  }

  /** The joiner's half of the digits. */
  async opened(from: string, bytes: Bytes, now: number): Promise<void> {
    this.#forgetCodes(now);
    const knock = this.#knocks.get(from);
    if (!knock || knock.stale) return;
    const { digits, kept } = await this.#door.opened(from, bytes);
    this.#door.gone(from);
    const key = hex(knock.identity.key);
    const before = kept ? this.digits(key) : null;
    // Both ends go on with the digits they have: then nobody got anything to guess by.
    if (before) this.#untried(from, knock);
    else if (!this.#renewed(from, knock)) return;
    knock.digits = before ?? digits;
    await this.#decide(from, now);
  }

  /** A press, and nothing else. */
  async admit(participant: string, now: number): Promise<void> {
    const knock = this.#knocks.get(participant);
    this.#wanted.set(participant, knock ? hex(knock.identity.key) : null);
    await this.#decide(participant, now);
  }

  /** The server carries no Welcome to whoever has no place: once they have one they are let in after all. */
  declined(): void {
    for (const knock of this.#knocks.values()) knock.done &&= this.#isInside(knock);
  }

  async sendAway(participant: string, now: number): Promise<void> {
    this.#wanted.delete(participant);
    const key = this.#keyOf(participant);
    if (!key) return;
    this.#met.sentAway(hex(key));
    await this.#takeOut(participant, key, now);
  }

  /** Who has a place by the server's word: who has none any more has no use for keys either. */
  async people(people: Placed[], now: number): Promise<void> {
    const inside = new Set(people.map(({ id }) => id));
    const gone = [...this.#inside].filter((id) => !inside.has(id));
    this.#inside = inside;
    for (const id of gone) {
      const key = this.#keyOf(id);
      if (key && this.#room.leads) await this.#takeOut(id, key, now);
      this.#placed.delete(id);
    }
    for (const one of people) this.#placed.set(one.id, one);
    for (const id of this.#knocks.keys()) await this.#decide(id, now);
  }

  /** Those of the exchange by which this person came into the group, as their page has them. */
  digits(key: string): string | null {
    const found = this.#met.digits(key, this.#group);
    if (found) return found;
    const knocks = [...this.#knocks.values()];
    const knock = knocks.find((one) => hex(one.identity.key) === key && one.digits && this.#isInside(one));
    return knock?.digits ? this.#met.firstDigits(key, this.#group, knock.digits) : null;
  }

  /** Of the person with this key, under whatever names the server gave them. */
  tries(key: string): number {
    const theirs = [...this.#knocks.values()].filter(({ identity }) => hex(identity.key) === key);
    return theirs.reduce((sum, knock) => sum + knock.tries, 0);
  }

  /** Whoever wants in, by the credential they signed. */
  atDoor(): (readonly [string, Identity, { tries: number; spent: boolean }])[] {
    const waiting = [...this.#knocks].filter(([, knock]) => !knock.done);
    const refused = [...this.#refused].filter(([, { key }]) => !this.#member(key));
    return [
      ...waiting.map(([id, { identity, tries, spent }]) => [id, identity, { tries, spent }] as const),
      ...refused.map(([id, identity]) => [id, identity, { tries: 0, spent: true }] as const),
    ];
  }

  participantOf(key: string): string | null {
    const knocked = [...this.#knocks].find(([, knock]) => hex(knock.identity.key) === key)?.[0];
    return knocked ?? [...this.#placed.keys()].find((id) => hex(this.#keyOf(id) ?? NOBODY) === key) ?? null;
  }

  addressee({ welcome }: Proposal): string | null {
    const ref = welcome && hex(welcome.to);
    return [...this.#knocks].find(([, knock]) => knock.ref === ref)?.[0] ?? null;
  }

  asking(now = Date.now()): Asking[] {
    if (!this.#room.leads) return [];
    this.#forgetCodes(now);
    // Whose key is known needs no press, but is told of like the others when no answer is left for them.
    const over = ({ spent, stale, done }: Knock) => spent && (stale || done);
    const asks = ([id, knock]: [string, Knock]) => over(knock) || (!knock.done && !this.#mayEnter(id, knock));
    return [
      ...[...this.#knocks]
        .filter(asks)
        .map(([id, knock]) => ({ id, of: knock.identity, spent: over(knock) })),
      ...[...this.#refused].map(([id, of]) => ({ id, of, spent: true })),
    ]
      // In the group, with nothing left to compare: nothing is asked. Who was sent away needs a press.
      .filter(({ of: { key } }) => !(this.#member(key) && this.#met.matched(hex(key))))
      .filter(({ id }) => this.#inside.has(id))
      .map(({ id, of: { name, role, key }, spent }) => {
        return { participant: id, name, role, spent, inGroup: this.#member(key) !== null };
      });
  }

  get #group(): string {
    return hex(this.#room.group.id);
  }

  #isInside({ leafKey }: { leafKey: Bytes }): boolean {
    return this.#room.group.roster().some((member) => equal(member.leafKey, leafKey));
  }

  #untried(from: string, knock: Knock): void {
    if (!knock.counted || knock.untried) return;
    knock.untried = true;
    knock.tries--;
    this.#attempts.set(from, knock.tries);
    this.#met.untried(hex(knock.identity.key));
  }

  /**
   * New digits in place of the first ones. Whoever kept those until new ones suited them better has guessed
   * each time: false when that was too often, and then the first ones stay.
   */
  #renewed(from: string, knock: Knock): boolean {
    const key = hex(knock.identity.key);
    const { untried, tries } = this.#met.tally(key, this.#group);
    const guesses = knock.tries + untried;
    if (knock.counted && untried > 0 && (guesses > ATTEMPTS || tries + untried > ATTEMPTS_IN_ALL)) {
      [knock.spent, knock.stale] = [true, true];
      return false;
    }
    knock.tries = guesses;
    this.#attempts.set(from, guesses);
    // They are asked to hear these; so nobody must say already that they match.
    if (this.digits(key) && this.#met.matched(key)) this.#met.unchecked(key);
    this.#met.forgetDigits(key, this.#group);
    return true;
  }

  /**
   * A code that is open here is one that a server in between can compare with what it hears elsewhere: there
   * are few, and none for long. Whoever is let in later knocks afresh.
   */
  #forgetCodes(now: number): void {
    for (const from of [...this.#knocks.keys()].slice(0, -KNOCKS)) {
      this.#knocks.delete(from);
      this.#door.gone(from);
    }
    const open = [...this.#knocks].filter(([, knock]) => !knock.done && !knock.stale);
    const surplus = Math.max(0, open.length - OPEN_CODES);
    for (const [at, [from, knock]] of open.entries()) {
      if (at >= surplus && now - knock.at <= CODE_LIVES_MS) continue;
      knock.stale = true;
      knock.digits = null;
      this.#door.gone(from);
    }
  }

  async #decide(from: string, now: number): Promise<void> {
    this.#forgetCodes(now);
    const knock = this.#knocks.get(from);
    if (!knock || knock.done || knock.stale || !this.#room.answers(knock.identity.key)) return;
    const there = this.#member(knock.identity.key);
    if (there && this.#inside.has(from)) {
      // Whoever is back in the group is heard at the door no more: first their half of the digits. Only that
      // says whether their page has the first ones still; another tab has none.
      if (!knock.digits) return;
      knock.done = true;
      this.#leaving.delete(from);
      return this.#room.rejoin(knock.keyPackage, now);
    }
    if (there) await this.#takeOut(from, knock.identity.key, now);
    if (!knock.digits || !this.#mayEnter(from, knock)) return;
    knock.done = true;
    const key = hex(knock.identity.key);
    // Let in by a press although the digits did not match: misheard, perhaps. They are asked for again.
    if (this.#wanted.delete(from) && this.#met.check(key)?.outcome === "mismatch") this.#met.unchecked(key);
    this.#leaving.delete(from);
    this.#met.admitted(key);
    await this.#room.admit(knock.keyPackage, now);
  }

  #mayEnter(from: string, knock: Knock): boolean {
    const { key } = knock.identity;
    // The server names participants: a press is for the key whose name stood there.
    const wanted = this.#wanted.get(from);
    if (wanted === null || wanted === hex(key)) return true;
    // The group itself says whose key the host's is: a host who was silent for too long needs no press.
    const known = equal(key, this.#room.group.charter().host) || this.#met.wasAdmitted(hex(key));
    return this.#inside.has(from) && known;
  }

  async #takeOut(participant: string, key: Bytes, now: number): Promise<void> {
    const member = this.#member(key);
    if (!member || this.#leaving.has(participant)) return;
    this.#leaving.add(participant);
    await this.#room.remove(member, now);
  }

  /**
   * Whose key a participant has: as they knocked here. A deputy has not heard everybody knock, and goes by
   * name and role where only one member of the group fits.
   */
  #keyOf(participant: string): Bytes | null {
    const knock = this.#knocks.get(participant);
    if (knock) return knock.identity.key;
    const placed = this.#placed.get(participant);
    const alike = this.#room.group
      .roster()
      .filter(({ identity }) => identity.name === placed?.name && identity.role === placed.role);
    return alike.length === 1 ? (alike[0]?.identity.key ?? null) : null;
  }

  #member(key: Bytes): Member | null {
    return this.#room.group.roster().find(({ identity }) => equal(identity.key, key)) ?? null;
  }
}

/** Fresh promises that one person gets answers to: every one is a guess in a million for a server between. */
const ATTEMPTS = 8;
/** And all who knock at this visit, so that fresh names of the server are no fresh guesses. */
const ATTEMPTS_IN_ALL = 48;
/** Under whatever names the server gives them. */
const KNOCKS = 64;
/** As many as a room has people. */
const REFUSED = 8;
/** As many as a room has people. */
export const OPEN_CODES = 8;
export const CODE_LIVES_MS = 10 * 60_000;
const NOBODY = new Uint8Array(0);
