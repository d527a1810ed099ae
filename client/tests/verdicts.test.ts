// Small pure pieces: the device check's words, the way in, advice, weak links, colours that must agree.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isWeak } from "../src/media/connection.ts";
import { troubleOf } from "../src/media/devices.ts";
import { decibels } from "../src/media/sound.ts";
import { looksRight } from "../src/pages/invitation.ts";
import { numbersOf } from "../src/pages/probe.ts";
import {
  type Numbers,
  isBacklit,
  light,
  meanLuma,
  middleAndEdge,
  network,
  noise,
  voice,
} from "../src/pages/verdicts.ts";
import { readEntry } from "../src/room/entry.ts";
import { adviceKey, whatIsMissing } from "../src/ui/advice.ts";

test("light is judged by its mean", () => {
  const words = [null, 10, 39, 40, 69, 70, 200, 201, 220, 221].map(light);
  assert.deepEqual(words, ["none", "poor", "poor", "ok", "ok", "good", "good", "ok", "ok", "poor"]);
  assert.equal(Math.round(meanLuma(new Uint8ClampedArray([255, 255, 255, 255, 0, 0, 0, 255]))), 128);
});

test("noise and voice are judged in decibels", () => {
  assert.deepEqual([null, -80, -50, -49, -40, -39].map(noise), ["none", "good", "good", "ok", "ok", "poor"]);
  assert.deepEqual([null, -100, -60, -36, -35, -10].map(voice), [
    "none",
    "none",
    "poor",
    "poor",
    "good",
    "good",
  ]);
  assert.ok(Math.abs(decibels(new Float32Array(512).fill(0.1)) + 20) < 0.01);
  assert.equal(decibels(new Float32Array(512)), -100);
});

test("a bright frame around a dark middle is light from behind", () => {
  const picture = (luma: (x: number, y: number) => number) =>
    new Uint8ClampedArray(
      Array.from({ length: 9 * 6 }, (_, at) => luma(at % 9, Math.floor(at / 9))).flatMap(
        (it) => [it, it, it, 255],
      ),
    );
  const inside = (x: number, y: number) => x >= 3 && x < 6 && y >= 2 && y < 4;
  const found = middleAndEdge(picture((x, y) => (inside(x, y) ? 30 : 220)), 9).map(Math.round);
  assert.deepEqual(found, [30, 220]);
  assert.ok(isBacklit(30, 220) && !isBacklit(30, 60) && !isBacklit(120, 220));
});

test("a network is as good as its worst number", () => {
  const good: Numbers = { way: "udp", roundTripMs: 150, lost: 10, up: 600, down: 600 };
  assert.equal(network(good), "good");
  assert.equal(network({ ...good, way: "tcp" }), "ok");
  assert.equal(network(null), "none");
  assert.equal(network({ way: "none", roundTripMs: null, lost: null, up: null, down: null }), "poor");
  const fair = [{ roundTripMs: 151 }, { lost: 11 }, { up: 599 }, { down: 150 }];
  const poor = [{ roundTripMs: 501 }, { lost: 81 }, { up: 149 }, { down: 0 }];
  assert.deepEqual(
    [...fair, ...poor].map((worse) => network({ ...good, ...worse })),
    ["ok", "ok", "ok", "ok", "poor", "poor", "poor", "poor"],
  );
});

test("rates and loss are those of the time between two looks", () => {
  const flow = (bytes: number, packets: number, lost: number) => ({ bytes, packets, lost });
  const from = { atMs: 1000, way: "udp" as const, roundTripMs: 20, up: flow(0, 0, 0), down: flow(0, 0, 0) };
  const [up, down] = [flow(400_000, 400, 4), flow(300_000, 300, 100)];
  const to = { ...from, atMs: 5000, roundTripMs: 30, up, down };
  assert.deepEqual(numbersOf(from, to), { way: "udp", roundTripMs: 30, lost: 250, up: 792, down: 600 });
  const few = { ...to, up: flow(100, 9, 9), down: flow(100, 9, 9) };
  assert.equal(numbersOf(from, few).lost, 0, "nine packets say nothing");
});

test("the way in is read from the address and nothing else is", () => {
  const ticket = "A".repeat(43);
  assert.deepEqual(readEntry(`#${ticket}~demo~admit=0190-aa`), { ticket, demo: true, admit: "0190-aa" });
  for (const hash of ["", "#", "#short", "#<script>alert(1)</script>", `#${ticket} x`])
    assert.equal(readEntry(hash).ticket, null);
  assert.ok(looksRight(ticket) && !looksRight("a b") && !looksRight(""));
});

test("errors of devices become one word", () => {
  const named = (name: string) => troubleOf(new DOMException("", name));
  assert.deepEqual(["NotAllowedError", "NotFoundError", "NotReadableError", "Other"].map(named), [
    "denied",
    "none",
    "in_use",
    "failed",
  ]);
});

test("advice fits the browser", () => {
  assert.equal(adviceKey("Mozilla/5.0 (iPhone) AppleWebKit Version/18 Mobile Safari/604.1"), "advice-ios");
  assert.equal(adviceKey("Mozilla/5.0 (X11) Gecko/20100101 Firefox/153.0"), "advice-firefox");
  assert.equal(
    adviceKey("Mozilla/5.0 (Linux; Android 15) Chrome/141 Mobile Safari/537.36"),
    "advice-android",
  );
  for (const inside of INSIDE) assert.equal(adviceKey(inside), "advice-app", inside);
  const all = { secure: true, peer: true, devices: true, socket: true, sealing: true };
  assert.equal(whatIsMissing("x", all), true);
  assert.equal(whatIsMissing("x", { ...all, secure: false }), "insecure");
  assert.equal(whatIsMissing("x", { ...all, sealing: false }), "old", "no visit without sealed frames");
  for (const inside of INSIDE) {
    assert.equal(whatIsMissing(inside, { ...all, devices: false }), "mail_app", inside);
    assert.equal(whatIsMissing(inside, all), true, "where all is there, nobody is sent away");
  }
});

/** What they say about themselves: Facebook, Instagram, a mail app on an iPhone, Gmail's view on Android. */
const INSIDE = [
  "Mozilla/5.0 (iPhone) AppleWebKit/605 Mobile/15E148 [FBAN/FBIOS;FBAV/450.0]",
  "Mozilla/5.0 (iPhone) AppleWebKit/605 Mobile/15E148 Instagram 300.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
  "Mozilla/5.0 (Linux; Android 15; Pixel 8; wv) Version/4.0 Chrome/141 Mobile Safari/537.36",
];

test("a link is weak by loss or by a long way round, not by a single lost packet", () => {
  const before = { received: 100, lost: 0, roundTripS: 0.1 };
  assert.equal(isWeak({ received: 200, lost: 1, roundTripS: 0.1 }, before), false);
  assert.equal(isWeak({ received: 180, lost: 20, roundTripS: 0.1 }, before), true);
  assert.equal(isWeak({ received: 200, lost: 0, roundTripS: 0.9 }, before), true);
  assert.equal(isWeak({ received: 101, lost: 1, roundTripS: null }, before), false);
});
