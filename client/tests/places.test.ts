// Whose picture is large: by role, until the person here chooses somebody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { besideOf, mainOf, mayEnlarge } from "../src/room/places.ts";
import type { State } from "../src/room/state.ts";
import { inside, person, press, run } from "./stories.ts";

const PEOPLE = [person("d", "host"), person("s", "interpreter"), person("r", "supporter")];

test("whose picture was chosen stays large over their line, until it is given up", () => {
  const room: State = { ...inside(), people: [...PEOPLE, person("me", "patient", true)] };
  assert.equal(mainOf(room), "d", "the host for everybody else");
  const [chosen] = run(room, press({ on: "large", participant: "s" }));
  assert.equal(mainOf(chosen), "s");
  const gone = { ...chosen, people: chosen.people.filter(({ id }) => id !== "s") };
  assert.equal(mainOf(gone), "d", "nobody there, nobody large");
  assert.equal(mainOf({ ...gone, people: chosen.people }), "s", "and again when they are back");
  const [other] = run(chosen, press({ on: "large", participant: "r" }));
  assert.equal(mainOf(other), "r");
  const [none] = run(other, press({ on: "large", participant: "r" }));
  assert.equal(mainOf(none), "d");
});

test("only another tile than the large one can be chosen, and only where there is a choice", () => {
  const me = person("me", "patient", true);
  const room: State = { ...inside(), people: [...PEOPLE, me] };
  const may = (state: State) => state.people.filter((one) => mayEnlarge(state, one)).map(({ id }) => id);
  assert.deepEqual(may(room), ["s", "r"]);
  assert.deepEqual(may({ ...room, large: "s" }), ["d", "s", "r"], "the chosen one to give it up");
  assert.deepEqual(may({ ...room, people: [person("d", "host"), me] }), []);
});

test("in a crowd the interpreter stands beside whoever is large, and not twice", () => {
  const crowd = [...PEOPLE, person("t", "supporter"), person("me", "patient", true)];
  const room: State = { ...inside(), people: crowd };
  assert.equal(besideOf(room, mainOf(room)), "s");
  assert.equal(besideOf({ ...room, large: "s" }, "s"), null);
});
