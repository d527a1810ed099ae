// Live truth: the host says every 15 seconds, inside the group, which epoch it is in, who it sees, whether
// the room is locked. Who hears nothing warns after 45 seconds and pauses after 120; who hears another truth
// pauses at once. This bounds how long a server can hide that somebody was removed. Pure: time is an
// argument.

import { type Bytes, equal, Reader, Writer } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";
import { writeNote } from "./notes.ts";

export interface Heartbeat {
  epoch: number;
  rosterHash: Bytes;
  locked: boolean;
  recording: boolean;
}

/**
 * live: all agree. quiet: show the banner. paused: send nothing until the user goes on or the host is heard.
 * split: host and we see different people under one epoch; send nothing, and nobody may talk it away.
 */
export type Truth = "live" | "quiet" | "paused" | "split";

export function writeHeartbeat({ epoch, rosterHash, locked, recording }: Heartbeat): Bytes {
  const flags = (locked ? 1 : 0) | (recording ? 2 : 0);
  return writeNote("heartbeat", new Writer().u64(epoch).raw(rosterHash).u8(flags).done());
}

export function readHeartbeat(body: Bytes): Heartbeat {
  const reader = new Reader(body);
  const epoch = reader.u64();
  const rosterHash = reader.raw(HASH_BYTES);
  const flags = reader.u8();
  reader.end();
  if (flags > 3) throw new SecrecyError("malformed");
  return { epoch, rosterHash, locked: (flags & 1) !== 0, recording: (flags & 2) !== 0 };
}

/** The side of everybody but the host. Starts with the moment of joining. */
export class LiveTruth {
  #heardAt: number;
  #epoch: number;
  #rosterHash: Bytes;
  #split = false;
  #wentOnAt: number | null = null;
  #last: Heartbeat | null = null;

  constructor(now: number, epoch: number, rosterHash: Bytes) {
    this.#heardAt = now;
    this.#epoch = epoch;
    this.#rosterHash = rosterHash;
  }

  /** We moved on; the host said so by its commit, or will say it with the next beat. */
  moved(epoch: number, rosterHash: Bytes): void {
    this.#epoch = epoch;
    this.#rosterHash = rosterHash;
  }

  /**
   * A beat from who may add people now, sealed in `sealedIn`. Beats about another epoch than the one they
   * were sealed in are lies; beats of an older epoch are late and count for nothing.
   */
  heard(beat: Heartbeat, sealedIn: number, now: number): void {
    if (beat.epoch !== sealedIn) {
      this.#split = true;
      return;
    }
    if (beat.epoch !== this.#epoch) return;
    if (!equal(beat.rosterHash, this.#rosterHash)) this.#split = true;
    else {
      this.#heardAt = now;
      this.#wentOnAt = null;
      this.#last = beat;
    }
  }

  /** The person reads the warning and goes on; it holds until the next pause would begin. */
  goOn(now: number): void {
    if (this.at(now) === "paused") this.#wentOnAt = now;
  }

  at(now: number): Truth {
    if (this.#split) return "split";
    const silent = now - this.#heardAt;
    if (silent < BANNER_MS) return "live";
    if (silent < PAUSE_MS) return "quiet";
    const wentOn = this.#wentOnAt !== null && now - this.#wentOnAt < PAUSE_MS;
    return wentOn ? "quiet" : "paused";
  }

  get recording(): boolean {
    return this.#last?.recording ?? false;
  }
}

/** The host's side: when the next beat is due. A new epoch asks for one at once. */
export class HeartbeatDue {
  #sentAt: number | null = null;
  #epoch = -1;

  isDue(now: number, epoch: number): boolean {
    return this.#sentAt === null || epoch !== this.#epoch || now - this.#sentAt >= BEAT_MS;
  }

  sent(now: number, epoch: number): void {
    this.#sentAt = now;
    this.#epoch = epoch;
  }
}

const HASH_BYTES = 32;
export const BEAT_MS = 15_000;
export const BANNER_MS = 45_000;
export const PAUSE_MS = 120_000;
