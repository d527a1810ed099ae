// Owns the sealed room of this page: the one frame worker, the group, the knock at the door, what a press
// means for the keys. Fed with the server's messages one after the other. Refuses to let media run before the
// transform was proven, and to let the server decide who is in the group.

import { type Bytes, equal, hex, random } from "../secrecy/bytes.ts";
import { Candidate } from "../secrecy/candidate.ts";
import { unlessOurs } from "../secrecy/failure.ts";
import type { FrameWorker } from "../secrecy/frame_worker.ts";
import type { Group } from "../secrecy/group.ts";
import type { Proposal } from "../secrecy/group_keys.ts";
import { writeParcel } from "../secrecy/parcels.ts";
import { type RoomEvent, SealedRoom } from "../secrecy/sealed_room.ts";
import type { CodeOutcome } from "../secrecy/vouch.ts";
import type { ClientBodies, ClientType, ServerBodies, ServerMessage } from "../wire/wire.ts";
import { read, write } from "./blob.ts";
import { Knocking } from "./knocking.ts";
import { drawn } from "./drawn.ts";
import { emptied, type Secrecy, shownOf, UNSEALED } from "./secrecy_view.ts";
import { openFrameWorker } from "./provision.ts";
import { forget, type Standing, standingOf } from "./standing.ts";
import { Threshold } from "./threshold.ts";

export interface SealingOut {
  send<T extends ClientType>(type: T, body: ClientBodies[T]): void;
  /** The connection may begin with this one; null: it must end. */
  worker(worker: FrameWorker | null): void;
  shown(secrecy: Secrecy): void;
  /** Somebody in the group wrote, or passes a file. */
  talk(event: Extract<RoomEvent, { kind: "chat" | "file" }>): void;
}

export class Sealing {
  readonly #out: SealingOut;
  #view: Secrecy = UNSEALED;
  #me: Standing | null = null;
  #stage: "outside" | "lobby" | "room" | "over" = "outside";
  #worker: FrameWorker | null = null;
  /** A worker that has held keys is no good for another group: its counters are of that group. */
  #used = false;
  #proven = false;
  #group: Group | null = null;
  #room: SealedRoom | null = null;
  #threshold: Threshold | null = null;
  #knocking = new Knocking((knock) => this.#out.send("knock", { blob: write(knock) }));
  /** Knocks of people who are not in the group, for a door that is not there yet. */
  #outside = new Map<string, Bytes>();
  #foundAt = -Infinity;
  #inside = new Set<string>();
  #wanted = new Set<string>();
  #turn: Promise<void> = Promise.resolve();

  constructor(out: SealingOut) {
    this.#out = out;
    window.setInterval(() => void this.#inTurn(() => this.#tick()), TICK_MS);
  }

  message(message: ServerMessage, answers: ClientType | null): void {
    void this.#inTurn(() => this.#handle(message, answers));
  }

  get room(): SealedRoom | null {
    return this.#view.stage === "sealed" ? this.#room : null;
  }

  /** What we asked of the server about people, done in the group as well. */
  asked<T extends ClientType>(type: T, body: ClientBodies[T]): void {
    const whom = (body as { participant?: string }).participant;
    void this.#inTurn(async () => {
      if (type === "admit" && whom) await this.#admit(whom);
      if ((type === "remove" || type === "back_to_lobby") && whom)
        await this.#threshold?.sendAway(whom, Date.now());
      if (type === "lock" && this.#threshold)
        await this.#room?.lock((body as { locked: boolean }).locked, Date.now());
    });
  }

  letIn(participant: string): void {
    void this.#inTurn(() => this.#admit(participant));
  }

