// Whoever comes back without what their tab knew has the same digits as who leads, and is asked for them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asksHere, isOver } from "../src/room/secrecy_view.ts";
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
