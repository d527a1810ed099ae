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
  /** Of sound. Null: whatever the answer named for pictures. */
  codec: Codec | null;
  stream: Stream | null;
}

export type ToWorker =
  | { type: "install"; order: EpochOrder }
  | { type: "switch"; epoch: number }
  | { type: "ask-key-frames" }
  /** How pictures of this connection are coded, by its answer; null: nobody knows, and none pass. */
  | { type: "pictures"; codec: Codec | null }
  /** To report at once; the report names this number or a later one. */
  | { type: "count"; asked: number }
  /** From now on the reports say what sealing costs. */
  | { type: "measure" }
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
      cost?: { seal: Cost; open: Cost };
      sendingEpoch: number | null;
      asked: number;
    }
  /** Whose frames come out of a receiving lane from now on. */
  | { type: "shown"; name: string; leaf: number; stream: Stream }
  | { type: "refused"; refusal: string };
