// The sealed room of one participant: the group, its notes and its clocks in one place, between the log of
// the server, the frame worker and the page. Decides when keys are installed and switched, when the host
// beats, what counts as silence, and tries a wish again when somebody else's commit came first. Time is an
// argument.

import { type Bytes, equal } from "./bytes.ts";
import { acting, type Charter, type Member, rank } from "./charter.ts";
import { readChat, writeChat } from "./chat.ts";
import { type Refusal, SecrecyError } from "./failure.ts";
import { type FileKey, readFileNote, writeFileNote } from "./files.ts";
import type { Facts, GroupKeys, Outcome, Proposal } from "./group_keys.ts";
import { HeartbeatDue, LiveTruth, readHeartbeat, type Truth, writeHeartbeat } from "./heartbeat.ts";
import { readDoubt, readInstalled, readNote, writeDoubt, writeInstalled, writeNote } from "./notes.ts";
import { SILENT_MS, SILENT_TO_APPLY_MS } from "./rules.ts";
import { Switching } from "./switching.ts";
import { type CodeOutcome, readVouch, type Vouch, writeVouch } from "./vouch.ts";
import type { ToWorker } from "./worker_wire.ts";

export interface Out {
  /** To the log, for everybody but ourselves. */
  note(message: Bytes): void;
  /** To the log, which takes one per epoch and gives it back to everybody, ourselves too. */
  commit(proposal: Proposal): void;
  worker(message: ToWorker): void;
  event(event: RoomEvent): void;
}

export type RoomEvent =
  | {
      kind: "people";
      epoch: number;
      members: Member[];
      charter: Charter;
      added: Member[];
      departed: Member[];
      /** Of those: taken out by somebody else although they were there. */
      sentAway: Member[];
    }
  | { kind: "chat"; from: Member; text: string }
  | { kind: "file"; from: Member; file: FileKey }
  | { kind: "vouched"; by: Member; vouch: Vouch }
  | { kind: "goodbye"; from: Member }
  /** At their own end the digits did not match, or they take that back. */
  | { kind: "doubt"; from: Member; doubts: boolean }
  | { kind: "truth"; truth: Truth; recording: boolean }
  /** We miss commits: fetch the log from this epoch on. */
  | { kind: "missing"; epoch: number }
  /** Our wish broke a rule, or a message did; nothing changed. */
  | { kind: "refused"; refusal: Refusal; ours: boolean }
  | { kind: "removed"; by: Member };

type Wish = (group: GroupKeys, facts: Facts) => Promise<Proposal>;

