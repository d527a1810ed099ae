// Who a leaf of the group is: visit, role, shown name and identity key, signed by that key together with the
// MLS leaf key. Names and roles of the room come from here and from nowhere else. A signature proves that the
// key said so; whether the key belongs to the person is what the spoken code and remembered devices are for.

import { type Bytes, copy, equal, Reader, Writer } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";

/** In the order of their numbers on the wire. */
export const ROLES = ["host", "deputy", "patient", "representative", "supporter", "interpreter"] as const;
export type Role = (typeof ROLES)[number];

export interface Claims {
  visit: string;
  role: Role;
  name: string;
}

export interface Identity extends Claims {
  /** Ed25519 public key: per visit for guests, per device for staff. */
  key: Bytes;
}

/** The private half can't be read out of the browser. */
export async function makeIdentityKey(): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
}

export async function publicKeyOf(pair: CryptoKeyPair): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
}

export async function writeIdentity(claims: Claims, pair: CryptoKeyPair, leafKey: Bytes): Promise<Bytes> {
  const identity = { ...claims, key: await publicKeyOf(pair) };
  const plain = write(identity);
  read(plain);
  const signed = toSign(plain, leafKey);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, signed));
  return new Writer().field(plain).field(signature).done();
}

/** Checks shape, visit and signature. */
export async function readIdentity(bytes: Uint8Array, leafKey: Bytes, visit: string): Promise<Identity> {
  const { plain, signature, identity } = split(bytes);
  if (identity.visit !== visit) throw new SecrecyError("wrong-visit");
  const key = await importKey(identity.key);
  const good = await crypto.subtle.verify("Ed25519", key, signature, toSign(plain, leafKey));
  if (!good) throw new SecrecyError("bad-identity");
  return identity;
}

/** For identities already checked when they came in. */
export function parseIdentity(bytes: Uint8Array): Identity {
  return split(bytes).identity;
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return equal(a.key, b.key) && a.role === b.role && a.name === b.name && a.visit === b.visit;
}

function split(bytes: Uint8Array): { plain: Bytes; signature: Bytes; identity: Identity } {
  try {
    const reader = new Reader(bytes);
    const plain = reader.field();
    const signature = reader.field();
    reader.end();
    return { plain, signature, identity: read(plain) };
  } catch (error) {
    throw new SecrecyError("bad-identity", error);
  }
}

function write({ visit, role, name, key }: Identity): Bytes {
  return new Writer().u8(VERSION).text(visit).u8(ROLES.indexOf(role)).text(name).raw(key).done();
}

function read(plain: Bytes): Identity {
  const reader = new Reader(plain);
  const version = reader.u8();
  const visit = reader.text();
  const role = ROLES[reader.u8()];
  const name = reader.text();
  const key = reader.raw(KEY_BYTES);
  reader.end();
  const fits = version === VERSION && role && visit.length <= VISIT_CHARS && name.length <= NAME_CHARS;
  if (!fits || name.trim() === "" || UNSHOWABLE.test(name)) throw new SecrecyError("bad-identity");
  return { visit, role, name, key };
}

function toSign(plain: Bytes, leafKey: Bytes): Bytes {
  return new Writer().text(LABEL).field(plain).field(leafKey).done();
}

async function importKey(key: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("raw", copy(key), "Ed25519", false, ["verify"]);
  } catch (error) {
    throw new SecrecyError("bad-identity", error);
  }
}

const LABEL = "Alcove E2EE v1 identity";
const VERSION = 1;
export const KEY_BYTES = 32;
const VISIT_CHARS = 64;
const NAME_CHARS = 120;
/** Control characters, and marks that turn the reading direction: a name must not redraw its neighbours. */
const UNSHOWABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;
