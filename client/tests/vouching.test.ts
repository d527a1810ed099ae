// What whoever leads finds out about people: said to the group, and to the practice for its record.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Acquaintance } from "../src/room/acquaintance.ts";
import { Doorway } from "../src/room/doorway.ts";
import { Met } from "../src/room/met.ts";
import type { Standing } from "../src/room/standing.ts";
import { compare, meetAll } from "../src/room/vouching.ts";
import { type Bytes, hex, unhex } from "../src/secrecy/bytes.ts";
import { publicKeyOf } from "../src/secrecy/identity.ts";
import { SealedRoom } from "../src/secrecy/sealed_room.ts";
import { Visit, VISIT } from "./secrecy_people.ts";
import { asksHere, isChecked } from "../src/room/secrecy_view.ts";
import { stopTime, World } from "./sealed_world.ts";
import { person } from "./stories.ts";

const NOW = 1_795_289_400_000;

test("what the host says of the digits goes to the group and into the record, once each", async () => {
  const { room, standing, doorway, key, told } = await host();
  for (const outcome of ["skipped", "matches"] as const)
    assert.ok(await compare(room, standing, doorway, { key, outcome }));
  assert.deepEqual(told.record, ["ana skipped", "ana matches"]);
  const notes = told.notes;
  // Somebody else comes: they hear it too, and the record has it already.
  await meetAll(room, standing, doorway, true);
  assert.equal(told.notes, notes + 1);
  assert.equal(told.record.length, 2);
});

test("a guest's page says checked, and keeps a key, by the guest's own press alone", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  for (const id of ["host", "ana"]) world.open(id);
  await world.settle();
  world.admit("host", "ana");
  await world.until(() => world.allOpen("host", "ana"), "both meet");
  const [host, ana] = [world.page("host"), world.page("ana")];
  const seen = () => ana.secrecy.members.find(({ you }) => !you) ?? assert.fail("she sees the host");
  assert.equal(ana.secrecy.code?.digits, host.secrecy.code?.digits);

  host.sealing.compared(host.secrecy.code?.key ?? "", "matches");
  await world.until(() => asksHere(ana.secrecy.code), "she is asked");
  assert.ok(isChecked(host.secrecy));
  assert.ok(asksHere(ana.secrecy.code), "the host's word is a question");
  assert.ok(!isChecked(ana.secrecy));
  assert.deepEqual([seen().check, seen().device], [null, "new"], "and keeps no key");

  ana.sealing.compared(seen().key, "mismatch");
  await world.until(() => host.secrecy.doubted.length > 0, "the host hears of it");
  assert.deepEqual([ana.secrecy.stage, ana.secrecy.why], ["stopped", "mismatch"]);
  const doubted = host.secrecy.members.filter(({ key }) => host.secrecy.doubted.includes(key));
  assert.deepEqual(doubted.map(({ name }) => name), ["ana"], "the host is told why she is gone");
  const again = world.open("ana");
  await world.until(() => again.secrecy.why === "mismatch", "a reload does not talk it away");
  again.sealing.compared(host.secrecy.members.find(({ you }) => you)?.key ?? "", "again");
  await world.until(() => host.secrecy.doubted.length === 0, "and that it was taken back");
  assert.equal(again.secrecy.stage, "sealed");

  again.sealing.compared(again.secrecy.code?.key ?? "", "matches");
  await world.until(() => isChecked(again.secrecy), "checked");
  assert.equal(again.secrecy.members.find(({ you }) => !you)?.device, "known");
  goOn();
});

