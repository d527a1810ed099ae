// The door of the group at both ends: who is let in by what, who gets an answer and how often, and how long a
// code lives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { GUESSES, Knocking } from "../src/room/knocking.ts";
import { Met } from "../src/room/met.ts";
import type { Standing } from "../src/room/standing.ts";
import { CODE_LIVES_MS, OPEN_CODES, Threshold } from "../src/room/threshold.ts";
import { type Bytes, hex, random, Writer } from "../src/secrecy/bytes.ts";
import { Candidate } from "../src/secrecy/candidate.ts";
import { Door, Doorstep } from "../src/secrecy/door.ts";
import { SecrecyError } from "../src/secrecy/failure.ts";
import type { Proposal } from "../src/secrecy/group_keys.ts";
import { makeIdentityKey, publicKeyOf } from "../src/secrecy/identity.ts";
import { readParcel, writeParcel } from "../src/secrecy/parcels.ts";
import { SealedRoom } from "../src/secrecy/sealed_room.ts";
import { stopTime, World } from "./sealed_world.ts";
import { person } from "./stories.ts";

test("the server's word lets nobody into the group: a press on this page does", async () => {
  const { threshold, admitted, replies, met, room } = await host();
  const maria = await step("Maria");
  const key = hex(await publicKeyOf(maria.pair));
  await threshold.knocked("m", await maria.step.knock(), Date.now());
  await threshold.people([person("m", "patient")], Date.now());
  await threshold.opened("m", await opening(maria.step, replies), Date.now());
  assert.equal(admitted.length, 0);
  const asks = { participant: "m", name: "Maria", role: "patient", spent: false, inGroup: false };
  assert.deepEqual(threshold.asking(), [asks]);
  await threshold.admit("m", Date.now());
  assert.equal(admitted.length, 1);
  assert.equal(threshold.digits(key), null, "nobody compares with somebody who is not in the group");
  await room.logged(admitted[0]?.commit ?? assert.fail("no commit"), Date.now());
  assert.equal(threshold.digits(key), await maria.step.digits());
  assert.ok(met.wasAdmitted(hex(await publicKeyOf(maria.pair))));
});

test("a key let in before comes back without a press, and not after it was sent away", async () => {
  const { threshold, admitted, replies, met } = await host();
  const maria = await step("Maria");
  met.admitted(hex(await publicKeyOf(maria.pair)));
  await threshold.people([person("m", "patient")], Date.now());
  await threshold.knocked("m", await maria.step.knock(), Date.now());
  await threshold.opened("m", await opening(maria.step, replies), Date.now());
  assert.equal(admitted.length, 1);
  await threshold.sendAway("m", Date.now());
  assert.ok(!met.wasAdmitted(hex(await publicKeyOf(maria.pair))));
});

test("promises are answered a few times, not as often as somebody likes to guess", async () => {
  const { threshold, replies } = await host();
  const { candidate } = await step("Maria");
  for (let time = 0; time < 12; time++)
    await threshold.knocked("m", await new Doorstep(candidate).knock(), Date.now());
  assert.equal(replies.length, 8);
});

test("who was sent away over the digits is asked for them again when a press lets them in", async () => {
  for (const pressed of [true, false]) {
    const { threshold, replies, met, admitted } = await host();
    const maria = await step("Maria");
    const key = hex(await publicKeyOf(maria.pair));
    met.checked(key, "mismatch", 1);
    met.sentAway(key);
    await threshold.people([person("m", "patient")], Date.now());
    await threshold.knocked("m", await maria.step.knock(), Date.now());
    await threshold.opened("m", await opening(maria.step, replies), Date.now());
    if (pressed) await threshold.admit("m", Date.now());
    const outcome = met.check(key)?.outcome;
    assert.deepEqual([admitted.length, outcome], pressed ? [1, undefined] : [0, "mismatch"]);
  }
});

test("whose key is known, and who gets no answer any more, is told of beside their name", async () => {
  const { threshold, met } = await host();
  const maria = await step("Maria");
  met.admitted(hex(await publicKeyOf(maria.pair)));
  await threshold.people([person("m", "patient")], Date.now());
  for (let time = 0; time < 9; time++)
    await threshold.knocked("m", await new Doorstep(maria.candidate).knock(), Date.now());
  assert.deepEqual(threshold.asking(), [], "their last code lives still");
  const said = [{ participant: "m", name: "Maria", role: "patient", spent: true, inGroup: false }];
  assert.deepEqual(threshold.asking(Date.now() + CODE_LIVES_MS + 1), said);
});

