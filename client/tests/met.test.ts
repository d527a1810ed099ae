// Whose word counts on a page: chains of vouches, and what they begin with.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Met } from "../src/room/met.ts";
import type { CodeOutcome } from "../src/secrecy/vouch.ts";

test("a chain grows from the nearest link, and two that are further on hold nobody up", () => {
  const met = blank();
  met.checked("a", "matches", 1);
  say(met, ["a", "b"], ["b", "c"], ["c", "d"], ["d", "c"], ["c", "b", "mismatch"]);
  const seen = ["b", "c", "d"].map((key) => [met.trusted(key)?.outcome, met.trusted(key)?.by]);
  assert.deepEqual(seen, [["matches", "a"], ["matches", "b"], ["matches", "c"]]);
});

test("a mismatch counts before a good word of an equally near link, and its word ends there", () => {
  const met = blank();
  for (const key of ["a", "b"]) met.checked(key, "matches", 1);
  say(met, ["a", "c"], ["b", "c", "mismatch"], ["c", "d"], ["d", "c"], ["d", "d2"]);
  const seen = ["c", "d", "d2"].map((key) => met.trusted(key)?.outcome);
  assert.deepEqual(seen, ["mismatch", undefined, undefined]);
});

test("what was skipped is found out by whoever is further on, and an own word beats every chain", () => {
  const met = blank();
  met.checked("a", "matches", 1);
  met.checked("x", "mismatch", 1);
  say(met, ["a", "b"], ["a", "c", "skipped"], ["b", "c"], ["a", "x"], ["x", "y"]);
  const seen = ["c", "x", "y"].map((key) => met.trusted(key)?.outcome);
  assert.deepEqual(seen, ["matches", "mismatch", undefined]);
});

test("a newer match of who leads puts an older mismatch right, and nothing else does", () => {
  const [older, newer] = [1, 9];
  const cases: [word: Parameters<typeof tell>[1], outcome: CodeOutcome][] = [
    [{ by: "host", at: newer }, "matches"],
    [{ by: "host", at: older }, "mismatch"],
    [{ by: "host", at: newer, outcome: "known-device" }, "mismatch"],
    [{ by: "other", at: newer }, "mismatch"],
    [{ by: "stranger", at: newer }, "mismatch"],
  ];
  for (const [word, outcome] of cases) {
    const met = blank();
    for (const key of ["deputy", "other"]) met.checked(key, "matches", 1);
    say(met, ["deputy", "host"]);
    tell(met, { by: "deputy", at: 5, outcome: "mismatch" });
    tell(met, word);
    assert.equal(met.trusted("x", false, "host")?.outcome, outcome, JSON.stringify(word));
    assert.equal(met.said("x", () => true, "host")?.outcome, outcome);
  }
  const led = blank();
  led.checked("deputy", "matches", 1);
  tell(led, { by: "deputy", at: 5, outcome: "mismatch" });
  tell(led, { by: "stranger", at: newer });
  assert.equal(led.trusted("x", false, "stranger")?.outcome, "mismatch", "who leads must be good here, too");
});

test("clocks that differ let no older match put a newer mismatch right, said once or twice", () => {
  const met = blank();
  for (const key of ["deputy", "host"]) met.checked(key, "matches", 1);
  const match = { by: "host", at: 14 * 60 + 11 };
  tell(met, match);
  tell(met, { by: "deputy", at: 14 * 60 + 5, outcome: "mismatch" });
  assert.equal(met.trusted("x", false, "host")?.outcome, "mismatch", "the host's clock is ahead");
  tell(met, match);
  assert.equal(met.trusted("x", false, "host")?.outcome, "mismatch", "the same word again is not news");
  tell(met, { ...match, at: 14 * 60 + 16 });
  assert.equal(met.trusted("x", false, "host")?.outcome, "matches", "digits that match now are");
});

test("no word about who let us in counts by a device known from before", () => {
  const met = blank();
  met.checked("laptop", "known-device", 1);
  say(met, ["laptop", "host"]);
  assert.equal(met.trusted("host")?.outcome, "matches", "of others it does");
  assert.equal(met.trusted("host", true), null);
  met.checked("deputy", "matches", 2);
  say(met, ["deputy", "host"]);
  assert.deepEqual(met.trusted("host", true), { outcome: "matches", at: 5, by: "deputy" });
});

function blank(): Met {
  return new Met("visit", () => ({ getItem: () => null, setItem: () => undefined }));
}

function tell(met: Met, word: { by: string; at: number; outcome?: CodeOutcome }): void {
  met.vouched({ key: "x", name: word.by, outcome: "matches", ...word });
}

function say(met: Met, ...words: [by: string, key: string, outcome?: CodeOutcome][]): void {
  for (const [by, key, outcome = "matches"] of words) met.vouched({ by, name: by, key, outcome, at: 5 });
}
