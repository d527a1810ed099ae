// What sealing costs, as the worker counts it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CostRing, RING } from "../src/secrecy/cost.ts";

test("the middle frame, the slowest in twenty, and the bytes of the last frames alone", () => {
  const ring = new CostRing();
  assert.deepEqual(ring.cost(), { p50: 0, p95: 0, bytes: 0, frames: 0 });
  for (let ms = 1; ms <= 100; ms++) ring.add(ms, ms % 2 === 0 ? 20 : 22);
  assert.deepEqual(ring.cost(), { p50: 50, p95: 95, bytes: 21, frames: 100 });
  for (let n = 0; n < RING; n++) ring.add(7, 19);
  assert.deepEqual(ring.cost(), { p50: 7, p95: 7, bytes: 19, frames: RING });
});
