// Owns who leads in the sealed group besides the host: puts a deputy into the order once their digits were
// compared, takes the place of a host who is gone, and knows whether a host who lost the keys may be brought
// back instead of founding anew.

import { type Bytes, equal, hex, random } from "../secrecy/bytes.ts";
import { Candidate } from "../secrecy/candidate.ts";
import { ORDER_KEYS } from "../secrecy/charter.ts";
import type { Group } from "../secrecy/group.ts";
import type { SealedRoom } from "../secrecy/sealed_room.ts";
import type { Person } from "../wire/wire.ts";
import type { Met } from "./met.ts";
import type { Standing } from "./standing.ts";

export class Leading {
  /** Who has a place, by the server's word. */
  people: Person[] = [];
  /** Host or deputy stands in the room without keys, and hears next who else is there. */
  coming = false;
  /** The host was never in this room, by the server's word; null until it says so. */
  ahead: boolean | null = null;
  /**
   * The group that the server named last, since the room is as it is: there is none after the host came until
   * they found theirs. A Welcome into another one was made for another time.
   */
  named: Bytes | null = null;
  /** A host without keys waits until then for a deputy; after that they found anew. */
  #latest = Infinity;
  #foundNextAt = -Infinity;
  /** Commits that we asked for already, and that the log has not given back. */
  #asked = new Set<string>();
  #leads = false;

  /** A place, or a line again: what the server says of the room is told anew. */
  entered(): void {
    [this.ahead, this.named] = [null, null];
  }

  /** The room by the server's word. True: a page that leads stands in it without keys. */
  placed(people: Person[], since: number): boolean {
    const { coming } = this;
    const ahead = since === 0;
    if (ahead !== this.ahead) this.named = null;
    Object.assign(this, { people, coming: false, ahead });
    return coming;
  }

  /**
   * Whether this page makes the group where there is none: the host's, and ahead of the host a deputy's,
   * alone with one person. Who was in a group of the host makes none.
   */
  mayFound(me: Standing | null): boolean {
    if (me?.claims.role !== "deputy") return me?.claims.role === "host";
    // Another deputy's page is not here: the server takes one at a time.
    const guests = this.people.filter(({ role }) => role !== "host" && role !== "deputy");
    return this.ahead === true && !me.met.hasHost && guests.length <= 1;
  }

  founded(): void {
    this.#foundNextAt = performance.now() + FOUND_AGAIN_MS;
  }

  /** The server lost our group; not so often that two of us go in circles. */
  mayFoundAgain(me: Standing | null): boolean {
    return this.mayFound(me) && performance.now() >= this.#foundNextAt;
  }

  /**
   * Whether this page lets itself into the group by the word of this key. Who is a stranger to the host
   * brings a group of strangers, and the host goes into no check. Everybody else goes into a check only ahead
   * of the host, and into no other group then: a deputy who calls themselves the host is not met there.
   */
  goesInto(group: Group, { claims, met }: Standing, by: string): boolean {
    const { host, check } = group.charter();
    if (claims.role === "host") {
      if (check || !met.deputies.includes(by)) return false;
    } else if (check !== this.ahead || (check && met.hasHost)) return false;
    if (check) met.checkedBy(hex(host));
    else met.hostIs(hex(host));
    return true;
  }

  /** As a host without keys: somebody whom we put into the order is here. */
  waitsForDeputy(met: Met): boolean {
    const here = this.people.some((one) => !one.you && one.role === "deputy" && one.connected);
    if (!here || met.deputies.length === 0) return false;
    this.#latest = performance.now() + BROUGHT_BACK_WITHIN_MS;
    return true;
  }

  get isTooLate(): boolean {
    return performance.now() > this.#latest;
  }

  /** In a group: whatever was waited for is over. */
  begun(): void {
    this.#latest = Infinity;
    this.#asked.clear();
  }

  /** As the host: the order says who adds people while the host is gone. */
  async keepOrder(room: SealedRoom | null, met: Met, now: number): Promise<void> {
    const own = room?.group.roster().find(({ leaf }) => leaf === room.group.own);
    if (!room?.leads || own?.identity.role !== "host") return;
    const { host, order } = room.group.charter();
    const here = room.group.roster().filter(({ identity }) => identity.role === "deputy");
    const keys = [...order, ...here.map(({ identity }) => identity.key)];
    const next = keys
      .filter((key, at) => keys.findIndex((one) => equal(one, key)) === at)
      .filter((key) => equal(key, host) || isTrusted(met, hex(key)))
      .slice(0, ORDER_KEYS);
    met.ordained(next.slice(1).map(hex));
    if (nameOf(next) === nameOf(order) || !this.#first(nameOf(next))) return;
    await room.handOver(next, now);
  }

  /** As a deputy: whoever comes before us and is silent is taken out, and the next in the order leads. */
  async takeOver(room: SealedRoom, now: number): Promise<void> {
    for (const member of room.silentBefore(now))
      if (this.#first(hex(member.leafKey))) await room.remove(member, now);
  }

  #first(wish: string): boolean {
    if (this.#asked.has(wish)) return false;
    this.#asked.add(wish);
    return true;
  }

  /** The group moved on: what was asked for is done, or may be asked again. True: we lead since now. */
  moved(leads: boolean): boolean {
    this.#asked.clear();
    const fresh = leads && !this.#leads;
    this.#leads = leads;
    return fresh;
  }
}

/** A new group, with nobody else in it: what was checked under another key counts no more. */
export async function foundedBy({ claims, pair, met, key }: Standing, now: number): Promise<Group> {
  const group = await (await Candidate.make(claims, pair, now)).found(random(GROUP_BYTES), []);
  if (group.charter().check) met.checkedBy(key);
  else met.hostIs(key);
  return group;
}

/** Heard by the host, or known from a visit before: a skipped check gives nobody the door. */
function isTrusted(met: Met, key: string): boolean {
  const outcome = met.check(key)?.outcome;
  return (outcome === "matches" || outcome === "known-device") && !met.isOut(key);
}

function nameOf(keys: Bytes[]): string {
  return keys.map(hex).join(" ");
}

const GROUP_BYTES = 16;
const FOUND_AGAIN_MS = 3_000;
const BROUGHT_BACK_WITHIN_MS = 12_000;
