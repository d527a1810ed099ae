// What sealing costs: how long a frame stays with the worker, and how many bytes it gains. The last frames
// alone, in a ring; numbers without content.

export interface Cost {
  /** Milliseconds of the middle frame, and of the slowest one in twenty. */
  p50: number;
  p95: number;
  /** Bytes added per frame; negative where they are taken off again. */
  bytes: number;
  /** Frames these numbers stand on. */
  frames: number;
}

export class CostRing {
  readonly #ms = new Float64Array(RING);
  readonly #bytes = new Int32Array(RING);
  #count = 0;

  add(ms: number, bytes: number): void {
    const at = this.#count++ % RING;
    this.#ms[at] = ms;
    this.#bytes[at] = bytes;
  }

  cost(): Cost {
    const frames = Math.min(this.#count, RING);
    if (frames === 0) return { p50: 0, p95: 0, bytes: 0, frames };
    const sorted = this.#ms.slice(0, frames).sort();
    const at = (share: number) => sorted[Math.ceil(share * frames) - 1] ?? 0;
    const bytes = this.#bytes.slice(0, frames).reduce((sum, one) => sum + one, 0) / frames;
    return { p50: at(0.5), p95: at(0.95), bytes, frames };
  }
}

/** Some seconds of a visit. */
export const RING = 512;
