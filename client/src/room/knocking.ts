// Owns the joiner's side of the group's door: knocks, answers one challenge per knock, and opens the Welcome
// that belongs to one of them.

import { type Bytes, hex } from "../secrecy/bytes.ts";
import { Candidate } from "../secrecy/candidate.ts";
import { Doorstep } from "../secrecy/door.ts";
import { SecrecyError } from "../secrecy/failure.ts";
import type { Group } from "../secrecy/group.ts";
import type { Host } from "../secrecy/spoken_code.ts";
import type { ClientBodies } from "../wire/wire.ts";
import { write } from "./blob.ts";
import type { Met } from "./met.ts";
import type { Standing } from "./standing.ts";

export class Knocking {
  readonly #say: (knock: Bytes) => void;
  #steps: Doorstep[] = [];
  #count = 0;
  #at = 0;
  /** As it was sent; null once it was answered. */
  #unanswered: Bytes | null = null;
  /** To the newest answer, as it was sent. */
  #opening: Opening | null = null;
  #welcomes: Bytes[] = [];
  /** The newest knock was made because no Welcome came. */
  #retried = false;
  #madeAt = 0;
  #refused = false;

  constructor(say: (knock: Bytes) => void) {
    this.#say = say;
  }

  /** `late`: nothing came of the one before. */
  async knock({ claims, pair }: Standing, late = false): Promise<void> {
    this.#refused ||= this.#count >= KNOCKS;
    if (this.#count >= KNOCKS) return;
    this.#at = performance.now();
    // What nobody has answered may be said again.
    if (this.#unanswered) return this.#say(this.#unanswered);
    this.#count++;
    this.#opening = null;
    [this.#retried, this.#madeAt] = [late, performance.now()];
    const step = new Doorstep(await Candidate.make(claims, pair, Date.now()));
    this.#steps = [...this.#steps, step].slice(-STEPS);
    this.#unanswered = await step.knock();
    this.#say(this.#unanswered);
  }

  /** None is under way; or it has been for so long that whoever leads has forgotten its code. */
  get isDue(): boolean {
    const isStale = !this.#unanswered && performance.now() - this.#at > STALE_AFTER_MS;
    return !this.#isUnderWay || isStale;
  }

  /** Once more on the way in, or when a line is back: it may be lost; the same gives nothing more away. */
  get opening(): Opening | null {
    return this.#opening;
  }

  opens(to: string, opening: Bytes): Opening {
    return (this.#opening = { to, blob: write(opening) });
  }

  /**
   * Inside the room, without keys, and nothing comes: knock or answer were lost, or a press takes its time.
   * Each fresh knock is one of few that get an answer, so after one more it is as long as a code lives.
   */
  isLate(): boolean {
    const answered = this.#retried ? STALE_AFTER_MS : WELCOME_WITHIN_MS;
    const patience = this.#unanswered ? ANSWER_WITHIN_MS : answered;
    return this.#isUnderWay && performance.now() - this.#at > patience;
  }

  /** No more answers are to be had, or none came to a late knock for long: a person has to do something. */
  get isStuck(): boolean {
    const waits = this.#unanswered !== null && performance.now() - this.#madeAt > WELCOME_WITHIN_MS;
    return this.#refused || (waits && this.#count > ANSWERS);
  }

  /** The newest knock got no answer, or none of ours does any more. */
  get isUnheard(): boolean {
    const waits = this.#unanswered !== null && performance.now() - this.#at > ANSWER_WITHIN_MS;
    return this.#refused || waits;
  }

  wasAnsweredBy(group: Bytes): boolean {
    return this.#steps.some((step) => step.wasAnsweredBy(group));
  }

  /** What to send back; "again" when only a fresh promise will do. */
  async received(parcel: Bytes, met: Met): Promise<Bytes | "again" | null> {
    try {
      const step = this.#steps.at(-1);
      if (!step) return null;
      // Digits with this host in this group stay the first ones: then an opening is no guess.
      const keeps = (host: Host) => met.digits(hex(host.identity), hex(host.group)) !== null;
      const opening = await step.received(parcel, keeps);
      const first = this.#unanswered !== null;
      this.#unanswered = null;
      if (keeps(step.leader) || met.matched(hex(step.leader.identity))) return opening;
      if (first) met.guessed();
      this.#refused = met.guesses > GUESSES;
      return this.#refused ? null : opening;
    } catch (error) {
      // The host's page is another one by now; the old promise is never answered twice.
      if (error instanceof SecrecyError && error.refusal === "code-already-opened") return "again";
      throw error;
    }
  }

  welcome(parcel: Bytes): void {
    this.#welcomes = [...this.#welcomes, parcel].slice(-STEPS);
  }

  /**
   * The group behind one of the Welcomes, its digits, and the key of whoever let us in. Into this one alone:
   * until somebody of it has answered, the Welcomes are laid by.
   */
  async join(into: Bytes): Promise<{ group: Group; digits: string; by: string } | null> {
    if (!this.wasAnsweredBy(into)) return null;
    const answered = this.#steps.filter((step) => step.wasAnsweredBy(into)).reverse();
    for (const parcel of this.#welcomes.splice(0).reverse()) {
      for (const step of answered) {
        const group = await step.join(parcel).catch(() => null);
        if (!group) continue;
        this.#steps = this.#steps.filter((one) => one !== step);
        [this.#unanswered, this.#opening, this.#refused] = [null, null, false];
        return { group, digits: await step.digits(), by: hex(step.leader.identity) };
      }
    }
    return null;
  }

  get #isUnderWay(): boolean {
    return this.#steps.length > 0;
  }
}

type Opening = ClientBodies["door"];

const ANSWER_WITHIN_MS = 15_000;
const WELCOME_WITHIN_MS = 60_000;
/** A little sooner than the other side (threshold.ts). */
const STALE_AFTER_MS = 9 * 60_000;
const KNOCKS = 240;
/** As many as one door gives (threshold.ts). */
const ANSWERS = 8;
/** In one tab over a visit, whoever answers. */
export const GUESSES = 24;
/** Knocks whose Welcome may still be under way. */
const STEPS = 3;
