// Who stands where among the pictures. Pure.

import type { Person } from "../wire/wire.ts";
import { type State, holdsTheDoor } from "./state.ts";

/**
 * Who gets the large tile: whom the person here chose, for as long as they are in the room; otherwise the
 * patient for the host, the host for everybody else; alone it is oneself.
 */
export function mainOf(state: State): string | null {
  const others = state.people.filter((person) => !person.you);
  if (others.some(({ id }) => id === state.large)) return state.large;
  const wanted = holdsTheDoor(state) ? ["patient", "representative"] : ["host", "deputy"];
  const found =
    wanted.map((role) => others.find((person) => person.role === role)).find(Boolean) ?? others[0];
  return found?.id ?? state.people[0]?.id ?? state.me?.id ?? null;
}

/** The interpreter stands beside the speaker; a small room has them in the first place of the column. */
export function besideOf(state: State, main: string | null): string | null {
  if (peopleOf(state).length < CROWD) return null;
  const found = state.people.find((one) => one.role === "interpreter" && !one.you && one.id !== main);
  return found?.id ?? null;
}

/** A stable order (others by the order of the server, oneself last), so that pictures never jump. */
export function peopleOf(state: State): Person[] {
  const others = state.people.filter((person) => !person.you);
  const self = state.people.find((person) => person.you);
  if (self) return [...others, self];
  const me = state.me;
  return me
    ? [
        ...others,
        { id: me.id, name: me.name, role: me.role, mic: false, camera: false, connected: true, you: true },
      ]
    : others;
}

/** Whether somebody may choose this tile for the large one, or give the choice up. */
export function mayEnlarge(state: State, person: Person): boolean {
  const others = state.people.filter(({ you }) => !you);
  return !person.you && others.length > 1 && (person.id === state.large || person.id !== mainOf(state));
}

/** From here on one column is too narrow. */
export const CROWD = 5;
