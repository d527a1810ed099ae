// A whole visit without browsers: real keys, groups and pages' sealing, a server that does what the protocol
// says of it, and a network that is slow by chance. For stories in which the order of messages matters.

import assert from "node:assert/strict";
import { Acquaintance } from "../src/room/acquaintance.ts";
import { Met } from "../src/room/met.ts";
import { Sealing } from "../src/room/sealing.ts";
import { type Secrecy, UNSEALED } from "../src/room/secrecy_view.ts";
import { type Bytes, hex, random } from "../src/secrecy/bytes.ts";
import type { FrameWorker } from "../src/secrecy/frame_worker.ts";
import { makeIdentityKey, publicKeyOf } from "../src/secrecy/identity.ts";
import type { ClientBodies, ClientType, Role, ServerMessage, Stage } from "../src/wire/wire.ts";
import { Keys, SOUND } from "./sealed_keys.ts";
import { chanceOf, leads, storageOf } from "./sealed_parts.ts";
import { person, welcome } from "./stories.ts";

interface Seat {
  id: string;
  role: Role;
  says: Role;
  pair: CryptoKeyPair;
  /** What the tab keeps over a reload. */
  tab: Map<string, string>;
  stage: Stage;
  knock: string | null;
  page: Page | null;
  /** What a page that comes back still gets. */
  missed: ServerMessage[];
  /** The line is dead, and neither end has noticed. */
  cut: boolean;
  lag: number;
}

export class World {
  #seats = new Map<string, Seat>();
  #group: { founded: string; by: string; log: { from: string; commit: string }[] } | null = null;
  #chance: () => number;
  #moves = 0;
  /** What was reported of digits, as the practice keeps it. */
  readonly record: string[] = [];
  readonly knocks: string[] = [];
  /** A host's page was here, by the server's word. */
  hostCame = false;
  /** The server carries a Welcome to anybody, also to who has no place. */
  carriesToLobby = false;

  constructor(seed = 1) {
    this.#chance = chanceOf(seed);
  }

  /** Who leads has a place, the host with their page; everybody else waits. The page signs `says`. */
  async add(id: string, role: Role, says = role): Promise<void> {
    const stage: Stage = role === "host" ? "left" : leads(role) ? "room" : "lobby";
    const pair = await makeIdentityKey();
    const line = { missed: [], cut: false, lag: 0 };
    this.#seats.set(id, { id, role, says, pair, tab: new Map(), stage, knock: null, page: null, ...line });
  }

  page(id: string): Page {
    return this.#seat(id).page ?? assert.fail(`${id} has no page`);
  }

