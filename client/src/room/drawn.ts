// What the page shows of the sealed room once everything known about the people in it is put beside them.

import { hex } from "../secrecy/bytes.ts";
import { type AtDoor, codeFor, isGood, type Secrecy, type Shown } from "./secrecy_view.ts";
import type { Standing } from "./standing.ts";
import type { Threshold } from "./threshold.ts";

export function drawn(view: Secrecy, me: Standing | null, threshold: Threshold | null): Secrecy {
  // Who let us in says what they found out about the others: worth as much as we know of who let us in.
  const trusts = view.leads || !view.opposite || isGood(me?.met.check(view.opposite) ?? null);
  const members = view.members.map((member): Shown => {
    const counts = trusts || member.you || member.key === view.opposite;
    const check = counts ? (me?.met.check(member.key) ?? null) : null;
    return { ...member, check, device: me?.devices.device(member.key) ?? null };
  });
  const door: Record<string, AtDoor> = {};
  for (const [participant, { name, role, key }, tries] of threshold?.atDoor() ?? [])
    door[participant] = { name, role, device: me?.devices.device(hex(key)) ?? null, ...tries };
  const shown = { ...view, members, door, asking: threshold?.asking() ?? [] };
  return { ...shown, code: codeFor(shown, view.leads ? threshold : null) };
}
