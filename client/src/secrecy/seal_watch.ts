// Watches that nothing leaves unsealed: compares what the connection says it sent with what the worker says
// it sealed. Until the worker's counters move there is black and silence only; afterwards it keeps comparing.

/** Picture frames or sound packets of one sending lane, counted from its beginning. */
export interface Sample {
  sent: number;
  sealed: number;
}

/** dark: nothing proven yet. sealed: show and speak. leaking: more left than was sealed; stop at once. */
export type Verdict = "dark" | "sealed" | "leaking";

export class SealWatch {
  #lanes = new Map<string, { verdict: Verdict; over: number }>();

  /** A leak is final for the lane: only a new connection (and `forget`) starts again. */
  look(lane: string, { sent, sealed }: Sample): Verdict {
    const known = this.#lanes.get(lane) ?? { verdict: "dark" as Verdict, over: 0 };
    this.#lanes.set(lane, known);
    if (known.verdict === "leaking") return "leaking";
    // Statistics and counters are read at different moments, so one odd look proves nothing.
    known.over = sent > sealed + SLACK ? known.over + 1 : 0;
    if (known.over >= LOOKS) known.verdict = "leaking";
    else if (sealed > 0 && known.over === 0) known.verdict = "sealed";
    return known.verdict;
  }

  forget(lane: string): void {
    this.#lanes.delete(lane);
  }
}

/** Frames that may lie between two readings taken one after the other. */
export const SLACK = 30;
/** Looks in a row. */
export const LOOKS = 3;
