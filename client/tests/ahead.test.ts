// A deputy opens the room for a check before the host was ever there: who is with whom, what is said of it,
// and that nothing of it outlives it; also where the server lies.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Met } from "../src/room/met.ts";
import { truthOf } from "../src/ui/secrecy.ts";
import type { Stagehand } from "../src/ui/parts.ts";
import { makeIdentityKey } from "../src/secrecy/identity.ts";
import { random } from "../src/secrecy/bytes.ts";
import { candidate, is, signerIs, welcomeOf } from "./secrecy_people.ts";
import { keyOf, seenAt } from "./sealed_stories.ts";
import { stopTime, World } from "./sealed_world.ts";
import { roomed, run, said as arrives, welcome } from "./stories.ts";

let goOn = () => undefined as void;
before(() => void (goOn = stopTime()));
after(() => goOn());

/** The desk has opened the room for Ana, and both have keys. */
async function checking(): Promise<World> {
  const world = new World();
  for (const [id, role] of [["host", "host"], ["desk", "deputy"], ["ana", "patient"]] as const)
    await world.add(id, role);
  for (const id of ["ana", "desk"]) world.open(id);
  await world.settle();
  world.admit("desk", "ana");
  await world.until(() => world.allOpen("desk", "ana"), "the two meet under keys");
  return world;
}

test("the desk opens the room for one person, and both know whom they are with", async () => {
  const world = await checking();
  const [desk, ana] = [world.page("desk"), world.page("ana")];
  assert.ok(desk.secrecy.ahead && ana.secrecy.ahead && desk.secrecy.leads);
  assert.equal(desk.secrecy.code?.digits, ana.secrecy.code?.digits);
  assert.match(said(ana), /^truth-ahead \{"name":"desk"\} truth-ahead-so-far/);
  assert.match(said(desk), /^truth-ahead-desk \{"name":"ana"\} truth-ahead-so-far/);
  ana.sealing.compared(keyOf(world, "desk"), "matches");
  desk.sealing.compared(keyOf(world, "ana"), "matches");
  await world.settle();
  // Only the two hear it; and neither page says of the visit that it is private.
  for (const page of [ana, desk]) assert.match(said(page), /truth-ahead-checked/);
  assert.equal(ana.secrecy.members.find(({ name }) => name === "desk")?.device, "new", "kept for no visit");
});

test("the host founds anew: nothing of the check is left, and a press lets in", async () => {
  const world = await checking();
  const [desk, ana] = [keyOf(world, "desk"), keyOf(world, "ana")];
  world.page("ana").sealing.compared(desk, "matches");
  world.page("desk").sealing.compared(ana, "matches");
  await world.settle();
  world.sendBack("desk", "ana");
  await world.until(() => world.page("desk").secrecy.members.length === 1, "the desk is alone");
  world.open("host");
  await world.settle();
  assert.ok(!world.allOpen("desk", "host"), "the desk waits for the host's press");
  world.admit("host", "ana");
  await world.until(() => world.allOpen("host", "ana"), "clinician and patient meet");
  const seen = world.page("ana").secrecy;
  assert.deepEqual([seen.ahead, seenAt(world, "ana", "host")], [false, [undefined, undefined]]);
  assert.match(said(world.page("ana")), /^truth-so-far/);
  world.page("host").sealing.letIn("desk");
  await world.until(() => world.allOpen("host", "ana", "desk"), "three meet");
  for (const [page, name] of [["ana", "desk"], ["desk", "ana"]] as const)
    assert.deepEqual(seenAt(world, page, name), [undefined, undefined], `${page} knows nothing of ${name}`);
});

test("the host comes in the middle: both are out of the check, and nobody is let in unasked", async () => {
  const world = await checking();
  world.open("host");
  const asks = () => world.page("host").secrecy.asking.map(({ participant }) => participant).sort();
  await world.until(() => asks().join() === "ana,desk", "both ask the host");
  for (const id of ["ana", "desk"]) assert.equal(world.page(id).secrecy.ahead, false, id);
  assert.ok(!world.page("host").opens(world.page("ana")));
});

