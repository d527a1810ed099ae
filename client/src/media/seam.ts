// The one place where a sender or receiver meets its encoded transform. Synchronous, and called in the same
// task that created the sender or receiver: Chromium never calls a transform that is set one task later.

import type { FrameWorker } from "../secrecy/frame_worker.ts";
import type { Kind } from "../wire/wire.ts";

/** Names are unique on the page: counters belong to one lane of one connection. */
export function sealLane(worker: FrameWorker, sender: RTCRtpSender, kind: Kind, connection: number): string {
  const name = `send-${kind}#${connection}`;
  const stream = kind === "audio" ? "audio" : "camera";
  worker.attach(sender, { side: "send", name, codec: codec(kind), stream });
  return name;
}

export function openLane(worker: FrameWorker, receiver: RTCRtpReceiver, kind: Kind, place: Place): void {
  const name = `recv-${kind}-${place.slot}#${place.connection}`;
  worker.attach(receiver, { side: "receive", name, codec: codec(kind), stream: null });
}

export interface Place {
  slot: number;
  connection: number;
}

/** Which slot a receiving lane belongs to; null for sending lanes and anything else. */
export function slotOf(lane: string): { kind: Kind; slot: number } | null {
  const [, kind, slot] = /^recv-(audio|video)-(\d+)#\d+$/.exec(lane) ?? [];
  return kind && slot ? { kind: kind as Kind, slot: Number(slot) } : null;
}

/** That of pictures is known with the answer. */
function codec(kind: Kind): "opus" | null {
  return kind === "audio" ? "opus" : null;
}
