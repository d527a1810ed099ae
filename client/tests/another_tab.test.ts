// Whoever comes back without what their tab knew has the same digits as who leads, and is asked for them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asksHere, isOver } from "../src/room/secrecy_view.ts";
import { compareBoth, keyOf, withDeputy } from "./sealed_stories.ts";
import { stopTime, World } from "./sealed_world.ts";

test("whoever comes back in another tab has the same digits as who leads, and both are asked", async () => {
  for (const heard of [false, true]) {
    const goOn = stopTime();
    const world = new World();
    await world.add("host", "host");
    await world.add("ana", "patient");
    for (const id of ["host", "ana"]) world.open(id);
    await world.settle();
    world.admit("host", "ana");
    await world.until(() => world.allOpen("host", "ana"), "the two meet");
    const host = world.page("host");
    const first = host.secrecy.code ?? assert.fail("digits");
    if (heard) host.sealing.compared(first.key, "matches");
    if (heard) world.page("ana").sealing.compared(host.secrecy.leader ?? "", "matches");
    await world.settle();
    world.lag("ana", 150);
    const ana = world.open("ana", true);
    await world.until(() => ana.secrecy.code !== null && world.allOpen("host", "ana"), "she is back");
    await world.until(() => host.secrecy.code?.digits !== first.digits, "the host has her new digits");
    const codes = [host, ana].map(({ secrecy }) => secrecy.code ?? assert.fail("no digits"));
    assert.equal(codes[0]?.digits, codes[1]?.digits);
    assert.deepEqual(codes.map(isOver), [false, false], "to compare at both ends");
    assert.ok(!asksHere(codes[1] ?? null), "nobody says yet that these match");
    world.lag("ana", 0);
    host.sealing.compared(first.key, "matches");
    await world.until(() => asksHere(ana.secrecy.code), "heard at one end");
    goOn();
  }
});

test("a deputy who comes back in another tab is out of the order until they are heard again", async () => {
  const goOn = stopTime();
  const world = await withDeputy();
  const order = () => world.page("host").sealing.room?.group.charter().order.length;
  world.open("deputy");
  await world.until(() => world.allOpen("host", "ana", "deputy"), "back in the same tab");
  await world.settle();
  assert.equal(order(), 2, "a reload costs nothing");
  world.lag("deputy", 150);
  world.open("deputy", true);
  await world.until(() => world.allOpen("host", "ana", "deputy"), "back in another tab");
  await world.until(() => order() === 1, "out of the order");
  world.lag("deputy", 0);
  await compareBoth(world, "deputy");
  await world.until(() => order() === 2, `${keyOf(world, "deputy")} is in the order again`);
  goOn();
});
