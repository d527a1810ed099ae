// The spoken code: its vectors, every key in it, and a server in the middle who tries to make two codes
// match. `cargo xtask man-in-the-middle` tries longer than the test run does.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Bytes, hex, random, sha256, unhex, utf8 } from "../src/secrecy/bytes.ts";
import {
  commitment,
  grouped,
  type Host,
  HostCode,
  type Joiner,
  JoinerCode,
  spokenCode,
  type Transcript,
} from "../src/secrecy/spoken_code.ts";
import { Crowd, SIZES, SWAPS } from "../tools/man-in-the-middle/crowd.ts";
import { is } from "./secrecy_people.ts";

declare const TREE: string;
const FILE = join(TREE, "vectors/spoken-code.json");

interface Vector {
  visit: string;
  group: string;
  joiner: { identity: string; leaf_key: string; key_package: string; nonce: string };
  host: { identity: string; leaf_key: string; nonce: string };
  commitment: string;
  code: string;
}

test("the published vectors hold", async () => {
  const written: Vector[] = [];
  for (let at = 0; at < 12; at++) written.push(await vector(at));
  const text = `${JSON.stringify({ label: "Alcove E2EE v1 spoken code", vectors: written }, null, 2)}\n`;
  if (process.env["ALCOVE_ACCEPT"] === "1") writeFileSync(FILE, text);
  const { vectors } = JSON.parse(readFileSync(FILE, "utf8")) as { vectors: Vector[] };
  assert.deepEqual(vectors, written);
});

test("both sides read the same six digits, three and three", async () => {
  const { joiner, host } = await people("visit-1");
  await talk(joiner, host);
  const code = await joiner.digits();
  assert.equal(await host.digits(), code);
  assert.match(code, /^\d{6}$/);
  assert.match(grouped(code), /^\d{3} \d{3}$/);
});

test("swapping any single key, nonce, visit or group changes the digits", async () => {
  // Per field 400 swaps: one match by chance has odds of 1 in 2,500, three can't be chance.
  for (const change of changes) {
    let matches = 0;
    for (let round = 0; round < 400; round++) {
      const transcript = fresh();
      const before = await spokenCode(transcript);
      if ((await spokenCode(change(transcript))) === before) matches++;
    }
    assert.ok(matches < 3, `${matches} matches`);
  }
});

test("fields can't lend bytes to their neighbours", async () => {
  const one = fresh();
  const two = {
    ...one,
    joiner: { ...one.joiner, identity: one.joiner.identity.slice(0, 31) },
    host: { ...one.host, identity: Uint8Array.of(one.joiner.identity[31] ?? 0, ...one.host.identity) },
  };
  assert.notEqual(await spokenCode(one), await spokenCode(two));
});

test("a joiner opens once: a second challenge would be a second guess", async () => {
  const { joiner, host } = await people("visit-1");
  const { host: other } = await people("visit-1");
  const opening = joiner.challenged(host.challenge());
  assert.throws(() => joiner.challenged(other.challenge()), is("code-already-opened"));
  assert.deepEqual(joiner.challenged(host.challenge()), opening, "what was lost on the way is said again");
});

test("an opening that was not committed to ends the attempt", async () => {
  const { joiner, host } = await people("visit-1");
  joiner.challenged(host.challenge());
  await assert.rejects(host.opened(random(32)), is("commitment-broken"));
  await assert.rejects(host.opened(random(32)), is("code-already-opened"));
  await assert.rejects(host.digits(), is("code-not-ready"));
});

test("nothing is shown before both have spoken", async () => {
  const { joiner, host } = await people("visit-1");
  await assert.rejects(joiner.digits(), is("code-not-ready"));
  await assert.rejects(host.digits(), is("code-not-ready"));
  await assert.rejects(host.opened(random(32)), is("code-not-ready"));
  assert.throws(() => joiner.host, is("code-not-ready"));
  assert.throws(() => joiner.challenged(random(10)), is("malformed"));
});

test("a commitment is to the key package, the identity and the visit", async () => {
  const { joiner: me } = fresh();
  const nonce = random(32);
  const all = [
    await commitment("a", me, nonce),
    await commitment("b", me, nonce),
    await commitment("a", { ...me, keyPackage: random(32) }, nonce),
    await commitment("a", { ...me, identity: random(32) }, nonce),
    await commitment("a", me, random(32)),
  ];
  assert.equal(new Set(all.map(hex)).size, all.length);
});

