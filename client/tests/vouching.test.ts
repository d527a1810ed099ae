// What whoever leads finds out about people: said to the group, and to the practice for its record.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Acquaintance } from "../src/room/acquaintance.ts";
import { Doorway } from "../src/room/doorway.ts";
import { Met } from "../src/room/met.ts";
import type { Standing } from "../src/room/standing.ts";
import { compare, meetAll } from "../src/room/vouching.ts";
import { type Bytes, hex } from "../src/secrecy/bytes.ts";
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
  await world.settle();
  assert.ok(isChecked(host.secrecy));
  assert.ok(asksHere(ana.secrecy.code), "the host's word is a question");
  assert.ok(!isChecked(ana.secrecy));
  assert.deepEqual([seen().check, seen().device], [null, "new"], "and keeps no key");

  ana.sealing.compared(seen().key, "mismatch");
  await world.settle();
  assert.deepEqual([ana.secrecy.stage, ana.secrecy.why], ["stopped", "mismatch"]);
  const doubted = host.secrecy.members.filter(({ key }) => host.secrecy.doubted.includes(key));
  assert.deepEqual(doubted.map(({ name }) => name), ["ana"], "the host is told why she is gone");
  const again = world.open("ana");
  await world.until(() => again.secrecy.why === "mismatch", "a reload does not talk it away");
  again.sealing.compared(host.secrecy.members.find(({ you }) => you)?.key ?? "", "again");
  await world.settle();
  assert.equal(again.secrecy.stage, "sealed");
  assert.deepEqual(host.secrecy.doubted, [], "and that it was taken back");

  again.sealing.compared(again.secrecy.code?.key ?? "", "matches");
  await world.settle();
  assert.ok(isChecked(again.secrecy));
  assert.equal(again.secrecy.members.find(({ you }) => !you)?.device, "known");
  goOn();
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
