// The frame worker of a page without its streams, for visits without browsers.

import { hex } from "../src/secrecy/bytes.ts";
import type { EpochOrder } from "../src/secrecy/epoch_keys.ts";
import { Frames, type Lane } from "../src/secrecy/frames.ts";
import type { ToWorker } from "../src/secrecy/worker_wire.ts";

export const SOUND: Lane = { name: "sound", codec: "opus", stream: "audio" };

export interface Sending {
  key: string;
  leaf: number;
  epoch: number;
}

/** The frame worker without streams: what it may open and under what it seals. */
export class Keys {
  /** Of somebody who keeps every key they ever had. */
  readonly kept = new Frames();
  #installed = new Map<number, EpochOrder & { text: string }>();
  #sending: number | null = null;

  tell(message: ToWorker): void {
    if (message.type === "install") {
      const { order } = message;
      this.kept.install({ ...order, departed: [], baseKey: order.baseKey.slice() }, 0);
      this.#installed = new Map([[order.epoch, { ...order, text: hex(order.baseKey) }]]);
    } else if (message.type === "switch") {
      this.#sending = message.epoch;
      this.kept.switchTo(message.epoch);
    } else if (message.type === "forget") this.#installed.clear();
  }

  sending(): Sending | null {
    const [order] = [...this.#installed.values()];
    if (!order || this.#sending !== order.epoch) return null;
    return { key: order.text, leaf: order.own, epoch: order.epoch };
  }

  /** Of the newest epoch alone: what is older is gone in five seconds. */
  opens({ key, leaf, epoch }: Sending): boolean {
    const order = this.#installed.get(epoch);
    return order !== undefined && order.text === key && order.own !== leaf && order.leaves.includes(leaf);
  }

  look(): void {}

  close(): void {
    this.#installed.clear();
  }
}
