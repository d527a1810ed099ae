// Which layers of the own camera are made.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENCODINGS, made, switched } from "../src/media/layers.ts";
import type { Size } from "../src/wire/wire.ts";

/** After these sizes, one after the other; null: the last one changed nothing. */
function active(...steps: Size[][]): (string | undefined)[] | null {
  let [now, changed]: [RTCRtpEncodingParameters[], boolean] = [ENCODINGS, true];
  for (const sizes of steps) {
    const next = switched(now, sizes);
    [now, changed] = [next ?? now, next !== null];
  }
  return changed ? now.filter((each) => each.active).map(({ rid }) => rid) : null;
}

test("a camera makes the layers somebody looks at, and no others", () => {
  assert.deepEqual(ENCODINGS.map(({ rid }) => rid), ["q", "h", "f"], "all are offered");
  assert.deepEqual(active(["small"]), ["q"]);
  assert.deepEqual(active(["small", "large"]), ["q", "f"]);
  assert.deepEqual(active(["small"], ["large"]), ["f"]);
  assert.deepEqual(active(["large"], ["small", "medium"]), ["q", "h"]);
  assert.equal(active(["medium"], ["medium"]), null, "nothing to change");
  assert.deepEqual(active(["medium"], []), [], "all stop");
});

test("of VP9 Chromium makes all layers all the time, Firefox what is needed", () => {
  assert.deepEqual(made(["small"], "vp8", false), ["small"]);
  assert.equal(switched(ENCODINGS, made(["small"], "vp9", false)), null);
  assert.deepEqual(made(["small"], "vp9", true), ["small"]);
});

test("a picture without layers goes on whatever its size, and stops with the others", () => {
  const plain = [{ active: true }];
  for (const size of ["small", "medium", "large"] as Size[]) assert.equal(switched(plain, [size]), null);
  assert.deepEqual(switched([{ rid: "f", active: false }], ["small"]), [{ rid: "f", active: true }]);
  assert.deepEqual(switched(plain, []), [{ active: false }]);
});
