// Owns the sealed room of this page: the one frame worker, the group, the knock at the door, what a press
// means for the keys. Fed with the server's messages one after the other. Refuses media in a browser that was
// seen to leak (what stays unknown is for seal_watch.ts), and to add anybody at the server's word; whom the
// server gives no place any more, it does take out.

import { type Bytes, equal, hex } from "../secrecy/bytes.ts";
import type { Member } from "../secrecy/charter.ts";
import type { FrameWorker } from "../secrecy/frame_worker.ts";
import type { Group } from "../secrecy/group.ts";
import type { Proposal } from "../secrecy/group_keys.ts";
import { readParcel } from "../secrecy/parcels.ts";
import { type RoomEvent, SealedRoom } from "../secrecy/sealed_room.ts";
import type { CodeOutcome, Vouch } from "../secrecy/vouch.ts";
import type { ClientBodies, ClientType, ServerBodies, ServerMessage } from "../wire/wire.ts";
import { read, write } from "./blob.ts";
import { drawn, moved } from "./drawn.ts";
import { Doorway } from "./doorway.ts";
import { Gap } from "./gap.ts";
import { Knocking } from "./knocking.ts";
import { foundedBy, Leading } from "./leading.ts";
import { afterOwnWord, emptied, isOwnWord, type Secrecy } from "./secrecy_view.ts";
import { stopped, UNSEALED, withoutSuspect } from "./secrecy_view.ts";
import { Sealer } from "./sealer.ts";
import { after, IN_BROWSER, type SealingOut, type SealingParts, Turns } from "./sealing_parts.ts";
import { forget, type Standing } from "./standing.ts";
import { compare, compareHere, meetAll, sayAgain, vouched } from "./vouching.ts";

