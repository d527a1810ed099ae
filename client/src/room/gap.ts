// Owns what a page may do after its line was dead for a while: nothing in the group before it has read the
// commits of meanwhile. A note under keys of long ago is refused by everybody, and nobody would know.

export class Gap {
  /** The epoch the log had reached; Infinity before the server said it, null without a gap. */
  #until: number | null = null;

  begins(): void {
    this.#until = Infinity;
  }

  ends(): void {
    this.#until = null;
  }

  /** True once, when our epoch is the one the log had reached: `until`, as the server says it. */
  isRead(epoch: number, until = this.#until): boolean {
    if (this.#until === null || until === null) return false;
    const read = epoch >= until;
    this.#until = read ? null : until;
    return read;
  }
}