  /** What the tab of this person keeps, to look at or to change. */
  tab(id: string): Pick<Storage, "getItem" | "setItem"> {
    return storageOf(this.#seat(id).tab);
  }

  /** A page is opened, or loaded again; `anew`: in another tab, with the same place and key, and no more. */
  open(id: string, anew = false): Page {
    const seat = this.#seat(id);
    if (seat.role === "host") seat.stage = "room";
    if (seat.role === "host" && !this.hostCame) [this.hostCame, this.#group] = [true, null];
    this.close(id);
    if (anew) seat.tab.clear();
    seat.missed = [];
    seat.page = new Page(this, seat, () => this.#pause());
    this.#entered(seat);
    return seat.page;
  }

  /** The page is gone without a word. */
  close(id: string): void {
    const seat = this.#seat(id);
    seat.page?.end();
    seat.page = null;
    this.#showRoom();
  }

  /** From now on nothing gets through either way; `mend`: the page has a new line. */
  cut(id: string): void {
    this.#seat(id).cut = true;
  }

  /** What this page says is on its way for so long. */
  lag(id: string, ms: number): void {
    this.#seat(id).lag = ms;
  }

  mend(id: string): void {
    const seat = this.#seat(id);
    seat.cut = false;
    this.#entered(seat);
  }

  /** Nothing of the group outlives the server; places do. Open pages come back by themselves. */
  restart(): void {
    this.#group = null;
    for (const seat of this.#seats.values()) [seat.knock, seat.missed] = [null, []];
    for (const seat of this.#seats.values()) if (seat.page) this.#entered(seat);
  }

  /** Put out of room and group, by a server that goes on telling them everything. */
  remove(by: string, whom: string): void {
    this.page(by).sealing.asked("remove", { participant: whom });
  }

  admit(by: string, whom: string): void {
    this.page(by).sealing.asked("admit", { participant: whom });
    this.received(this.#seat(by), "admit", { participant: whom }, () => undefined);
  }

  /** Sent back to the lobby. */
  sendBack(by: string, id: string): void {
    this.page(by).sealing.asked("back_to_lobby", { participant: id });
    const seat = this.#seat(id);
    [seat.stage, seat.knock] = ["lobby", null];
    this.#tell(seat, { type: "returned", body: {} });
    this.#showRoom();
  }

  /** A place in the room by the server's word alone. */
  place(id: string): void {
    this.#admitted(id);
  }

  /** Until nothing has moved for a while. */
  async settle(): Promise<void> {
    for (let still = 0, seen = -1; still < 20; still++) {
      await new Promise((done) => setTimeout(done, 4));
      if (this.#moves !== seen) [still, seen] = [0, this.#moves];
    }
  }

  /** Until this is so, with time passing for everybody. */
  async until(wanted: () => boolean, what: string, within = 120): Promise<void> {
    for (let second = 0; second < within; second++) {
      await this.settle();
      if (wanted()) return;
      this.pass(1);
    }
    assert.fail(what);
  }

  /** The moment this is so, with everything else still under way. */
  async soon(wanted: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < 2_000; turn++) {
      if (wanted()) return;
      await new Promise((done) => setTimeout(done, 1));
    }
    assert.fail(what);
  }

  pass(seconds: number): void {
    clock.now += seconds * 1_000;
    for (const { page } of this.#seats.values()) page?.tick();
  }

  /** Frames of each open. By the keys the frame workers have been given, and by nobody's word. */
  allOpen(...ids: string[]): boolean {
    return ids.every((to) => ids.every((from) => from === to || this.page(to).opens(this.page(from))));
  }

  moved(): void {
    this.#moves++;
  }

  /** What the server does with a message of a page. */
  received(from: Seat, type: ClientType, body: unknown, refuse: (problem: string) => void): void {
    this.#moves++;
    const of = <T extends ClientType>() => body as ClientBodies[T];
    if (type === "compared") {
      const { participant, outcome } = of<"compared">();
      return void this.record.push(`${from.id}: ${participant} ${outcome}`);
    }
    if (type === "admit") return this.#admitted(of<"admit">().participant);
    if (type === "knock") return this.#knocked(from, of<"knock">().blob);
    if (type === "door") return this.#door(from, of<"door">());
    if (type === "found") {
      const others = [...this.#seats.values()].filter((seat) => seat !== from && seat.stage === "room");
      const free = !this.#group || this.#group.by === from.id;
      const ahead = from.role === "deputy" && !this.hostCame && others.length <= 1 && free;
      if (from.role !== "host" && !ahead) return refuse("urn:alcove:not-yours");
      this.#group = { founded: of<"found">().group, by: from.id, log: [] };
      return this.#tellRoom(null, { type: "founded", body: { group: this.#group.founded, epoch: 0 } });
    }
    if (type === "note")
      return this.#tellRoom(from, { type: "note", body: { from: from.id, blob: of<"note">().blob } });
    const group = this.#group;
    if (!group) return refuse("urn:alcove:log-gone");
    if (type === "log") {
      const after = of<"log">().after;
      for (let at = after; at < group.log.length; at++) this.#tell(from, this.#sealed(at));
    } else if (type === "seal") {
      const { epoch, commit, welcome: first } = of<"seal">();
      if (epoch !== group.log.length) return refuse("urn:alcove:epoch-taken");
      const outside = first && this.#seat(first.to).stage !== "room";
      if (outside && !this.carriesToLobby) return refuse("urn:alcove:person-not-here");
      group.log.push({ from: from.id, commit });
      this.#tellRoom(null, this.#sealed(epoch));
      if (!first) return;
      const to = this.#seat(first.to);
      to.knock = null;
      this.#tell(to, { type: "welcome_in", body: { blob: first.blob, group: group.founded } });
    }
  }

  #entered(seat: Seat): void {
    const { id, role, stage } = seat;
    const visit = { ...welcome(stage, role), you: id, name: id };
    this.#tell(seat, { type: "welcome", body: visit });
    for (const message of seat.missed.splice(0)) this.#tell(seat, message);
    this.#showRoom();
    if (stage !== "room") return;
    this.#tellGroup(seat);
    if (leads(role))
      for (const other of this.#seats.values())
        if (other.knock && other !== seat) this.#tell(seat, this.#knockOf(other, other.knock));
  }

  #admitted(id: string): void {
    const seat = this.#seat(id);
    seat.stage = "room";
    this.#tell(seat, { type: "admitted", body: {} });
    this.#showRoom();
    this.#tellGroup(seat);
  }

  #tellGroup(seat: Seat): void {
    if (!this.#group) return;
    const body = { group: this.#group.founded, epoch: this.#group.log.length };
    this.#tell(seat, { type: "founded", body });
  }

  #knocked(from: Seat, blob: string): void {
    if (from.knock === blob) return;
    from.knock = blob;
    this.knocks.push(from.id);
    for (const seat of this.#leaders(from)) this.#tell(seat, this.#knockOf(from, blob));
  }

  #knockOf({ id, role }: Seat, blob: string): ServerMessage {
    return { type: "knocked", body: { from: id, name: id, role, blob } };
  }

  #door(from: Seat, { to, blob }: ClientBodies["door"]): void {
    // One of the two stands outside, or has a knock that is not over yet.
    const outside = ({ stage, knock }: Seat) => stage === "lobby" || knock !== null;
    if (!outside(from) && !(to && outside(this.#seat(to)))) return;
    const heard = to ? [this.#seat(to)] : this.#leaders(from);
    for (const seat of heard) this.#tell(seat, { type: "door", body: { from: from.id, blob } });
  }

  #showRoom(): void {
    const inside = [...this.#seats.values()].filter(({ stage }) => stage === "room");
    for (const seat of inside) {
      const connected = (one: Seat) => ({ connected: one.page !== null });
      const people = inside.map((one) => ({ ...person(one.id, one.role, one === seat), ...connected(one) }));
      const body = { people, locked: false, slots: [], sizes: [], since: this.hostCame ? 1 : 0 };
      if (seat.page) this.#tell(seat, { type: "room", body });
    }
  }

  #sealed(at: number): ServerMessage {
    const entry = this.#group?.log[at] ?? assert.fail("the log has it");
    return { type: "sealed", body: { index: at + 1, epoch: at, ...entry } };
  }

  #tellRoom(but: Seat | null, message: ServerMessage): void {
    for (const seat of this.#seats.values())
      if (seat !== but && seat.stage === "room") this.#tell(seat, message);
  }

  #tell(seat: Seat, message: ServerMessage): void {
    if (seat.page && !seat.cut) seat.page.told(message, null);
    else if (message.type !== "room") seat.missed.push(message);
  }

  #leaders(but: Seat): Seat[] {
    const all = [...this.#seats.values()];
    return all.filter((seat) => seat !== but && leads(seat.role) && seat.stage === "room");
  }

  #seat(id: string): Seat {
    return this.#seats.get(id) ?? assert.fail(`nobody is called ${id}`);
  }

  #pause(): Promise<void> {
    return new Promise((done) => setTimeout(done, Math.floor(this.#chance() * 6)));
  }
}

export class Page {
  readonly sealing: Sealing;
  secrecy: Secrecy = UNSEALED;
  dies: () => void = () => undefined;
  #world: World;
  #seat: Seat;
  #pause: () => Promise<void>;
  #ticks: (() => void)[] = [];
  #up: Promise<void> = Promise.resolve();
  #down: Promise<void> = Promise.resolve();
  #over = false;
  #keys = new Keys();
  #old: Keys[] = [];

  constructor(world: World, seat: Seat, pause: () => Promise<void>) {
    [this.#world, this.#seat, this.#pause] = [world, seat, pause];
    this.sealing = new Sealing(
      {
        send: (type, body) => this.#send(type, body),
        worker: () => undefined,
        shown: (secrecy) => (this.secrecy = secrecy),
        talk: () => undefined,
      },
      {
        standing: async ({ name, visit }) => {
          const tab = storageOf(seat.tab);
          const met = new Met(visit.id, () => tab);
          const key = hex(await publicKeyOf(seat.pair));
          const claims = { visit: visit.id, role: seat.says, name };
          return { claims, pair: seat.pair, key, met, devices: new Acquaintance(met), scope: "device" };
        },
        openWorker: async ({ died }) => {
          this.#old.push(this.#keys);
          this.#keys = new Keys();
          this.dies = () => died(this.#keys as unknown as FrameWorker);
          return this.#keys as unknown as FrameWorker;
        },
        every: (_, run) => void this.#ticks.push(run),
      },
    );
  }

  told(message: ServerMessage, answers: ClientType | null): void {
    this.#down = this.#down.then(this.#pause).then(() => {
      this.#world.moved();
      if (!this.#over) this.sealing.message(message, answers);
    });
  }

  opens(other: Page): boolean {
    const sent = other.#keys.sending();
    return sent !== null && this.#keys.opens(sent);
  }

  /** A word as it leaves this page. */
  seal(): Promise<Bytes | null> {
    return this.#keys.kept.seal(SOUND, random(80));
  }

  /** With every key this page ever had, however the visit went on. */
  async stillOpens(frame: Bytes): Promise<boolean> {
    const all = [...this.#old, this.#keys].map(({ kept }) => kept.open({ ...SOUND, stream: null }, frame));
    return (await Promise.all(all)).some((opened) => opened !== null);
  }

  tick(): void {
    for (const run of this.#ticks) run();
  }

  end(): void {
    this.#over = true;
    this.#ticks = [];
  }

  #send(type: ClientType, body: unknown): void {
    this.#world.moved();
    const late = () => new Promise((done) => setTimeout(done, this.#seat.lag));
    this.#up = this.#up.then(this.#pause).then(late).then(() => {
      const refuse = (problem: string) => {
        const words = { type: problem, title: "", detail: "", incident: null };
        this.told({ type: "problem", body: words } as unknown as ServerMessage, type);
      };
      if (!this.#over && !this.#seat.cut) this.#world.received(this.#seat, type, body, refuse);
    });
  }
}

/** Time stands still unless a story says otherwise. */
const clock = { now: 1_795_289_400_000 };

export function stopTime(): () => void {
  const [date, performed] = [Date.now, performance.now];
  Date.now = () => clock.now;
  performance.now = () => clock.now;
  return () => {
    Date.now = date;
    performance.now = performed;
  };
}