test("the desk reloads and lets the same person in again without a press", async () => {
  const world = await checking();
  world.open("desk");
  await world.until(() => world.allOpen("desk", "ana"), "they go on");
  assert.ok(world.page("ana").secrecy.ahead);
});

test("a server that calls somebody a deputy after the host was here gets nobody into a check", async () => {
  const world = new World();
  for (const [id, role] of [["host", "host"], ["mallory", "deputy"], ["ana", "patient"]] as const)
    await world.add(id, role);
  for (const id of ["host", "ana"]) world.open(id);
  await world.settle();
  world.admit("host", "ana");
  await world.until(() => world.allOpen("host", "ana"), "two meet");
  world.close("host");
  world.restart();
  // It says that no host was ever here, and that there is no group.
  world.hostCame = false;
  world.open("mallory");
  await world.settle();
  world.admit("mallory", "ana");
  for (let second = 0; second < 40; second++) {
    world.pass(1);
    await world.settle();
    assert.ok(!world.page("ana").opens(world.page("mallory")), "never under keys of a check");
  }
  assert.ok(!world.page("ana").secrecy.ahead);
});

test("a deputy whose page calls itself the host is met by nobody ahead of the host", async () => {
  const world = new World();
  await world.add("mallory", "deputy", "host");
  await world.add("ana", "patient");
  for (const id of ["ana", "mallory"]) world.open(id);
  await world.settle();
  world.admit("mallory", "ana");
  for (let second = 0; second < 40; second++) {
    world.pass(1);
    await world.settle();
    assert.ok(!world.page("ana").opens(world.page("mallory")), "never under keys of such a host");
  }
  const met = new Met(welcome("lobby", "patient").visit.id, () => world.tab("ana"));
  assert.deepEqual([met.hasHost, world.page("ana").secrecy.members.length], [false, 0]);
});

test("a Welcome made before the host came is opened at no time", async () => {
  const world = new World();
  world.carriesToLobby = true;
  await world.add("host", "host");
  await world.add("mallory", "deputy", "host");
  await world.add("ana", "patient");
  for (const id of ["ana", "mallory"]) world.open(id);
  await world.settle();
  world.page("mallory").sealing.letIn("ana");
  await world.until(() => world.page("mallory").secrecy.members.length === 2, "Ana has a Welcome");
  // The host opens the room, and is gone before they have founded.
  world.open("host");
  world.cut("host");
  await world.settle();
  world.admit("mallory", "ana");
  for (let second = 0; second < 80; second += 4) {
    world.pass(4);
    await world.settle();
    assert.ok(!world.page("ana").opens(world.page("mallory")), "never under keys of such a host");
  }
  const met = new Met(welcome("lobby", "patient").visit.id, () => world.tab("ana"));
  assert.deepEqual([met.hasHost, world.page("ana").secrecy.members.length], [false, 0]);
  // Without her the host, who has a line again, founds and meets Ana.
  world.close("mallory");
  world.mend("host");
  await world.until(() => world.page("host").secrecy.asking.length > 0, "Ana asks the host");
  world.page("host").sealing.letIn("ana");
  await world.until(() => world.allOpen("host", "ana"), "clinician and patient meet");
});

test("whose Welcome was not carried has keys as soon as they have a place", async () => {
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  for (const id of ["host", "ana"]) world.open(id);
  await world.settle();
  // Pressed, and the server had a reason to let nobody in.
  world.page("host").sealing.letIn("ana");
  await world.settle();
  assert.equal(world.page("host").secrecy.members.length, 1);
  world.place("ana");
  await world.until(() => world.allOpen("host", "ana"), "the two meet", 5);
});

test("the host is here and founds nothing: both are out of the check at once", async () => {
  const world = await checking();
  world.open("host");
  world.cut("host");
  await world.settle();
  for (const id of ["ana", "desk"])
    assert.deepEqual([world.page(id).secrecy.ahead, world.page(id).secrecy.stage], [false, "none"], id);
  assert.ok(!world.allOpen("desk", "ana"));
});

