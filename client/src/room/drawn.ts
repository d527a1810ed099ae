// What the page shows of the sealed room once everything known about the people in it is put beside them.

import { hex } from "../secrecy/bytes.ts";
import { type AtDoor, type Check, codeFor, type Secrecy, type Shown } from "./secrecy_view.ts";
import type { Standing } from "./standing.ts";
import type { Threshold } from "./threshold.ts";

export function drawn(view: Secrecy, me: Standing | null, threshold: Threshold | null): Secrecy {
  const members = view.members.map((member): Shown => {
    return { ...member, check: checkOf(member, view, me), device: me?.devices.device(member.key) ?? null };
  });
  const door: Record<string, AtDoor> = {};
  for (const [participant, { name, role, key }, tries] of threshold?.atDoor() ?? [])
    door[participant] = { name, role, device: me?.devices.device(hex(key)) ?? null, ...tries };
  const shown = { ...view, members, door, asking: threshold?.asking() ?? [] };
  return { ...shown, code: codeFor(shown, view.leads ? threshold : null) };
}

/**
 * Of ourselves, what others said. Of whoever let us in, the own press alone: whoever vouches for them came
 * by their hand. Of everybody else also the word of somebody we checked ourselves; so it is for a leader.
 */
function checkOf({ key, you }: Shown, { opposite }: Secrecy, me: Standing | null): Check | null {
  if (!me) return null;
  if (you) return me.met.said(key);
  return key === opposite ? me.met.check(key) : me.met.trusted(key);
}
