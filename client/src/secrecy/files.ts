// Files between the people in the room: a fresh key per file, segments of one mebibyte sealed with
// AES-256-GCM, their number and "this is the last" in the nonce, name and type in a sealed manifest in front.
// The server keeps ciphertext; the key and the hash of it travel as a note inside the group.

import { type Bytes, concat, equal, random, Reader, sha256, Writer } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";
import { writeNote } from "./notes.ts";

export interface FileFacts {
  name: string;
  type: string;
  size: number;
}

/** What the others need; it is all they need. */
export interface FileKey {
  /** Where the server keeps the ciphertext. */
  place: string;
  key: Bytes;
  /** SHA-256 over the hashes of the pieces, manifest first. */
  hash: Bytes;
}

/** Whatever gives bytes by range: a `File` in the browser. */
export interface Source {
  name: string;
  type: string;
  size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Pieces to upload in order; the hash is there when all have been taken. */
export class FileSealer {
  readonly pieces: number;
  readonly #source: Source;
  readonly #raw = random(KEY_BYTES);
  #key: Promise<CryptoKey>;
  #hashes: Bytes[] = [];

  constructor(source: Source) {
    if (source.size > FILE_BYTES) throw new SecrecyError("file-too-large");
    this.#source = source;
    this.pieces = piecesOf(source.size);
    this.#key = importKey(this.#raw, "encrypt");
  }

  /** The next piece, or null after the last. Progress is pieces taken of `pieces`. */
  async next(): Promise<Bytes | null> {
    const index = this.#hashes.length;
    if (index === this.pieces) return null;
    const plain = index === 0 ? writeManifest(this.#source) : await this.#segment(index - 1);
    const parameters = { name: "AES-GCM", iv: nonce(index, index === this.pieces - 1) };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, await this.#key, plain));
    this.#hashes.push(await sha256(sealed));
    return sealed;
  }

  async key(place: string): Promise<FileKey> {
    if (this.#hashes.length !== this.pieces) throw new SecrecyError("file-damaged");
    return { place, key: this.#raw, hash: await sha256(...this.#hashes) };
  }

  async #segment(index: number): Promise<Bytes> {
    const from = index * SEGMENT_BYTES;
    const to = Math.min(this.#source.size, from + SEGMENT_BYTES);
    const plain = new Uint8Array(await this.#source.slice(from, to).arrayBuffer());
    if (plain.length !== to - from) throw new SecrecyError("file-damaged");
    return plain;
  }
}

/** Name, type and size, before the rest is fetched; `openFile` checks the whole against the hash. */
export async function openManifest(piece: Bytes, { key: raw }: FileKey): Promise<FileFacts> {
  return readManifest(await openPiece(await importKey(raw, "decrypt"), piece, 0, false));
}

/** The manifest and the segments. */
export function piecesOf(size: number): number {
  return 1 + segments(size);
}

export function sealedBytes(size: number): number {
  return MANIFEST_BYTES + size + piecesOf(size) * TAG_BYTES;
}

/** All pieces as they were uploaded; cut, reordered, exchanged or bent ones are refused. */
export async function openFile(
  pieces: Bytes[],
  { key: raw, hash }: FileKey,
): Promise<FileFacts & { bytes: Bytes }> {
  if (pieces.length < 2 || pieces.length > piecesOf(FILE_BYTES)) throw new SecrecyError("file-damaged");
  const hashes = await Promise.all(pieces.map((piece) => sha256(piece)));
  if (!equal(await sha256(...hashes), hash)) throw new SecrecyError("file-damaged");
  const key = await importKey(raw, "decrypt");
  const plain: Bytes[] = [];
  for (const [index, piece] of pieces.entries()) {
    plain.push(await openPiece(key, piece, index, index === pieces.length - 1));
  }
  const [manifest, ...parts] = plain as [Bytes, ...Bytes[]];
  const facts = readManifest(manifest);
  const bytes = concat(...parts);
  if (bytes.length !== facts.size) throw new SecrecyError("file-damaged");
  return { ...facts, bytes };
}

/** Pieces cut out of one download. */
export function splitPieces(sealed: Bytes): Bytes[] {
  const pieces = [sealed.slice(0, MANIFEST_BYTES + TAG_BYTES)];
  const step = SEGMENT_BYTES + TAG_BYTES;
  for (let at = MANIFEST_BYTES + TAG_BYTES; at < sealed.length; at += step)
    pieces.push(sealed.slice(at, at + step));
  return pieces;
}

export function writeFileNote({ place, key, hash }: FileKey): Bytes {
  return writeNote("file", new Writer().text(place).raw(key).raw(hash).done());
}

export function readFileNote(body: Bytes): FileKey {
  const reader = new Reader(body);
  const found = { place: reader.text(), key: reader.raw(KEY_BYTES), hash: reader.raw(HASH_BYTES) };
  reader.end();
  return found;
}

/** An empty file still has one (empty) last segment. */
function segments(size: number): number {
  return Math.max(1, Math.ceil(size / SEGMENT_BYTES));
}

function writeManifest({ name, type, size }: Source): Bytes {
  const shown = [...name].slice(0, NAME_CHARS).join("");
  const plain = new Writer().u8(VERSION).text(shown).text(type.slice(0, NAME_CHARS)).u64(size).done();
  return concat(plain, new Uint8Array(MANIFEST_BYTES - plain.length));
}

function readManifest(manifest: Bytes): FileFacts {
  const reader = new Reader(manifest);
  if (reader.u8() !== VERSION) throw new SecrecyError("file-damaged");
  const facts = { name: reader.text(), type: reader.text(), size: reader.u64() };
  if (facts.size > FILE_BYTES) throw new SecrecyError("file-too-large");
  return facts;
}

async function openPiece(key: CryptoKey, piece: Bytes, index: number, last: boolean): Promise<Bytes> {
  try {
    const parameters = { name: "AES-GCM", iv: nonce(index, last) };
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, piece));
  } catch (error) {
    throw new SecrecyError("file-damaged", error);
  }
}

/** The key is used for this file alone, so counting is enough: seven zeros, index, last. */
function nonce(index: number, last: boolean): Bytes {
  return new Writer()
    .raw(new Uint8Array(7))
    .u32(index)
    .u8(last ? 1 : 0)
    .done();
}

function importKey(raw: Bytes, way: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, [way]);
}

const VERSION = 1;
const KEY_BYTES = 32;
const HASH_BYTES = 32;
export const TAG_BYTES = 16;
export const SEGMENT_BYTES = 1024 * 1024;
/** Said to people before anything is read: files of 25 MiB at most. */
export const FILE_BYTES = 25 * 1024 * 1024;
/** Long enough for the longest name in any script. */
export const MANIFEST_BYTES = 2048;
const NAME_CHARS = 200;
