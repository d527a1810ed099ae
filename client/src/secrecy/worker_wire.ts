// What the page and the frame worker say to each other. Types alone.

import type { Cost } from "./cost.ts";
import type { EpochOrder } from "./epoch_keys.ts";
import type { Counts } from "./frames.ts";
import type { Stream } from "./kid.ts";
import type { Codec } from "./prefix.ts";

/** Options of an RTCRtpScriptTransform; one per sender and receiver, never used twice. */
export interface LaneOptions {
  side: "send" | "receive";
  name: string;
  codec: Codec;
  stream: Stream | null;
}

export type ToWorker =
  | { type: "install"; order: EpochOrder }
  | { type: "switch"; epoch: number }
  | { type: "ask-key-frames" }
  | { type: "forget" };

export type FromWorker =
  /** The script runs; before this, nothing was sealed. */
  | { type: "ready" }
  /** A transform is in place. */
  | { type: "lane"; name: string }
  | {
      type: "counters";
      lanes: Record<string, Counts>;
      /** Frames opened by leaf. */
      heard: Record<number, number>;
      cost: { seal: Cost; open: Cost };
      sendingEpoch: number | null;
    }
  /** Whose frames come out of a receiving lane from now on. */
  | { type: "shown"; name: string; leaf: number; stream: Stream }
  | { type: "refused"; refusal: string };
