// Owns the wish that the screen stays on while a person waits or meets. Browsers drop the lock when the page
// is hidden.

export class Awake {
  #wanted = false;
  #lock: WakeLockSentinel | null = null;

  constructor() {
    document.addEventListener("visibilitychange", () => void this.#take());
  }

  keep(on: boolean): void {
    this.#wanted = on;
    if (on) void this.#take();
    else {
      void this.#lock?.release();
      this.#lock = null;
    }
  }

  async #take(): Promise<void> {
    if (!this.#wanted || document.visibilityState !== "visible" || !navigator.wakeLock) return;
    if (this.#lock && !this.#lock.released) return;
    this.#lock = await navigator.wakeLock.request("screen").catch(() => null);
  }
}
