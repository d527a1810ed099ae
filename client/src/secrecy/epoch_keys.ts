// The media keys of one epoch: one frame key per key id, the sending counter of every key id of ours, and the
// replay windows of everybody else's. This is the one place where a counter lives (GCM forgives no second
// use).

import type { Bytes } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";
import { kid, STREAMS, type Stream } from "./kid.ts";
import { ReplayWindow } from "./replay.ts";
import { AES_128_GCM_SHA256_128, deriveFrameKeys, type FrameKeys, importBaseKey } from "./sframe.ts";

/** What the page hands over when the group moved on. */
export interface EpochOrder {
  epoch: number;
  /** The exported base key; the caller gives its only copy away. */
  baseKey: Bytes;
  /** Leaves that are somebody in this epoch. */
  leaves: number[];
  own: number;
  /** Leaves whose member of older epochs is gone, or is somebody else now. */
  departed: number[];
}

export class EpochKeys {
  readonly epoch: number;
  readonly own: number;
  /** Milliseconds after which nothing of this epoch opens any more; null while it is the newest. */
  retireAt: number | null = null;
  #base: Promise<CryptoKey> | null;
  #keys = new Map<bigint, Promise<FrameKeys>>();
  #counters = new Map<Stream, number>();
  #windows = new Map<bigint, ReplayWindow>();
  #leaves: Set<number>;

  constructor(order: EpochOrder) {
    this.epoch = order.epoch;
    this.own = order.own;
    this.#leaves = new Set(order.leaves);
    this.#base = importBaseKey(order.baseKey).finally(() => order.baseKey.fill(0));
    this.#base.catch(() => undefined);
  }

  has(leaf: number): boolean {
    return this.#leaves.has(leaf);
  }

  forgetLeaves(leaves: number[]): void {
    for (const leaf of leaves) this.#leaves.delete(leaf);
  }

  /** The next counter of ours. Taken before anything is awaited, so two frames never share one. */
  nextCounter(stream: Stream): number {
    const counter = this.#counters.get(stream) ?? 0;
    if (counter >= COUNTER_LIMIT) throw new SecrecyError("counter-spent");
    this.#counters.set(stream, counter + 1);
    return counter;
  }

  window(id: bigint): ReplayWindow {
    const window = this.#windows.get(id) ?? new ReplayWindow();
    this.#windows.set(id, window);
    return window;
  }

  /** At most streams times leaves keys: the caller has checked both. */
  keys(stream: Stream, leaf: number): Promise<FrameKeys> {
    const id = kid(stream, leaf, this.epoch);
    const base = this.#base;
    if (!base) return Promise.reject(new SecrecyError("no-key"));
    const known = this.#keys.get(id);
    if (known) return known;
    const made = base.then((key) => deriveFrameKeys(AES_128_GCM_SHA256_128, key, id));
    made.catch(() => undefined);
    this.#keys.set(id, made);
    return made;
  }

  /** Lets go of every key. What is under way still ends; nothing new begins. */
  wipe(): void {
    this.#base = null;
    this.#keys.clear();
    this.#windows.clear();
    this.#leaves.clear();
  }
}

/** Far above a day of frames, and below the birthday bound of GCM by a wide margin. */
const COUNTER_LIMIT = 2 ** 32;
export const STREAM_COUNT = Object.keys(STREAMS).length;
