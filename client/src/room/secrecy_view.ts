// What the page shows of the sealed room: who is in the group by their own signatures, what was checked by
// voice, what is wrong. Pure.

import { hex } from "../secrecy/bytes.ts";
import { acting, type Member } from "../secrecy/charter.ts";
import type { Truth } from "../secrecy/heartbeat.ts";
import type { Role } from "../secrecy/identity.ts";
import type { RoomEvent } from "../secrecy/sealed_room.ts";
import type { CodeOutcome } from "../secrecy/vouch.ts";
import type { Person, Slot } from "../wire/wire.ts";
import type { Device } from "./acquaintance.ts";

export interface Secrecy {
  /** none: no keys yet. sealed: in the group. stopped: nothing is sent or shown any more. */
  stage: "none" | "sealed" | "stopped";
  why: "leaking" | "mismatch" | "split" | "unsealed" | null;
  truth: Truth;
  members: Shown[];
  /** Leaf whose frames came out of a receiving slot last: "video 0". */
  lanes: Record<string, number>;
  /** Digits to compare now. */
  code: Code | null;
  /** Whose digits were skipped and are to be compared after all. */
  again: string | null;
  /** Knocks of ours that were answered. */
  tries: number;
  /** Our own digits, also after they were compared: the host may ask once more. */
  digits: string | null;
  /** Whoever knocked, by the participant the server says it is; everything else is signed. */
  door: Record<string, AtDoor>;
  /** Thirty digits of this epoch, for auditors. */
  longCode: string | null;
  /** Whose digits ours are to be compared with: the key of whoever let us in. */
  opposite: string | null;
  /** What they said of our digits. */
  said: Check | null;
  /** The key about which the person here said that the digits did not match, and has not taken it back. */
  doubts: string | null;
  /** We add people now. */
  leads: boolean;
  /** The key of whoever does. */
  leader: string | null;
  /** Whoever leads, where nobody's word and no digits say anything about them here. */
  unmet: { key: string; name: string } | null;
  /** People in the room whom only a press lets into the group, and whoever gets no answer any more. */
  asking: Asking[];
  /** In the room without keys, and no knock of ours is answered any more. */
  stuck: boolean;
  /** In the group, digits were asked for, and none come. */
  unheard: boolean;
  /** Members who say that the digits did not match at their own end. */
  doubted: string[];
  /** Whom the digits did not match, as the server knows them. */
  suspect: string | null;
  /** In a deputy's check, ahead of the host: nothing here says anything of the clinician. */
  ahead: boolean;
}

export interface Shown {
  leaf: number;
  key: string;
  name: string;
  role: Role;
  you: boolean;
  /** What is known here, be it by the word of somebody else; of ourselves what others say. */
  check: Check | null;
  /** By the person at this page alone. Only this ends a comparison: the other end waits for digits, too. */
  own: Check | null;
  device: Device | null;
}

export interface Check {
  outcome: CodeOutcome;
  at: number;
  /** Name of whoever said so; without one it was pressed, or is known, here. */
  by?: string;
}

export interface Code {
  digits: string;
  /** The other one's name. */
  name: string;
  key: string;
  /** Whoever hosts compares; the other one reads. */
  hosting: boolean;
  /** Exchanges that these digits could have come from: each is one guess for somebody in between. */
  tries: number;
  /** What was pressed here, or is known here from a visit before. */
  check: Check | null;
  /** What whoever leads said of ours. */
  said: Check | null;
}

export interface AtDoor {
  name: string;
  role: Role;
  device: Device | null;
  tries: number;
  /** No more tries are answered. */
  spent: boolean;
}

export interface Asking {
  participant: string;
  name: string;
  role: Role;
  /** Their code has ended, and they get no other: a press lets them in no more. */
  spent: boolean;
  /** They have keys, and asked for digits to compare. */
  inGroup: boolean;
}