export class SealedRoom {
  readonly #group: GroupKeys;
  readonly #out: Out;
  #switching = new Switching();
  #beat = new HeartbeatDue();
  #truth: LiveTruth;
  #shown: Truth = "live";
  #heardAt = new Map<number, number>();
  #hereAt = 0;
  #movedAt: number;
  #wishes: Wish[] = [];
  /** In the log's hands. When it takes somebody else's commit instead, the wish is made a commit again. */
  #proposed: Proposal | null = null;
  #over = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(group: GroupKeys, out: Out, now: number, rosterHash: Bytes) {
    this.#group = group;
    this.#out = out;
    this.#movedAt = now;
    this.#truth = new LiveTruth(now, group.epoch, rosterHash);
  }

  /** A group just founded or joined. Our frames go out under its keys at once; there are no older ones. */
  static async enter(group: GroupKeys, out: Out, now: number): Promise<SealedRoom> {
    const room = new SealedRoom(group, out, now, await group.rosterHash());
    for (const { leaf } of group.roster()) room.#heardAt.set(leaf, now);
    await room.#install([]);
    room.#told(room.#switching.moved({ epoch: group.epoch, removed: true, others: [], now }));
    await room.#sayHere(now);
    room.#people([], [], []);
    return room;
  }

  get group(): GroupKeys {
    return this.#group;
  }

  /** Adds people now: the host, or the first deputy while nobody before them is there. */
  get leads(): boolean {
    return this.#acts();
  }

  /** Host and deputies in the order: the group takes our word about others. */
  get vouches(): boolean {
    const own = this.#group.roster().find(({ leaf }) => leaf === this.#group.own);
    return own !== undefined && rank(this.#group.charter(), own) !== Infinity;
  }

  /**
   * Whose knock is ours to answer: everybody's while we lead. A host who comes back without keys can't answer
   * for themselves, so the first deputy does.
   */
  answers(key: Bytes): boolean {
    const charter = this.#group.charter();
    if (!equal(key, charter.host)) return this.#acts();
    const deputies = { ...charter, order: charter.order.filter((one) => !equal(one, charter.host)) };
    return acting(deputies, this.#group.roster())?.leaf === this.#group.own;
  }

  /** Members who come before us in the order and were silent for so long that they may be taken out. */
  silentBefore(now: number): Member[] {
    const [charter, members] = [this.#group.charter(), this.#group.roster()];
    const own = members.find(({ leaf }) => leaf === this.#group.own);
    const place = own ? rank(charter, own) : Infinity;
    if (place === Infinity) return [];
    const { silence } = this.#facts(now);
    return members.filter((one) => rank(charter, one) < place && silence(one.leaf) >= SILENT_MS);
  }

  /** Every message of the log, in its order. */
  logged(message: Bytes, now: number): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#outcome(await this.#group.apply(message, this.#facts(now)), now);
      } catch (error) {
        this.#refused(error, false);
      }
    });
  }

  /** Frames of a leaf were opened. */
  heard(leaf: number, now: number): void {
    // Frames of somebody who said goodbye are late ones.
    if (this.#heardAt.get(leaf) !== -Infinity) this.#heardAt.set(leaf, now);
  }

  /** At least once a second. */
  tick(now: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#told(this.#switching.at(now));
      this.#showTruth(now);
      if (now - this.#hereAt >= HERE_MS) await this.#sayHere(now);
      if (!this.#acts()) return;
      if (this.#beat.isDue(now, this.#group.epoch)) await this.#sayBeat(now);
      if (now - this.#movedAt < REFRESH_MS || this.#wishes.length > 0) return;
      this.#wishes.push((group) => group.refresh());
      await this.#propose(now);
    });
  }

  admit(keyPackage: Bytes, now: number): Promise<void> {
    return this.#wish((group) => group.admit(keyPackage, now), now);
  }

  rejoin(keyPackage: Bytes, now: number): Promise<void> {
    return this.#wish((group) => group.rejoin(keyPackage, now), now);
  }

  /** By leaf and leaf key: whoever has the leaf meanwhile is not meant. */
  remove({ leaf, leafKey }: Member, now: number): Promise<void> {
    return this.#wish((group, facts) => {
      const there = group.roster().some((each) => each.leaf === leaf && equal(each.leafKey, leafKey));
      if (!there) throw new SecrecyError("unknown-leaf");
      return group.remove([leaf], facts);
    }, now);
  }

  lock(locked: boolean, now: number): Promise<void> {
    return this.#wish((group) => group.ordain({ ...group.charter(), locked }), now);
  }

  /** Who adds people, first to last. */
  handOver(order: Bytes[], now: number): Promise<void> {
    return this.#wish((group) => group.ordain({ ...group.charter(), order }), now);
  }

  async chat(text: string): Promise<void> {
    const note = writeChat(text);
    return this.#inTurn(() => this.#say(note));
  }

  file(file: FileKey): Promise<void> {
    return this.#inTurn(() => this.#say(writeFileNote(file)));
  }

  /** What the host found out by voice; everybody shows it beside the name. */
  vouch(key: Bytes, outcome: CodeOutcome, now: number): Promise<void> {
    return this.#inTurn(() => this.#say(writeVouch({ key, outcome, at: now })));
  }

  /** What came of the digits at our own end, where nobody vouches. */
  doubt(doubts: boolean): Promise<void> {
    return this.#inTurn(() => this.#say(writeDoubt(doubts)));
  }

  /** The person goes on although the host is not heard. */
  goOn(now: number): void {
    this.#truth.goOn(now);
    this.#showTruth(now);
  }

  /** Connected again, and the missed part of the log was read: our commit may have been lost. */
  resumed(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#proposed) this.#out.commit(this.#proposed);
    });
  }

  /** The log does not take our commit, and not because another came first: that wish is given up. */
  declined(now: number): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#proposed) return;
      this.#proposed = null;
      this.#group.withdraw();
      this.#wishes.shift();
      await this.#propose(now);
    });
  }

  leave(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#say(writeNote("goodbye", new Uint8Array(0)));
      this.#end();
    });
  }

  async #outcome(outcome: Outcome, now: number): Promise<void> {
    if (outcome.kind === "removed") {
      this.#end();
      this.#out.event({ kind: "removed", by: outcome.by });
    } else if (outcome.kind === "note") this.#note(outcome.from, outcome.body, outcome.epoch, now);
    else await this.#moved(outcome, now);
  }

  async #moved(move: Extract<Outcome, { kind: "epoch" }>, now: number): Promise<void> {
    const { added, departed, by, own, epoch } = move;
    this.#movedAt = now;
    const { silence } = this.#facts(now);
    const comesBack = (one: Member) => added.some(({ identity }) => equal(identity.key, one.identity.key));
    const there = (one: Member) => silence(one.leaf) < SILENT_TO_APPLY_MS && !comesBack(one);
    const sentAway = own ? [] : departed.filter(there);
    for (const { leaf } of departed) this.#heardAt.delete(leaf);
    for (const { leaf } of [...added, by]) this.#heardAt.set(leaf, now);
    await this.#install(departed.map(({ leaf }) => leaf));
    this.#truth.moved(epoch, await this.#group.rosterHash());
    const others = this.#group.roster().map(({ leaf }) => leaf);
    const waiting = others.filter((leaf) => leaf !== this.#group.own && leaf !== by.leaf);
    const removed = departed.length > 0;
    this.#told(this.#switching.moved({ epoch, removed, others: waiting, now }));
    this.#people(added, departed, sentAway);
    await this.#sayHere(now);
    if (this.#acts()) await this.#sayBeat(now);
    if (own) this.#wishes.shift();
    this.#proposed = null;
    await this.#propose(now);
  }

  #note(from: Member, body: Bytes, epoch: number, now: number): void {
    this.#heardAt.set(from.leaf, now);
    const note = readNote(body);
    if (note.kind === "installed") {
      this.#told(this.#switching.installed(from.leaf, readInstalled(note.body), now));
    } else if (note.kind === "heartbeat") {
      // Only who may add people says what is true; anybody else's beat counts for nothing.
      if (this.#group.acting()?.leaf !== from.leaf) return;
      this.#truth.heard(readHeartbeat(note.body), epoch, now);
      this.#showTruth(now);
    } else if (note.kind === "chat") this.#out.event({ kind: "chat", from, text: readChat(note.body) });
    else if (note.kind === "file") this.#out.event({ kind: "file", from, file: readFileNote(note.body) });
    else if (note.kind === "vouch") {
      const vouch = readVouch(note.body, from, this.#group.charter());
      this.#out.event({ kind: "vouched", by: from, vouch });
    } else if (note.kind === "doubt") {
      this.#out.event({ kind: "doubt", from, doubts: readDoubt(note.body) });
    } else if (note.kind === "goodbye") {
      this.#heardAt.set(from.leaf, -Infinity);
      this.#out.event({ kind: "goodbye", from });
    }
  }

  /** One wish at a time: the next is proposed when the log gave this one back. */
  #wish(wish: Wish, now: number): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#wishes.length >= WISHES) throw new SecrecyError("commit-pending");
      this.#wishes.push(wish);
      await this.#propose(now);
    });
  }

  async #propose(now: number): Promise<void> {
    while (!this.#proposed && !this.#over) {
      const [wish] = this.#wishes;
      if (!wish) return;
      try {
        this.#proposed = await wish(this.#group, this.#facts(now));
        this.#out.commit(this.#proposed);
      } catch (error) {
        this.#wishes.shift();
        this.#refused(error, true);
      }
    }
  }

  async #install(departed: number[]): Promise<void> {
    const { epoch, own } = this.#group;
    const leaves = this.#group.roster().map(({ leaf }) => leaf);
    const order = { epoch, own, leaves, departed, baseKey: await this.#group.mediaKey() };
    this.#out.worker({ type: "install", order });
  }

  async #sayHere(now: number): Promise<void> {
    this.#hereAt = now;
    await this.#say(writeInstalled(this.#group.epoch));
  }

  async #sayBeat(now: number): Promise<void> {
    const { epoch } = this.#group;
    this.#beat.sent(now, epoch);
    const rosterHash = await this.#group.rosterHash();
    await this.#say(
      writeHeartbeat({ epoch, rosterHash, locked: this.#group.charter().locked, recording: false }),
    );
  }

  async #say(note: Bytes): Promise<void> {
    this.#out.note(await this.#group.sendApplication(note));
  }

  #told(epoch: number | null): void {
    if (epoch !== null) this.#out.worker({ type: "switch", epoch });
  }

  #acts(): boolean {
    return this.#group.acting()?.leaf === this.#group.own;
  }

  #facts(now: number): Facts {
    return { now, silence: (leaf) => now - (this.#heardAt.get(leaf) ?? now) };
  }

  #people(added: Member[], departed: Member[], sentAway: Member[]): void {
    const { epoch } = this.#group;
    const [members, charter] = [this.#group.roster(), this.#group.charter()];
    this.#out.event({ kind: "people", epoch, members, charter, added, departed, sentAway });
  }

  #showTruth(now: number): void {
    const truth = this.#acts() ? "live" : this.#truth.at(now);
    if (truth === this.#shown) return;
    this.#shown = truth;
    this.#out.event({ kind: "truth", truth, recording: this.#truth.recording });
  }

  #refused(error: unknown, ours: boolean): void {
    if (!(error instanceof SecrecyError)) throw error;
    if (error.refusal === "future-epoch") this.#out.event({ kind: "missing", epoch: this.#group.epoch });
    else this.#out.event({ kind: "refused", refusal: error.refusal, ours });
  }

  /** One step after the other: what a message changes is carried out before the next is read. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(() => (this.#over ? undefined : step()));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #end(): void {
    this.#over = true;
    this.#wishes = [];
    this.#out.worker({ type: "forget" });
    this.#group.close();
  }
}

/** Everybody is heard from at least this often, also with camera and microphone off. */
export const HERE_MS = 10_000;
/** New keys even when nobody comes or goes. */
export const REFRESH_MS = 10 * 60_000;
const WISHES = 16;