test("the desk opens the room in another tab, and the check goes on", async () => {
  const world = await checking();
  world.open("desk", true);
  await world.until(() => world.page("desk").secrecy.leads, "the desk founds anew");
  // What the tab knew of Ana is gone: the desk is asked once more.
  world.page("desk").sealing.letIn("ana");
  await world.until(() => world.allOpen("desk", "ana"), "they go on");
  assert.ok(world.page("ana").secrecy.ahead && world.page("desk").secrecy.ahead);
});

test("the desk's frame worker dies, and the check goes on", async () => {
  const world = await checking();
  world.page("desk").dies();
  await world.until(() => world.allOpen("desk", "ana"), "they go on");
  assert.ok(world.page("ana").secrecy.ahead && world.page("desk").secrecy.ahead);
});

test("a check is one deputy and one guest: no third, no host, no colleague, no lock", async () => {
  const pair = await makeIdentityKey();
  const { candidate: desk } = await candidate("Dana Desk", "deputy", pair);
  const id = random(16);
  const group = await desk.found(id, []);
  assert.ok(group.charter().check);
  for (const role of ["host", "deputy"] as const) {
    const { candidate: other } = await candidate("Somebody", role);
    await assert.rejects(group.admit(other.keyPackage, Date.now()), is("not-the-host"), role);
  }
  const { candidate: ana } = await candidate("Ana Ruiz");
  const proposal = await group.admit(ana.keyPackage, Date.now());
  await group.apply(proposal.commit, { now: Date.now(), silence: () => 0 });
  const dana = { name: "Dana Desk", role: "deputy" as const, pair, group };
  const joined = await ana.join(welcomeOf(proposal), { group: id, signer: signerIs(dana) });
  assert.ok(joined.charter().check);
  const { candidate: leo } = await candidate("Leo Park", "supporter");
  await assert.rejects(group.admit(leo.keyPackage, Date.now()), is("full"));
  const charter = group.charter();
  await assert.rejects(group.ordain({ ...charter, locked: true }), is("charter-by-stranger"));
  await assert.rejects(group.ordain({ ...charter, check: false }), is("not-the-host"));
  await assert.rejects((await candidate("Ana Ruiz")).candidate.found(random(16), []), is("not-the-host"));
  const more = (await candidate("Dana Desk", "deputy")).candidate.found(random(16), [random(32)]);
  await assert.rejects(more, is("not-the-host"), "and nobody after them in the order");
});

test("the desk's page lets in whom it was opened for as soon as it leads, and once", () => {
  const ana = { id: "ana", name: "Ana", role: "patient" as const, waited_ms: 0, badges: [] };
  const state = { ...roomed("deputy"), expected: "ana", waiting: [ana] };
  const leads = { ...state.secrecy, leads: true };
  const admits = (effects: ReturnType<typeof run>[1]) =>
    effects.filter((effect) => effect.do === "send" && effect.type === "admit").length;
  const [next, effects] = run(state, { kind: "secrecy", secrecy: leads });
  assert.deepEqual([admits(effects), next.expected], [1, null]);
  assert.equal(admits(run(next, { kind: "secrecy", secrecy: leads })[1]), 0);
});

test("whose half hour is over reads why they are out", () => {
  const title = "The half hour for this check is over.";
  const told = { type: "urn:alcove:check-over", title, detail: "" };
  const [state] = run(roomed("deputy"), arrives("problem", told));
  assert.deepEqual([state.stage, state.notice?.title], ["refused", title]);
});

function said(page: { secrecy: ReturnType<World["page"]>["secrecy"] }): string {
  const state = { ...roomed("patient"), secrecy: page.secrecy };
  const words = (key: string, values?: object) => `${key}${values ? ` ${JSON.stringify(values)}` : ""}`;
  return truthOf(state, { words, language: "en" } as unknown as Stagehand);
}
