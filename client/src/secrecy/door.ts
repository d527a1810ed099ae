// Both sides of the door between lobby and group: the doorstep of whoever comes, and the door of whoever
// adds. The exchange of the spoken code runs here before admission; the digits are read aloud in the room
// afterwards.

import { type Bytes, equal } from "./bytes.ts";
import { type Candidate, type Offered, readKeyPackage } from "./candidate.ts";
import type { Member } from "./charter.ts";
import { SecrecyError } from "./failure.ts";
import type { Group } from "./group.ts";
import type { GroupKeys } from "./group_keys.ts";
import { readParcel, writeParcel } from "./parcels.ts";
import { type Host, HostCode, type Joiner, JoinerCode } from "./spoken_code.ts";

/** What a page keeps over a reload: no secrets, only whom it has met where. */
export interface Remembered {
  group: Bytes;
  /** Identity keys of those who were in the room. */
  people: Bytes[];
}

/** In the lobby: knocks, answers one challenge, joins. */
export class Doorstep {
  readonly #candidate: Candidate;
  readonly #code: JoinerCode;

  constructor(candidate: Candidate) {
    this.#candidate = candidate;
    const { identity, leafKey, ref } = candidate;
    this.#code = new JoinerCode(identity.visit, { identity: identity.key, leafKey, keyPackage: ref });
  }

  async knock(): Promise<Bytes> {
    const { keyPackage } = this.#candidate;
    return writeParcel({ kind: "knock", keyPackage, commitment: await this.#code.commitment() });
  }

  /**
   * What to send back. One promise answers one challenge, and a Welcome is for `join`. A challenge to an
   * older promise is late: an answer to it would not fit what the other side has by now.
   */
  async received(bytes: Bytes, keeps: (host: Host) => boolean = () => false): Promise<Bytes> {
    const parcel = readParcel(bytes);
    if (parcel.kind !== "challenge") throw new SecrecyError("malformed");
    if (!equal(parcel.commitment, await this.#code.commitment())) throw new SecrecyError("code-superseded");
    const nonce = this.#code.challenged(parcel.challenge);
    return writeParcel({ kind: "opening", nonce, kept: keeps(this.#code.host) });
  }

  digits(): Promise<string> {
    return this.#code.digits();
  }

  /** Somebody of this group answered the knock. */
  wasAnsweredBy(group: Bytes): boolean {
    return this.#code.answered && equal(this.#code.host.group, group);
  }

  /** Whoever answered, and the group they lead. */
  get leader(): Host {
    return this.#code.host;
  }

  /** Joins only the group, and only by the leaf, that the spoken code is about. */
  async join(bytes: Bytes): Promise<Group> {
    const { group, leafKey, identity } = this.#code.host;
    const signer = (member: Member) => equal(member.leafKey, leafKey) && equal(member.identity.key, identity);
    return this.#candidate.join(welcomeIn(bytes), { group, signer });
  }

  /** After a reload: only the group we were in, and only by somebody who was there. */
  joinAgain(bytes: Bytes, { group, people }: Remembered): Promise<Group> {
    const signer = ({ identity }: Member) => people.some((key) => equal(key, identity.key));
    return this.#candidate.join(welcomeIn(bytes), { group, signer });
  }
}

/** As it was read. */
export interface Knock {
  offered: Offered;
  keyPackage: Bytes;
  commitment: Bytes;
}

/** Somebody at the door, as the admit list shows them: drawn from the signed credential alone. */
export interface Waiting {
  offered: Offered;
  keyPackage: Bytes;
  /** The member with the same identity key: they reloaded and come back without being asked. */
  back: Member | null;
}

/** At the host's client. `from` is the name the server gives a connection; nothing depends on its truth. */
export class Door {
  readonly #group: GroupKeys;
  readonly #visit: string;
  #waiting = new Map<string, Waiting & { code: HostCode }>();

  constructor(group: GroupKeys, visit: string) {
    this.#group = group;
    this.#visit = visit;
  }

  /** What a knock says, with its signatures checked. Nothing is begun by it. */
  async read(bytes: Bytes, now: number): Promise<Knock> {
    const parcel = readParcel(bytes);
    if (parcel.kind !== "knock") throw new SecrecyError("malformed");
    const { keyPackage, commitment } = parcel;
    return { offered: await readKeyPackage(keyPackage, this.#visit, now), keyPackage, commitment };
  }

  /** Begins a code with this knock, in place of the one that was begun under this name before. */
  answer(from: string, { offered, keyPackage, commitment }: Knock): { waiting: Waiting; reply: Bytes } {
    const { identity, leafKey, ref } = offered;
    const same = (member: Member) => equal(member.identity.key, identity.key);
    const back = this.#group.roster().find(same) ?? null;
    const joiner: Joiner = { identity: identity.key, leafKey, keyPackage: ref };
    const code = new HostCode(this.#visit, this.#me(), joiner, commitment);
    const waiting = { offered, keyPackage, back, code };
    if (!this.#waiting.has(from) && this.#waiting.size >= WAITING) throw new SecrecyError("full");
    this.#waiting.set(from, waiting);
    // Also for somebody who comes back: it names the leaf that must have signed the Welcome.
    return { waiting, reply: writeParcel({ kind: "challenge", commitment, challenge: code.challenge() }) };
  }

  /** The joiner kept its promise: the digits stand. A broken promise is thrown, and shown. */
  async opened(from: string, bytes: Bytes): Promise<{ digits: string; kept: boolean }> {
    const parcel = readParcel(bytes);
    if (parcel.kind !== "opening") throw new SecrecyError("malformed");
    const { code } = this.#at(from);
    await code.opened(parcel.nonce);
    return { digits: await code.digits(), kept: parcel.kept };
  }

  waiting(from: string): Waiting | null {
    return this.#waiting.get(from) ?? null;
  }

  digits(from: string): Promise<string> {
    return this.#at(from).code.digits();
  }

  gone(from: string): void {
    this.#waiting.delete(from);
  }

  #at(from: string): Waiting & { code: HostCode } {
    const found = this.#waiting.get(from);
    if (!found) throw new SecrecyError("code-not-ready");
    return found;
  }

  #me() {
    const me = this.#group.roster().find((member) => member.leaf === this.#group.own);
    if (!me) throw new SecrecyError("removed");
    return { identity: me.identity.key, leafKey: me.leafKey, group: this.#group.id };
  }
}

function welcomeIn(bytes: Bytes): Bytes {
  const parcel = readParcel(bytes);
  if (parcel.kind !== "welcome") throw new SecrecyError("wrong-welcome");
  return parcel.message;
}

/** More people than a visit has wait at no door. */
const WAITING = 32;