test("a door that has no place for another code counts no answer that it did not give", async () => {
  const { threshold, replies, met } = await host();
  const full = new SecrecyError("full");
  const { answer } = Door.prototype;
  Door.prototype.answer = () => {
    throw full;
  };
  const maria = await step("Maria");
  await assert.rejects(threshold.knocked("m", await maria.step.knock(), Date.now()), full);
  Door.prototype.answer = answer;
  assert.deepEqual([met.tries, replies.length], [0, 0]);
});

test("whoever gets no answer before a code of theirs was begun is told of, inside and outside", async () => {
  const { threshold, met, replies } = await host();
  while (met.tries < 48) met.tried();
  const maria = await step("Maria");
  await threshold.knocked("m", await maria.step.knock(), Date.now());
  assert.equal(replies.length, 0);
  assert.deepEqual(threshold.atDoor().map(([id, , { spent }]) => [id, spent]), [["m", true]]);
  assert.deepEqual(threshold.asking(), [], "who has no place is told of at the door");
  await threshold.people([person("m", "patient")], Date.now());
  assert.deepEqual(threshold.asking().map(({ participant, spent }) => [participant, spent]), [["m", true]]);
  met.checked(hex(await publicKeyOf(maria.pair)), "matches", Date.now());
  assert.equal(threshold.asking().length, 1, "a match of before lets nobody in who is out now");
});

test("a knock that gets no answer leaves the code that was begun before as it is", async () => {
  const { threshold, replies, admitted } = await host();
  const maria = await step("Maria");
  for (let time = 1; time < 8; time++)
    await threshold.knocked("m", await new Doorstep(maria.candidate).knock(), Date.now());
  await threshold.admit("m", Date.now());
  await threshold.knocked("m", await maria.step.knock(), Date.now());
  const answered = await opening(maria.step, replies);
  // One more than anybody gets: over the limit, and in the way of nobody.
  await threshold.knocked("m", await new Doorstep(maria.candidate).knock(), Date.now());
  assert.equal(replies.length, 8);
  await threshold.opened("m", answered, Date.now());
  assert.equal(admitted.length, 1);
});

test("few codes are open at a time: the oldest ends when there are too many", async () => {
  const { threshold, admitted, replies } = await host();
  const pairs = new Map<string, CryptoKeyPair>();
  const knockAs = async (id: string) => {
    const pair = pairs.get(id) ?? (await makeIdentityKey());
    pairs.set(id, pair);
    const joiner = new Doorstep(await make(id, "patient", pair));
    await threshold.knocked(id, await joiner.knock(), Date.now());
    await threshold.opened(id, await opening(joiner, replies), Date.now());
  };
  for (let at = 0; at <= OPEN_CODES; at++) await knockAs(`p${at}`);
  await threshold.admit("p0", Date.now());
  assert.equal(admitted.length, 0, "nobody comes in by a code that ended");
  assert.equal(threshold.atDoor()[0]?.[1].name, "p0", "but the list still says who knocked");
  await knockAs("p0");
  assert.equal(admitted.length, 1, "a fresh one does it");
});

test("a code that nobody used ends after ten minutes", async () => {
  const { threshold, admitted, replies } = await host();
  const [maria, now] = [await step("Maria"), Date.now()];
  await threshold.knocked("m", await maria.step.knock(), now);
  await threshold.opened("m", await opening(maria.step, replies), now);
  const later = now + CODE_LIVES_MS + 1;
  await threshold.admit("m", later);
  assert.equal(admitted.length, 0);
  const afresh = new Doorstep(await make("Maria", "patient", maria.pair));
  await threshold.knocked("m", await afresh.knock(), later);
  await threshold.opened("m", await opening(afresh, replies), later);
  assert.equal(admitted.length, 1, "whoever was wanted needs no second press");
});