export const UNSEALED: Secrecy = {
  stage: "none",
  why: null,
  truth: "live",
  members: [],
  lanes: {},
  code: null,
  again: null,
  digits: null,
  opposite: null,
  said: null,
  doubts: null,
  leads: false,
  leader: null,
  unmet: null,
  door: {},
  longCode: null,
  tries: 1,
  asking: [],
  stuck: false,
  unheard: false,
  suspect: null,
  doubted: [],
  ahead: false,
};

/** The member behind a picture: by the frames that opened; before the first, by name and role. */
export function memberOf(secrecy: Secrecy, person: Person, slots: Slot[]): Shown | null {
  if (person.you) return secrecy.members.find((member) => member.you) ?? null;
  const own = slots.filter((slot) => slot.participant === person.id);
  for (const { kind, slot } of own) {
    const leaf = secrecy.lanes[`${kind} ${slot}`];
    const found = secrecy.members.find((member) => member.leaf === leaf);
    if (found) return found;
  }
  const alike = (member: Shown) => member.name === person.name && member.role === person.role;
  return secrecy.members.find((member) => !member.you && alike(member)) ?? null;
}

function doubtedBy(secrecy: Secrecy, { from, doubts }: { from: Member; doubts: boolean }): Secrecy {
  const key = hex(from.identity.key);
  const others = secrecy.doubted.filter((one) => one !== key);
  return { ...secrecy, doubted: doubts ? [...others, key] : others };
}

export function isGood(check: Pick<Check, "outcome"> | null): boolean {
  return check?.outcome === "matches" || check?.outcome === "known-device";
}

/** Nothing is left to compare: it matched or did not, or both ends know each other from before. */
export function isOver({ check, said, hosting }: Code): boolean {
  if (check?.outcome === "known-device") return hosting || said?.outcome === "known-device";
  return check !== null && check.outcome !== "skipped";
}

/** Whoever leads said that the digits match, and the person here has not said whether they heard the same. */
export function asksHere(code: Code | null): boolean {
  return code !== null && !code.hosting && code.said?.outcome === "matches" && !isOver(code);
}

/** Everybody else was checked by voice, in this visit or in one before. */
export function isChecked(secrecy: Secrecy): boolean {
  return looked(secrecy).length > 0 && looked(secrecy).every(({ check }) => isGood(check));
}

/** When digits were last heard in this visit; null when nobody's were. */
export function heardAt(secrecy: Secrecy): number | null {
  const times = looked(secrecy).flatMap(({ check }) => (check?.outcome === "matches" ? [check.at] : []));
  return times.length > 0 ? Math.max(...times) : null;
}

function looked({ members }: Secrecy): Shown[] {
  return members.filter(({ you }) => !you);
}

/** What the host's side of the door knows of an identity key. */
export interface Digits {
  digits(key: string): string | null;
  tries(key: string): number;
}

/**
 * The digits to show now, always between whoever leads and somebody else: nobody else's page has the other
 * half on it. Our own stay on the page with what came of them. `door` is of whoever leads. A deputy is
 * checked before they check anybody.
 */
export function codeFor(secrecy: Secrecy, door: Digits | null): Code | null {
  const { stage, members, digits, opposite, tries, again, said, leader } = secrecy;
  if (stage !== "sealed") return null;
  const me = members.find(({ you }) => you);
  const other = members.find(({ key }) => key === opposite);
  if (digits && me && other && me.role !== "host" && !(door && me.check)) {
    const { name, key, own: check } = other;
    const own = { digits, name, key, hosting: false, tries, check, said };
    return leader === null || leader === opposite || isOver(own) ? own : null;
  }
  if (!door) return null;
  for (const { you, key, name, own } of members) {
    const open = !own || (own.outcome === "skipped" && key === again);
    const found = you || !open ? null : door.digits(key);
    const tries = found ? door.tries(key) : 0;
    if (found) return { digits: found, name, key, hosting: true, tries, check: null, said: null };
  }
  return null;
}