export class Sealing {
  readonly #out: SealingOut;
  readonly #parts: SealingParts;
  #view: Secrecy = UNSEALED;
  #me: Standing | null = null;
  #stage: "outside" | "lobby" | "room" | "over" = "outside";
  readonly #sealer: Sealer;
  #group: Group | null = null;
  #room: SealedRoom | null = null;
  #knocking = new Knocking((knock) => this.#out.send("knock", { blob: write(knock) }));
  #doorway = new Doorway(
    (to, parcel) => this.#out.send("door", { to, blob: write(parcel) }),
    (participant, outcome) => this.#out.send("compared", { participant, outcome }),
  );
  #gap = new Gap();
  #leading = new Leading();
  #turns = new Turns();

  constructor(out: SealingOut, parts: SealingParts = IN_BROWSER) {
    this.#out = out;
    this.#parts = parts;
    this.#sealer = new Sealer(parts.openWorker, {
      lane: (slot, leaf) => {
        this.#view = { ...this.#view, lanes: { ...this.#view.lanes, [slot]: leaf } };
        this.#show();
      },
      heard: (leaves) => leaves.forEach((leaf) => this.#room?.heard(leaf, Date.now())),
      died: () => void this.#turns.take(() => this.#died()),
      changed: (worker) => out.worker(worker),
    });
    parts.every(TICK_MS, () => void this.#turns.take(() => this.#tick()));
  }

  message(message: ServerMessage, answers: ClientType | null): void {
    void this.#turns.take(() => this.#handle(message, answers));
  }

  get room(): SealedRoom | null {
    return this.#view.stage === "sealed" ? this.#room : null;
  }

  /** What we asked of the server about people, done in the group as well. */
  asked<T extends ClientType>(type: T, body: ClientBodies[T]): void {
    const whom = (body as { participant?: string }).participant;
    void this.#turns.take(async () => {
      if (type === "admit" && whom) await this.#doorway.admit(whom);
      if ((type === "remove" || type === "back_to_lobby") && whom) {
        await this.#doorway.threshold?.sendAway(whom, Date.now());
        await this.#keepOrder();
      }
      if (type === "lock" && this.#room?.leads)
        await this.#room?.lock((body as { locked: boolean }).locked, Date.now());
      if (whom) this.#show();
    });
  }

  letIn(participant: string): void {
    void this.#turns.take(() => this.#doorway.admit(participant).then(() => this.#show()));
  }

  /** Somebody heard the digits, or did not, or wants them once more after skipping them. */
  compared(key: string, outcome: CodeOutcome | "again"): void {
    void this.#turns.take(async () => {
      if (isOwnWord(this.#view, key)) return this.#comparedHere(key, outcome);
      this.#view = { ...this.#view, again: outcome === "again" ? key : null };
      if (outcome === "again") return this.#show();
      const suspect = this.#doorway.threshold?.participantOf(key) ?? null;
      if (!this.#room?.leads || !this.#me) return;
      if (!(await compare(this.#room, this.#me, this.#doorway, { key, outcome }))) return;
      if (outcome === "mismatch") this.#stop("mismatch", suspect);
      await this.#keepOrder();
      this.#show();
    });
  }

  async #comparedHere(key: string, outcome: CodeOutcome | "again"): Promise<void> {
    // Still inside: the Welcome takes us out and in again, and there may be no answer left for us.
    if (key === this.#view.unmet?.key) return outcome === "again" ? this.#knock() : undefined;
    if (!this.#me) return;
    await compareHere(this.#room, this.#me, { key, outcome });
    this.#view = afterOwnWord(this.#view, outcome, this.#room !== null);
    this.#show();
  }

  /** We go: said inside the group, so that whoever leads next need not wait for our silence. */
  async goodbye(): Promise<void> {
    await Promise.race([this.#room?.leave().catch(() => undefined), after(GOODBYE_WITHIN_MS)]);
  }

  goOn(): void {
    this.#room?.goOn(Date.now());
  }

  leaking(): void {
    this.#stop("leaking");
  }

  async #handle(message: ServerMessage, answers: ClientType | null): Promise<void> {
    switch (message.type) {
      case "welcome":
        return this.#welcome(message.body);
      case "admitted":
        return this.#enter();
      case "returned":
        return this.#wait();
      case "room":
        return this.#placed(message.body);
      case "founded":
        return this.#founded(message.body);
      case "knocked":
        await this.#doorway.knocked(message.body.from, read(message.body.blob));
        for (const [, identity] of this.#doorway.threshold?.atDoor() ?? [])
          await this.#me?.devices.look(identity);
        return this.#show();
      case "door":
        return this.#parcel(message.body.from, read(message.body.blob));
      case "welcome_in":
        this.#leading.named = read(message.body.group); // whoever was told another one is brought back
        this.#knocking.welcome(read(message.body.blob));
        return this.#join();
      case "sealed":
        await this.#room?.logged(read(message.body.commit), Date.now());
        return this.#caughtUp();
      case "note":
        return this.#room?.logged(read(message.body.blob), Date.now());
      case "problem":
        return this.#problem(message.body.type, answers);
      case "removed":
      case "left":
      case "ended":
        return this.#over(message.type === "ended");
      default:
        return undefined;
    }
  }

  async #welcome(body: ServerBodies["welcome"]): Promise<void> {
    this.#me ??= await this.#parts.standing(body);
    if (body.stage === "lobby") return this.#wait();
    if (body.stage === "room") return this.#enter();
    return this.#over(body.stage === "ended");
  }

  /** In the waiting room: no keys, a knock at the door. */
  async #wait(): Promise<void> {
    this.#stage = "lobby";
    this.#drop();
    await this.#knock();
  }

  async #enter(): Promise<void> {
    this.#stage = "room";
    this.#leading.entered();
    if (this.#room && this.#group) {
      this.#gap.begins();
      this.#out.send("log", { after: this.#group.epoch });
      return this.#room.resumed();
    }
    if (!(await this.#sealer.ready())) return this.#stop("unsealed");
    this.#leading.coming = this.#isHost || this.#me?.claims.role === "deputy";
    if (this.#isHost) return;
    await this.#join();
    if (!this.#room && this.#knocking.isDue) return this.#knock();
    if (!this.#room && this.#knocking.opening) this.#out.send("door", this.#knocking.opening);
  }

  async #comeIn(): Promise<void> {
    if (!this.#me || this.#stage !== "room" || this.#room || !this.#leading.mayFound(this.#me)) return;
    if (this.#isHost && !this.#leading.waitsForDeputy(this.#me.met)) return this.#found();
    // Answered by "log-gone" when there is no group any more.
    this.#out.send("log", { after: 0 });
    if (this.#isHost) await this.#knock();
  }

  async #found(): Promise<void> {
    if (!this.#me || this.#view.stage === "stopped") return;
    if (!(await this.#isFree())) return;
    const group = await foundedBy(this.#me, Date.now());
    this.#out.send("found", { group: write(group.id) });
    this.#leading.founded();
    await this.#begin(group);
  }

  /** Somebody founded: the group we are in, or another one that we must be let into. */
  async #founded({ group: id, epoch }: ServerBodies["founded"]): Promise<void> {
    this.#leading.named = read(id);
    if (this.#group && equal(read(id), this.#group.id)) return this.#caughtUp(epoch);
    if (this.#isHost || this.#stage !== "room") return;
    // The check of this deputy, whose keys went with a page or a tab before: nobody else's is there.
    if (!this.#group && this.#leading.mayFound(this.#me)) return this.#found();
    if (this.#group) this.#drop();
    // Whoever founded has our knock: a Welcome is on its way, or a press is.
    await (this.#knocking.wasAnsweredBy(read(id)) ? this.#join() : this.#knock());
  }

  /** A line is back: what nobody may have heard is said again, once the commits of meanwhile are read. */
  async #caughtUp(until?: number): Promise<void> {
    const isRead = this.#group !== null && this.#gap.isRead(this.#group.epoch, until);
    if (isRead && this.#room && this.#me) await sayAgain(this.#room, this.#me, this.#doorway);
  }

  async #knock(late = false): Promise<void> {
    if (this.#me) await this.#knocking.knock(this.#me, late);
    this.#show();
  }

  async #parcel(from: string, bytes: Bytes): Promise<void> {
    if (this.#doorway.threshold && readParcel(bytes).kind === "opening") {
      await this.#doorway.opened(from, bytes);
      return this.#show();
    }
    const reply = this.#me && (await this.#knocking.received(bytes, this.#me.met));
    if (reply === "again") return this.#knock();
    if (reply) this.#out.send("door", this.#knocking.opens(from, reply));
    this.#show();
  }

  /** With the Welcome in hand and a room that was told, into the group that the server named since. */
  async #join(): Promise<void> {
    const { named, ahead } = this.#leading;
    if (this.#stage !== "room" || !this.#me || !this.#sealer.worker || !named || ahead === null) return;
    const joined = await this.#knocking.join(named);
    if (!joined) return;
    const { group, digits, by } = joined;
    if (!this.#leading.goesInto(group, this.#me, by)) return group.close();
    if (!(await this.#isFree())) return;
    const { met } = this.#me;
    const first = met.firstDigits(by, hex(group.id), digits);
    this.#view = { ...this.#view, digits: first, opposite: by, tries: met.guesses };
    // Said of whoever led then, and not taken back: whoever leads now may be the same.
    if (met.doubts) this.#stop("mismatch");
    await this.#begin(group);
    this.#out.send("log", { after: group.epoch });
  }

  async #begin(group: Group): Promise<void> {
    const worker = this.#sealer.use();
    if (!worker) return;
    this.#group = group;
    const out = {
      note: (message: Bytes) => this.#out.send("note", { blob: write(message) }),
      commit: (proposal: Proposal) => this.#out.send("seal", this.#doorway.seal(proposal)),
      worker: (order: Parameters<FrameWorker["tell"]>[0]) => worker.tell(order),
      event: (event: RoomEvent) => this.#happened(event),
    };
    if (this.#view.stage === "none") this.#view = { ...this.#view, stage: "sealed" };
    this.#leading.begun();
    this.#room = await SealedRoom.enter(group, out, Date.now());
    if (this.#me) await this.#doorway.open(this.#room, this.#me, this.#leading.people);
    // What we found out before we came is news to everybody here.
    await this.#crowdChanged(true);
  }

  #happened(event: RoomEvent): void {
    this.#view = moved(this.#view, event, this.#me, this.#group);
    if (event.kind === "people") {
      for (const { identity } of event.sentAway) this.#me?.met.sentAway(hex(identity.key));
      void this.#turns.take(() => this.#crowdChanged(event.added.length > 0));
    } else if (event.kind === "vouched") void this.#turns.take(() => this.#vouched(event.vouch, event.by));
    else if (event.kind === "truth" && event.truth === "split") this.#stop("split");
    else if (event.kind === "chat" || event.kind === "file") this.#out.talk(event);
    else if (event.kind === "missing") this.#out.send("log", { after: event.epoch });
    else if (event.kind === "removed") this.#removed();
    this.#show();
  }

  async #vouched(vouch: Vouch, by: Member): Promise<void> {
    if (this.#me && (await vouched(this.#me, vouch, by)) === "mismatch") this.#stop("mismatch");
    else this.#show();
  }

  async #crowdChanged(grown: boolean): Promise<void> {
    // Whoever leads since now has the door to themselves.
    if (this.#leading.moved(this.#room?.leads === true)) await this.#doorway.hearAll(this.#leading.people);
    if (this.#group) this.#view = { ...this.#view, longCode: await this.#group.longCode() };
    if (this.#room && this.#me) await meetAll(this.#room, this.#me, this.#doorway, grown);
    await this.#keepOrder();
    this.#show();
  }

  async #keepOrder(): Promise<void> {
    if (this.#me) await this.#leading.keepOrder(this.#room, this.#me.met, Date.now());
  }

  get #isHost(): boolean {
    return this.#me?.claims.role === "host";
  }

  /** A host who was silent for long was taken out by a deputy, and comes back by them. */
  #removed(): void {
    this.#drop();
    if (this.#isHost) void this.#turns.take(() => this.#comeIn());
  }

  async #placed({ people, since }: ServerBodies["room"]): Promise<void> {
    const coming = this.#leading.placed(people, since);
    // The host came: nobody stays under keys of the check until there are others.
    if (since !== 0 && this.#group?.charter().check) await this.#isFree();
    if (coming) await this.#comeIn();
    await this.#join();
    await this.#doorway.threshold?.people(people, Date.now());
    this.#view = withoutSuspect(this.#view, people, this.#room !== null);
    this.#show();
  }

  async #problem(type: string, answers: ClientType | null): Promise<void> {
    if (this.#stage !== "room") return;
    if (answers === "seal" && !/(log-gone|epoch-taken)$/.test(type)) await this.#doorway.declined(this.#room);
    if (!type.endsWith("log-gone")) return;
    // There is none, or the server started anew. Who founds does; everybody else is told by `founded`.
    if (this.#leading.mayFoundAgain(this.#me)) await this.#found();
  }

  async #tick(): Promise<void> {
    this.#sealer.worker?.look();
    const now = Date.now();
    if (this.#room) {
      if (this.#view.unheard !== this.#knocking.isUnheard) this.#show();
      await this.#leading.takeOver(this.#room, now);
      return this.#room.tick(now);
    }
    if (this.#leading.isTooLate) return this.#found();
    const waits = this.#stage === "room" && this.#view.stage === "none";
    if (waits && this.#knocking.isLate()) await this.#knock(true);
  }

  /** Out of the group, and in again by a knock, with a new worker. */
  async #died(): Promise<void> {
    if (this.#stage !== "room") return this.#drop();
    if (!(await this.#isFree())) return;
    if (this.#isHost) return this.#comeIn();
    await (this.#leading.mayFound(this.#me) ? this.#found() : this.#knock());
  }

  /** Out of the group, with a worker that has held no keys. */
  async #isFree(): Promise<boolean> {
    this.#drop();
    const isReady = await this.#sealer.ready();
    if (!isReady) this.#stop("unsealed");
    return isReady;
  }

  #drop(): void {
    this.#group?.close();
    this.#group = null;
    this.#room = null;
    this.#doorway.close();
    this.#gap.ends();
    this.#view = emptied(this.#view, this.#stage === "room");
  }

  async #over(ended: boolean): Promise<void> {
    this.#drop();
    this.#stage = "over";
    this.#sealer.close();
    if (ended && this.#me) await forget(this.#me);
  }

  #stop(why: NonNullable<Secrecy["why"]>, suspect: string | null = null): void {
    this.#view = stopped(this.#view, why, suspect);
    this.#show();
  }

  #show(): void {
    const { isStuck: stuck, isUnheard: unheard } = this.#knocking;
    const leads = this.#room?.leads ?? false;
    this.#view = drawn({ ...this.#view, leads, stuck, unheard }, this.#me, this.#doorway.threshold);
    this.#out.shown(this.#view);
  }
}

const TICK_MS = 1_000;
const GOODBYE_WITHIN_MS = 2_000;
