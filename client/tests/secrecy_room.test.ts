// Whole visits without browser and server: door, spoken code, log, notes, clocks and frames put together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, concat, equal, hex, random } from "../src/secrecy/bytes.ts";
import { Candidate } from "../src/secrecy/candidate.ts";
import { Door, Doorstep } from "../src/secrecy/door.ts";
import { SecrecyError } from "../src/secrecy/failure.ts";
import { Frames, type Lane } from "../src/secrecy/frames.ts";
import type { Group } from "../src/secrecy/group.ts";
import type { Proposal } from "../src/secrecy/group_keys.ts";
import { BANNER_MS, PAUSE_MS } from "../src/secrecy/heartbeat.ts";
import { makeIdentityKey, type Role } from "../src/secrecy/identity.ts";
import { readParcel, writeParcel } from "../src/secrecy/parcels.ts";
import { HERE_MS, REFRESH_MS, type RoomEvent, SealedRoom } from "../src/secrecy/sealed_room.ts";
import { is, VISIT } from "./secrecy_people.ts";

const sound: Lane = { name: "mic", codec: "opus", stream: "audio" };
const soundIn: Lane = { name: "in", codec: "opus", stream: null };

test("from the knock to the first word: one code, then sealed sound both ways", async () => {
  const server = await Server.open();
  const ana = await server.come("Ana Ruiz");
  assert.equal(ana.code, await server.door.digits("Ana Ruiz"));
  assert.match(ana.code, /^\d{6}$/);
  await server.hear(server.host, ana);
  await server.hear(ana, server.host);
});

test("everybody hears everybody, and only while they are in the room", async () => {
  const server = await Server.open();
  const [ana, leo] = [await server.come("Ana Ruiz"), await server.come("Leo Park", "interpreter")];
  server.now += 1_000;
  await server.tick();
  for (const from of [server.host, ana, leo])
    for (const to of [server.host, ana, leo]) if (from !== to) await server.hear(from, to);
  const member = server.host.room.group.roster().find(({ identity }) => identity.name === "Leo Park");
  assert.ok(member);
  await server.host.room.remove(member, server.now);
  await server.settle();
  assert.deepEqual(leo.events.at(-1)?.kind, "removed");
  await server.hear(server.host, ana);
  // What is sent after the removal opens nowhere at the removed, and the removed are not heard.
  const after = await server.host.frames.seal(sound, random(80));
  assert.ok(after);
  assert.equal(await leo.frames.open(soundIn, after), null);
  assert.equal(await leo.frames.seal(sound, random(80)), null);
});

test("a reload comes back without being asked, under the same identity and a new leaf key", async () => {
  const server = await Server.open();
  const ana = await server.come("Ana Ruiz");
  const before = server.host.room.group.roster()[1];
  server.people = server.people.filter((each) => each !== ana);
  const again = await server.come("Ana Ruiz", "patient", ana.pair, ana);
  const after = server.host.room.group.roster()[1];
  assert.ok(before && after);
  assert.ok(equal(before.identity.key, after.identity.key) && !equal(before.leafKey, after.leafKey));
  await server.hear(server.host, again);
  await server.hear(again, server.host);
});

test("chat, vouches and goodbyes arrive with their sender", async () => {
  const server = await Server.open();
  const ana = await server.come("Ana Ruiz");
  await ana.room.chat("I brought my list.");
  const key = server.host.room.group.roster()[1]?.identity.key ?? assert.fail();
  await server.host.room.vouch(key, "matches", server.now);
  await server.settle();
  await ana.room.leave();
  await server.settle();
  const chat = server.host.events.find((event) => event.kind === "chat");
  assert.equal(
    chat?.kind === "chat" && `${chat.from.identity.name}: ${chat.text}`,
    "Ana Ruiz: I brought my list.",
  );
  const vouched = ana.events.find((event) => event.kind === "vouched");
  assert.ok(vouched?.kind === "vouched" && equal(vouched.vouch.key, key));
  assert.ok(server.host.events.some((event) => event.kind === "goodbye"));
});

test("two wishes of two people at once: the log takes one, the other is made again", async () => {
  const server = await Server.open();
  const [ana, leo] = [await server.come("Ana Ruiz"), await server.come("Leo Park")];
  server.held = true;
  await server.host.room.lock(true, server.now);
  const claims = { visit: VISIT, role: "patient" as const, name: "Leo Park" };
  const back = await Candidate.make(claims, leo.pair, server.now);
  await ana.room.rejoin(back.keyPackage, server.now);
  server.held = false;
  await server.settle();
  assert.equal(server.refusedCommits, 1);
  assert.ok(ana.room.group.charter().locked);
  assert.equal(leo.events.at(-1)?.kind, "removed");
  assert.equal(ana.room.group.epoch, server.host.room.group.epoch);
  await server.hear(ana, server.host);
});

