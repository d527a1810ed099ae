// Owns what a tab remembers of the people it met in a visit, over a reload: public keys and what was found
// out about them. No secrets, and nothing outlives the tab.

import type { CodeOutcome } from "../secrecy/vouch.ts";
import { type Check, isGood } from "./secrecy_view.ts";

interface Kept {
  visit: string;
  /** Identity key of the host. */
  host: string | null;
  /** Identity key of the deputy whose check this page was in last, ahead of the host. */
  checker?: string | null;
  /** Whom we let in ourselves and did not send away. */
  admitted: string[];
  /** What was pressed on this page, or is known here from a visit before. */
  checks: Record<string, Check>;
  /** What others vouched, and under which key, newest last: each is worth what is known here of that key. */
  said?: Said[];
  /** Who let this page in when the person here said that the digits did not match: until it is taken back. */
  doubts?: string | null;
  /**
   * The first digits with each key in the present group. Whoever comes back to it brings no new ones: nothing
   * to guess again.
   */
  digits: Record<string, { group: string; digits: string; untried?: number }>;
  /** Spoken codes begun at this door, whoever knocked. */
  tries?: number;
  /** Promises we opened to somebody whose digits we do not have. */
  guesses?: number;
  /** The host's: whom they put into the order after themselves. Such a one may bring the host back. */
  deputies: string[];
  /** Whom we sent away. */
  out: string[];
}

interface Said extends Check {
  key: string;
  /** Key of whoever said it, and their name in the group. */
  by: string;
  name: string;
}

export class Met {
  readonly #place: () => Place;
  #kept: Kept;

  constructor(visit: string, place: () => Place = () => sessionStorage) {
    this.#place = place;
    const found = read(place);
    const nobody = { visit, host: null, admitted: [], checks: {}, digits: {}, deputies: [], out: [] };
    this.#kept = found?.visit === visit ? found : nobody;
  }

