// SFrame (RFC 9605) on WebCrypto: the header, the keys and the sealing of one frame, for the two AES-GCM
// suites. Knows nothing of streams, epochs in flight or replay: that is frames.ts. The associated data is
// the header first, then the metadata (RFC 9605 4.4.3; the crate `sframe` had it the other way until 2.1.0).

import { type Bytes, concat, copy, utf8 } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";

/** AES_128_GCM_SHA256_128 is the suite of the profile; the other one is here for its vectors. */
export interface Suite {
  id: number;
  keyBytes: number;
  hash: "SHA-256" | "SHA-512";
}
export const AES_128_GCM_SHA256_128: Suite = { id: 4, keyBytes: 16, hash: "SHA-256" };
export const AES_256_GCM_SHA512_128: Suite = { id: 5, keyBytes: 32, hash: "SHA-512" };

export interface Header {
  kid: bigint;
  ctr: bigint;
  /** Bytes the header takes. */
  length: number;
}

/** RFC 9605 4.3: X KKK Y CCC, then KID and CTR when they do not fit into three bits, shortest form. */
export function encodeHeader(kid: bigint, ctr: bigint): Bytes {
  const [kidBits, kidBytes] = encodeNumber(kid);
  const [ctrBits, ctrBytes] = encodeNumber(ctr);
  return concat(Uint8Array.of((kidBits << 4) | ctrBits), kidBytes, ctrBytes);
}

export function decodeHeader(frame: Uint8Array): Header {
  const config = frame[0];
  if (config === undefined) throw new SecrecyError("malformed");
  const [kid, afterKid] = decodeNumber(frame, config >> 4, 1);
  const [ctr, length] = decodeNumber(frame, config & 0x0f, afterKid);
  return { kid, ctr, length };
}

/** What one KID of one base key seals with. */
export interface FrameKeys {
  key: CryptoKey;
  salt: Bytes;
}

/** HKDF takes the base key once; it can't be read back. */
export function importBaseKey(baseKey: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", baseKey, "HKDF", false, ["deriveBits"]);
}

export async function deriveFrameKeys(suite: Suite, base: CryptoKey, kid: bigint): Promise<FrameKeys> {
  const [raw, salt] = await Promise.all([
    deriveSecret(suite, base, kid, "key"),
    deriveSecret(suite, base, kid, "salt"),
  ]);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return { key, salt };
}

/** RFC 9605 4.4.2. WebCrypto's HKDF is Extract with the empty salt, then Expand. */
export async function deriveSecret(
  suite: Suite,
  base: CryptoKey,
  kid: bigint,
  what: "key" | "salt",
): Promise<Bytes> {
  const length = what === "key" ? suite.keyBytes : NONCE_BYTES;
  const info = secretLabel(suite, kid, what);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: suite.hash, salt: new Uint8Array(0), info },
    base,
    length * 8,
  );
  return new Uint8Array(bits);
}

export function secretLabel(suite: Suite, kid: bigint, what: "key" | "salt"): Bytes {
  const tail = new Uint8Array(10);
  const view = new DataView(tail.buffer);
  view.setBigUint64(0, kid);
  view.setUint16(8, suite.id);
  return concat(utf8(`SFrame 1.0 Secret ${what} `), tail);
}

/** Header, ciphertext and tag. The caller never uses one counter twice under one KID. */
export async function sealFrame(
  keys: FrameKeys,
  kid: bigint,
  ctr: bigint,
  metadata: Bytes,
  plain: Bytes,
): Promise<Bytes> {
  const header = encodeHeader(kid, ctr);
  const parameters = gcm(keys.salt, ctr, header, metadata);
  const sealed = await crypto.subtle.encrypt(parameters, keys.key, plain);
  return concat(header, new Uint8Array(sealed));
}

/** Refuses whatever does not carry the whole tag of exactly this key, counter and metadata. */
export async function openFrame(
  keys: FrameKeys,
  header: Header,
  metadata: Bytes,
  frame: Bytes,
): Promise<Bytes> {
  const parameters = gcm(keys.salt, header.ctr, frame.subarray(0, header.length), metadata);
  try {
    const sealed = frame.subarray(header.length);
    return new Uint8Array(await crypto.subtle.decrypt(parameters, keys.key, sealed));
  } catch (error) {
    throw new SecrecyError("forged-frame", error);
  }
}

export function nonce(salt: Bytes, ctr: bigint): Bytes {
  const mixed = copy(salt);
  const view = new DataView(mixed.buffer);
  view.setBigUint64(4, view.getBigUint64(4) ^ ctr);
  return mixed;
}

function gcm(salt: Bytes, ctr: bigint, header: Uint8Array, metadata: Uint8Array): AesGcmParams {
  const additionalData = concat(header, metadata);
  return { name: "AES-GCM", iv: nonce(salt, ctr), additionalData, tagLength: TAG_BYTES * 8 };
}

/** Four bits of the config byte, and the bytes that follow it. */
function encodeNumber(value: bigint): [number, Bytes] {
  if (value < 0n || value > MAX_U64) throw new SecrecyError("malformed");
  if (value < 8n) return [Number(value), new Uint8Array(0)];
  const all = new Uint8Array(8);
  new DataView(all.buffer).setBigUint64(0, value);
  const bytes = all.slice(all.findIndex((byte) => byte !== 0));
  return [0x08 | (bytes.length - 1), bytes];
}

function decodeNumber(frame: Uint8Array, bits: number, at: number): [bigint, number] {
  if ((bits & 0x08) === 0) return [BigInt(bits), at];
  const end = at + (bits & 0x07) + 1;
  if (end > frame.length) throw new SecrecyError("malformed");
  let value = 0n;
  for (const byte of frame.subarray(at, end)) value = (value << 8n) | BigInt(byte);
  return [value, end];
}

export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
const MAX_U64 = 0xffff_ffff_ffff_ffffn;
