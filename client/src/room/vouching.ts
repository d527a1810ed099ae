// Owns what whoever leads finds out about people and tells the group: the digits that were heard, or not, and
// what is known from a visit before.

import { hex } from "../secrecy/bytes.ts";
import type { SealedRoom } from "../secrecy/sealed_room.ts";
import type { CodeOutcome } from "../secrecy/vouch.ts";
import type { Standing } from "./standing.ts";

/** The digits of this key were compared. False when nobody in the group has it. */
export async function compare(
  room: SealedRoom,
  { met, devices }: Standing,
  key: string,
  outcome: CodeOutcome,
): Promise<boolean> {
  const now = Date.now();
  met.checked(key, outcome, now);
  const there = room.group.roster().find(({ identity }) => hex(identity.key) === key);
  if (!there) return false;
  await room.vouch(there.identity.key, outcome, now);
  if (outcome === "matches") await devices.verified(there.identity, now);
  if (outcome === "mismatch") {
    met.sentAway(key);
    await room.remove(there, now);
  }
  return true;
}

/**
 * Every key is looked up. Whoever came new hears from who leads what is known of everybody; who was checked
 * before the reload stays checked.
 */
export async function meetAll(room: SealedRoom, { met, devices, key: own }: Standing, grown: boolean) {
  for (const { identity } of room.group.roster()) {
    const key = hex(identity.key);
    if (key === own) continue;
    await devices.look(identity);
    const check = room.leads && grown ? met.check(key) : null;
    if (check) await room.vouch(identity.key, check.outcome, check.at);
  }
}
