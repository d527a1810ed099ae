// The sealed notes members send each other inside the group: one kind byte, the body, and zeros up to a whole
// number of blocks, so that the server can't tell a heartbeat from a short word. The sender is MLS's, never a
// field.

import { type Bytes, concat, Reader, Writer } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";

/** Kinds of a later version are passed over, not refused. */
export const NOTES = {
  chat: 1,
  file: 2,
  heartbeat: 3,
  installed: 4,
  vouch: 5,
  goodbye: 6,
  doubt: 7,
} as const;
export type NoteKind = keyof typeof NOTES;

export interface Note {
  kind: NoteKind | "unknown";
  body: Bytes;
}

export function writeNote(kind: NoteKind, body: Uint8Array): Bytes {
  const plain = new Writer().u8(NOTES[kind]).u32(body.length).raw(body).done();
  return concat(plain, new Uint8Array(-plain.length & (BLOCK - 1)));
}

export function readNote(bytes: Bytes): Note {
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) throw new SecrecyError("malformed");
  const reader = new Reader(bytes);
  const number = reader.u8();
  const body = reader.raw(reader.u32());
  const padding = bytes.subarray(body.length + 5);
  if (padding.length >= BLOCK || padding.some((byte) => byte !== 0)) throw new SecrecyError("malformed");
  const kind = (Object.keys(NOTES) as NoteKind[]).find((each) => NOTES[each] === number);
  return { kind: kind ?? "unknown", body };
}

/** Sent by everybody once the keys of an epoch are in place: the sign for senders to switch. */
export function writeInstalled(epoch: number): Bytes {
  return writeNote("installed", new Writer().u64(epoch).done());
}

export function readInstalled(body: Bytes): number {
  const reader = new Reader(body);
  const epoch = reader.u64();
  reader.end();
  return epoch;
}

/** To everybody: the digits of whoever let us in were not those we have; or that is taken back. */
export function writeDoubt(doubts: boolean): Bytes {
  return writeNote("doubt", new Writer().u8(doubts ? 1 : 0).done());
}

export function readDoubt(body: Bytes): boolean {
  const reader = new Reader(body);
  const doubts = reader.u8();
  reader.end();
  return doubts === 1;
}

export const BLOCK = 256;
