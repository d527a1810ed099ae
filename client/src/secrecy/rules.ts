// The rules of the group, checked by every client before a commit is applied and before one of ours is made.
// Pure: what the group was, what the commit would do, and how long somebody has been silent.

import { acting, type Charter, isPlain, type Member, rank, sameCharter } from "./charter.ts";
import { equal } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";
import type { Identity } from "./identity.ts";
import { MAX_LEAF } from "./kid.ts";

export interface Before {
  members: Member[];
  charter: Charter;
}

export interface Plan {
  committer: number;
  adds: Identity[];
  removes: number[];
  charter: Charter;
}

/** Milliseconds since anything was heard of a leaf: frames, messages. */
export type Silence = (leaf: number) => number;

/** Throws the name of the broken rule. */
export function judge(before: Before, plan: Plan, silence: Silence, patience = SILENT_MS): void {
  const committer = before.members.find((member) => member.leaf === plan.committer);
  if (!committer) throw new SecrecyError("unknown-leaf");
  if (plan.removes.includes(plan.committer)) throw new SecrecyError("remove-by-stranger");
  if (plan.adds.length > 1) throw new SecrecyError("several-adds");
  const leaving = plan.removes.map((leaf) => before.members.find((member) => member.leaf === leaf));
  const staying = before.members.filter((member) => !plan.removes.includes(member.leaf));
  if (leaving.includes(undefined)) throw new SecrecyError("unknown-leaf");
  const [newcomer] = plan.adds;
  const comingBack = newcomer && isRejoin(leaving as Member[], newcomer);
  for (const member of leaving as Member[]) {
    if (comingBack || mayRemove(before.charter, committer, member)) continue;
    if (silence(member.leaf) < patience) throw new SecrecyError("remove-by-stranger");
  }
  const adds = acting(before.charter, staying);
  if (newcomer) admits(before.charter, staying, newcomer, Boolean(comingBack));
  // Somebody who was there a moment ago may be brought back by anyone: the identity key signed for it.
  if (newcomer && !comingBack && adds !== committer) throw new SecrecyError("add-by-stranger");
  charterHolds(before.charter, plan.charter, adds === committer);
}

/** One removed, one added, and both are the same person with the same key, role and name. */
function isRejoin(leaving: Member[], newcomer: Identity): boolean {
  const [old, second] = leaving;
  return (
    old !== undefined &&
    second === undefined &&
    equal(old.identity.key, newcomer.key) &&
    old.identity.role === newcomer.role &&
    old.identity.name === newcomer.name
  );
}

/** Host and deputies remove anybody who does not come before them in the order. */
function mayRemove(charter: Charter, committer: Member, member: Member): boolean {
  const own = rank(charter, committer);
  return own !== Infinity && rank(charter, member) > own;
}

function admits(charter: Charter, staying: Member[], newcomer: Identity, comingBack: boolean): void {
  if (charter.locked && !comingBack) throw new SecrecyError("locked");
  if (staying.length >= mostOf(charter)) throw new SecrecyError("full");
  if (staying.some((member) => equal(member.identity.key, newcomer.key)))
    throw new SecrecyError("identity-twice");
  hostIsHost(charter, newcomer);
}

function charterHolds(old: Charter, next: Charter, byActing: boolean): void {
  if (!equal(old.host, next.host) || old.check !== next.check) throw new SecrecyError("not-the-host");
  if (!isPlain(next)) throw new SecrecyError("charter-by-stranger");
  if (!byActing && !sameCharter(old, next)) throw new SecrecyError("charter-by-stranger");
}

/**
 * The host's group has the host's key in its charter and no other host. A check has the deputy's who founded
 * it, no other of the staff, and nobody who calls themselves the host.
 */
function hostIsHost(charter: Charter, { key, role }: Identity): void {
  const founded = equal(key, charter.host);
  const mayBe = charter.check ? role === "deputy" : role === "host";
  if (founded !== mayBe || (charter.check && role === "host")) throw new SecrecyError("not-the-host");
}

function mostOf({ check }: Charter): number {
  return check ? CHECKED : MEMBERS;
}

/** What must be true of every tree, however it came about: after joining and after each commit. */
export function inspect(members: Member[], charter: Charter): void {
  if (members.length > mostOf(charter)) throw new SecrecyError("full");
  for (const [at, member] of members.entries()) {
    if (member.leaf > MAX_LEAF) throw new SecrecyError("full");
    hostIsHost(charter, member.identity);
    if (members.slice(0, at).some((other) => equal(other.identity.key, member.identity.key)))
      throw new SecrecyError("identity-twice");
  }
}

export const MEMBERS = 8;
/** Whoever checks, and one person. */
export const CHECKED = 2;
/** Whoever commits waits this long. */
export const SILENT_MS = 30_000;
/**
 * Whoever applies is a little more patient with clocks and networks, or one slow member would split the
 * group.
 */
export const SILENT_TO_APPLY_MS = 20_000;
