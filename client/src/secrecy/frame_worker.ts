// The page's hand on the frame worker: opens it, puts transforms on senders and receivers in the task that
// made them, passes orders in and counters out, and notices when it is dead. There is one per page; a second
// one would count again from zero under the same keys, so a new worker needs a new epoch.

import type { FromWorker, LaneOptions, ToWorker } from "./worker_wire.ts";
import type { Counts } from "./frames.ts";
import type { Stream } from "./kid.ts";

export interface FrameWorkerEvents {
  /** A receiving lane shows this leaf from now on; the name comes from the roster. */
  shown(lane: string, leaf: number, stream: Stream): void;
  /** Leaves whose frames were opened since the last time. */
  heard(leaves: number[]): void;
  /** Nothing is sent any more; everything must be made anew. */
  died(): void;
}

/**
 * For every RTCPeerConnection, and again in every `setConfiguration`: with it Chromium sends nothing where no
 * transform is in place. Others do not know it and have not the fault.
 */
export function guarded(configuration: RTCConfiguration = {}): RTCConfiguration {
  return { ...configuration, encodedInsertableStreams: true } as RTCConfiguration;
}

/** The type library lacks the constructor's options. */
declare class RTCRtpScriptTransform {
  constructor(worker: Worker, options: LaneOptions);
}

export function canTransform(): boolean {
  return typeof RTCRtpScriptTransform === "function" && "transform" in RTCRtpSender.prototype;
}

export class FrameWorker {
  readonly #worker: Worker;
  #events: FrameWorkerEvents | null = null;
  #lanes: Record<string, Counts> = {};
  #heard: Record<number, number> = {};
  #reportedAt = performance.now();
  /** Since the last report. Time alone says nothing: a machine that slept has old reports and a live one. */
  #looks = 0;
  #dead = false;
  #asked = 0;
  #waiting = new Map<number, () => void>();

  /** A worker started from worker.ts, however the page gets hold of its script. */
  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#received(data);
    worker.onerror = worker.onmessageerror = () => this.#die();
  }

  listen(events: FrameWorkerEvents): void {
    this.#events = events;
  }

  /**
   * Synchronous, and in the same task that made the sender or receiver. Never again on the same one, and
   * never null: Firefox then sends what the encoder gives.
   */
  attach(end: RTCRtpSender | RTCRtpReceiver, lane: LaneOptions): void {
    (end as { transform: unknown }).transform = new RTCRtpScriptTransform(this.#worker, lane);
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
    // The worker has its copy.
    if (message.type === "install") message.order.baseKey.fill(0);
  }

  counts(lane: string): Counts | null {
    return this.#lanes[lane] ?? null;
  }

  /** Everything that had left when this was called is in `counts` then. False: it did not answer in time. */
  recount(): Promise<boolean> {
    const asked = ++this.#asked;
    this.tell({ type: "count", asked });
    return new Promise((done) => {
      const late = setTimeout(() => answer(false), OLD_MS);
      const answer = (inTime: boolean) => {
        clearTimeout(late);
        this.#waiting.delete(asked);
        done(inTime);
      };
      this.#waiting.set(asked, () => answer(true));
    });
  }

  /** Nothing was heard of it for several of its reports: what it counted is old. */
  isSilent(now = performance.now()): boolean {
    return this.#looks >= OLD_LOOKS && now - this.#reportedAt > OLD_MS;
  }

  /** Call once a second: a worker that says nothing has ended without a word. */
  look(now = performance.now()): void {
    this.#looks++;
    if (this.#looks >= SILENT_LOOKS && now - this.#reportedAt > SILENT_MS) this.#die();
  }

  close(): void {
    this.#dead = true;
    this.#worker.terminate();
  }

  #received(message: FromWorker): void {
    this.#reportedAt = performance.now();
    this.#looks = 0;
    if (message.type === "shown") this.#events?.shown(message.name, message.leaf, message.stream);
    if (message.type !== "counters") return;
    this.#lanes = message.lanes;
    for (const [asked, answer] of this.#waiting) if (asked <= message.asked) answer();
    const before = this.#heard;
    this.#heard = message.heard;
    const leaves = Object.keys(message.heard).map(Number);
    const fresh = leaves.filter((leaf) => message.heard[leaf] !== before[leaf]);
    if (fresh.length > 0) this.#events?.heard(fresh);
  }

  #die(): void {
    if (this.#dead) return;
    this.close();
    this.#events?.died();
  }
}

/** The worker reports four times a second. */
const OLD_MS = 1_000;
const OLD_LOOKS = 2;
const SILENT_MS = 5_000;
const SILENT_LOOKS = 4;
