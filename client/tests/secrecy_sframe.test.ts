// RFC 9605 against its own vectors, the key ids of the profile, clear prefixes and the replay window.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hex, unhex, utf8 } from "../src/secrecy/bytes.ts";
import { SecrecyError } from "../src/secrecy/failure.ts";
import { kid, readKid } from "../src/secrecy/kid.ts";
import { clearBytes, codecOf, metadata } from "../src/secrecy/prefix.ts";
import { ReplayWindow, WINDOW } from "../src/secrecy/replay.ts";
import {
  AES_128_GCM_SHA256_128,
  AES_256_GCM_SHA512_128,
  decodeHeader,
  deriveFrameKeys,
  deriveSecret,
  encodeHeader,
  importBaseKey,
  nonce,
  openFrame,
  sealFrame,
  secretLabel,
  type Suite,
} from "../src/secrecy/sframe.ts";

declare const TREE: string;

interface Vectors {
  header: { kid: string; ctr: string; encoded: string }[];
  sframe: ({ cipher_suite: number } & Record<string, string>)[];
}
const vectors = JSON.parse(readFileSync(join(TREE, "vectors/rfc9605/sframe.json"), "utf8")) as Vectors;

test("all 289 header vectors of RFC 9605 are written and read", () => {
  assert.equal(vectors.header.length, 289);
  for (const { kid, ctr, encoded } of vectors.header) {
    assert.equal(hex(encodeHeader(BigInt(kid), BigInt(ctr))), encoded);
    const read = decodeHeader(unhex(encoded));
    assert.deepEqual(read, { kid: BigInt(kid), ctr: BigInt(ctr), length: encoded.length / 2 });
  }
});

for (const suite of [AES_128_GCM_SHA256_128, AES_256_GCM_SHA512_128]) {
  test(`suite ${suite.id} of RFC 9605 gives the published keys and frame`, () => follows(suite));
}

test("every cut header is refused", () => {
  for (const { encoded } of vectors.header.slice(0, 60)) {
    for (let length = 0; length < encoded.length / 2; length++) {
      assert.throws(() => decodeHeader(unhex(encoded).subarray(0, length)), refused("malformed"));
    }
  }
});

test("a key id is stream, leaf and epoch, and takes two bytes at most", () => {
  assert.equal(kid("audio", 0, 0), 0n);
  assert.equal(kid("camera", 1, 1), 0x1101n);
  assert.equal(kid("screenAudio", 15, 511), 0x3fffn);
  assert.equal(encodeHeader(kid("screenAudio", 15, 255), 1n).length, 3);
  for (const stream of ["audio", "camera", "screen", "screenAudio"] as const) {
    for (let leaf = 0; leaf < 16; leaf++) {
      for (const epoch of [0, 1, 255, 256, 1000]) {
        assert.deepEqual(readKid(kid(stream, leaf, epoch)), { stream, leaf, epochTail: epoch % 256 });
      }
    }
  }
  assert.throws(() => kid("audio", 16, 0), refused("unknown-leaf"));
  assert.throws(() => readKid(0x4000n), refused("malformed"));
});

test("a tampered header, frame or metadata does not open", async () => {
  const base = await importBaseKey(new Uint8Array(16).fill(7));
  const id = kid("camera", 3, 9);
  const keys = await deriveFrameKeys(AES_128_GCM_SHA256_128, base, id);
  const bound = metadata("vp8", Uint8Array.of(1));
  const sealed = await sealFrame(keys, id, 70_000n, bound, utf8("a picture"));
  const header = decodeHeader(sealed);
  assert.equal(hex(await openFrame(keys, header, bound, sealed)), hex(utf8("a picture")));
  for (let at = 0; at < sealed.length; at++) {
    const bad = sealed.slice();
    bad[at] = (bad[at] ?? 0) ^ 1;
    await assert.rejects(async () => openFrame(keys, decodeHeader(bad), bound, bad), SecrecyError);
  }
  for (const other of [metadata("vp9", Uint8Array.of(1)), metadata("vp8", Uint8Array.of(3))]) {
    await assert.rejects(openFrame(keys, header, other, sealed), refused("forged-frame"));
  }
  for (let cut = 1; cut <= 20; cut++) {
    await assert.rejects(openFrame(keys, header, bound, sealed.slice(0, -cut)), refused("forged-frame"));
  }
});