test("a press is for the key that stood there, and for no other under the same name", async () => {
  const { threshold, admitted, replies } = await host();
  const [maria, other, now] = [await step("Maria"), await step("Mallory"), Date.now()];
  await threshold.knocked("m", await maria.step.knock(), now);
  await threshold.opened("m", await opening(maria.step, replies), now);
  const later = now + CODE_LIVES_MS + 1;
  await threshold.admit("m", later);
  await threshold.knocked("m", await other.step.knock(), later);
  await threshold.opened("m", await opening(other.step, replies), later);
  assert.equal(admitted.length, 0);
  await threshold.admit("m", later);
  assert.equal(admitted.length, 1, "seen and pressed");
});

test("a page whose knock is old knocks afresh when it is let in", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  for (const id of ["host", "ana"]) world.open(id);
  await world.settle();
  world.pass(11 * 60);
  world.admit("host", "ana");
  await world.until(() => world.allOpen("host", "ana"), "both meet at once", 5);
  assert.equal(world.page("ana").secrecy.digits, world.page("host").secrecy.code?.digits);
  goOn();
});

test("a lost answer is said again, the same one, and is no second guess", async () => {
  const { threshold, replies } = await host();
  const maria = await step("Maria");
  const knock = await maria.step.knock();
  await threshold.knocked("m", knock, Date.now());
  await threshold.knocked("m", knock, Date.now());
  assert.equal(replies.length, 2);
  assert.deepEqual(replies[0], replies[1]);
  await threshold.opened("m", await opening(maria.step, replies), Date.now());
  await threshold.knocked("m", knock, Date.now());
  assert.equal(replies.length, 2, "not after it was opened");
});

test("whoever comes back, however often, gets an answer and brings no new digits", async () => {
  const { threshold, replies, admitted, room } = await host();
  const maria = await step("Maria");
  const key = hex(await publicKeyOf(maria.pair));
  await threshold.knocked("m", await maria.step.knock(), Date.now());
  await threshold.opened("m", await opening(maria.step, replies), Date.now());
  await threshold.admit("m", Date.now());
  await room.logged(admitted[0]?.commit ?? assert.fail("no commit"), Date.now());
  const first = threshold.digits(key);
  assert.ok(first);
  for (let time = 0; time < 12; time++) {
    const again = new Doorstep(await make("Maria", "patient", maria.pair));
    await threshold.knocked("m", await again.knock(), Date.now());
    await threshold.opened("m", await opening(again, replies, true), Date.now());
    assert.equal(threshold.digits(key), first);
  }
  assert.equal(replies.length, 13);
});

test("whoever reloads before their digits were read keeps the first ones at both ends", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  await world.add("elena", "interpreter");
  const all = ["host", "ana", "elena"];
  for (const id of all) world.open(id);
  await world.settle();
  for (const id of ["ana", "elena"]) world.admit("host", id);
  await world.until(() => world.allOpen(...all), "three meet");
  const [host, first] = [world.page("host"), world.page("elena").secrecy.digits];
  const ana = host.secrecy.code;
  assert.equal(ana?.name, "ana", "one after the other");
  world.open("elena");
  await world.until(() => world.allOpen(...all), "three meet again");
  assert.equal(world.page("elena").secrecy.digits, first);
  host.sealing.compared(ana?.key ?? "", "matches");
  await world.until(() => host.secrecy.code?.name === "elena", "her turn");
  assert.equal(host.secrecy.code?.digits, first);
  goOn();
});

test("whoever reloads thirty times in a row comes back each time", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  for (const id of ["host", "ana"]) world.open(id);
  await world.settle();
  world.admit("host", "ana");
  await world.until(() => world.allOpen("host", "ana"), "the two meet");
  const first = world.page("ana").secrecy.digits;
  for (let time = 1; time <= 30; time++) {
    world.open("ana");
    await world.until(() => world.allOpen("host", "ana"), `the two meet again after reload ${time}`);
  }
  assert.equal(world.page("ana").secrecy.digits, first);
  goOn();
});

