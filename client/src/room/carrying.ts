// Owns the way of sealed pieces to the server and back: one after the other, tried again while the network is
// bad, given up when the server says why. Refuses places that are none: they come from somebody's page.

import type { Bytes } from "../secrecy/bytes.ts";
import { SecrecyError } from "../secrecy/failure.ts";
import {
  type FileFacts,
  type FileKey,
  FileSealer,
  openFile,
  openManifest,
  piecesOf,
  sealedBytes,
  type Source,
} from "../secrecy/files.ts";

/** Why a file did not arrive, as the page tells it. */
export type Why = "gone" | "too-large" | "full" | "damaged" | "lost" | "not-here";

export class NotCarried extends Error {
  readonly why: Why;

  constructor(why: Why) {
    super(why);
    this.why = why;
  }
}

export interface CarrierParts {
  fetch(address: string, options: RequestInit): Promise<Response>;
  /** The token of the present welcome. */
  token(): string | null;
  pause(ms: number): Promise<void>;
}

/** Between 0 and 1. */
type Progress = (done: number) => void;

export class Carrier {
  readonly #parts: CarrierParts;

  constructor(parts: CarrierParts) {
    this.#parts = parts;
  }

  /** Seals and sends; what was sent is taken back when it is stopped half-way. */
  async send(source: Source, signal: AbortSignal, progress: Progress): Promise<FileKey> {
    const sealer = new FileSealer(source);
    const size = JSON.stringify({ pieces: sealer.pieces, bytes: sealedBytes(source.size) });
    const json = { "content-type": "application/json" };
    const begun = await this.#ask(ROOT, { method: "POST", body: size, headers: json, signal });
    const place = String(((await begun.json()) as { place?: unknown }).place);
    try {
      for (let at = 0; at < sealer.pieces; at++) {
        const piece = await sealer.next();
        await this.#ask(addressOf(place, at), { method: "POST", body: piece, signal });
        progress((at + 1) / sealer.pieces);
      }
      return await sealer.key(place);
    } catch (error) {
      await this.withdraw(place).catch(() => undefined);
      throw error;
    }
  }

  async withdraw(place: string): Promise<void> {
    await this.#ask(`${placeOf(place)}/withdraw`, { method: "POST" });
  }

  async manifest(key: FileKey): Promise<FileFacts> {
    return undamaged(openManifest(await this.#piece(key.place, 0), key));
  }

  async fetch(
    key: FileKey,
    { size }: FileFacts,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<FileFacts & { bytes: Bytes }> {
    const count = piecesOf(size);
    const pieces: Bytes[] = [];
    for (let at = 0; at < count; at++) {
      pieces.push(await this.#piece(key.place, at, signal));
      progress((at + 1) / count);
    }
    return undamaged(openFile(pieces, key));
  }

  async #piece(place: string, at: number, signal?: AbortSignal): Promise<Bytes> {
    const answer = await this.#ask(addressOf(place, at), signal ? { signal } : {});
    return new Uint8Array(await answer.arrayBuffer());
  }

  async #ask(address: string, options: RequestInit): Promise<Response> {
    for (let time = 0; ; time++) {
      const answer = await this.#once(address, options);
      if (answer?.ok) return answer;
      const passing = !answer || answer.status === 503 || answer.status === 408 || answer.status === 500;
      if (!passing) throw new NotCarried(REASONS[answer.status] ?? "lost");
      if (time + 1 >= TRIES) throw new NotCarried("lost");
      await this.#parts.pause(PAUSE_MS * 2 ** time);
      options.signal?.throwIfAborted();
    }
  }

  /** Null when the network gave nothing. What the person stopped is no trouble of the network. */
  async #once(address: string, options: RequestInit): Promise<Response | null> {
    const token = this.#parts.token();
    if (!token) throw new NotCarried("not-here");
    const headers = { accept: "application/json", ...options.headers, authorization: `Bearer ${token}` };
    try {
      return await this.#parts.fetch(address, { credentials: "omit", ...options, headers });
    } catch (error) {
      options.signal?.throwIfAborted();
      return null;
    }
  }
}

/** A place out of somebody's note must not become another address of the practice. */
function placeOf(place: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(place)) throw new NotCarried("damaged");
  return `${ROOT}/${place}`;
}

function addressOf(place: string, at: number): string {
  return `${placeOf(place)}/${at}`;
}

async function undamaged<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof SecrecyError ? new NotCarried("damaged") : error;
  }
}

const ROOT = "/room/files";
const REASONS: Record<number, Why> = {
  401: "not-here",
  403: "not-here",
  410: "gone",
  413: "too-large",
  507: "full",
};
/** Of one piece, within about half a minute. */
const TRIES = 6;
const PAUSE_MS = 500;
