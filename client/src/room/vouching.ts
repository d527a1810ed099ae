// Owns what people find out about each other: whoever leads by the digits that were heard, or not, and what
// is known from a visit before, told to the group and to the practice for its record; and whoever was let in
// by their own press, which counts on their own page alone.

import { hex } from "../secrecy/bytes.ts";
import type { Member } from "../secrecy/charter.ts";
import type { SealedRoom } from "../secrecy/sealed_room.ts";
import type { CodeOutcome, Vouch } from "../secrecy/vouch.ts";
import type { Heard } from "../wire/wire.ts";
import type { Doorway } from "./doorway.ts";
import { isGood } from "./secrecy_view.ts";
import type { Standing } from "./standing.ts";

/** The digits of this key were compared. False when nobody in the group has it. */
export async function compare(
  room: SealedRoom,
  { met, devices }: Standing,
  doorway: Doorway,
  { key, outcome }: { key: string; outcome: CodeOutcome },
): Promise<boolean> {
  const now = Date.now();
  met.checked(key, outcome, now);
  const there = room.group.roster().find(({ identity }) => hex(identity.key) === key);
  if (!there) return false;
  await room.vouch(there.identity.key, outcome, now);
  doorway.found(key, heard(outcome));
  if (outcome === "matches" && !isCheck(room)) await devices.verified(there.identity, now);
  if (outcome === "mismatch") {
    met.sentAway(key);
    await room.remove(there, now);
  }
  return true;
}

/**
 * The same, pressed by whoever was let in, of whoever let them in. Nobody else's word makes this page say
 * "checked", nor keeps a key for the next visit: the page of a false host would say that everything matched.
 * Who is in the order tells the others at once when they match: somebody may know the host by them alone.
 */
export async function compareHere(
  room: SealedRoom | null,
  { met, devices }: Standing,
  { key, outcome }: { key: string; outcome: CodeOutcome | "again" },
): Promise<void> {
  const now = Date.now();
  if (outcome !== "skipped") met.doubted(outcome === "mismatch" ? key : null);
  // The others see that our picture is gone, and must know why.
  if (outcome !== "skipped") await room?.doubt(outcome === "mismatch");
  if (outcome === "again") return met.unchecked(key);
  met.checked(key, outcome, now);
  const there = room?.group.roster().find(({ identity }) => hex(identity.key) === key);
  if (!room || !there || outcome !== "matches") return;
  if (!isCheck(room)) await devices.verified(there.identity, now);
  if (room.vouches) await room.vouch(there.identity.key, outcome, now);
}

/**
 * Every key is looked up. Whoever came new hears from who leads what is known of everybody, and from the
 * others in the order whom they checked themselves: who was let in while the host was gone, and the host,
 * have nobody else's word of each other. Who was checked before the reload stays checked.
 */
export async function meetAll(
  room: SealedRoom,
  { met, devices, key: own }: Standing,
  doorway: Doorway,
  grown: boolean,
): Promise<void> {
  for (const { identity } of room.group.roster()) {
    const key = hex(identity.key);
    if (key === own) continue;
    await devices.look(identity);
    // Read once, so that they are kept: a reload of this page or of theirs brings no new ones.
    doorway.threshold?.digits(key);
    const check = room.vouches && grown ? met.check(key) : null;
    if (!check || !(room.leads || isGood(check))) continue;
    await room.vouch(identity.key, check.outcome, check.at);
    // What a person said was reported when they said it.
    if (room.leads && check.outcome === "known-device") doorway.found(key, heard(check.outcome));
  }
  if (grown && met.doubts) await room.doubt(true);
}

/**
 * The line is back, and the missed part of the log was read: a note under keys of long ago is refused by all.
 * A line is dead for some time before anybody notices, and what was pressed then reached
 * nobody: it is said again to the group, and by whoever leads for the record, where the same word twice is
 * one. As in `meetAll`, who does not lead says no more than whom they found good: the rest was for their page
 * alone.
 */
export async function sayAgain(room: SealedRoom, { met }: Standing, doorway: Doorway): Promise<void> {
  await room.doubt(met.doubts !== null);
  if (!room.vouches) return;
  const since = Date.now() - UNHEARD_MS;
  for (const { identity } of room.group.roster()) {
    const key = hex(identity.key);
    const check = met.check(key);
    if (!check || check.outcome === "known-device" || check.at < since) continue;
    if (!(room.leads || isGood(check))) continue;
    await room.vouch(identity.key, check.outcome, check.at);
    if (room.leads) doorway.found(key, heard(check.outcome));
  }
}

/**
 * Who leads said what they found out about somebody. Gives what it was when it is about us and counts. Of us
 * it says what they heard; what we heard is ours to say.
 */
export async function vouched(
  { met, devices, claims, key: own }: Standing,
  { key, outcome, at }: Vouch,
  by: Member,
): Promise<CodeOutcome | null> {
  const ours = hex(key) === own;
  if (ours && outcome === "known-device") {
    // Known from before is worth something only if we know them, too; a guest has another key each time.
    await devices.look(by.identity);
    const staff = claims.role === "host" || claims.role === "deputy";
    if (!staff || devices.device(hex(by.identity.key)) !== "known") return null;
  }
  // Nobody comes back without a press whose digits did not match, whichever page they ask.
  if (!ours && outcome === "mismatch") met.sentAway(hex(key));
  met.vouched({ key: hex(key), outcome, at, by: hex(by.identity.key), name: by.identity.name });
  return ours ? outcome : null;
}

/** A check ahead of the host: nothing that is heard in it outlives it. */
function isCheck({ group }: SealedRoom): boolean {
  return group.charter().check;
}

/** Longer than either side of the socket takes to notice that the other is gone. */
const UNHEARD_MS = 90_000;

function heard(outcome: CodeOutcome): Heard {
  return outcome === "known-device" ? "known_device" : outcome;
}
