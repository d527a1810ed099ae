// Owns the one frame worker of the page: opened on the way into the room, replaced when it held the keys of
// another group or died. The first one is tried: without a key, nothing may leave this browser. Refuses a
// browser that was seen to leak; a trial that came to no end refuses nothing (seal_watch.ts looks on).

import type { FrameWorker } from "../secrecy/frame_worker.ts";
import type { openFrameWorker } from "./provision.ts";

export interface SealerOut {
  lane(slot: string, leaf: number): void;
  heard(leaves: number[]): void;
  /** Of itself; another one has to be asked for. */
  died(): void;
  /** The connection may begin with this one; null: it must end. */
  changed(worker: FrameWorker | null): void;
}

export class Sealer {
  readonly #open: typeof openFrameWorker;
  readonly #out: SealerOut;
  #worker: FrameWorker | null = null;
  /** A worker that has held keys is no good for another group: its counters are of that group. */
  #used = false;
  #tried = false;

  constructor(open: typeof openFrameWorker, out: SealerOut) {
    this.#open = open;
    this.#out = out;
  }

  get worker(): FrameWorker | null {
    return this.#worker;
  }

  /** False where frames were seen to leave this browser unsealed. */
  async ready(): Promise<boolean> {
    if (this.#worker && !this.#used) return true;
    this.close();
    const { lane, heard } = this.#out;
    const worker = await this.#open({ lane, heard, died: (dead) => this.#died(dead) }, !this.#tried);
    if (!worker) return false;
    this.#tried = true;
    this.#worker = worker;
    this.#out.changed(worker);
    return true;
  }

  /** It gets the keys of a group now. */
  use(): FrameWorker | null {
    this.#used = true;
    return this.#worker;
  }

  close(): void {
    this.#worker?.close();
    this.#worker = null;
    this.#used = false;
    this.#out.changed(null);
  }

  #died(worker: FrameWorker): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#used = false;
    this.#out.changed(null);
    this.#out.died();
  }
}
