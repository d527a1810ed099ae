// The frame pipeline of one participant, without a worker, a clock or a stream around it: install epochs,
// switch, seal, open, retire, count. Everything that fails is dropped and counted; nothing is ever let
// through as it is, neither in nor out.

import { type Bytes, concat } from "./bytes.ts";
import { EpochKeys, type EpochOrder } from "./epoch_keys.ts";
import { SecrecyError } from "./failure.ts";
import { isSound, kid, readKid, type Stream, tail } from "./kid.ts";
import { clearBytes, type Codec, metadata } from "./prefix.ts";
import { decodeHeader, openFrame, sealFrame } from "./sframe.ts";

/** One direction of one transceiver. */
export interface Lane {
  name: string;
  /** Without one there is no rule for the clear prefix, and nothing passes. */
  codec: Codec | null;
  /** The number of the sending stream, as frames and the connection's statistics name it. */
  ssrc?: number;
  /** What a sending lane carries; a receiving lane learns it from the key id. */
  stream: Stream | null;
}

/** `repeat` and `empty` are ordinary: probes resend frames, and padding has no content. */
export type Drop = "no-key" | "no-codec" | "forged" | "malformed" | "repeat" | "empty" | "own" | "gone";

export interface Counts {
  sealed: number;
  opened: number;
  dropped: Record<Drop, number>;
  /** Of what was to be sent: by stream, since a picture may leave in several. */
  sent: Record<number, Passed>;
}

export interface Passed {
  sealed: number;
  dropped: number;
}

export interface Opened {
  plain: Bytes;
  leaf: number;
  stream: Stream;
  epoch: number;
}

export class Frames {
  #epochs: EpochKeys[] = [];
  #sending: EpochKeys | null = null;
  #newest = -1;
  #lanes = new Map<string, Counts>();
  #heard = new Map<number, number>();

