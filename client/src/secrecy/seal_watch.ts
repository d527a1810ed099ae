// Watches that nothing leaves unsealed: compares what the connection says it sent with what the worker says
// it sealed. Until the worker's counters move there is black and silence only; afterwards it keeps comparing.

/** One sending lane, counted from its beginning. */
export interface Sample {
  /** RTP packets that left, without retransmissions. */
  packets: number;
  /** Pictures handed to the transform, all layers together; null for sound, where a packet is a frame. */
  frames: number | null;
  /** Of a picture; they are counted together, since one transform and one counter see them all. */
  layers?: number;
  /** What the worker sealed, and what it let go. */
  sealed: number;
  dropped: number;
  /** The worker says nothing any more: what it sealed is old, and nothing may leave. */
  silent?: boolean;
}

interface Known {
  verdict: Verdict;
  odd: number;
  /** Packets when the worker fell silent. */
  packets: number | null;
}

/** dark: nothing proven yet. sealed: show and speak. leaking: more left than was sealed; stop at once. */
export type Verdict = "dark" | "sealed" | "leaking";

export class SealWatch {
  #lanes = new Map<string, Known>();

  /** A leak is final for the lane: only a new connection (and `forget`) starts again. */
  look(lane: string, sample: Sample): Verdict {
    const known: Known = this.#lanes.get(lane) ?? { verdict: "dark", odd: 0, packets: null };
    this.#lanes.set(lane, known);
    if (known.verdict === "leaking") return "leaking";
    // Statistics and counters are read at different moments, so one odd look proves nothing.
    known.odd = (sample.silent ? movesAlone(known, sample) : isOdd(sample)) ? known.odd + 1 : 0;
    if (!sample.silent) known.packets = null;
    if (known.odd >= LOOKS) known.verdict = "leaking";
    else if (sample.sealed > 0 && known.odd === 0) known.verdict = "sealed";
    return known.verdict;
  }

  forget(lane: string): void {
    this.#lanes.delete(lane);
  }
}

/** A dead worker seals nothing: pictures that are made then count for nothing, packets that leave do. */
function movesAlone(known: Known, { packets }: Sample): boolean {
  known.packets ??= packets;
  return packets > known.packets + SLACK;
}

/** Packets without anything sealed, or frames that never passed the worker. */
function isOdd({ packets, frames, layers, sealed, dropped }: Sample): boolean {
  const slack = SLACK * Math.max(1, layers ?? 1);
  if (sealed === 0 && packets > slack) return true;
  return frames === null ? packets > sealed + slack : frames > sealed + dropped + slack;
}

/** Frames of one layer that may lie between two readings taken one after the other. */
export const SLACK = 30;
/** Looks in a row. */
export const LOOKS = 3;