test("whoever keeps the first digits until others suit them has guessed each time", async () => {
  for (const [kept, renewed] of [[3, true], [12, false]] as const) {
    const { threshold, replies, admitted, room } = await host();
    const maria = await step("Maria");
    const key = hex(await publicKeyOf(maria.pair));
    await threshold.knocked("m", await maria.step.knock(), Date.now());
    await threshold.opened("m", await opening(maria.step, replies), Date.now());
    await threshold.admit("m", Date.now());
    await room.logged(admitted[0]?.commit ?? assert.fail("no commit"), Date.now());
    const first = threshold.digits(key);
    const knocks = async (keeps: boolean, from = "m") => {
      const again = new Doorstep(await make("Maria", "patient", maria.pair));
      await threshold.knocked(from, await again.knock(), Date.now());
      await threshold.opened(from, await opening(again, replies, keeps), Date.now());
    };
    for (let time = 0; time < kept; time++) await knocks(true);
    assert.equal(threshold.tries(key), 1, "not counted so far");
    await knocks(false);
    if (!renewed) await knocks(false, "under another name");
    assert.equal(threshold.digits(key) === first, !renewed);
    if (renewed) assert.equal(threshold.tries(key), kept + 2, "all are counted now");
  }
});

test("a server that answers knock after knock gets 24 guesses out of a page, and no more", async () => {
  const friend = random(32);
  const tab = new Map<string, string>();
  const place = {
    getItem: (key: string) => tab.get(key) ?? null,
    setItem: (key: string, text: string) => void tab.set(key, text),
  };
  let met = new Met("visit", () => place);
  met.checked(hex(friend), "matches", 1);
  let promised: Bytes = random(32);
  const keep = (knock: Bytes) => {
    const parcel = readParcel(knock);
    if (parcel.kind === "knock") promised = parcel.commitment;
  };
  let knocking = new Knocking(keep);
  const me = { claims: { visit: "visit", role: "patient", name: "Ana" }, pair: await makeIdentityKey() };
  const answers = async (identity: () => Bytes) => {
    let openings = 0;
    for (let round = 0; round < 70; round++) {
      const fields = new Writer().field(identity()).field(random(32)).field(random(16)).field(random(32));
      const challenge = { kind: "challenge", commitment: promised, challenge: fields.done() } as const;
      const reply = await knocking.received(writeParcel(challenge), met);
      if (reply === "again") await knocking.knock(me as Standing);
      else if (reply) openings++;
    }
    return openings;
  };
  await knocking.knock(me as Standing);
  assert.equal(await answers(() => random(32)), GUESSES);
  assert.equal(await answers(() => random(32)), 0, "for the life of the page");
  met = new Met("visit", () => place);
  knocking = new Knocking(keep);
  await knocking.knock(me as Standing);
  assert.equal(await answers(() => random(32)), 0, "and of the tab: a reload begins no new count");
  const vouched = random(32);
  met.vouched({ key: hex(vouched), outcome: "matches", at: 1, by: hex(friend), name: "F" });
  assert.equal(await answers(() => vouched), 0, "a vouch opens nothing");
  assert.ok((await answers(() => friend)) > 30, "with whom the digits matched there is nothing to guess");
});

async function host() {
  const candidate = await make("Dr. Osei", "host", await makeIdentityKey());
  const group = await candidate.found(random(16), []);
  const admitted: Proposal[] = [];
  const replies: Bytes[] = [];
  const out = {
    note: () => undefined,
    commit: (proposal: Proposal) => void admitted.push(proposal),
    worker: () => undefined,
    event: () => undefined,
  };
  const room = await SealedRoom.enter(group, out, Date.now());
  const met = new Met("visit");
  const known = { visit: "visit", met, placed: [], wanted: new Map<string, string | null>() };
  const threshold = new Threshold(room, known, (_, parcel) => void replies.push(parcel));
  return { threshold, admitted, replies, met, room };
}

async function step(name: string) {
  const pair = await makeIdentityKey();
  const candidate = await make(name, "patient", pair);
  return { candidate, pair, step: new Doorstep(candidate) };
}

function make(name: string, role: "host" | "patient", pair: CryptoKeyPair): Promise<Candidate> {
  return Candidate.make({ visit: "visit", role, name }, pair, Date.now());
}

async function opening(joiner: Doorstep, replies: Bytes[], keeps = false): Promise<Bytes> {
  const challenge = replies.at(-1) ?? assert.fail("no challenge");
  return (await joiner.received(challenge, () => keeps)) ?? assert.fail("no opening");
}
