// The last word of a visit that goes on by phone, and of one that somebody else has changed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inside, press, run, said, welcome } from "./stories.ts";

test("whoever the practice calls now hears that, and not that it is over", () => {
  const next = "/g/7/survey";
  const [called, effects] = run(inside(), said("ended", { next, by_phone: true }));
  assert.deepEqual([called.stage, called.byPhone, called.next], ["ended", true, next]);
  assert.ok(effects.some((it) => it.do === "announce" && it.key === "over-by-phone"));
  assert.ok(effects.some((it) => it.do === "leave_media"), "camera and microphone go off all the same");
  const [over, words] = run(inside(), said("ended", { next, by_phone: false }));
  assert.equal(over.byPhone, false);
  assert.ok(words.some((it) => it.do === "announce" && it.key === "over-ended"));
});

test("whoever is out by no press of this page reads that something has changed, not that they left", () => {
  const [state, effects] = run(inside(), said("left", {}));
  assert.equal(state.changed, true);
  assert.ok(effects.some((it) => it.do === "announce" && it.key === "over-changed"));
  assert.equal(run(inside(), press({ on: "leave" }))[0].changed, false);
  // Their line was dead while it happened.
  assert.equal(run(inside(), said("welcome", welcome("left")))[0].changed, true);
});
