// Who was removed and keeps every key they had, and who comes late, while a dishonest server hands both of
// them everything that is ever sent.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Bytes } from "../src/secrecy/bytes.ts";
import { type Page, stopTime, World } from "./sealed_world.ts";

let goOn = () => undefined as void;
before(() => void (goOn = stopTime()));
after(() => goOn());

test("who was removed and keeps all keys opens nothing that is sent two seconds later", async () => {
  const world = await three();
  const [host, ana, eve] = [world.page("host"), world.page("ana"), world.page("eve")];
  for (const frame of await words(host, ana)) assert.ok(await eve.stillOpens(frame), "while she is in it");
  world.remove("host", "eve");
  const two = [host, ana];
  await world.until(() => two.every(({ secrecy }) => secrecy.members.length === 2), "she is out");
  world.pass(2);
  await world.settle();
  for (const frame of await words(host, ana)) assert.ok(!(await eve.stillOpens(frame)));
  for (const frame of await words(ana)) assert.ok(await host.stillOpens(frame), "the others hear each other");
});

test("who comes late opens nothing from before, with every key they get", async () => {
  const world = await three();
  const [host, ana] = [world.page("host"), world.page("ana")];
  const before = await words(host, ana);
  await world.add("late", "supporter");
  world.open("late");
  await world.settle();
  world.admit("host", "late");
  await world.until(() => world.allOpen("host", "ana", "eve", "late"), "four meet");
  const late = world.page("late");
  for (const frame of before) assert.ok(!(await late.stillOpens(frame)));
  for (const frame of await words(host, ana)) assert.ok(await late.stillOpens(frame), "but what is said now");
});

async function three(): Promise<World> {
  const world = new World();
  await world.add("host", "host");
  await world.add("ana", "patient");
  await world.add("eve", "supporter");
  for (const id of ["host", "ana", "eve"]) world.open(id);
  await world.settle();
  for (const id of ["ana", "eve"]) world.admit("host", id);
  await world.until(() => world.allOpen("host", "ana", "eve"), "three meet");
  return world;
}

/** A few words of each. */
async function words(...pages: Page[]): Promise<Bytes[]> {
  const sealed = await Promise.all([...pages, ...pages, ...pages].map((page) => page.seal()));
  return sealed.map((frame) => frame ?? assert.fail("everybody in the room may speak"));
}
