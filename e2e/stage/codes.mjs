// The phone's code app: RFC 6238 with SHA-1, six digits, thirty seconds. Written again from the standard, so
// that it is a witness and not a mirror.

import { createHmac } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code for a key as the page spells it, `ahead` steps of thirty seconds from now. */
export function codeFor(key, ahead = 0, now = Date.now()) {
  const bits = [...key.replace(/\s/g, "")].map((one) => LETTERS.indexOf(one).toString(2).padStart(5, "0"));
  const bytes = bits.join("").match(/.{8}/g).map((byte) => parseInt(byte, 2));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000) + ahead));
  const tag = createHmac("sha1", Buffer.from(bytes)).update(step).digest();
  const at = tag.at(-1) & 15;
  return String((tag.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
