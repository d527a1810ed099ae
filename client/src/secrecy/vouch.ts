// What the host says about whom it checked by voice: shown beside each name. Only host and deputies vouch,
// and only for identity keys, so a reload keeps the word and another key under the same name does not.

import { type Bytes, equal, Reader, Writer } from "./bytes.ts";
import { type Charter, type Member, rank } from "./charter.ts";
import { SecrecyError } from "./failure.ts";
import { KEY_BYTES } from "./identity.ts";
import { writeNote } from "./notes.ts";

export const OUTCOMES = ["matches", "mismatch", "skipped", "known-device"] as const;
export type CodeOutcome = (typeof OUTCOMES)[number];

export interface Vouch {
  key: Bytes;
  outcome: CodeOutcome;
  /** The clock of whoever vouched, in milliseconds. */
  at: number;
}

export function writeVouch({ key, outcome, at }: Vouch): Bytes {
  return writeNote("vouch", new Writer().raw(key).u8(OUTCOMES.indexOf(outcome)).u64(at).done());
}

/** Throws for vouches of anybody else. */
export function readVouch(body: Bytes, from: Member, charter: Charter): Vouch {
  const reader = new Reader(body);
  const key = reader.raw(KEY_BYTES);
  const outcome = OUTCOMES[reader.u8()];
  const at = reader.u64();
  reader.end();
  if (!outcome || at > LATEST) throw new SecrecyError("malformed");
  if (rank(charter, from) === Infinity || equal(key, from.identity.key))
    throw new SecrecyError("not-the-host");
  return { key, outcome, at };
}

/** The last moment a date can be (ECMA-262, 21.4.1.1): a later one could not be shown. */
const LATEST = 8.64e15;
