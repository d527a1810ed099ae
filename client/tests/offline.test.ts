// What a press does while the practice cannot be reached.

import assert from "node:assert/strict";
import { test } from "node:test";
import { UNSEALED } from "../src/room/secrecy_view.ts";
import { announced, press, roomed, run } from "./stories.ts";

test("what only the server can carry on is not taken while it hears nothing, and that is said", () => {
  const secrecy = { ...UNSEALED, stage: "sealed" as const, opposite: "host" };
  const offline = { ...roomed("host"), link: "reconnecting" as const, secrecy };
  const presses = [
    { on: "lock", locked: true },
    { on: "say", text: "Ten minutes" },
    { on: "end" },
    { on: "let_in", participant: "p" },
    { on: "remove", participant: "p" },
    { on: "compared", key: "somebody", outcome: "matches" },
  ] as const;
  for (const one of presses) {
    const [state, effects] = run(offline, press(one));
    assert.equal(state, offline);
    assert.deepEqual(effects, [{ do: "announce", key: "press-offline", now: true }]);
  }
  // The own word about the digits stays on this page, and devices are ours.
  const own = run(offline, press({ on: "compared", key: "host", outcome: "matches" }))[1];
  assert.deepEqual(own, [{ do: "compared", key: "host", outcome: "matches" }]);
  assert.ok(!announced(run(offline, press({ on: "turn_on" }))[1]).includes("press-offline"));
});
