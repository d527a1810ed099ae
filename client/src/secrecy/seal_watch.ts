// Watches that nothing leaves unsealed: compares what the connection says it sent with what the worker says
// it sealed, stream by stream. Until the worker's counters move there is black and silence only; afterwards
// it keeps comparing. Padding and probing are no content: they are never counted.

/** One sending stream, counted from its beginning: sound, or one layer of a picture. */
export interface Flow {
  ssrc: number;
  /** What went in: pictures handed to the transform, or packets of sound without retransmissions. */
  frames: number;
  /** Payload that came out, without padding. */
  bytes: number;
  /** What the worker sealed, and what it let go. */
  sealed: number;
  dropped: number;
}

/** One sending lane. */
export interface Sample {
  flows: Flow[];
  /** A packet of sound is a frame, and what was dropped never became one. */
  sound: boolean;
  /** The worker says nothing any more: what it sealed is old, and nothing may leave. */
  silent: boolean;
}

interface Known {
  verdict: Verdict;
  /** Odd looks in a row, and the bytes at the last look at a silent worker, by stream. */
  odd: Map<number, number>;
  still: Map<number, number>;
}

/** dark: nothing proven yet. sealed: show and speak. leaking: more left than was sealed; stop at once. */
export type Verdict = "dark" | "sealed" | "leaking";

export class SealWatch {
  #lanes = new Map<string, Known>();

  /** A leak is final for the lane: only a new connection (and `forget`) starts again. */
  look(lane: string, sample: Sample): Verdict {
    const known: Known = this.#lanes.get(lane) ?? { verdict: "dark", odd: new Map(), still: new Map() };
    this.#lanes.set(lane, known);
    if (known.verdict === "leaking") return "leaking";
    if (!sample.silent) known.still.clear();
    for (const flow of sample.flows) {
      const odd = sample.silent ? movesAlone(known, flow) : isOdd(flow, sample.sound);
      // Statistics and counters are read at different moments, so one odd look proves nothing.
      known.odd.set(flow.ssrc, odd ? (known.odd.get(flow.ssrc) ?? 0) + 1 : 0);
    }
    const worst = Math.max(0, ...known.odd.values());
    if (worst >= LOOKS) known.verdict = "leaking";
    else if (worst === 0 && sample.flows.some(({ sealed }) => sealed > 0)) known.verdict = "sealed";
    return known.verdict;
  }

  forget(lane: string): void {
    this.#lanes.delete(lane);
  }
}

/** A dead worker seals nothing, and is given nothing: bytes that leave now were never sealed. */
function movesAlone({ still }: Known, { ssrc, bytes }: Flow): boolean {
  const before = still.get(ssrc);
  still.set(ssrc, bytes);
  return before !== undefined && bytes > before + SLACK_BYTES;
}

/** Bytes of a stream of which nothing was sealed, or frames that never passed the worker. */
function isOdd({ frames, bytes, sealed, dropped }: Flow, sound: boolean): boolean {
  if (sealed === 0 && bytes > SLACK_BYTES) return true;
  return frames > sealed + (sound ? 0 : dropped) + SLACK;
}

/** Frames of one stream that may lie between two readings taken one after the other. */
export const SLACK = 30;
/** The like in bytes, and less than any picture. */
export const SLACK_BYTES = 500;
/** Looks in a row. */
export const LOOKS = 3;
