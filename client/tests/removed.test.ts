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

test("whom the host removed comes back by no deputy's page without a press", async () => {
  const world = new World();
  await world.add("host", "host");
  await world.add("deputy", "deputy");
  await world.add("eve", "supporter");
  for (const id of ["host", "deputy"]) world.open(id);
  await world.until(() => world.page("host").secrecy.asking.length > 0, "the deputy asks");
  world.page("host").sealing.letIn("deputy");
  await world.until(() => world.allOpen("host", "deputy"), "two meet");
  world.page("host").sealing.compared(keyOf(world.page("host")), "matches");
  await world.settle();
  const away = async () => {
    world.close("host");
    await world.until(() => world.page("deputy").secrecy.leads, "the deputy leads");
  };
  await away();
  world.open("eve");
  await world.settle();
  world.admit("deputy", "eve");
  await world.until(() => world.allOpen("deputy", "eve"), "the deputy lets her in");
  world.open("host");
  await world.until(() => world.allOpen("host", "deputy", "eve"), "the host is back");

  world.remove("host", "eve");
  await world.until(() => world.page("deputy").secrecy.members.length === 2, "she is out");
  await away();
  // The server gives her a place all the same, and passes on her knock.
  world.open("eve");
  const asks = () => world.page("deputy").secrecy.asking.some(({ participant }) => participant === "eve");
  await world.until(asks, "she asks");
  for (let second = 0; second < 20; second++) {
    world.pass(1);
    await world.settle();
  }
  assert.deepEqual(world.page("deputy").secrecy.members.map(({ name }) => name), ["deputy"]);
  world.page("deputy").sealing.letIn("eve");
  await world.until(() => world.allOpen("deputy", "eve"), "a press lets her in");
});

test("whose digits matched and who was sent away is let in again by a press", async () => {
  const world = await three();
  const host = world.page("host");
  const key = host.secrecy.members.find(({ name }) => name === "eve")?.key ?? assert.fail("eve is not here");
  host.sealing.compared(key, "matches");
  await world.settle();
  world.remove("host", "eve");
  await world.until(() => host.secrecy.members.length === 2, "she is out");
  world.open("eve");
  const asks = () => host.secrecy.asking.some(({ participant }) => participant === "eve");
  await world.until(asks, "the host is asked about her");
  host.sealing.letIn("eve");
  await world.until(() => world.allOpen("host", "ana", "eve"), "a press lets her in");
});

function keyOf({ secrecy }: Page): string {
  return secrecy.members.find(({ you }) => !you)?.key ?? assert.fail("nobody else is here");
}

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
