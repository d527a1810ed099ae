// The key ids of the profile (RFC 9605 5.2): stream above leaf index above epoch. Two bytes at most on the
// wire.

import { SecrecyError } from "./failure.ts";

/** What a frame belongs to. The number is part of the key id, so a frame can't change streams. */
export const STREAMS = { audio: 0, camera: 1, screen: 2, screenAudio: 3 } as const;
export type Stream = keyof typeof STREAMS;

export interface Kid {
  stream: Stream;
  /** Leaf of the sender in the MLS tree: who it is, not which lane the server chose. */
  leaf: number;
  /** The low eight bits of the epoch. */
  epochTail: number;
}

export function kid(stream: Stream, leaf: number, epoch: number): bigint {
  if (leaf < 0 || leaf > MAX_LEAF) throw new SecrecyError("unknown-leaf");
  return BigInt(STREAMS[stream] * 2 ** (LEAF_BITS + EPOCH_BITS) + leaf * 2 ** EPOCH_BITS + tail(epoch));
}

export function readKid(value: bigint): Kid {
  if (value >= 1n << BigInt(2 + LEAF_BITS + EPOCH_BITS)) throw new SecrecyError("malformed");
  const whole = Number(value);
  const stream = NAMES[whole >> (LEAF_BITS + EPOCH_BITS)];
  if (!stream) throw new SecrecyError("malformed");
  return { stream, leaf: (whole >> EPOCH_BITS) & MAX_LEAF, epochTail: whole & 0xff };
}

export function tail(epoch: number): number {
  return epoch % 2 ** EPOCH_BITS;
}

export function isSound(stream: Stream): boolean {
  return stream === "audio" || stream === "screenAudio";
}

const NAMES: readonly Stream[] = ["audio", "camera", "screen", "screenAudio"];
const LEAF_BITS = 4;
const EPOCH_BITS = 8;
export const MAX_LEAF = 2 ** LEAF_BITS - 1;