  /** Installs a new epoch for receiving at once, and starts the end of the older ones. */
  install(order: EpochOrder, now: number): void {
    if (order.epoch <= this.#newest) throw new SecrecyError("old-epoch");
    this.#newest = order.epoch;
    for (const old of this.#epochs) {
      old.retireAt ??= now + OLD_KEYS_MS;
      old.forgetLeaves(order.departed);
      // One key id picks exactly one key, also after 256 epochs.
      if (tail(old.epoch) === tail(order.epoch)) old.wipe();
    }
    this.#epochs.push(new EpochKeys(order));
    this.sweep(now);
  }

  /** From now on everything we send is sealed for this epoch. */
  switchTo(epoch: number): void {
    const next = this.#epochs.find((keys) => keys.epoch === epoch);
    if (!next || (this.#sending && next.epoch < this.#sending.epoch)) throw new SecrecyError("old-epoch");
    this.#sending = next;
  }

  get sendingEpoch(): number | null {
    return this.#sending?.epoch ?? null;
  }

  /** Wipes what has had its time. A sender that was never told to switch follows here at the latest. */
  sweep(now: number): void {
    const over = this.#epochs.filter((keys) => keys.retireAt !== null && now >= keys.retireAt);
    if (over.length === 0) return;
    this.#epochs = this.#epochs.filter((keys) => !over.includes(keys));
    if (this.#sending && over.includes(this.#sending)) this.#sending = this.#epochs.at(-1) ?? null;
    for (const keys of over) keys.wipe();
  }

  /** All keys gone: nothing is sealed and nothing opens until the next install. */
  forget(): void {
    for (const keys of this.#epochs) keys.wipe();
    this.#epochs = [];
    this.#sending = null;
  }

  /** The frame to send, or null: then nothing is sent. */
  async seal(lane: Lane, frame: Bytes): Promise<Bytes | null> {
    const sealed = await this.#seal(lane, frame);
    this.#sent(lane)[sealed ? "sealed" : "dropped"]++;
    return sealed;
  }

  async #seal(lane: Lane, frame: Bytes): Promise<Bytes | null> {
    const keys = this.#sending;
    if (frame.length === 0) return this.#drop(lane, "empty");
    if (!keys || !lane.stream) return this.#drop(lane, "no-key");
    if (!lane.codec) return this.#drop(lane, "no-codec");
    if (frame.length > FRAME_BYTES) return this.#drop(lane, "malformed");
    try {
      const clear = frame.subarray(0, clearBytes(lane.codec, frame));
      const counter = BigInt(keys.nextCounter(lane.stream));
      const id = kid(lane.stream, keys.own, keys.epoch);
      const own = await keys.keys(lane.stream, keys.own);
      const bound = metadata(lane.codec, clear);
      const sealed = await sealFrame(own, id, counter, bound, frame.subarray(clear.length));
      this.#counts(lane).sealed++;
      return concat(clear, sealed);
    } catch (error) {
      return this.#drop(lane, named(error));
    }
  }

  /** The frame to decode with the leaf that sealed it, or null: then nothing is decoded. */
  async open(lane: Lane, frame: Bytes): Promise<Opened | null> {
    if (frame.length === 0) return this.#drop(lane, "empty");
    if (!lane.codec) return this.#drop(lane, "no-codec");
    if (frame.length > FRAME_BYTES) return this.#drop(lane, "malformed");
    try {
      const clear = frame.subarray(0, clearBytes(lane.codec, frame));
      const sealed = frame.subarray(clear.length);
      const header = decodeHeader(sealed);
      const { stream, leaf, epochTail } = readKid(header.kid);
      if (isSound(stream) !== (lane.codec === "opus")) return this.#drop(lane, "malformed");
      const keys = this.#epochs.find((each) => tail(each.epoch) === epochTail);
      if (!keys) return this.#drop(lane, "no-key");
      if (leaf === keys.own) return this.#drop(lane, "own");
      if (!keys.has(leaf)) return this.#drop(lane, "gone");
      if (header.ctr > BigInt(Number.MAX_SAFE_INTEGER)) return this.#drop(lane, "malformed");
      const counter = Number(header.ctr);
      const window = keys.window(header.kid);
      if (!window.isFresh(counter)) return this.#drop(lane, "repeat");
      const theirs = await keys.keys(stream, leaf);
      const plain = await openFrame(theirs, header, metadata(lane.codec, clear), sealed);
      if (!window.mark(counter)) return this.#drop(lane, "repeat");
      if (!keys.has(leaf)) return this.#drop(lane, "gone");
      this.#counts(lane).opened++;
      this.#heard.set(leaf, (this.#heard.get(leaf) ?? 0) + 1);
      return { plain: concat(clear, plain), leaf, stream, epoch: keys.epoch };
    } catch (error) {
      return this.#drop(lane, named(error));
    }
  }

  /** Counters by lane; they only grow. */
  counters(): Record<string, Counts> {
    return structuredClone(Object.fromEntries(this.#lanes));
  }

  /** A lane that is over: its transceiver is, and its name does not come again. */
  end(name: string): void {
    this.#lanes.delete(name);
  }

  /** Frames opened by leaf: who is heard from. */
  heard(): Record<number, number> {
    return Object.fromEntries(this.#heard);
  }

  #drop(lane: Lane, why: Drop): null {
    this.#counts(lane).dropped[why]++;
    return null;
  }

  #counts(lane: Lane): Counts {
    const known = this.#lanes.get(lane.name);
    if (known) return known;
    const none = { "no-key": 0, "no-codec": 0, forged: 0, malformed: 0 };
    const dropped = { ...none, repeat: 0, empty: 0, own: 0, gone: 0 };
    const fresh = { sealed: 0, opened: 0, dropped, sent: {} };
    this.#lanes.set(lane.name, fresh);
    return fresh;
  }

  #sent(lane: Lane): Passed {
    return (this.#counts(lane).sent[lane.ssrc ?? 0] ??= { sealed: 0, dropped: 0 });
  }
}

function named(error: unknown): Drop {
  if (!(error instanceof SecrecyError)) return "malformed";
  if (error.refusal === "forged-frame") return "forged";
  return error.refusal === "no-key" || error.refusal === "counter-spent" ? "no-key" : "malformed";
}

/** Long enough for frames that were under way, short enough to mean gone. */
export const OLD_KEYS_MS = 5_000;
/** Larger than any encoded picture of the room. */
export const FRAME_BYTES = 4 * 1024 * 1024;
