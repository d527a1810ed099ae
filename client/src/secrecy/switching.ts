// When our sender goes over to the keys of a new epoch: after somebody was removed at once; after somebody
// was added when everybody has said that the keys are in place, or after a second. Pure: time is an argument.

export class Switching {
  #epoch: number | null = null;
  #since = 0;
  #waiting = new Set<number>();
  #told = -1;

  /** `others` are the leaves we wait for. Returns the epoch to switch to now, or null: ask `at` later. */
  moved(move: { epoch: number; removed: boolean; others: number[]; now: number }): number | null {
    this.#epoch = move.epoch;
    this.#since = move.now;
    this.#waiting = new Set(move.others);
    if (move.removed) this.#waiting.clear();
    return this.at(move.now);
  }

  /** Somebody has the keys of an epoch. */
  installed(leaf: number, epoch: number, now: number): number | null {
    if (epoch === this.#epoch) this.#waiting.delete(leaf);
    return this.at(now);
  }

  /** Once per epoch, the epoch; otherwise null. */
  at(now: number): number | null {
    const epoch = this.#epoch;
    if (epoch === null || epoch === this.#told) return null;
    if (this.#waiting.size > 0 && now - this.#since < PATIENCE_MS) return null;
    this.#told = epoch;
    return epoch;
  }
}

export const PATIENCE_MS = 1_000;
