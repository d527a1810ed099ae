// Owns the warning before a session ends by itself (`<alcove-idle src left back>`), and the empty screen
// after it. Only the server knows how long a session lives, so this asks: another page or an open room may
// have kept it alive. Somebody who types or moves here is there, and is not bothered.

export class Idle extends HTMLElement {
  #timer = 0;
  #active = false;
  #warn_s = WARN_S;
  #mark = () => void (this.#active = true);
  #wake = () => document.visibilityState === "visible" && this.#plan(0);

  connectedCallback(): void {
    const left = Number(this.getAttribute("left")) || 0;
    this.#warn_s = Math.min(WARN_S, left / 2);
    for (const sign of SIGNS) document.addEventListener(sign, this.#mark, { capture: true, passive: true });
    // Timers sleep with the machine, sessions do not.
    document.addEventListener("visibilitychange", this.#wake);
    this.#dialog?.addEventListener("close", () => {
      if (this.#dialog?.returnValue !== ELSEWHERE) void this.#look(true);
    });
    this.#plan(left - this.#warn_s);
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
    for (const sign of SIGNS) document.removeEventListener(sign, this.#mark, { capture: true });
    document.removeEventListener("visibilitychange", this.#wake);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  #plan(seconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#look(this.#active), Math.max(0, seconds) * 1000);
  }

  /** `here`: somebody is, which keeps the session alive. */
  async #look(here: boolean): Promise<void> {
    const open = this.#dialog?.open ?? false;
    this.#active = false;
    const left = await this.#left(here && !open);
    if (left === null) return this.#plan(RETRY_S);
    if (left <= 0) return location.assign(this.getAttribute("back") ?? "/");
    if (left > this.#warn_s) {
      if (open) this.#dialog?.close(ELSEWHERE);
      return this.#plan(left - this.#warn_s);
    }
    // Near the overall limit staying changes nothing: the same question again would only be in the way.
    if (!open && !here && this.#dialog) {
      this.#dialog.returnValue = "";
      this.#dialog.showModal();
    }
    this.#plan(left + 1);
  }

  /** Seconds that are left; 0 when the session is over, nothing when the server did not answer. */
  async #left(here: boolean): Promise<number | null> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (!here) headers["alcove-background"] = "1";
    try {
      const answer = await fetch(this.getAttribute("src") ?? "", { headers, redirect: "manual" });
      if (answer.status >= 500) return null;
      return answer.ok ? ((await answer.json()) as { left: number }).left : 0;
    } catch {
      return null;
    }
  }
}

const SIGNS = ["keydown", "pointerdown", "input", "wheel"] as const;
/** The warning comes this long before the end, or at half time when the whole is shorter. */
const WARN_S = 120;
const RETRY_S = 10;
/** Why the question goes away by itself: another page kept the session alive. Nobody pressed here. */
const ELSEWHERE = "elsewhere";
