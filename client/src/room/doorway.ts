// Owns the door between the server's messages and the group, on the pages of host and deputies: knocks that
// came before there was a group, presses that came before a knock, and the threshold while there is a group.

import type { Bytes } from "../secrecy/bytes.ts";
import { unlessOurs } from "../secrecy/failure.ts";
import type { Proposal } from "../secrecy/group_keys.ts";
import { writeParcel } from "../secrecy/parcels.ts";
import type { SealedRoom } from "../secrecy/sealed_room.ts";
import type { ClientBodies, Heard } from "../wire/wire.ts";
import { write } from "./blob.ts";
import type { Standing } from "./standing.ts";
import { type Placed, Threshold, type Wanted } from "./threshold.ts";

type Reply = (to: string, parcel: Bytes) => void;
type Report = (participant: string, heard: Heard) => void;

export class Doorway {
  readonly #reply: Reply;
  readonly #report: Report;
  #threshold: Threshold | null = null;
  /** Knocks of people who are not in the group, for a door that is not there yet. */
  #outside = new Map<string, Bytes>();
  #wanted: Wanted = new Map();

  constructor(reply: Reply, report: Report) {
    this.#reply = reply;
    this.#report = report;
  }

  /** Null where nobody keeps a door: at guests, and without a group. */
  get threshold(): Threshold | null {
    return this.#threshold;
  }

  /** Host and deputies keep the door, each in their turn. */
  async open(room: SealedRoom, { claims, met }: Standing, placed: Placed[]): Promise<void> {
    if (claims.role !== "host" && claims.role !== "deputy") return;
    const known = { visit: claims.visit, met, placed, wanted: this.#wanted };
    this.#threshold = new Threshold(room, known, this.#reply);
    await this.hearAll(placed);
  }

  close(): void {
    this.#threshold = null;
  }

  knocked(from: string, bytes: Bytes): Promise<void> {
    // The newest of each, and of the names the server makes up not more than there can be.
    this.#outside.delete(from);
    this.#outside.set(from, bytes);
    for (const old of [...this.#outside.keys()].slice(0, -OUTSIDE)) this.#outside.delete(old);
    return this.#hear(from);
  }

  /** Whoever leads since now answers those who knocked before. */
  async hearAll(placed: Placed[]): Promise<void> {
    for (const from of this.#outside.keys()) await this.#hear(from);
    await this.#threshold?.people(placed, Date.now());
  }

  async opened(from: string, bytes: Bytes): Promise<void> {
    await this.#threshold?.opened(from, bytes, Date.now()).catch(unlessOurs);
  }

  /** For the record of the visit: what was found out about the digits of this key. */
  found(key: string, heard: Heard): void {
    const participant = this.#threshold?.participantOf(key);
    if (participant) this.#report(participant, heard);
  }

  async admit(participant: string): Promise<void> {
    if (this.#threshold) return this.#threshold.admit(participant, Date.now());
    this.#wanted.set(participant, null);
  }

  /** A commit for the log, with the Welcome of whom it adds. */
  seal(proposal: Proposal): ClientBodies["seal"] {
    const { epoch, welcome } = proposal;
    const sent = { epoch, commit: write(proposal.commit) };
    const to = this.#threshold?.addressee(proposal) ?? null;
    if (!to || !welcome) return sent;
    this.#outside.delete(to);
    const parcel = writeParcel({ kind: "welcome", message: welcome.message });
    return { ...sent, welcome: { to, blob: write(parcel) } };
  }

  /** The log does not take our commit, and will not: the wish is given up, and may be made again. */
  async declined(room: SealedRoom | null): Promise<void> {
    await room?.declined(Date.now());
    this.#threshold?.declined();
  }

  async #hear(from: string): Promise<void> {
    const bytes = this.#outside.get(from);
    if (bytes) await this.#threshold?.knocked(from, bytes, Date.now()).catch(unlessOurs);
  }
}

/** As many knocks as one door keeps (door.ts). */
const OUTSIDE = 32;