test("a removal is seen to be hidden: banner, then pause, then on by one's own will", async () => {
  const server = await Server.open();
  const ana = await server.come("Ana Ruiz");
  const leo = await server.come("Leo Park");
  // The server shows Ana nothing any more.
  server.people = server.people.filter((each) => each !== ana);
  const truth = () => ana.events.filter((event) => event.kind === "truth").at(-1);
  await ana.room.tick(server.now + BANNER_MS);
  assert.equal(truth()?.truth, "quiet");
  await ana.room.tick(server.now + PAUSE_MS);
  assert.equal(truth()?.truth, "paused");
  ana.room.goOn(server.now + PAUSE_MS);
  assert.equal(truth()?.truth, "quiet");
  // Whoever is shown everything stays live.
  for (let passed = 0; passed <= PAUSE_MS; passed += 5_000) {
    server.now += 5_000;
    await server.tick();
  }
  assert.ok(!leo.events.some((event) => event.kind === "truth"));
});

test("missed commits are asked for, and read from the log they bring everybody together", async () => {
  const server = await Server.open();
  const ana = await server.come("Ana Ruiz");
  const from = server.log.length;
  server.people = [server.host];
  await server.host.room.lock(true, server.now);
  await server.settle();
  await server.host.room.lock(false, server.now);
  await server.settle();
  await ana.room.logged(server.log.at(-1) ?? assert.fail(), server.now);
  assert.deepEqual(ana.events.at(-1), { kind: "missing", epoch: ana.room.group.epoch });
  server.people = [server.host, ana];
  for (const message of server.log.slice(from)) await ana.room.logged(message, server.now);
  await server.settle();
  assert.equal(ana.room.group.epoch, server.host.room.group.epoch);
  await server.hear(server.host, ana);
});

test("keys are renewed every ten minutes, and the host says so", async () => {
  const server = await Server.open();
  const ana = await server.come("Ana Ruiz");
  const { epoch } = ana.room.group;
  for (let passed = 0; passed < REFRESH_MS + HERE_MS; passed += HERE_MS) {
    server.now += HERE_MS;
    await server.tick();
  }
  assert.equal(ana.room.group.epoch, epoch + 1);
  await server.hear(ana, server.host);
});

test("a commit that the connection lost is sent again", async () => {
  const server = await Server.open();
  const ana = await server.come("Ana Ruiz");
  server.losing = true;
  await server.host.room.lock(true, server.now);
  await server.settle();
  server.losing = false;
  assert.ok(!ana.room.group.charter().locked);
  await server.host.room.resumed();
  await server.settle();
  assert.ok(ana.room.group.charter().locked);
});

test("at the door: a broken promise is refused, each time, and a locked room says so", async () => {
  const server = await Server.open();
  const pair = await makeIdentityKey();
  for (let attempt = 1; attempt <= 3; attempt++) {
    const step = await doorstep("Ana Ruiz", "patient", pair, server.now);
    const { reply } = await server.knocked("Ana Ruiz", await step.knock());
    assert.ok(reply, `time ${attempt}`);
    const false_ = writeParcel({ kind: "opening", nonce: random(32), kept: false });
    await assert.rejects(server.door.opened("Ana Ruiz", false_), is("commitment-broken"));
  }
  await assert.rejects(server.knocked("x", random(50)), SecrecyError);
  const step = await doorstep("Ana Ruiz", "patient", pair, server.now);
  const afresh = Uint8Array.of(1, 3);
  await assert.rejects(step.received(afresh), is("malformed"), "nobody asks for a fresh promise");
  const again = await step.knock();
  await server.host.room.lock(true, server.now);
  await server.settle();
  const { waiting } = await server.knocked("Ana Ruiz", again);
  await server.host.room.admit(waiting.keyPackage, server.now);
  assert.deepEqual(server.host.events.at(-1), { kind: "refused", refusal: "locked", ours: true });
});

test("parcels read back, and anything else is refused", () => {
  const parcels = [
    { kind: "knock" as const, keyPackage: random(280), commitment: random(32) },
    { kind: "challenge" as const, commitment: random(32), challenge: random(118) },
    { kind: "opening" as const, nonce: random(32), kept: true },
    { kind: "welcome" as const, message: random(900) },
  ];
  for (const parcel of parcels) {
    const bytes = writeParcel(parcel);
    assert.deepEqual(readParcel(bytes), parcel);
    assert.throws(() => readParcel(concat(bytes, Uint8Array.of(0))), is("malformed"));
    assert.throws(() => readParcel(bytes.slice(0, -1)), is("malformed"));
  }
  assert.throws(() => readParcel(random(30_000)), is("too-large"));
});