test("VP8 keeps ten bytes of a key frame and one of a delta frame, VP9 and Opus none", () => {
  const key = new Uint8Array(40);
  const delta = new Uint8Array(40).fill(1);
  assert.equal(clearBytes("vp8", key), 10);
  assert.equal(clearBytes("vp8", delta), 1);
  assert.equal(clearBytes("vp9", key), 0);
  assert.equal(clearBytes("opus", key), 0);
  assert.throws(() => clearBytes("vp8", key.subarray(0, 9)), refused("malformed"));
  assert.throws(() => clearBytes("vp8", new Uint8Array(0)), refused("malformed"));
  assert.equal(codecOf("video/VP8"), "vp8");
  assert.equal(codecOf("audio/opus"), "opus");
  for (const other of ["video/AV1", "video/H264", "audio/red", "video/rtx", ""])
    assert.equal(codecOf(other), null);
});

test("the replay window takes each counter once and nothing older than itself", () => {
  const window = new ReplayWindow();
  assert.ok(window.mark(0));
  assert.ok(!window.mark(0));
  assert.ok(window.mark(5));
  assert.ok(window.mark(3));
  assert.ok(!window.mark(3));
  assert.ok(window.mark(5 + WINDOW - 1));
  assert.ok(!window.isFresh(5));
  assert.ok(window.isFresh(6));
  assert.ok(!window.isFresh(4));
  assert.ok(window.mark(1_000_000));
  assert.ok(!window.isFresh(1_000_000 - WINDOW));
  assert.ok(window.mark(1_000_000 - WINDOW + 1));
});

test("the replay window agrees with a plain set over random counters", () => {
  const window = new ReplayWindow();
  const seen = new Set<number>();
  let top = -1;
  let next = 12345;
  for (let step = 0; step < 20_000; step++) {
    next = (next * 1103515245 + 12345) % 2 ** 31;
    const jump = next % 97 === 0 ? 3000 : 40;
    const counter = Math.max(0, top + (next % (2 * jump)) - jump);
    const expected = counter > top || (top - counter < WINDOW && !seen.has(counter));
    assert.equal(window.mark(counter), expected);
    seen.add(counter);
    top = Math.max(top, counter);
  }
});

async function follows(suite: Suite): Promise<void> {
  const vector = vectors.sframe.find((each) => each.cipher_suite === suite.id);
  assert.ok(vector);
  const field = (name: string) => unhex(vector[name] ?? assert.fail(name));
  const [id, ctr] = [BigInt(vector["kid"] ?? ""), BigInt(vector["ctr"] ?? "")];
  const base = await importBaseKey(field("base_key"));
  assert.equal(hex(secretLabel(suite, id, "key")), vector["sframe_key_label"]);
  assert.equal(hex(secretLabel(suite, id, "salt")), vector["sframe_salt_label"]);
  assert.equal(hex(await deriveSecret(suite, base, id, "key")), vector["sframe_key"]);
  assert.equal(hex(await deriveSecret(suite, base, id, "salt")), vector["sframe_salt"]);
  const keys = await deriveFrameKeys(suite, base, id);
  assert.equal(hex(nonce(keys.salt, ctr)), vector["nonce"]);
  const sealed = await sealFrame(keys, id, ctr, field("metadata"), field("pt"));
  assert.equal(hex(sealed), vector["ct"]);
  const opened = await openFrame(keys, decodeHeader(sealed), field("metadata"), sealed);
  assert.equal(hex(opened), vector["pt"]);
}

function refused(refusal: string): (error: unknown) => boolean {
  return (error) => error instanceof SecrecyError && error.refusal === refusal;
}
