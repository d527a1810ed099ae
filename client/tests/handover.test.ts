// Who was checked by whom once somebody else leads: an own word that holds, a word that is passed on, digits
// that are asked for anew; and presses on a line that is dead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Met } from "../src/room/met.ts";
import { asksHere, byWord, isChecked, isOver } from "../src/room/secrecy_view.ts";
import { hex } from "../src/secrecy/bytes.ts";
import { compareBoth, keyOf, letInByDeputy, seenAt, withDeputy } from "./sealed_stories.ts";
import { stopTime, World } from "./sealed_world.ts";

test("an own does-not-match holds whoever leads afterwards, until it is taken back", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  const [host, deputy] = [keyOf(world, "host"), keyOf(world, "deputy")];
  world.page("ana").sealing.compared(host, "mismatch");
  await world.settle();
  world.close("host");
  await world.until(() => world.page("deputy").secrecy.leads, "the deputy leads");
  const stays = () => {
    const { stage, why, doubts } = world.page("ana").secrecy;
    return [stage, why, doubts === host];
  };
  assert.deepEqual(stays(), ["stopped", "mismatch", true], "the button that takes it back is there still");
  world.open("ana");
  await world.until(() => world.page("ana").secrecy.opposite === deputy, "the deputy lets her in");
  await world.settle();
  assert.deepEqual(stays(), ["stopped", "mismatch", true]);
  const doubted = () => world.page("deputy").secrecy.doubted;
  assert.deepEqual(doubted(), [keyOf(world, "ana")], "whoever leads is told why her picture is gone");

  world.page("ana").sealing.compared(host, "again");
  await world.settle();
  const { stage, code } = world.page("ana").secrecy;
  assert.deepEqual([stage, code?.name, code?.check], ["sealed", "deputy", null]);
  assert.deepEqual(doubted(), []);
  goOn();
});

test("an old word of a deputy keeps nobody dark who takes the own word back", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  const [host, by, key] = [keyOf(world, "host"), keyOf(world, "deputy"), keyOf(world, "ana")];
  const old = { by, name: "deputy", key, outcome: "mismatch", at: Date.now() } as const;
  new Met("visit", () => world.tab("ana")).vouched(old);
  const ana = world.open("ana");
  await world.until(() => world.allOpen("host", "deputy", "ana"), "she is back");
  await world.settle();
  ana.sealing.compared(host, "mismatch");
  await world.settle();
  assert.equal(ana.secrecy.stage, "stopped");
  ana.sealing.compared(host, "again");
  await world.settle();
  assert.equal(ana.secrecy.stage, "sealed");
  goOn();
});

test("another host key takes no own does-not-match back", () => {
  const met = new Met("visit", () => ({ getItem: () => null, setItem: () => undefined }));
  met.hostIs("one");
  met.checked("one", "mismatch", 1);
  met.doubted("one");
  met.hostIs("two");
  assert.deepEqual([met.check("one"), met.doubts], [null, "one"]);
});

test("whoever a deputy let in knows the host by the deputy's word, and the other way round", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  world.page("deputy").sealing.compared(keyOf(world, "host"), "matches");
  await letInByDeputy(world);
  const elena = world.page("elena").secrecy.code;
  const there = world.page("deputy").secrecy.code;
  assert.deepEqual([elena?.name, elena?.digits, there?.name], ["deputy", there?.digits, "elena"]);
  world.page("deputy").sealing.compared(keyOf(world, "elena"), "matches");
  world.page("elena").sealing.compared(keyOf(world, "deputy"), "matches");
  await world.settle();

  world.open("host");
  await world.until(() => world.allOpen("host", "deputy", "elena"), "the host is back");
  await world.settle();
  assert.deepEqual(seenAt(world, "elena", "host"), ["matches", "deputy"]);
  assert.deepEqual(seenAt(world, "host", "elena"), ["matches", "deputy"]);
  assert.deepEqual(seenAt(world, "elena", "deputy"), ["matches", undefined], "that one she heard herself");
  const { secrecy } = world.page("elena");
  // Of the patient the host's word counts by way of the deputy's.
  assert.deepEqual(seenAt(world, "elena", "ana"), ["matches", "host"]);
  assert.ok(isChecked(secrecy) && !isChecked(world.page("ana").secrecy), "she has pressed nothing");
  assert.deepEqual(byWord(secrecy), { by: "deputy", name: "host" });
  assert.deepEqual([secrecy.unmet, byWord(world.page("deputy").secrecy)], [null, null]);
  goOn();
});