test("without a press here a vouch checks nobody whose digits the person here was to hear", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("deputy", "deputy");
  await world.add("ana", "patient");
  await world.add("elena", "interpreter");
  for (const id of ["host", "ana"]) world.open(id);
  await world.settle();
  world.admit("host", "ana");
  await world.until(() => world.allOpen("host", "ana"), "two meet");
  world.open("deputy");
  await world.until(() => world.page("host").secrecy.asking.length > 0, "the deputy asks");
  world.page("host").sealing.letIn("deputy");
  await world.until(() => world.allOpen("host", "ana", "deputy"), "three meet");
  for (const id of ["ana", "deputy"]) world.page("host").sealing.compared(keyOf("host", id), "matches");
  await world.settle();

  // Two leaves of one false host say of each other what they like.
  const vouch = async (by: string, of: string) => {
    const room = world.page(by).sealing.room ?? assert.fail(`${by} is in`);
    await room.vouch(unhex(keyOf(by, of)), "matches", Date.now());
    await world.settle();
  };
  await vouch("deputy", "host");
  assert.deepEqual(checksAt("ana"), [["deputy", null], ["host", null]]);
  world.page("ana").sealing.compared(keyOf("ana", "host"), "mismatch");
  await vouch("deputy", "host");
  const again = world.open("ana");
  await world.until(() => again.secrecy.why === "mismatch", "an own word is not overwritten");
  again.sealing.compared(keyOf("host", "host"), "again");
  await world.settle();

  world.close("host");
  world.open("elena");
  await world.until(() => world.page("deputy").secrecy.leads, "the deputy leads");
  // Who let the deputy in vouched for everybody, and was never heard at this page.
  assert.deepEqual(checksAt("deputy"), [["ana", null]]);
  world.admit("deputy", "elena");
  await world.until(() => world.allOpen("deputy", "ana", "elena"), "three meet without the host");
  world.open("host");
  await world.until(() => world.allOpen("host", "deputy", "ana", "elena"), "the host is back");
  await vouch("host", "deputy");
  assert.deepEqual(checksAt("elena").find(([name]) => name === "deputy"), ["deputy", null]);
  // Once she has heard who let her in, that one's word of the others counts.
  world.page("elena").sealing.compared(keyOf("elena", "deputy"), "matches");
  await world.settle();
  await vouch("deputy", "ana");
  const seen = new Map(checksAt("elena"));
  assert.deepEqual([...seen], [["ana", "matches"], ["deputy", "matches"], ["host", null]]);
  goOn();

  function keyOf(page: string, name: string): string {
    return world.page(page).secrecy.members.find((one) => one.name === name)?.key ?? assert.fail(name);
  }
  function checksAt(page: string): [string, string | null][] {
    const others = world.page(page).secrecy.members.filter(({ you }) => !you);
    return others.map(({ name, check }): [string, string | null] => [name, check?.outcome ?? null]).sort();
  }
});

test("a device known from a visit before is in the record without a press", async () => {
  const { room, standing, doorway, key, told } = await host();
  standing.met.checked(key, "known-device", NOW);
  await meetAll(room, standing, doorway, true);
  assert.deepEqual(told.record, ["ana known_device"]);
});

test("digits that do not match are recorded before the person is out of the group", async () => {
  const { room, standing, doorway, key, told } = await host();
  await compare(room, standing, doorway, { key, outcome: "mismatch" });
  assert.deepEqual(told.record, ["ana mismatch"]);
  assert.deepEqual(told.order, ["record", "commit"]);
  assert.ok(standing.met.isOut(key));
});

test("of somebody who is not in the group nothing is said", async () => {
  const { room, standing, doorway, told } = await host();
  const nobody = "00".repeat(32);
  assert.ok(!(await compare(room, standing, doorway, { key: nobody, outcome: "matches" })));
  assert.deepEqual([told.record, told.order], [[], []]);
});

/** The host's page with one patient in the group, whom the server calls "ana". */
async function host() {
  const visit = await Visit.of("Ana Ruiz");
  const key = hex(await publicKeyOf(visit.person("Ana Ruiz").pair));
  const told = { notes: 0, record: [] as string[], order: [] as string[] };
  const out = {
    note: (_: Bytes) => void told.notes++,
    commit: () => void told.order.push("commit"),
    worker: () => undefined,
    event: () => undefined,
  };
  const room = await SealedRoom.enter(visit.host.group, out, NOW);
  const met = new Met(VISIT);
  const own = visit.host.pair;
  const claims = { visit: VISIT, role: "host", name: "Dr. Reed" } as const;
  const devices = { look: async () => undefined, verified: async () => undefined };
  const standing: Standing = {
    claims,
    pair: own,
    key: hex(await publicKeyOf(own)),
    met,
    devices: devices as unknown as Acquaintance,
    scope: "device",
  };
  const doorway = new Doorway(
    () => undefined,
    (participant, heard) => {
      told.record.push(`${participant} ${heard}`);
      told.order.push("record");
    },
  );
  const placed = [person("me", "host", true), { ...person("ana", "patient"), name: "Ana Ruiz" }];
  await doorway.open(room, standing, placed);
  [told.notes, told.order] = [0, []];
  return { room, standing, doorway, key, told };
}
