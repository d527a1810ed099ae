// Looks at the sealed room from outside: what the encoders made (told by the browsers, inside their workers)
// against what the media server holds (told by `alcove demo --tap`). Equal runs of bytes are what must not
// be.

import { readFileSync } from "node:fs";

/** A person's init script: the frame worker tells every frame before and after sealing. */
export const tellsFrames = () => script(false);

/** The same with a broken worker: it seals and counts, and lets the encoder's bytes through as they are. */
export const letsFramesThrough = () => script(true);

/** Collects what this person's browser tells, across reloads. */
export async function collectFrames(person) {
  const told = { plain: [], sealed: [] };
  await person.context.exposeBinding("tapTell", (source, frames) => {
    for (const [which, bytes] of frames) told[which].push(Buffer.from(bytes, "base64"));
  });
  return told;
}

/** The payloads the media server got: stream number, payload type, bytes. */
export function readTap(file) {
  const bytes = readFileSync(file);
  const packets = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + HEADER_BYTES + bytes.readUInt16BE(at + 5);
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + HEADER_BYTES, end);
    packets.push({ ssrc: bytes.readUInt32BE(at), type: bytes[at + 4], payload });
    at = end;
  }
  return packets;
}

/** Of the packets that arrived, those with sixteen bytes in a row as an encoder made them, or a worker. */
export function tapped(file, all) {
  const packets = readTap(file).filter(({ payload }) => payload.length > 0);
  const [plain, sealed] = ["plain", "sealed"].map((which) => new Frames(all.flatMap((told) => told[which])));
  const holding = (frames) => packets.filter(({ payload }) => frames.longest(payload, 16).longest >= 16);
  return { packets, readable: holding(plain), sealed: holding(sealed) };
}

/** In the page: keeps every worker within reach. */
export function keepWorkers() {
  globalThis.workers = [];
  globalThis.Worker = new Proxy(Worker, {
    construct(target, args) {
      const worker = new target(...args);
      globalThis.workers.push(worker);
      return worker;
    },
  });
}

/**
 * Finds runs of bytes that occur in known frames. Aligned blocks of eight bytes are indexed, so every run of
 * fifteen is found, wherever it begins; shorter ones only where they hold such a block (a frame's first
 * bytes do).
 */
export class Frames {
  #bytes;
  #ends = [];
  #blocks = new Map();
  #next = [];
  #frameOf = [];

  constructor(frames) {
    this.#bytes = Buffer.concat(frames.map((frame) => Buffer.concat([frame], (frame.length + 7) & ~7)));
    let start = 0;
    for (const { length } of frames) {
      const frame = this.#ends.push(start + length) - 1;
      for (let at = start; at < start + length; at += BLOCK) {
        const block = at / BLOCK;
        this.#frameOf[block] = frame;
        if (at + BLOCK > start + length) continue;
        const key = keyOf(this.#bytes, at);
        this.#next[block] = this.#blocks.get(key);
        this.#blocks.set(key, block);
      }
      start += (length + 7) & ~7;
    }
  }

  /** The longest run of this payload in any frame, up to `enough`; and the longest at a frame's beginning. */
  longest(payload, enough = Infinity) {
    let [longest, atFront] = [0, 0];
    for (let at = 0; at + BLOCK <= payload.length && longest < enough; at++) {
      let block = this.#blocks.get(keyOf(payload, at));
      for (; block !== undefined && longest < enough; block = this.#next[block]) {
        const { length, front } = this.#run(payload, at, block);
        longest = Math.max(longest, length);
        if (front) atFront = Math.max(atFront, length);
      }
    }
    return { longest, atFront };
  }

  #run(payload, at, block) {
    const frame = this.#frameOf[block];
    const start = frame === 0 ? 0 : (this.#ends[frame - 1] + 7) & ~7;
    let [from, to] = [block * BLOCK, block * BLOCK];
    for (let back = at; back > 0 && from > start; back--, from--)
      if (payload[back - 1] !== this.#bytes[from - 1]) break;
    for (let on = at; on < payload.length && to < this.#ends[frame]; on++, to++)
      if (payload[on] !== this.#bytes[to]) break;
    // Blocks that only share their key.
    return { length: to - block * BLOCK < BLOCK ? 0 : to - from, front: from === start };
  }
}

/** Small enough to stay a small integer. */
function keyOf(bytes, at) {
  return (bytes.readInt32LE(at) ^ Math.imul(bytes.readInt32LE(at + 4), 0x9e3779b1)) & 0x3fffffff;
}

/** An init script: `work` runs in every worker that a page starts, before the worker's own script. */
export function inWorkers(work, ...args) {
  const prefix = `(${work})(${args.map((each) => JSON.stringify(each)).join(", ")});\n`;
  return { content: `(${wrapWorker})(${JSON.stringify(prefix)})` };
}

const script = (broken) => inWorkers(tellFrames, broken);

/** In the page: a script started from a blob gets the prefix, and what it tells goes out in portions. */
function wrapWorker(prefix) {
  globalThis.Blob = new Proxy(Blob, {
    construct: (target, [parts, options]) => {
      const script = options?.type === "text/javascript";
      if (script) listen();
      return new target(script ? [prefix, ...parts] : parts, options);
    },
  });
  const text = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  let waiting = null;
  const listen = () => {
    if (waiting) return;
    waiting = [];
    new BroadcastChannel("tap").onmessage = ({ data: [which, bytes] }) => waiting.push([which, text(bytes)]);
    setInterval(() => {
      if (waiting.length > 0) void globalThis.tapTell(waiting);
      waiting = [];
    }, 100);
  };
}

/** In the worker, before its own script: stands between the encoder and the transform, and behind it. */
function tellFrames(broken) {
  const channel = new BroadcastChannel("tap");
  addEventListener("rtctransform", ({ transformer }) => {
    if (transformer.options.side !== "send") return;
    const made = new WeakMap();
    const before = new TransformStream({
      transform(frame, out) {
        const bytes = new Uint8Array(frame.data).slice();
        made.set(frame, bytes);
        channel.postMessage(["plain", bytes]);
        out.enqueue(frame);
      },
    });
    const behind = new TransformStream({
      transform(frame, out) {
        channel.postMessage(["sealed", new Uint8Array(frame.data).slice()]);
        if (broken) frame.data = made.get(frame).buffer;
        out.enqueue(frame);
      },
    });
    const readable = transformer.readable.pipeThrough(before);
    void behind.readable.pipeTo(transformer.writable).catch(() => undefined);
    Object.defineProperties(transformer, {
      readable: { value: readable },
      writable: { value: behind.writable },
    });
  });
}

const HEADER_BYTES = 7;
const BLOCK = 8;
