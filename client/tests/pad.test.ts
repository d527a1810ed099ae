// Signing by hand: what a finger draws is a short path of lines, inside the pad, and never longer than is
// kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BYTES_MAX, HEIGHT, Strokes, WIDTH } from "../src/pages/pad.ts";

test("strokes become one path of whole numbers", () => {
  const drawn = new Strokes();
  drawn.begin(10.4, 59.6);
  drawn.go(60, 20);
  drawn.go(60.4, 20.4);
  drawn.go(80, 90);
  drawn.lift();
  drawn.go(99, 99);
  drawn.begin(100, 60);
  drawn.go(120, 60);
  assert.equal(drawn.path, "M10 60 L60 20 L80 90 M100 60 L120 60");
});

test("a finger that slips off draws along the edge", () => {
  const drawn = new Strokes();
  drawn.begin(-40, 30);
  drawn.go(900, 900);
  assert.equal(drawn.path, `M0 30 L${WIDTH} ${HEIGHT}`);
});

test("the path ends where the server would refuse it, and is drawn anew after Clear", () => {
  const drawn = new Strokes();
  for (let round = 0; round < 2_000; round++) {
    drawn.begin(100, 100);
    drawn.go(200, (round * 7) % HEIGHT);
    drawn.lift();
  }
  assert.ok(drawn.path.length <= BYTES_MAX && drawn.path.length > BYTES_MAX - 12, `${drawn.path.length}`);
  assert.match(drawn.path, /^M\d{1,3} \d{1,3}( [ML]\d{1,3} \d{1,3})+$/);
  drawn.clear();
  assert.equal(drawn.path, "");
  drawn.begin(1, 2);
  drawn.go(50, 60);
  assert.equal(drawn.path, "M1 2 L50 60");
});

test("what stood in the form after a slip is gone on with", () => {
  const drawn = new Strokes("M0 0 L90 0");
  drawn.begin(10, 10);
  drawn.go(20, 20);
  assert.equal(drawn.path, "M0 0 L90 0 M10 10 L20 20");
});
