// Owns the freshness of the day page (`<alcove-day src>`): fetches the same fragment the server drew, puts it
// in place, and keeps the focus where it was. Sleeps while the page is hidden.

export class Day extends HTMLElement {
  #timer = 0;
  #failures = 0;
  #shown = "";
  #wake = () => this.#plan(0);

  connectedCallback(): void {
    this.#plan(EVERY_MS);
    document.addEventListener("visibilitychange", this.#wake);
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#wake);
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer);
    if (document.visibilityState !== "visible") return;
    this.#timer = window.setTimeout(() => void this.#refresh(), ms);
  }

  async #refresh(): Promise<void> {
    const address = this.getAttribute("src");
    try {
      const answer = address
        ? await fetch(address, { headers: HEADERS, redirect: "error" })
        : null;
      if (!answer?.ok) throw new Error("no fragment");
      this.#swap(await answer.text());
      this.#failures = 0;
      this.removeAttribute("data-stale");
    } catch {
      this.#failures++;
      if (this.#failures >= STALE_AFTER) this.setAttribute("data-stale", "");
    }
    this.#plan(Math.min(SLOWEST_MS, EVERY_MS * 2 ** Math.min(this.#failures, 4)));
  }

  #swap(text: string): void {
    // Nobody likes a list that moves under the finger: while something in it is open or being typed, it
    // waits.
    if (
      text === this.#shown ||
      this.querySelector("dialog[open], details[open], textarea:focus, input:focus, select:focus")
    )
      return;
    this.#shown = text;
    const focused = this.contains(document.activeElement) ? focusKey(document.activeElement) : null;
    const fresh = new DOMParser().parseFromString(trusted(text) as string, "text/html");
    const source = fresh.querySelector("alcove-day") ?? fresh.body;
    this.replaceChildren(...[...source.childNodes].map((node) => document.importNode(node, true)));
    if (focused) this.querySelector<HTMLElement>(focused)?.focus();
    this.dispatchEvent(new CustomEvent("alcove-fresh", { bubbles: true }));
  }
}

function focusKey(element: Element | null): string | null {
  if (!element) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const href = element.getAttribute("href");
  if (href) return `a[href="${CSS.escape(href)}"]`;
  const action = element.closest("form")?.getAttribute("action");
  return action ? `form[action="${CSS.escape(action)}"] button` : null;
}

/** Our own server's fragment, fetched from our own origin: the one thing this policy passes. */
function trusted(text: string): unknown {
  const types = (
    window as {
      trustedTypes?: { createPolicy(name: string, rules: object): { createHTML(text: string): unknown } };
    }
  ).trustedTypes;
  policy ??= types
    ? types.createPolicy("alcove", { createHTML: (html: string) => html })
    : { createHTML: (html: string) => html };
  return policy.createHTML(text);
}

let policy: { createHTML(text: string): unknown } | undefined;

/** Not asked by a person: it keeps nobody signed in. */
const HEADERS = { accept: "text/html", "alcove-background": "1" };
const EVERY_MS = 5_000;
const SLOWEST_MS = 60_000;
const STALE_AFTER = 3;
