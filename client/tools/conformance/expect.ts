// Comparing, for vectors: every expectation has a name, and an unmet one says what was wanted and found.

import { equal, hex, unhex } from "../../src/secrecy/bytes.ts";
import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";

/** Checks one vector; throws when it is not met. */
export type Check = (vector: unknown, cs: CiphersuiteImpl) => Promise<void>;

/** Vectors are trusted files of a known shape; what does not fit fails when it is read. */
export function check<T>(work: (vector: T, cs: CiphersuiteImpl) => Promise<void>): Check {
  return (vector, cs) => work(vector as T, cs);
}

/** Bytes in hex. */
export type Hex = string;

export function same(name: string, found: Uint8Array, wanted: Hex): void {
  if (!equal(found, unhex(wanted))) throw new Error(`${name}: wanted ${wanted}, found ${hex(found)}`);
}

export function sameNumber(name: string, found: number | null, wanted: number | null): void {
  if (found !== wanted) throw new Error(`${name}: wanted ${wanted}, found ${found}`);
}

export function holds(name: string, fact: boolean): void {
  if (!fact) throw new Error(`${name} does not hold`);
}

/** All of it, or nothing. */
export function whole<T>(
  name: string,
  decode: (bytes: Uint8Array, at: number) => [T, number] | undefined,
  text: Hex,
): T {
  const bytes = unhex(text);
  const read = decode(bytes, 0);
  if (!read || read[1] !== bytes.length) throw new Error(`${name} can't be read whole`);
  return read[0];
}

/** The vectors give Ed25519 seeds; WebCrypto wants them in their envelope (RFC 8410 7). */
export function signingKey(seed: Hex): Uint8Array {
  return unhex(`302e020100300506032b657004220420${seed}`);
}