/**
 * Somebody else leads by now than let us in, and no word leads from here to them, or none from them to us;
 * and there are no digits with them: only a fresh knock gives some. `heard`: what they said of ours. A deputy
 * needs the host's own word: without it they have no place in the order.
 */
export function unmetOf(secrecy: Secrecy, heard: Check | null): Secrecy["unmet"] {
  const { stage, members, leader, opposite, leads } = secrecy;
  const me = members.find(({ you }) => you);
  const other = members.find(({ key }) => key === leader);
  if (stage !== "sealed" || leads || !me || me.role === "host" || !other || leader === opposite) return null;
  const word = me.role === "deputy" && other.role === "host" ? heard : me.check;
  return isGood(other.check) && isGood(word) ? null : { key: other.key, name: other.name };
}

/** With what the group says. Digits that we have already with who leads now count again. */
export function told(
  before: Secrecy,
  event: RoomEvent,
  own: { key: string; digits(of: string): string | null } | null,
): Secrecy {
  if (event.kind === "truth") return { ...before, truth: event.truth };
  if (event.kind === "doubt") return doubtedBy(before, event);
  if (event.kind !== "people") return before;
  const [members, first] = [shownOf(event.members, own?.key), acting(event.charter, event.members)];
  const leader = first && hex(first.identity.key);
  const digits = leader && own ? own.digits(leader) : null;
  const ahead = event.charter.check;
  return { ...before, members, leader, ahead, ...(digits ? { opposite: leader, digits } : {}) };
}

/** A word about whoever let us in, or leads now: for our own page, and nobody has to hear it. */
export function isOwnWord({ opposite, code, doubts, unmet }: Secrecy, key: string): boolean {
  return key === unmet?.key || ([opposite, doubts].includes(key) && !code?.hosting);
}

/** After such a word: by *does not match* everything stops, and by any other it goes on. */
export function afterOwnWord(before: Secrecy, outcome: CodeOutcome | "again", sealed: boolean): Secrecy {
  if (outcome === "mismatch") return stopped(before, "mismatch", null);
  // Of whoever is at the other end; an old word of somebody else does not keep the page dark.
  return before.said?.outcome === "mismatch" ? before : goesOn(before, "mismatch", sealed);
}

export function stopped(before: Secrecy, why: NonNullable<Secrecy["why"]>, suspect: string | null): Secrecy {
  return { ...before, stage: "stopped", why, suspect };
}

/** Stopped by digits of somebody who has no place any more, and by nothing else. */
export function withoutSuspect(before: Secrecy, people: Person[], sealed: boolean): Secrecy {
  const { suspect, doubts } = before;
  const gone = suspect !== null && doubts === null && !people.some(({ id }) => id === suspect);
  return gone ? goesOn(before, "mismatch", sealed) : before;
}

/** If that was what stopped it. */
export function goesOn(before: Secrecy, why: Secrecy["why"], sealed: boolean): Secrecy {
  if (before.why !== why) return before;
  return { ...before, stage: sealed ? "sealed" : "none", why: null, suspect: null };
}

/** Whom we know by the word of somebody else, where that is about whoever hosts: who said so, of whom. */
export function byWord({ members }: Secrecy): { by: string; name: string } | null {
  const host = members.find(({ role, you, check }) => role === "host" && !you && isGood(check));
  return host?.check?.by ? { by: host.check.by, name: host.name } : null;
}

function shownOf(members: Member[], ownKey: string | undefined): Shown[] {
  return members.map(({ leaf, identity }) => {
    const key = hex(identity.key);
    const { name, role } = identity;
    return { leaf, key, name, role, you: key === ownKey, check: null, own: null, device: null };
  });
}

/** Without a group. What was stopped for a reason stays so while the person is in the room. */
export function emptied(before: Secrecy, inside: boolean): Secrecy {
  const { stage, why, suspect, digits, opposite, tries } = before;
  const stays = stage === "stopped" && inside ? { stage, why, suspect } : {};
  return { ...UNSEALED, digits, opposite, tries, ...stays };
}