  /**
   * Another host key than before: what was checked was checked with somebody else.
   */
  hostIs(key: string): void {
    if (this.#kept.host !== null && this.#kept.host !== key) [this.#kept.checks, this.#kept.said] = [{}, []];
    this.#forgetCheck();
    this.#kept.host = key;
    this.#write();
  }

  /** This page was in a group of the host: from then on in no check. */
  get hasHost(): boolean {
    return this.#kept.host !== null;
  }

  get checker(): string | null {
    return this.#kept.checker ?? null;
  }

  /** In the group of a deputy's check, ahead of the host. */
  checkedBy(key: string): void {
    if (this.checker !== key) this.#forgetCheck();
    this.#kept.checker = key;
    this.#write();
  }

  /** What was found out in a check is of that check alone, and whoever was let into it knocks anew. */
  #forgetCheck(): void {
    if (this.checker) Object.assign(this.#kept, { checks: {}, said: [], admitted: [], checker: null });
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

  /** How often the door has answered, not counting what gave nobody a guess. */
  get tries(): number {
    return this.#kept.tries ?? 0;
  }

  tried(): void {
    this.#kept.tries = this.tries + 1;
    this.#write();
  }

  /** The answer was to somebody who keeps the digits of before: no new guess, as long as they keep them. */
  untried(key: string): void {
    this.#kept.tries = Math.max(0, (this.#kept.tries ?? 0) - 1);
    const digits = this.#kept.digits[key];
    if (digits) digits.untried = (digits.untried ?? 0) + 1;
    this.#write();
  }

  /** How many answers were not counted for this key, and how many were counted at all. */
  tally(key: string, group: string): { untried: number; tries: number } {
    const untried = this.digits(key, group) ? (this.#kept.digits[key]?.untried ?? 0) : 0;
    return { untried, tries: this.#kept.tries ?? 0 };
  }

  get guesses(): number {
    return this.#kept.guesses ?? 0;
  }

  guessed(): void {
    this.#kept.guesses = this.guesses + 1;
    this.#write();
  }

  get deputies(): string[] {
    return this.#kept.deputies;
  }

  ordained(deputies: string[]): void {
    this.#kept.deputies = deputies;
    this.#write();
  }

  /** By the person at this page alone: no vouch is in it. */
  check(key: string): Check | null {
    return this.#kept.checks[key] ?? null;
  }

  /**
   * The same, or else the word of somebody who is good by such words, the first of them checked here.
   * `heard`: by a press of this visit, and not by a device of a visit before. `leader`: key of whoever leads.
   */
  trusted(key: string, heard = false, leader: string | null = null): Check | null {
    const own = this.check(key);
    if (own && own.outcome !== "skipped") return own;
    return this.#words(heard, leader).get(key) ?? own;
  }

  /**
   * What is said of people by those whose word counts. A chain begins with a check here and grows link by
   * link, nearest first: what a near link said of somebody stands, whatever is said further on.
   */
  #words(heard: boolean, leader: string | null): Map<string, Check> {
    const own = Object.entries(this.#kept.checks).filter(([, { outcome }]) => outcome !== "skipped");
    const begins = own.filter(([, check]) => (heard ? check.outcome === "matches" : isGood(check)));
    const settled = new Set(own.map(([key]) => key));
    const good = new Set(begins.map(([key]) => key));
    const words = new Map<string, Check>();
    for (let link = 0; link < LINKS; link++) {
      const near = new Set(good);
      for (const { key } of this.#kept.said ?? []) {
        const word = settled.has(key) ? null : this.said(key, (by) => near.has(by), leader);
        if (!word) continue;
        words.set(key, word);
        // Who was only skipped may be found good by somebody further on, and who did not match by who leads.
        if (!isGood(word)) continue;
        settled.add(key);
        good.add(key);
      }
    }
    return words;
  }

  /**
   * What was vouched about a key, by anybody or by those whose word counts: a mismatch before anything else,
   * what was found out before what was skipped, then the newest. Only whoever leads can put an older mismatch
   * right, by digits that match now: they alone can compare again. Older by both the time that was said with
   * it and the order it was heard in: clocks differ, and a server may hold words back.
   */
  said(
    key: string,
    counts: (by: string) => boolean = () => true,
    leader: string | null = null,
  ): Check | null {
    const said = (this.#kept.said ?? []).filter((one) => one.key === key && counts(one.by)).reverse();
    const right = said.findIndex(({ by, outcome }) => by === leader && outcome === "matches");
    const newest = said[right]?.at ?? 0;
    const isOlder = (at: number, place: number) => right >= 0 && place > right && at < newest;
    const all = said.filter(({ outcome, at }, place) => outcome !== "mismatch" || !isOlder(at, place));
    const found = all.find(({ outcome }) => outcome === "mismatch") ?? all.find(isGood) ?? all[0];
    return found ? { outcome: found.outcome, at: found.at, by: found.name } : null;
  }

  /** A word that is only said again keeps its place among the others. */
  vouched(said: Said): void {
    const same = ({ key, by, outcome, at }: Said) =>
      key === said.key && by === said.by && outcome === said.outcome && at === said.at;
    if (this.#kept.said?.some(same)) return;
    const before = (this.#kept.said ?? []).filter(({ key, by }) => key !== said.key || by !== said.by);
    this.#kept.said = [...before, said].slice(-VOUCHES);
    this.#write();
  }

  checked(key: string, outcome: CodeOutcome, at: number): void {
    this.#kept.checks[key] = { outcome, at };
    this.#write();
  }

  unchecked(key: string): void {
    delete this.#kept.checks[key];
    this.#write();
  }

  /** Outlives leaders, host keys and reloads: who was in between once may be so under another key. */
  get doubts(): string | null {
    return this.#kept.doubts ?? null;
  }

  doubted(key: string | null): void {
    this.#kept.doubts = key;
    this.#write();
  }

  digits(key: string, group: string): string | null {
    const kept = this.#kept.digits[key];
    return kept?.group === group ? kept.digits : null;
  }

  /** The digits that count with this key: these, or those from before. */
  firstDigits(key: string, group: string, digits: string): string {
    const first = this.digits(key, group);
    if (first) return first;
    const others = Object.entries(this.#kept.digits).filter(([one]) => one !== key);
    this.#kept.digits = Object.fromEntries([...others, [key, { group, digits }] as const].slice(-PEOPLE));
    this.#write();
    return digits;
  }

  /** They could choose between these and others: what was not counted for them was a guess after all. */
  forgetDigits(key: string, group: string): void {
    const { untried, tries } = this.tally(key, group);
    this.#kept.tries = tries + untried;
    delete this.#kept.digits[key];
    this.#write();
  }

  /** Digits were heard to match, here: whatever this key says again, nobody in between can gain by it. */
  matched(key: string): boolean {
    return this.check(key)?.outcome === "matches";
  }

  #write(): void {
    try {
      this.#place().setItem(PLACE, JSON.stringify(this.#kept));
    } catch {
      // Without storage a reload asks for the digits again; nothing else is lost.
    }
  }
}

type Place = Pick<Storage, "getItem" | "setItem">;

function read(place: () => Place): Kept | null {
  try {
    return JSON.parse(place().getItem(PLACE) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

const PLACE = "alcove.met";
const PEOPLE = 32;
/** As many as a room has people. */
const LINKS = 8;
/** As many as eight people can say of each other. */
const VOUCHES = 64;
