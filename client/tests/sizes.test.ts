// How large a picture is asked for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, sizesOf } from "../src/media/sizes.ts";

test("a picture is asked for as large as it is drawn, and no larger", () => {
  assert.deepEqual(sizesOf([0, 180, 270, 271, 540, 541]), [
    "small",
    "small",
    "small",
    "medium",
    "medium",
    "large",
  ]);
});

test("a wide tile needs the lines of the whole picture, and a folded one none", () => {
  assert.equal(linesOf(960, 200), 540);
  assert.equal(linesOf(200, 400), 400);
  assert.equal(linesOf(700, 0), 0);
});