interface Person {
  name: string;
  pair: CryptoKeyPair;
  room: SealedRoom;
  frames: Frames;
  events: RoomEvent[];
  code: string;
}

/** The log and the relay, and nothing else. Everybody's frame worker is a `Frames`. */
class Server {
  now = 1_000_000_000_000;
  people: Person[] = [];
  log: Bytes[] = [];
  held = false;
  losing = false;
  refusedCommits = 0;
  door!: Door;
  #inbox: { from: Person | null; message: Bytes }[] = [];
  #commits: { from: Person; proposal: Proposal }[] = [];
  #closed = new Set<number>();
  #welcomes = new Map<string, Bytes>();

  static async open(): Promise<Server> {
    const server = new Server();
    server.now = Date.now();
    const pair = await makeIdentityKey();
    const host = await Candidate.make({ visit: VISIT, role: "host", name: "Dr. Reed" }, pair, server.now);
    const group = await host.found(random(16), []);
    await server.enter("Dr. Reed", pair, group, "");
    server.door = new Door(group, VISIT);
    return server;
  }

  get host(): Person {
    return this.people[0] ?? assert.fail();
  }

  async knocked(from: string, knock: Bytes): Promise<ReturnType<Door["answer"]>> {
    return this.door.answer(from, await this.door.read(knock, this.now));
  }

  async come(name: string, role: Role = "patient", pair?: CryptoKeyPair, was?: Person): Promise<Person> {
    const keys = pair ?? (await makeIdentityKey());
    const step = await doorstep(name, role, keys, this.now);
    const { waiting, reply } = await this.knocked(name, await step.knock());
    if (was) {
      assert.ok(waiting.back && reply);
      await this.host.room.rejoin(waiting.keyPackage, this.now);
    } else {
      const opening = await step.received(reply);
      assert.ok(opening);
      await this.door.opened(name, opening);
      await this.host.room.admit(waiting.keyPackage, this.now);
    }
    await this.settle();
    const message = this.#welcomes.get(hex(waiting.offered.ref)) ?? assert.fail("no welcome");
    const welcome = writeParcel({ kind: "welcome", message });
    const known = {
      group: this.host.room.group.id,
      people: [this.host.room.group.roster()[0]?.identity.key as Bytes],
    };
    const group = was ? await step.joinAgain(welcome, known) : await step.join(welcome);
    return this.enter(name, keys, group, was ? "" : await step.digits());
  }

  async enter(name: string, pair: CryptoKeyPair, group: Group, code: string): Promise<Person> {
    const frames = new Frames();
    const events: RoomEvent[] = [];
    const person = { name, pair, frames, events, code } as Person;
    person.room = await SealedRoom.enter(
      group,
      {
        note: (message) => void this.#inbox.push({ from: person, message }),
        commit: (proposal) => void (this.losing || this.#commits.push({ from: person, proposal })),
        worker: (order) => {
          if (order.type === "install") frames.install(order.order, this.now);
          else if (order.type === "switch") frames.switchTo(order.epoch);
          else if (order.type === "forget") frames.forget();
        },
        event: (event) => void events.push(event),
      },
      this.now,
    );
    this.people.push(person);
    await this.settle();
    return person;
  }

  /** Until nothing is under way: one commit per epoch, then notes, each to everybody. */
  async settle(): Promise<void> {
    while (!this.held) {
      const note = this.#inbox.shift();
      const commit = note ? undefined : this.#commits.shift();
      if (!note && !commit) return;
      if (commit) this.#take(commit.proposal);
      if (!note) continue;
      this.log.push(note.message);
      for (const person of [...this.people])
        if (person !== note.from) await person.room.logged(note.message, this.now);
    }
  }

  async tick(): Promise<void> {
    for (const { room, frames } of this.people) {
      await room.tick(this.now);
      frames.sweep(this.now);
    }
    await this.settle();
  }

  async hear(from: Person, to: Person): Promise<void> {
    const word = random(80);
    const sealed = await from.frames.seal(sound, word);
    assert.ok(sealed, `${from.name} has a key`);
    const opened = await to.frames.open(soundIn, sealed);
    assert.deepEqual(opened?.plain, word);
    const who = to.room.group.roster().find(({ leaf }) => leaf === opened?.leaf);
    assert.equal(who?.identity.name, from.name);
  }

  #take({ epoch, commit, welcome }: Proposal): void {
    if (this.#closed.has(epoch)) {
      this.refusedCommits++;
      return;
    }
    this.#closed.add(epoch);
    if (welcome) this.#welcomes.set(hex(welcome.to), welcome.message);
    this.#inbox.unshift({ from: null, message: commit });
  }
}

async function doorstep(name: string, role: Role, pair: CryptoKeyPair, now: number): Promise<Doorstep> {
  return new Doorstep(await Candidate.make({ visit: VISIT, role, name }, pair, now));
}
