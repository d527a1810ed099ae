// The six digits as people meet them: read out one by one, said again when they are others, as large as the
// screen at a press; and presses that somebody else has to hear, while nobody does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Code, type Secrecy, UNSEALED } from "../src/room/secrecy_view.ts";
import type { Effect, Event, State } from "../src/room/state.ts";
import { parse } from "../src/words/fluent.ts";
import { wordsOf } from "../src/words/words.ts";
import { announced, chain, has, inside, press, roomed, run, sent } from "./stories.ts";

declare const TREE: string;

const CODE: Code = {
  digits: "482913",
  name: "Dr. Osei",
  key: "a",
  hosting: false,
  tries: 1,
  check: null,
  said: null,
};

test("digits are announced one by one, unasked, and again when they are others under the same key", () => {
  const [first, effects] = run(inside(), sealed(CODE));
  assert.deepEqual(said(effects), [{ digits: "4 8 2 9 1 3" }]);
  const [same, quiet] = run(first, sealed({ ...CODE }));
  assert.deepEqual(said(quiet), []);
  const [, others] = run(same, sealed({ ...CODE, digits: "100200" }));
  assert.deepEqual(said(others), [{ digits: "1 0 0 2 0 0" }]);
  const [, else_] = run(same, sealed({ ...CODE, key: "b" }));
  assert.deepEqual(said(else_), [{ digits: "4 8 2 9 1 3" }]);
  const over = { ...CODE, digits: "100200", check: { outcome: "matches", at: 1 } } as const;
  assert.deepEqual(said(run(same, sealed(over))[1]), [], "nothing is left to compare");
});

test("the question of whoever leads is said once, and a word taken back brings the digits again", () => {
  const [first] = run(inside(), sealed(CODE));
  const asks = { ...CODE, said: { outcome: "matches", at: 1 } } as const;
  const [asked, effects] = run(first, sealed(asks));
  assert.ok(has(effects, { do: "announce", key: "code-ask-here", values: { name: "Dr. Osei" } }));
  assert.deepEqual(announced(run(asked, sealed(asks))[1]), []);
  const stopped: Secrecy = { ...UNSEALED, stage: "stopped", why: "mismatch", doubts: "a" };
  const [out] = run(asked, { kind: "secrecy", secrecy: stopped });
  assert.deepEqual(said(run(out, sealed(CODE))[1]), [{ digits: "4 8 2 9 1 3" }]);
});

test("both languages say them one by one", () => {
  for (const language of ["en", "es"] as const) {
    const file = join(TREE, `crates/visit/locales/${language}/room.ftl`);
    const words = wordsOf({ [language]: parse(readFileSync(file, "utf8")) } as never, language);
    assert.match(words("say-code", { digits: "4 8 2 9 1 3" }), /: 4 8 2 9 1 3$/);
    assert.match(words("code-ask-here", { name: "Dr. Osei" }), /Dr\. Osei/);
  }
});

test("the digits as large as the screen are there while there is something to compare, and no longer", () => {
  const [open] = chain(inside(), sealed(CODE), press({ on: "ask", ask: { kind: "digits" } }));
  assert.deepEqual(open.ask, { kind: "digits" });
  assert.deepEqual(run(open, sealed({ ...CODE, digits: "100200" }))[0].ask, { kind: "digits" });
  const over = { ...CODE, check: { outcome: "matches", at: 1 } } as const;
  for (const gone of [sealed(over), sealed(null)]) assert.equal(run(open, gone)[0].ask, null);
  const [leaving] = chain(open, press({ on: "ask", ask: { kind: "leave" } }), sealed(null));
  assert.deepEqual(leaving.ask, { kind: "leave" }, "another question stays");
});

test("what others must hear is not taken while the line is down, and nothing looks done", () => {
  const unmet = { key: "u", name: "Dr. Osei" };
  const secrecy: Secrecy = { ...UNSEALED, stage: "sealed", leads: true, unmet };
  const ready: State = { ...roomed("host"), link: "open", secrecy };
  const presses = [
    press({ on: "compared", key: "b", outcome: "matches" }),
    press({ on: "let_in", participant: "ana" }),
    press({ on: "lock", locked: true }),
    press({ on: "compared", key: "u", outcome: "again" }),
  ];
  for (const pressed of presses) {
    const [, open] = run(ready, pressed);
    assert.ok(open.length > 0 && !announced(open).includes("press-offline"), JSON.stringify(pressed));
    for (const link of ["reconnecting", "lost"] as const) {
      const before: State = { ...ready, link };
      const [after, effects] = run(before, pressed);
      assert.deepEqual([after, sent(effects), announced(effects)], [before, [], ["press-offline"]]);
      assert.equal(effects.length, 1, "neither to the group nor to the server");
    }
  }
});

test("of whoever let us in the own word is taken at once, on a dead line too", () => {
  const secrecy: Secrecy = { ...UNSEALED, stage: "sealed", opposite: "a", code: CODE };
  const down: State = { ...inside(), link: "reconnecting", secrecy };
  const [, effects] = run(down, press({ on: "compared", key: "a", outcome: "mismatch" }));
  assert.ok(has(effects, { do: "compared", key: "a", outcome: "mismatch" }));
  const doubting: State = { ...down, secrecy: { ...secrecy, opposite: "b", doubts: "a" } };
  const [, again] = run(doubting, press({ on: "compared", key: "a", outcome: "again" }));
  assert.ok(has(again, { do: "compared", key: "a", outcome: "again" }), "and taken back, whoever leads");
});

function sealed(code: Code | null): Event {
  return { kind: "secrecy", secrecy: { ...UNSEALED, stage: "sealed", code } };
}

function said(effects: Effect[]) {
  return effects.flatMap((one) => (one.do === "announce" && one.key === "say-code" ? [one.values] : []));
}
