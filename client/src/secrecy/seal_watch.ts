// Watches that nothing leaves unsealed: compares what the connection says it sent with what the worker says
// it sealed. Until the worker's counters move there is black and silence only; afterwards it keeps comparing.

/** One sending lane, counted from its beginning. */
export interface Sample {
  /** RTP packets that left, without retransmissions. */
  packets: number;
  /** Pictures handed to the transform, all layers together; null for sound, where a packet is a frame. */
  frames: number | null;
  /** What the worker sealed, and what it let go. */
  sealed: number;
  dropped: number;
}

/** dark: nothing proven yet. sealed: show and speak. leaking: more left than was sealed; stop at once. */
export type Verdict = "dark" | "sealed" | "leaking";

export class SealWatch {
  #lanes = new Map<string, { verdict: Verdict; odd: number }>();

  /** A leak is final for the lane: only a new connection (and `forget`) starts again. */
  look(lane: string, sample: Sample): Verdict {
    const known = this.#lanes.get(lane) ?? { verdict: "dark" as Verdict, odd: 0 };
    this.#lanes.set(lane, known);
    if (known.verdict === "leaking") return "leaking";
    // Statistics and counters are read at different moments, so one odd look proves nothing.
    known.odd = isOdd(sample) ? known.odd + 1 : 0;
    if (known.odd >= LOOKS) known.verdict = "leaking";
    else if (sample.sealed > 0 && known.odd === 0) known.verdict = "sealed";
    return known.verdict;
  }

  forget(lane: string): void {
    this.#lanes.delete(lane);
  }
}

/** Packets without anything sealed, or frames that never passed the worker. */
function isOdd({ packets, frames, sealed, dropped }: Sample): boolean {
  if (sealed === 0 && packets > SLACK) return true;
  return frames === null ? packets > sealed + SLACK : frames > sealed + dropped + SLACK;
}

/** Frames that may lie between two readings taken one after the other. */
export const SLACK = 30;
/** Looks in a row. */
export const LOOKS = 3;