test("where nobody's word leads to the host, a press brings digits, the same at both ends", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  await letInByDeputy(world);
  world.open("host");
  await world.until(() => world.allOpen("host", "deputy", "elena"), "the host is back");
  await world.settle();
  const [elena, host] = [world.page("elena"), world.page("host")];
  // Nobody compared anything: the deputy leads no more, and has no card for her.
  assert.deepEqual([elena.secrecy.code, elena.secrecy.unmet?.name], [null, "host"]);
  assert.ok(!isChecked(elena.secrecy));
  // Her half must not come too late, whatever her line is like: nobody could ask for it again.
  world.lag("elena", 150);
  elena.sealing.compared(elena.secrecy.unmet?.key ?? "", "again");
  await world.until(() => elena.secrecy.code !== null && elena.secrecy.stage === "sealed", "digits");
  await world.until(() => world.allOpen("host", "deputy", "elena"), "nobody is lost by it");
  await world.until(() => host.secrecy.code?.name === "elena", "the host is asked, too");
  assert.deepEqual([elena.secrecy.code?.name, elena.secrecy.unmet], ["host", null]);
  assert.equal(elena.secrecy.code?.digits, host.secrecy.code?.digits);
  host.sealing.compared(keyOf(world, "elena"), "matches");
  elena.sealing.compared(keyOf(world, "host"), "matches");
  await world.settle();
  assert.deepEqual(seenAt(world, "elena", "host"), ["matches", undefined]);
  assert.deepEqual(seenAt(world, "host", "elena"), ["matches", undefined]);
  goOn();
});

/** Whoever was let in by the deputy, the host, and who of the two has pressed what so far. */
const HALF: [string, (world: World) => void][] = [
  ["the deputy alone", (world) => world.page("deputy").sealing.compared(keyOf(world, "elena"), "matches")],
  ["the guest alone", (world) => world.page("elena").sealing.compared(keyOf(world, "deputy"), "matches")],
  ["the deputy not now", (world) => {
    world.page("elena").sealing.compared(keyOf(world, "deputy"), "matches");
    world.page("deputy").sealing.compared(keyOf(world, "elena"), "skipped");
  }],
];
for (const [who, presses] of HALF)
  test(`a word that leads one way only keeps digits from nobody: pressed by ${who}`, async () => {
    const goOn = stopTime();
    const world = await withDeputy();
    world.page("deputy").sealing.compared(keyOf(world, "host"), "matches");
    await letInByDeputy(world);
    presses(world);
    await world.settle();
    world.open("host");
    await world.until(() => world.allOpen("host", "deputy", "elena"), "the host is back");
    await world.settle();
    const [elena, host] = [world.page("elena"), world.page("host")];
    assert.equal(elena.secrecy.unmet?.name, "host", "she is offered digits");
    elena.sealing.compared(elena.secrecy.unmet?.key ?? "", "again");
    await compareBoth(world, "elena");
    assert.ok(isChecked(host.secrecy), "private for the host, too");
    goOn();
  });

test("who knows the host by another's word has digits to compare all the same", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  const [host, deputy] = [keyOf(world, "host"), keyOf(world, "deputy")];
  world.page("deputy").sealing.compared(host, "matches");
  await world.settle();
  // As if she had heard the deputy, and the host for the first time now.
  new Met("visit", () => world.tab("ana")).checked(deputy, "matches", Date.now());
  const ana = world.open("ana");
  await world.until(() => world.allOpen("host", "deputy", "ana"), "she is back");
  await world.settle();
  assert.deepEqual(seenAt(world, "ana", "host"), ["matches", "deputy"]);
  const { code } = ana.secrecy;
  assert.ok(code && !isOver(code), "the digits are there still, and nobody says that they matched");
  assert.deepEqual([code.check, asksHere(code)], [null, true]);
  goOn();
});

test("an own press leads to who let us in by another's word, a known device does not", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  const [host, deputy] = [keyOf(world, "host"), keyOf(world, "deputy")];
  world.page("deputy").sealing.compared(host, "matches");
  await world.settle();
  const cases = [["known-device", undefined, undefined], ["matches", "matches", "deputy"]] as const;
  for (const [known, ...seen] of cases) {
    new Met("visit", () => world.tab("ana")).checked(deputy, known, Date.now());
    const ana = world.open("ana");
    await world.until(() => world.allOpen("host", "deputy", "ana"), "she is back");
    await world.settle();
    assert.deepEqual(seenAt(world, "ana", "host"), seen);
    assert.equal(isChecked(ana.secrecy), known === "matches");
  }
  goOn();
});

