// Which counters of one key id have been seen: a window over the last 1,024. Older ones count as seen.
// Only frames that opened are marked, so nobody without the key can move the window.

export class ReplayWindow {
  #seen = new Uint8Array(WINDOW);
  #top = -1;

  isFresh(counter: number): boolean {
    if (counter > this.#top) return true;
    return this.#top - counter < WINDOW && this.#seen[counter % WINDOW] === 0;
  }

  /** False when it was seen meanwhile: two copies can be under way at once. */
  mark(counter: number): boolean {
    if (!this.isFresh(counter)) return false;
    if (counter - this.#top >= WINDOW) this.#seen.fill(0);
    else for (let next = this.#top + 1; next < counter; next++) this.#seen[next % WINDOW] = 0;
    this.#seen[counter % WINDOW] = 1;
    this.#top = Math.max(this.#top, counter);
    return true;
  }
}

export const WINDOW = 1024;
