// What stays readable of a frame: the bytes a packetizer needs, and nothing more. VP8 keeps 10 bytes of a
// key frame and 1 of a delta frame (RFC 6386 9.1), VP9 and Opus keep none. The readable bytes and the kind
// of frame go into the associated data, so changing one bit of them makes the frame fail.

import { type Bytes, concat } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";

/** The number is the kind byte in front of the associated metadata. */
export const KINDS = { opus: 0, vp8: 1, vp9: 2 } as const;
export type Codec = keyof typeof KINDS;

/** How many bytes at the front stay readable. The same on both sides: it reads only what stays readable. */
export function clearBytes(codec: Codec, frame: Uint8Array): number {
  if (codec !== "vp8") return 0;
  const first = frame[0];
  if (first === undefined) throw new SecrecyError("malformed");
  // The lowest bit of the frame tag is 0 for key frames.
  const length = (first & 1) === 0 ? VP8_KEY_BYTES : VP8_DELTA_BYTES;
  if (frame.length < length) throw new SecrecyError("malformed");
  return length;
}

export function metadata(codec: Codec, prefix: Uint8Array): Bytes {
  return concat(Uint8Array.of(KINDS[codec]), prefix);
}

/** Names as encoded frames carry them; null for anything the profile does not send. */
export function codecOf(mimeType: string): Codec | null {
  const name = mimeType.toLowerCase().replace(/^(audio|video)\//, "");
  return name === "opus" || name === "vp8" || name === "vp9" ? name : null;
}

const VP8_KEY_BYTES = 10;
const VP8_DELTA_BYTES = 1;