test("a deputy let in by another deputy gets digits with the host, and a place in the order", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  await world.add("second", "deputy");
  world.page("deputy").sealing.compared(keyOf(world, "host"), "matches");
  world.close("host");
  await world.until(() => world.page("deputy").secrecy.leads, "the deputy leads");
  world.open("second");
  await world.until(() => world.page("deputy").secrecy.asking.length > 0, "the second asks");
  world.page("deputy").sealing.letIn("second");
  await world.until(() => world.allOpen("deputy", "second"), "they meet");
  world.page("deputy").sealing.compared(keyOf(world, "second"), "matches");
  world.page("second").sealing.compared(keyOf(world, "deputy"), "matches");
  await world.settle();
  world.open("host");
  await world.until(() => world.allOpen("host", "deputy", "second"), "the host is back");
  await world.settle();
  const second = world.page("second");
  assert.equal(second.secrecy.unmet?.name, "host");
  second.sealing.compared(second.secrecy.unmet?.key ?? "", "again");
  await compareBoth(world, "second");
  const order = world.page("host").sealing.room?.group.charter().order.map(hex);
  assert.ok(order?.includes(keyOf(world, "second")), "the host put them into the order");
  goOn();
});

test("whoever asks for digits where no answer is left stays in the room as before", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  await letInByDeputy(world);
  // All of the host's answers are used up.
  const met = new Met("visit", () => world.tab("host"));
  while (met.tries < 48) met.tried();
  world.open("host");
  await world.until(() => world.allOpen("host", "deputy", "elena"), "the host is back");
  await world.settle();
  const elena = world.page("elena");
  elena.sealing.compared(elena.secrecy.unmet?.key ?? assert.fail("unmet"), "again");
  for (let second = 0; second < 20; second++) {
    world.pass(1);
    await world.settle();
  }
  assert.deepEqual([elena.secrecy.stage, elena.secrecy.unmet?.name], ["sealed", "host"]);
  assert.ok(world.allOpen("host", "deputy", "elena"), "she is seen and heard as before");
  assert.ok(elena.secrecy.unheard, "she is told that none come");
  const { asking } = world.page("host").secrecy;
  const told = asking.map(({ participant, spent, inGroup }) => ({ participant, spent, inGroup }));
  assert.deepEqual(told, [{ participant: "elena", spent: true, inGroup: true }], "and so is the host");
  goOn();
});

test("digits stand on both pages within the first minute, and nobody asked for them", async () => {
  const goOn = stopTime();
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  for (const id of ["host", "ana"]) world.open(id);
  await world.settle();
  world.admit("host", "ana");
  await world.until(() => world.allOpen("host", "ana"), "the two meet");
  const [host, ana] = [world.page("host"), world.page("ana")];
  await world.until(() => host.secrecy.code !== null && ana.secrecy.code !== null, "digits", 60);
  assert.deepEqual([host.secrecy.code?.hosting, ana.secrecy.code?.hosting], [true, false]);
  goOn();
});

test("a deputy who hears the host's digits says so to everybody at once", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  await letInByDeputy(world);
  world.page("elena").sealing.compared(keyOf(world, "deputy"), "matches");
  world.open("host");
  await world.until(() => world.allOpen("host", "deputy", "elena"), "the host is back");
  await world.settle();
  assert.deepEqual(seenAt(world, "elena", "host"), [undefined, undefined]);
  const record = world.record.length;
  world.page("deputy").sealing.compared(keyOf(world, "host"), "matches");
  await world.settle();
  assert.deepEqual(seenAt(world, "elena", "host"), ["matches", "deputy"]);
  assert.equal(world.record.length, record, "and nothing for the record");
  goOn();
});

test("what a deputy misheard is put right for everybody by who leads, when the digits match", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  world.page("ana").sealing.compared(keyOf(world, "host"), "matches");
  await letInByDeputy(world);
  const elena = keyOf(world, "elena");
  world.page("deputy").sealing.compared(elena, "mismatch");
  await world.until(() => world.page("elena").secrecy.why === "mismatch", "she is out");
  world.open("host");
  await world.until(() => world.allOpen("host", "deputy", "ana"), "the host is back");
  world.open("elena");
  await world.until(() => world.page("host").secrecy.asking.length > 0, "she asks");
  world.page("host").sealing.letIn("elena");
  await world.until(() => world.allOpen("host", "deputy", "ana", "elena"), "four meet");
  await world.settle();
  assert.deepEqual(seenAt(world, "ana", "elena"), ["mismatch", "deputy"], "until somebody heard better");
  world.pass(1);
  await compareBoth(world, "elena");
  assert.deepEqual(seenAt(world, "ana", "elena"), ["matches", "host"]);
  assert.ok(isChecked(world.page("ana").secrecy), "private again, on third pages too");
  goOn();
});
