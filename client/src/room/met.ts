// Owns what a tab remembers of the people it met in a visit, over a reload: public keys and what was found
// out about them. No secrets, and nothing outlives the tab.

import type { CodeOutcome } from "../secrecy/vouch.ts";
import type { Check } from "./secrecy_view.ts";

interface Kept {
  visit: string;
  /** Identity key of the host. */
  host: string | null;
  /** Whom we let in ourselves and did not send away. */
  admitted: string[];
  checks: Record<string, Check>;
  /** The first digits with each key. Whoever comes back brings no new ones: nothing to guess again. */
  digits: Record<string, string>;
  /** Spoken codes begun at this door, whoever knocked. */
  tries?: number;
  /** The host's: whom they put into the order after themselves. Such a one may bring the host back. */
  deputies: string[];
  /** Whom we sent away. */
  out: string[];
}

export class Met {
  #kept: Kept;

  constructor(visit: string) {
    const found = read();
    const nobody = { visit, host: null, admitted: [], checks: {}, digits: {}, deputies: [], out: [] };
    this.#kept = found?.visit === visit ? found : nobody;
  }

  /**
   * Another host key than before: what was checked was checked with somebody else. Tells whether we have met
   * this host.
   */
  hostIs(key: string): boolean {
    if (this.#kept.host !== null && this.#kept.host !== key) this.#kept.checks = {};
    this.#kept.host = key;
    this.#write();
    return this.digits(key) !== null;
  }

  wasAdmitted(key: string): boolean {
    return this.#kept.admitted.includes(key);
  }

  admitted(key: string): void {
    this.#kept.out = this.#kept.out.filter((one) => one !== key);
    if (this.wasAdmitted(key)) return this.#write();
    this.#kept.admitted = [...this.#kept.admitted, key].slice(-PEOPLE);
    this.#write();
  }

  /** Sent away, and not let in again since. */
  isOut(key: string): boolean {
    return this.#kept.out.includes(key);
  }

  sentAway(key: string): void {
    this.#kept.out = [...this.#kept.out.filter((one) => one !== key), key].slice(-PEOPLE);
    this.#kept.admitted = this.#kept.admitted.filter((one) => one !== key);
    this.#write();
  }

  /** How often the door has answered, this time included. */
  tried(): number {
    this.#kept.tries = (this.#kept.tries ?? 0) + 1;
    this.#write();
    return this.#kept.tries;
  }

  get deputies(): string[] {
    return this.#kept.deputies;
  }

  ordained(deputies: string[]): void {
    this.#kept.deputies = deputies;
    this.#write();
  }

  check(key: string): Check | null {
    return this.#kept.checks[key] ?? null;
  }

  checked(key: string, outcome: CodeOutcome, at: number): void {
    this.#kept.checks[key] = { outcome, at };
    this.#write();
  }

  digits(key: string): string | null {
    return this.#kept.digits[key] ?? null;
  }

  /** The digits that count with this key: these, or those from before. */
  firstDigits(key: string, digits: string): string {
    const first = this.digits(key) ?? digits;
    this.#kept.digits = Object.fromEntries(
      [...Object.entries(this.#kept.digits).filter(([one]) => one !== key), [key, first]].slice(-PEOPLE),
    );
    this.#write();
    return first;
  }

  #write(): void {
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(this.#kept));
    } catch {
      // Without storage a reload asks for the digits again; nothing else is lost.
    }
  }
}

function read(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

const PLACE = "alcove.met";
const PEOPLE = 32;