  /** The host heard the digits, or did not. */
  compared(key: string, outcome: CodeOutcome): void {
    void this.#inTurn(async () => {
      const member = this.#view.members.find((one) => one.key === key);
      if (!this.#threshold || !member || !this.#me) return;
      const now = Date.now();
      this.#me.met.checked(key, outcome, now);
      const there = this.#group?.roster().find(({ identity }) => hex(identity.key) === key);
      if (!there) return;
      await this.#room?.vouch(there.identity.key, outcome, now);
      if (outcome === "matches") await this.#me.devices.verified(there.identity, now);
      if (outcome === "mismatch") {
        this.#me.met.sentAway(key);
        this.#stop("mismatch", this.#threshold.participantOf(key));
        await this.#room?.remove(there, now);
      }
      this.#show();
    });
  }

  goOn(): void {
    this.#room?.goOn(Date.now());
  }

  leaking(): void {
    this.#stop("leaking", null);
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
        return this.#people(message.body.people.map(({ id }) => id));
      case "founded":
        return this.#founded(message.body.group);
      case "knocked":
        this.#outside.set(message.body.from, read(message.body.blob));
        return this.#heardKnock(message.body.from);
      case "door":
        return this.#parcel(message.body.from, read(message.body.blob));
      case "welcome_in":
        this.#knocking.welcome(read(message.body.blob));
        return this.#join();
      case "sealed":
        return this.#room?.logged(read(message.body.commit), Date.now());
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
    this.#me ??= await standingOf(body);
    if (body.stage === "lobby") return this.#wait();
    if (body.stage === "room") return this.#enter();
    return this.#over(body.stage === "ended");
  }

  /** In the waiting room: no keys, a knock at the door. */
  async #wait(): Promise<void> {
    this.#stage = "lobby";
    this.#drop();
    this.#show();
    await this.#knock();
  }

  async #enter(): Promise<void> {
    this.#stage = "room";
    if (this.#room && this.#group) {
      this.#out.send("log", { after: this.#group.epoch });
      return this.#room.resumed();
    }
    if (!this.#worker) await this.#openWorker();
    if (this.#me?.claims.role === "host") return this.#found();
    await this.#join();
    if (!this.#room && !this.#knocking.isUnderWay) await this.#knock();
  }

  async #found(): Promise<void> {
    if (!this.#me || this.#view.stage === "stopped") return;
    this.#drop();
    if (this.#used) await this.#openWorker();
    const { claims, pair, met, key } = this.#me;
    const candidate = await Candidate.make(claims, pair, Date.now());
    const group = await candidate.found(random(GROUP_BYTES), []);
    met.hostIs(key);
    this.#out.send("found", { group: write(group.id) });
    await this.#begin(group);
    const knows = { visit: claims.visit, met, inside: this.#inside, wanted: this.#wanted };
    const reply = (to: string, parcel: Bytes) => this.#out.send("door", { to, blob: write(parcel) });
    this.#threshold = new Threshold(this.#room as SealedRoom, knows, reply);
    this.#foundAt = performance.now();
    for (const from of this.#outside.keys()) await this.#heardKnock(from);
    this.#show();
  }

  async #heardKnock(from: string): Promise<void> {
    const bytes = this.#outside.get(from);
    if (bytes) await this.#threshold?.knocked(from, bytes, Date.now()).catch(unlessOurs);
    for (const [, identity] of this.#threshold?.atDoor() ?? []) await this.#me?.devices.look(identity);
    this.#show();
  }

  /** Somebody founded: the group we are in, or another one that we must be let into. */
  async #founded(id: string): Promise<void> {
    if (this.#group && equal(read(id), this.#group.id)) return;
    if (this.#me?.claims.role === "host" || this.#stage !== "room") return;
    if (this.#group) this.#drop();
    // Whoever founded has our knock already: a Welcome is on its way, or a press is.
    if (this.#knocking.wasAnsweredBy(read(id))) return;
    await this.#knock();
  }

  async #knock(): Promise<void> {
    if (this.#me) await this.#knocking.knock(this.#me);
  }

  async #parcel(from: string, bytes: Bytes): Promise<void> {
    if (this.#threshold) {
      await this.#threshold.opened(from, bytes, Date.now()).catch(unlessOurs);
      return this.#show();
    }
    const reply = await this.#knocking.received(bytes);
    if (reply === "again") return this.#knock();
    if (reply) this.#out.send("door", { to: from, blob: write(reply) });
  }

  /** With the Welcome in hand and a place in the room. */
  async #join(): Promise<void> {
    if (this.#stage !== "room" || !this.#me || !this.#worker) return;
    const joined = await this.#knocking.join();
    if (!joined) return;
    const { group, digits } = joined;
    this.#drop();
    if (this.#used) await this.#openWorker();
    const host = hex(group.charter().host);
    const { tries } = this.#knocking;
    if (this.#me.met.hostIs(host)) this.#knocking.cameBack();
    this.#view = { ...this.#view, digits: this.#me.met.firstDigits(host, digits), tries };
    await this.#begin(group);
    this.#out.send("log", { after: group.epoch });
  }

  async #begin(group: Group): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#used = true;
    this.#group = group;
    const out = {
      note: (message: Bytes) => this.#out.send("note", { blob: write(message) }),
      commit: (proposal: Proposal) => this.#commit(proposal),
      worker: (order: Parameters<FrameWorker["tell"]>[0]) => worker.tell(order),
      event: (event: RoomEvent) => this.#happened(event),
    };
    if (this.#view.stage === "none") this.#view = { ...this.#view, stage: "sealed" };
    this.#room = await SealedRoom.enter(group, out, Date.now());
  }

  #commit(proposal: Proposal): void {
    const { epoch, commit, welcome } = proposal;
    const to = this.#threshold?.addressee(proposal) ?? null;
    const parcel = welcome && to && writeParcel({ kind: "welcome", message: welcome.message });
    if (to) this.#outside.delete(to);
    const sent = { epoch, commit: write(commit) };
    this.#out.send("seal", parcel ? { ...sent, welcome: { to, blob: write(parcel) } } : sent);
  }

  #happened(event: RoomEvent): void {
    if (event.kind === "people") {
      this.#view = { ...this.#view, members: shownOf(event.members, this.#me?.key) };
      void this.#inTurn(() => this.#peopleMoved(event.added.length > 0));
    } else if (event.kind === "vouched") this.#vouched(hex(event.vouch.key), event.vouch);
    else if (event.kind === "truth") {
      this.#view = { ...this.#view, truth: event.truth };
      if (event.truth === "split") this.#stop("split", null);
    } else if (event.kind === "chat" || event.kind === "file") this.#out.talk(event);
    else if (event.kind === "missing") this.#out.send("log", { after: event.epoch });
    else if (event.kind === "removed") this.#drop();
    this.#show();
  }

  #vouched(key: string, { outcome, at }: { outcome: CodeOutcome; at: number }): void {
    this.#me?.met.checked(key, outcome, at);
    if (key !== this.#me?.key) return;
    if (outcome === "mismatch") this.#stop("mismatch", null);
    const host = this.#group?.roster().find(({ identity }) => identity.role === "host");
    if (outcome === "matches" && host) void this.#me.devices.verified(host.identity, at);
  }

  /** Whoever came new hears what is known of everybody; who was checked before the reload stays checked. */
  async #peopleMoved(somebodyCame: boolean): Promise<void> {
    const [me, group] = [this.#me, this.#group];
    if (!me || !group) return;
    this.#view = { ...this.#view, longCode: await group.longCode() };
    for (const { identity } of group.roster()) {
      const key = hex(identity.key);
      if (key === me.key) continue;
      await me.devices.look(identity);
      const check = this.#threshold && somebodyCame ? me.met.check(key) : null;
      if (check) await this.#room?.vouch(identity.key, check.outcome, check.at);
    }
    this.#show();
  }

  async #people(ids: string[]): Promise<void> {
    this.#inside = new Set(ids);
    await this.#threshold?.people(this.#inside, Date.now());
    const { suspect, why } = this.#view;
    if (why === "mismatch" && suspect && !this.#inside.has(suspect))
      this.#view = { ...this.#view, stage: this.#room ? "sealed" : "none", why: null, suspect: null };
    this.#show();
  }

  async #admit(participant: string): Promise<void> {
    this.#wanted.add(participant);
    await this.#threshold?.admit(participant, Date.now());
    this.#show();
  }

  async #problem(type: string, answers: ClientType | null): Promise<void> {
    if (this.#stage !== "room") return;
    if (answers === "seal" && !/(log-gone|epoch-taken)$/.test(type))
      await this.#room?.declined(Date.now());
    if (!type.endsWith("log-gone")) return;
    // The server started anew and knows no group. The host founds; everybody else is told by `founded`.
    const fresh = performance.now() - this.#foundAt < FOUND_AGAIN_MS;
    if (this.#me?.claims.role === "host" && !fresh) await this.#found();
  }

  async #tick(): Promise<void> {
    this.#worker?.look();
    const now = Date.now();
    if (this.#room) return this.#room.tick(now);
    if (this.#stage === "room" && this.#view.stage === "none" && this.#knocking.isLate()) await this.#knock();
  }

  async #openWorker(): Promise<void> {
    this.#worker?.close();
    this.#worker = null;
    this.#out.worker(null);
    const worker = await openFrameWorker(
      {
        lane: (slot, leaf) => {
          this.#view = { ...this.#view, lanes: { ...this.#view.lanes, [slot]: leaf } };
          this.#show();
        },
        heard: (leaves) => leaves.forEach((leaf) => this.#room?.heard(leaf, Date.now())),
        died: (dead) => void this.#inTurn(() => this.#died(dead)),
      },
      !this.#proven,
    );
    if (!worker) return this.#stop("unsealed", null);
    this.#proven = true;
    this.#used = false;
    this.#worker = worker;
    this.#out.worker(worker);
  }

  async #died(worker: FrameWorker): Promise<void> {
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#out.worker(null);
    this.#drop();
    if (this.#stage !== "room") return;
    await this.#openWorker();
    if (this.#me?.claims.role === "host") await this.#found();
    else await this.#knock();
  }

  #drop(): void {
    this.#group?.close();
    this.#group = null;
    this.#room = null;
    this.#threshold = null;
    this.#view = emptied(this.#view, this.#stage === "room");
  }

  async #over(ended: boolean): Promise<void> {
    this.#drop();
    this.#stage = "over";
    this.#worker?.close();
    this.#worker = null;
    this.#out.worker(null);
    if (ended && this.#me) await forget(this.#me);
  }

  #stop(why: NonNullable<Secrecy["why"]>, suspect: string | null): void {
    this.#view = { ...this.#view, stage: "stopped", why, suspect };
    this.#show();
  }

  #show(): void {
    this.#view = drawn(this.#view, this.#me, this.#threshold);
    this.#out.shown(this.#view);
  }

  /** One message after the other; what is refused changes nothing and is no reason to stop. */
  #inTurn(step: () => Promise<unknown> | undefined): Promise<void> {
    const quiet = this.#turn.then(step).then(() => undefined, unlessOurs);
    const result = quiet.then(undefined, (error: unknown) => console.error(error));
    this.#turn = result;
    return result;
  }
}

const GROUP_BYTES = 16;
const TICK_MS = 1_000;
const FOUND_AGAIN_MS = 3_000;