test("a server in the middle makes no two codes match above chance, in visits of two to eight", async () => {
  const tries = 20;
  let matches = 0;
  for (const size of SIZES) {
    const crowd = await Crowd.of(size);
    assert.equal(crowd.size, size);
    for (const value of Object.keys(SWAPS))
      for (let round = 0; round < tries; round++) if (await crowd.swapped(value)) matches++;
  }
  // 1,260 tries at one in a million: two cannot be chance.
  assert.ok(matches < 2, `${matches} matched`);
});

test("with a free choice after the opening the middle would win: so there is none", async () => {
  // What the commitment prevents: whoever knows everything else finds a nonce for any digits in about 10^6
  // steps.
  const target = fresh();
  const wanted = (await spokenCode(target)).slice(0, 2);
  let found = false;
  for (let step = 0; step < 2_000 && !found; step++)
    found = (await spokenCode({ ...target, hostNonce: random(32) })).startsWith(wanted);
  assert.ok(found);
});

const changes: ((of: Transcript) => Transcript)[] = [
  (of) => ({ ...of, visit: `${of.visit}x` }),
  (of) => ({ ...of, host: { ...of.host, group: random(16) } }),
  (of) => ({ ...of, host: { ...of.host, identity: random(32) } }),
  (of) => ({ ...of, host: { ...of.host, leafKey: random(32) } }),
  (of) => ({ ...of, joiner: { ...of.joiner, identity: random(32) } }),
  (of) => ({ ...of, joiner: { ...of.joiner, leafKey: random(32) } }),
  (of) => ({ ...of, joiner: { ...of.joiner, keyPackage: random(32) } }),
  (of) => ({ ...of, joinerNonce: random(32) }),
  (of) => ({ ...of, hostNonce: random(32) }),
];

async function talk(joiner: JoinerCode, host: HostCode): Promise<void> {
  await host.opened(joiner.challenged(host.challenge()));
}

async function people(visit: string): Promise<{ joiner: JoinerCode; host: HostCode }> {
  const { me } = joiners();
  const joiner = new JoinerCode(visit, me);
  return { joiner, host: new HostCode(visit, hostOf(), me, await joiner.commitment()) };
}

function joiners(): { me: Joiner; other: Joiner } {
  const make = () => ({ identity: random(32), leafKey: random(32), keyPackage: random(32) });
  return { me: make(), other: make() };
}

function hostOf(): Host {
  return { identity: random(32), leafKey: random(32), group: random(16) };
}

function fresh(): Transcript {
  const nonces = { joinerNonce: random(32), hostNonce: random(32) };
  return { visit: "visit", joiner: joiners().me, host: hostOf(), ...nonces };
}

async function vector(at: number): Promise<Vector> {
  const bytes = async (what: string, length = 32): Promise<Bytes> =>
    (await sha256(utf8(`${at} ${what}`))).slice(0, length);
  const visit = `0192f3a4-0000-7000-8000-00000000000${at.toString(16)}`;
  const joiner = {
    identity: await bytes("joiner identity"),
    leafKey: await bytes("joiner leaf key"),
    keyPackage: await bytes("key package"),
  };
  const host = {
    identity: await bytes("host identity"),
    leafKey: await bytes("host leaf key"),
    group: await bytes("group", 16),
  };
  const [joinerNonce, hostNonce] = [await bytes("joiner nonce"), await bytes("host nonce")];
  assert.equal(hex(unhex(hex(joinerNonce))), hex(joinerNonce));
  return {
    visit,
    group: hex(host.group),
    joiner: {
      identity: hex(joiner.identity),
      leaf_key: hex(joiner.leafKey),
      key_package: hex(joiner.keyPackage),
      nonce: hex(joinerNonce),
    },
    host: { identity: hex(host.identity), leaf_key: hex(host.leafKey), nonce: hex(hostNonce) },
    commitment: hex(await commitment(visit, joiner, joinerNonce)),
    code: await spokenCode({ visit, joiner, host, joinerNonce, hostNonce }),
  };
}
