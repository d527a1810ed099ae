// Small byte tools for everything that is sealed: joining, comparing, and a writer and reader for the
// length-prefixed records of the profile. Refuses to read past the end, and records with bytes left over.

import { SecrecyError } from "./failure.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A copy with a buffer of its own: safe to keep, to transfer and to hand to WebCrypto. */
export function copy(bytes: Uint8Array): Bytes {
  const own = new Uint8Array(bytes.length);
  own.set(bytes);
  return own;
}

/** Public values only: it stops at the first difference. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text: string): Bytes {
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text)) throw new SecrecyError("malformed");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
}

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function unbase64(text: string): Bytes {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    throw new SecrecyError("malformed");
  }
}

export function utf8(text: string): Bytes {
  return copy(new TextEncoder().encode(text));
}

export function readUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SecrecyError("malformed");
  }
}

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Writes numbers big-endian, and fields with their length (two bytes) in front. */
export class Writer {
  #parts: Uint8Array[] = [];

  u8(value: number): this {
    return this.raw(Uint8Array.of(value));
  }

  u32(value: number): this {
    const part = new Uint8Array(4);
    new DataView(part.buffer).setUint32(0, value);
    return this.raw(part);
  }

  /** Whole numbers up to 2^53: epochs, times in milliseconds, sizes. */
  u64(value: number): this {
    const part = new Uint8Array(8);
    new DataView(part.buffer).setBigUint64(0, BigInt(value));
    return this.raw(part);
  }

  field(value: Uint8Array): this {
    if (value.length > FIELD_BYTES) throw new SecrecyError("too-large");
    return this.raw(Uint8Array.of(value.length >> 8, value.length & 0xff)).raw(value);
  }

  text(value: string): this {
    return this.field(utf8(value));
  }

  raw(value: Uint8Array): this {
    this.#parts.push(value);
    return this;
  }

  done(): Bytes {
    return concat(...this.#parts);
  }
}

export class Reader {
  #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.raw(1)[0] ?? 0;
  }

  u32(): number {
    return new DataView(this.raw(4).buffer).getUint32(0);
  }

  u64(): number {
    const value = new DataView(this.raw(8).buffer).getBigUint64(0);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new SecrecyError("malformed");
    return Number(value);
  }

  field(): Bytes {
    const [high = 0, low = 0] = this.raw(2);
    return this.raw((high << 8) | low);
  }

  text(): string {
    return readUtf8(this.field());
  }

  raw(length: number): Bytes {
    if (this.#at + length > this.#bytes.length) throw new SecrecyError("malformed");
    const part = copy(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return part;
  }

  /** Nothing may be left over. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new SecrecyError("malformed");
  }
}

const FIELD_BYTES = 0xffff;
