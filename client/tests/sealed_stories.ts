// What the stories of a sealed world have in common: a host with a deputy they checked, somebody whom the
// deputy lets in, two who compare, and what a page shows of a name.

import assert from "node:assert/strict";
import { isOver } from "../src/room/secrecy_view.ts";
import { World } from "./sealed_world.ts";

/** Host, deputy and patient, the deputy checked by the host. */
export async function withDeputy(): Promise<World> {
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
  for (const id of ["ana", "deputy"]) world.page("host").sealing.compared(keyOf(world, id), "matches");
  const order = () => world.page("deputy").sealing.room?.group.charter().order.length;
  await world.until(() => order() === 2, "the deputy is in the order");
  return world;
}

/** The host is gone, and Elena comes. */
export async function letInByDeputy(world: World): Promise<void> {
  world.close("host");
  world.open("elena");
  await world.until(() => world.page("deputy").secrecy.leads, "the deputy leads");
  world.admit("deputy", "elena");
  await world.until(() => world.allOpen("deputy", "ana", "elena"), "three meet without the host");
}

/** Both have the same digits by now, and press. */
export async function compareBoth(world: World, id: string): Promise<void> {
  const [host, guest] = [world.page("host"), world.page(id)];
  const digits = () => [guest, host].map(({ secrecy: { code } }) => code && !isOver(code) && code.digits);
  await world.until(() => digits().every(Boolean) && host.secrecy.code?.name === id, "digits at both ends");
  assert.equal(digits()[0], digits()[1]);
  assert.equal(guest.secrecy.code?.name, "host");
  host.sealing.compared(keyOf(world, id), "matches");
  guest.sealing.compared(keyOf(world, "host"), "matches");
  await world.settle();
  for (const [page, name] of [[id, "host"], ["host", id]] as const)
    assert.deepEqual(seenAt(world, page, name), ["matches", undefined]);
  assert.deepEqual([guest.secrecy.unmet, host.secrecy.code], [null, null]);
}

export function keyOf(world: World, id: string): string {
  const own = world.page(id).secrecy.members.find(({ you }) => you);
  return own?.key ?? assert.fail(`${id} is in no group`);
}

export function seenAt(world: World, page: string, name: string): [string | undefined, string | undefined] {
  const check = world.page(page).secrecy.members.find((one) => one.name === name)?.check;
  return [check?.outcome, check?.by];
}
