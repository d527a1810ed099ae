// Who may end a visit for everybody, and from when on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { mayEnd } from "../src/room/state.ts";
import { person, press, room, roomed, run, said, sent } from "./stories.ts";

const PEOPLE = [person("me", "deputy", true), person("p", "patient")];

test("a deputy ends nothing before the host was there, and reads no clock", () => {
  const [alone] = run(roomed("deputy"), said("room", room(PEOPLE)));
  assert.deepEqual([alone.since, mayEnd(alone)], [null, false]);
  const [asked, effects] = run({ ...alone, ask: { kind: "end" } }, press({ on: "end" }));
  assert.deepEqual([sent(effects), asked.ask, asked.stage], [[], null, "room"]);
  const [begun] = run(alone, said("room", { ...room(PEOPLE), since: 7 }));
  assert.deepEqual([begun.since, mayEnd(begun)], [7, true]);
  assert.deepEqual(sent(run(begun, press({ on: "end" }))[1]), ["end"]);
});

test("the host may end at any time, a guest never", () => {
  assert.equal(mayEnd(roomed("host")), true);
  assert.equal(mayEnd({ ...roomed("patient"), since: 7 }), false);
});

test("a visit that has not begun yet is told, and the page stays", () => {
  const problem = { type: "urn:alcove:visit-not-begun", title: "Not begun", detail: "Leave" };
  const [state, effects] = run(roomed("deputy"), said("problem", problem));
  assert.equal(state.stage, "room");
  assert.equal(state.notice?.title, "Not begun");
  assert.ok(!effects.some((effect) => effect.do === "disconnect"));
});
