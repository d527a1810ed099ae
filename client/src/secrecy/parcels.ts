// What passes between somebody in the lobby and the host's client before there is a group in common. The
// server carries these as opaque bytes; nothing in them is secret, everything in them is bound by the spoken
// code.

import { type Bytes, Reader, Writer } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";

export type Parcel =
  /** Joiner to host: who I am, and the promise of the spoken code. */
  | { kind: "knock"; keyPackage: Bytes; commitment: Bytes }
  /** Host to joiner: the host's half of the spoken code, and which promise it is for. */
  | { kind: "challenge"; commitment: Bytes; challenge: Bytes }
  /** Joiner to host: the promise kept, and whether digits with this host are kept from before. */
  | { kind: "opening"; nonce: Bytes; kept: boolean }
  /** Host to joiner, once the log took the commit. */
  | { kind: "welcome"; message: Bytes };

export function writeParcel(parcel: Parcel): Bytes {
  const writer = new Writer().u8(VERSION).u8(KINDS.indexOf(parcel.kind));
  if (parcel.kind === "knock") return writer.field(parcel.keyPackage).field(parcel.commitment).done();
  if (parcel.kind === "challenge") return writer.field(parcel.commitment).field(parcel.challenge).done();
  if (parcel.kind === "opening") return writer.field(parcel.nonce).u8(parcel.kept ? 1 : 0).done();
  return writer.field(parcel.message).done();
}

export function readParcel(bytes: Uint8Array): Parcel {
  if (bytes.length > PARCEL_BYTES) throw new SecrecyError("too-large");
  const reader = new Reader(bytes);
  if (reader.u8() !== VERSION) throw new SecrecyError("malformed");
  const parcel = readBody(KINDS[reader.u8()], reader);
  reader.end();
  return parcel;
}

function readBody(kind: Parcel["kind"] | null | undefined, reader: Reader): Parcel {
  switch (kind) {
    case "knock":
      return { kind, keyPackage: reader.field(), commitment: reader.field() };
    case "challenge":
      return { kind, commitment: reader.field(), challenge: reader.field() };
    case "opening":
      return { kind, nonce: reader.field(), kept: reader.u8() === 1 };
    case "welcome":
      return { kind, message: reader.field() };
    default:
      throw new SecrecyError("malformed");
  }
}

const VERSION = 1;
/** In the order of their numbers on the wire. Nobody can ask for a fresh promise: 3 stays empty. */
const KINDS: readonly (Parcel["kind"] | null)[] = ["knock", "challenge", "opening", null, "welcome"];
/** Fits into one message of the wire, in base64. */
export const PARCEL_BYTES = 22 * 1024;
