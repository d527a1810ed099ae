// The charter of a visit's group: who may add people, in which order, and whether the room is locked. It
// rides in the authenticated data of every commit, so all members agree on it, and in the group info of every
// Welcome.

import { type Bytes, equal, Reader, Writer } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";
import { type Identity, KEY_BYTES } from "./identity.ts";

export interface Charter {
  /** The identity key of whoever founded: the host, or for a check a deputy. It never changes. */
  host: Bytes;
  /** Identity keys of host and deputies: the first one who is in the group adds people. */
  order: Bytes[];
  locked: boolean;
  /** Founded by a deputy ahead of the host, to look at one person; it never changes either. */
  check: boolean;
}

/** A leaf of the tree. */
export interface Member {
  leaf: number;
  identity: Identity;
  /** The MLS signature key of the leaf. */
  leafKey: Bytes;
}

export function writeCharter({ host, order, locked, check }: Charter): Bytes {
  const writer = new Writer()
    .u8(check ? CHECK : VISIT)
    .u8(locked ? 1 : 0)
    .raw(host)
    .u8(order.length);
  for (const key of order) writer.raw(key);
  return writer.done();
}

export function readCharter(bytes: Uint8Array): Charter {
  const reader = new Reader(bytes);
  const kind = reader.u8();
  const locked = reader.u8();
  const host = reader.raw(KEY_BYTES);
  const order = Array.from({ length: bounded(reader.u8()) }, () => reader.raw(KEY_BYTES));
  reader.end();
  const twice = order.some((key, at) => order.slice(0, at).some((earlier) => equal(key, earlier)));
  const charter = { host, order, locked: locked === 1, check: kind === CHECK };
  if (![VISIT, CHECK].includes(kind) || locked > 1 || twice || order.length === 0 || !isPlain(charter))
    throw new SecrecyError("malformed");
  return charter;
}

/** Of a check whoever founded leads, nobody after them, and there is nothing to lock. */
export function isPlain({ host, order, locked, check }: Charter): boolean {
  return !check || (!locked && order.length === 1 && order.every((key) => equal(key, host)));
}

export function sameCharter(a: Charter, b: Charter): boolean {
  return equal(writeCharter(a), writeCharter(b));
}

/** Who adds people now: the first of the order who is there. */
export function acting(charter: Charter, members: Member[]): Member | null {
  for (const key of charter.order) {
    const found = members.find((member) => equal(member.identity.key, key));
    if (found) return found;
  }
  return null;
}

/** Place in the order; Infinity for everybody who is not in it. */
export function rank(charter: Charter, member: Member): number {
  const at = charter.order.findIndex((key) => equal(key, member.identity.key));
  return at < 0 ? Infinity : at;
}

function bounded(count: number): number {
  if (count > ORDER_KEYS) throw new SecrecyError("malformed");
  return count;
}

const VISIT = 1;
const CHECK = 2;
export const ORDER_KEYS = 8;
/** Group info extension of private use (RFC 9420 17.3). */
export const CHARTER_EXTENSION = 0xf0a1;
