// Presses on a line that is dead: what others have to hear is said again when it is back, and no more.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asksHere } from "../src/room/secrecy_view.ts";
import { keyOf, seenAt, withDeputy } from "./sealed_stories.ts";
import { stopTime, World } from "./sealed_world.ts";

test("what was pressed on a dead line is said again when it is back, also for the record", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  for (const id of ["host", "ana"]) world.open(id);
  await world.settle();
  world.admit("host", "ana");
  await world.until(() => world.allOpen("host", "ana"), "the two meet");
  const [host, ana] = [world.page("host"), world.page("ana")];
  world.cut("host");
  host.sealing.compared(keyOf(world, "ana"), "matches");
  await world.settle();
  assert.deepEqual([asksHere(ana.secrecy.code), world.record], [false, []], "nothing got through");
  world.mend("host");
  await world.until(() => asksHere(ana.secrecy.code), "she is asked");
  assert.deepEqual([...new Set(world.record)], ["host: ana matches"]);

  world.cut("ana");
  ana.sealing.compared(keyOf(world, "host"), "mismatch");
  await world.settle();
  assert.deepEqual([ana.secrecy.stage, host.secrecy.doubted], ["stopped", []]);
  world.mend("ana");
  await world.until(() => host.secrecy.doubted.length === 1, "the host hears why her picture is gone");
  goOn();
});

test("what was pressed on a dead line is said under the keys of now, however many came since", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  const [host, deputy] = [world.page("host"), world.page("deputy")];
  const at = keyOf(world, "host");
  world.page("ana").sealing.compared(keyOf(world, "host"), "matches");
  await world.settle();
  for (const id of ["ana", "deputy"]) world.cut(id);
  world.page("ana").sealing.compared(at, "mismatch");
  deputy.sealing.compared(at, "matches");
  await world.settle();
  const epoch = () => host.sealing.room?.group.epoch ?? 0;
  const before = epoch();
  for (const locked of [true, false]) {
    host.sealing.asked("lock", { locked });
    await world.until(() => host.sealing.room?.group.charter().locked === locked, "another epoch");
  }
  assert.ok(epoch() >= before + 2);
  for (const id of ["ana", "deputy"]) world.mend(id);
  await world.settle();
  assert.deepEqual(host.secrecy.doubted, [keyOf(world, "ana")], "the host hears why her picture is gone");
  assert.equal(host.secrecy.members.find(({ you }) => you)?.check?.by, "deputy", "and of the deputy's word");
  goOn();
});

test("what counted on the own page alone is not said to all when a line is back", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  const [host, deputy] = [world.page("host"), world.page("deputy")];
  await world.settle();
  const record = world.record.length;
  deputy.sealing.compared(keyOf(world, "host"), "mismatch");
  await world.settle();
  world.cut("deputy");
  world.mend("deputy");
  await world.settle();
  assert.deepEqual([deputy.secrecy.stage, host.secrecy.stage], ["stopped", "sealed"], "a doubt, as before");
  assert.deepEqual(host.secrecy.doubted, [keyOf(world, "deputy")]);
  assert.deepEqual(seenAt(world, "ana", "host"), [undefined, undefined]);
  deputy.sealing.compared(keyOf(world, "host"), "again");
  deputy.sealing.compared(keyOf(world, "host"), "matches");
  await world.settle();
  world.cut("deputy");
  world.mend("deputy");
  await world.settle();
  assert.deepEqual(world.record.slice(record), [], "and nothing for the record");
  goOn();
});

test("a Welcome that a dead line held up is opened when it is back, without another knock", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  for (const id of ["host", "ana"]) world.open(id);
  const isAtDoor = () => world.page("host").secrecy.door["ana"] !== undefined;
  await world.until(isAtDoor, "she has answered the door");
  world.cut("ana");
  world.admit("host", "ana");
  await world.settle();
  assert.equal(world.page("host").secrecy.members.length, 2, "a Welcome is on its way");
  world.mend("ana");
  await world.until(() => world.allOpen("host", "ana"), "the two meet");
  assert.deepEqual(world.knocks, ["ana"]);
  goOn();
});

test("an opening that a dead line lost is said again when it is back, for no other knock", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  const received = world.received.bind(world);
  let lost = false;
  world.received = (from, type, body, refuse) => {
    if (lost || from.id !== "ana" || type !== "door") return received(from, type, body, refuse);
    lost = true;
    world.cut("ana");
  };
  for (const id of ["host", "ana"]) world.open(id);
  await world.soon(() => lost, "she has read the host's answer, and hers is lost");
  world.admit("host", "ana");
  await world.settle();
  assert.equal(world.page("host").secrecy.members.length, 1, "pressed, and nobody to let in yet");
  world.mend("ana");
  await world.until(() => world.allOpen("host", "ana"), "the two meet, at once", 5);
  assert.deepEqual(world.knocks, ["ana"]);
  assert.equal(world.page("host").secrecy.code?.digits, world.page("ana").secrecy.digits);
  goOn();
});
