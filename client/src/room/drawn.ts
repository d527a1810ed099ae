// What the page shows of the sealed room once everything known about the people in it is put beside them.

import { hex } from "../secrecy/bytes.ts";
import { type AtDoor, codeFor, type Secrecy, type Shown } from "./secrecy_view.ts";
import type { Standing } from "./standing.ts";
import type { Threshold } from "./threshold.ts";

export function drawn(view: Secrecy, me: Standing | null, threshold: Threshold | null): Secrecy {
  const own = (me && me.met.check(me.key)) ?? null;
  const members = view.members.map((member): Shown => {
    // Nobody vouches for the host: whoever was checked by the host has checked the host.
    const mutual = member.role === "host" && !member.you ? own : null;
    const seen = me?.met.check(member.key) ?? null;
    const check = mutual?.outcome === "matches" ? mutual : (seen ?? mutual);
    return { ...member, check, device: me?.devices.device(member.key) ?? null };
  });
  const door: Record<string, AtDoor> = {};
  for (const [participant, { name, role, key }, tries] of threshold?.atDoor() ?? [])
    door[participant] = { name, role, device: me?.devices.device(hex(key)) ?? null, ...tries };
  const shown = { ...view, members, door, asking: threshold?.asking() ?? [] };
  return { ...shown, code: codeFor(shown, view.leads ? threshold : null) };
}
