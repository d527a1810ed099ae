// What the page shows of the sealed room once everything known about the people in it is put beside them.

import { hex } from "../secrecy/bytes.ts";
import type { Group } from "../secrecy/group.ts";
import type { RoomEvent } from "../secrecy/sealed_room.ts";
import { type AtDoor, codeFor, type Secrecy, type Shown, told, unmetOf } from "./secrecy_view.ts";
import type { Standing } from "./standing.ts";
import type { Threshold } from "./threshold.ts";

export function drawn(view: Secrecy, me: Standing | null, threshold: Threshold | null): Secrecy {
  // Who let us in, or leads, hands out the keys: no word about them counts without a press of this visit.
  const near = (key: string) => key === view.opposite || key === view.leader;
  const checkOf = ({ key, you }: Shown) =>
    (you ? me?.met.said(key, () => true, view.leader) : me?.met.trusted(key, near(key), view.leader)) ?? null;
  const members = view.members.map((member): Shown => {
    const own = member.you ? null : (me?.met.check(member.key) ?? null);
    return { ...member, check: checkOf(member), own, device: me?.devices.device(member.key) ?? null };
  });
  const door: Record<string, AtDoor> = {};
  for (const [participant, { name, role, key }, tries] of threshold?.atDoor() ?? [])
    door[participant] = { name, role, device: me?.devices.device(hex(key)) ?? null, ...tries };
  const saidBy = (key: string | null) => me?.met.said(me.key, (by) => by === key) ?? null;
  const said = saidBy(view.opposite);
  const doubts = me?.met.doubts ?? null;
  const shown = { ...view, members, door, said, doubts, asking: threshold?.asking() ?? [] };
  const code = codeFor(shown, view.leads ? threshold : null);
  return { ...shown, code, unmet: unmetOf(shown, saidBy(view.leader)) };
}

/** After something happened in the group. */
export function moved(
  view: Secrecy,
  event: RoomEvent,
  me: Standing | null,
  group: Group | null,
): Secrecy {
  const digits = (of: string) => (me && group ? me.met.digits(of, hex(group.id)) : null);
  return told(view, event, me && { key: me.key, digits });
}
