// Owns how the page gets its frame worker: started from its digest, and proven once before any media.

import { openWorker } from "../media/own_worker.ts";
import { slotOf } from "../media/seam.ts";
import { FrameWorker, type FrameWorkerEvents } from "../secrecy/frame_worker.ts";
import { proveSealed } from "../secrecy/self_test.ts";

export interface WorkerNews {
  /** Whose frames come out of a slot from now on. */
  lane(slot: string, leaf: number): void;
  heard: FrameWorkerEvents["heard"];
  died(worker: FrameWorker): void;
}

/** Null where frames leave this browser unsealed. What stays unknown goes on under the seal watch. */
export async function openFrameWorker(news: WorkerNews, prove: boolean): Promise<FrameWorker | null> {
  const worker = new FrameWorker(await openWorker("secrecy.js", SECRECY_INTEGRITY));
  worker.listen({
    shown: (lane, leaf) => {
      const place = slotOf(lane);
      if (place) news.lane(`${place.kind} ${place.slot}`, leaf);
    },
    heard: news.heard,
    died: () => news.died(worker),
  });
  if (!prove || (await proveSealed(worker).catch(() => "unknown")) !== "leaking") return worker;
  worker.close();
  return null;
}
