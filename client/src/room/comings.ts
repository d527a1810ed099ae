// Owns what is said aloud about who comes, goes and knocks: by the names people signed, never by the
// server's. Pure.

import { memberOf, type Secrecy } from "./secrecy_view.ts";
import type { Person } from "../wire/wire.ts";
import type { Effect, State } from "./state.ts";

/** Between two states of one group; joining and losing it is no news about the others. */
export function comings(before: Secrecy, now: Secrecy): Effect[] {
  if (before.members.length === 0 || now.members.length === 0) return [];
  const other = ({ you }: { you: boolean }) => !you;
  const lacks = (all: Secrecy) => (one: { key: string }) => !all.members.some(({ key }) => key === one.key);
  const came = now.members.filter(other).filter(lacks(before));
  const went = before.members.filter(other).filter(lacks(now));
  const doubts = (all: Secrecy) => (one: { key: string }) => all.doubted.includes(one.key);
  const doubted = now.members.filter(doubts(now)).filter((one) => !doubts(before)(one));
  const told = doubted.map(({ name }): Effect => {
    return { do: "announce", key: "digits-doubted", values: { name }, now: true };
  });
  return [...came.map(say("say-came")), ...went.map(say("say-went")), ...changes(before, now), ...told];
}

/** The first sight of somebody's knock while they wait. */
export function knocks({ waiting, secrecy }: State, now: Secrecy): Effect[] {
  const fresh = waiting.filter(({ id }) => now.door[id] && !secrecy.door[id]);
  return fresh.flatMap(({ id }) => (now.door[id] ? [say("say-waiting")(now.door[id])] : []));
}

export function lost({ secrecy, slots, people }: State, after: Person[]): Effect[] {
  const was = (one: Person) => people.some(({ id, connected }) => id === one.id && connected);
  const gone = after.filter((one) => !one.connected && was(one));
  return gone.flatMap((one) => {
    const member = memberOf(secrecy, one, slots);
    return member ? [say("say-away")(member)] : [];
  });
}

function changes(before: Secrecy, now: Secrecy): Effect[] {
  const known = (key: string) => before.members.some((one) => one.key === key && one.device === "changed");
  const changed = now.members.filter(({ device, key, you }) => !you && device === "changed" && !known(key));
  return changed.map(({ name }) => ({
    do: "announce",
    key: "device-is-changed",
    values: { name },
    now: true,
  }));
}

export function say(key: string): (one: { name: string }) => Effect {
  return ({ name }) => ({ do: "announce", key, values: { name } });
}
