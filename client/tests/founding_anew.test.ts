// The host is gone, then the server as well: who meets whom when the host founds the group anew.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { stopTime, World } from "./sealed_world.ts";

let goOn = () => undefined as void;
before(() => void (goOn = stopTime()));
after(() => goOn());

// Delays by which an answer to an older knock once got in between; the second cost the newcomer her keys.
for (const seed of [1, 3, 5])
  test(`whom the deputy alone had met is let in by a host who founds anew, delays ${seed}`, async () => {
    const world = new World(seed);
    await world.add("host", "host");
    await world.add("deputy", "deputy");
    await world.add("patient", "patient");
    await world.add("elena", "interpreter");
    for (const id of ["host", "patient"]) world.open(id);
    await world.settle();
    world.admit("host", "patient");
    await world.until(() => world.allOpen("host", "patient"), "two meet");
    world.open("deputy");
    await world.until(() => world.page("host").secrecy.asking.length > 0, "the deputy asks");
    world.page("host").sealing.letIn("deputy");
    await world.until(() => world.allOpen("host", "patient", "deputy"), "three meet");
    for (const { key, you } of world.page("host").secrecy.members)
      if (!you) world.page("host").sealing.compared(key, "matches");
    await world.settle();

    world.close("host");
    world.open("elena");
    await world.until(() => world.page("deputy").secrecy.leads, "the deputy leads");
    world.admit("deputy", "elena");
    await world.until(() => world.allOpen("deputy", "patient", "elena"), "three meet without the host");

    world.restart();
    await world.until(() => world.allOpen("deputy", "patient", "elena"), "they go on");
    world.open("elena");
    await world.settle();
    world.pass(5);
    await world.until(() => world.allOpen("deputy", "patient"), "without her");

    world.open("host");
    const asks = () => world.page("host").secrecy.asking.some(({ participant }) => participant === "elena");
    await world.soon(asks, "she asks the host");
    world.page("host").sealing.letIn("elena");
    const all = ["host", "deputy", "patient", "elena"];
    await world.until(() => world.allOpen(...all), "all four meet, at once", 5);
    const codes = new Map(all.map((id) => [id, world.page(id).secrecy.digits]));
    const host = world.page("host").secrecy.code;
    assert.equal(host?.name, "elena");
    assert.equal(host?.digits, codes.get("elena"), "both ends of the new acquaintance read the same digits");
  });

/** The host has founded anew, and Elena, whom they never let in, stands in the room without keys. */
async function elenaWaits(): Promise<World> {
  const world = new World();
  await world.add("host", "host");
  await world.add("elena", "interpreter");
  for (const id of ["host", "elena"]) world.open(id);
  await world.settle();
  // A place by the server alone: no press on the host's page.
  world.place("elena");
  await world.settle();
  return world;
}

async function minutes(world: World, count: number): Promise<void> {
  for (let step = 0; step < count * 2; step++) {
    world.pass(30);
    await world.settle();
  }
}

test("whoever waits half an hour for a press is let in by it at once", async () => {
  const world = await elenaWaits();
  await minutes(world, 30);
  const [asks] = world.page("host").secrecy.asking;
  assert.deepEqual([asks?.participant, asks?.spent], ["elena", false]);
  world.page("host").sealing.letIn("elena");
  await world.until(() => world.allOpen("host", "elena"), "they meet", 5);
  assert.equal(world.page("host").secrecy.code?.digits, world.page("elena").secrecy.digits);
  assert.ok(!world.page("elena").secrecy.stuck);
});

test("whoever waits for longer than any code lives is told so, and so is the host", async () => {
  const world = await elenaWaits();
  await minutes(world, 85);
  assert.equal(world.page("host").secrecy.asking[0]?.spent, true);
  assert.ok(world.page("elena").secrecy.stuck, "not lost without a word");
});
