// Messages and files between the page, the group and the server: what is sent, what is believed, what is
// given up.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Carrier, NotCarried, type Why } from "../src/room/carrying.ts";
import { UNSEALED } from "../src/room/secrecy_view.ts";
import type { Event, State } from "../src/room/state.ts";
import { type Line, Talk } from "../src/room/talk.ts";
import { hindrance, sayable, unread } from "../src/room/talking.ts";
import { type Bytes, random } from "../src/secrecy/bytes.ts";
import { FILE_BYTES, type FileFacts, type FileKey } from "../src/secrecy/files.ts";
import type { SealedRoom } from "../src/secrecy/sealed_room.ts";
import { announced, chain, inside, press, run } from "./stories.ts";

const PLACE = "0197a2b0-0000-7000-8000-000000000001";

test("a file goes up in pieces and comes down the same, named by its manifest", async () => {
  const server = shelf();
  const carrier = new Carrier(server.parts);
  const bytes = pattern(1_500_000);
  const steps: number[] = [];
  const key = await carrier.send(source("x-ray.png", bytes), idle(), (done) => steps.push(done));
  assert.deepEqual(server.begun, { pieces: 3, bytes: 1_500_000 + 2_048 + 3 * 16 });
  assert.deepEqual(steps, [1 / 3, 2 / 3, 1]);
  const facts = await carrier.manifest(key);
  assert.deepEqual(facts, { name: "x-ray.png", type: "image/png", size: bytes.length });
  const found = await carrier.fetch(key, facts, idle(), () => undefined);
  assert.deepEqual(found.bytes, bytes);
  assert.ok(server.headers.every((one) => one["authorization"] === "Bearer token"));
});

test("a piece is tried again while the network is bad, and given up when the server says why", async () => {
  const server = shelf();
  const carrier = new Carrier(server.parts);
  server.fail.push("network", 503, 500);
  const key = await carrier.send(source("a.txt", random(10)), idle(), () => undefined);
  assert.equal(server.pauses.length, 3);
  const reasons = { 410: "gone", 403: "not-here", 507: "full", 413: "too-large" } as const;
  for (const [status, why] of Object.entries(reasons)) {
    server.fail.push(Number(status));
    await assert.rejects(carrier.manifest(key), because(why));
  }
  server.fail.push(...Array.from({ length: 6 }, () => "network" as const));
  await assert.rejects(carrier.manifest(key), because("lost"));
});

test("a place that is none is no address, whatever a note says", async () => {
  const server = shelf();
  const carrier = new Carrier(server.parts);
  const places = ["../../sign-out", "", `${PLACE}/../..`, "https://elsewhere.example", PLACE.toUpperCase()];
  for (const place of places) {
    const key = { place, key: random(32), hash: random(32) };
    await assert.rejects(carrier.manifest(key), because("damaged"), place);
  }
  assert.equal(server.headers.length, 0, "nothing was asked of anybody");
});

test("a bent piece is damaged, and what is stopped half-way is taken back", async () => {
  const server = shelf();
  const carrier = new Carrier(server.parts);
  const key = await carrier.send(source("a.txt", random(10)), idle(), () => undefined);
  const facts = await carrier.manifest(key);
  const [, piece] = server.pieces;
  piece?.fill(7, 0, 1);
  await assert.rejects(carrier.fetch(key, facts, idle(), () => undefined), because("damaged"));
  const stop = new AbortController();
  const sending = carrier.send(source("b.bin", pattern(3_000_000)), stop.signal, () => stop.abort());
  await assert.rejects(sending);
  assert.equal(server.withdrawn, 1);
});

test("who wrote a line is who sealed it, and a file name cannot redraw the page", async () => {
  const { talk, lines } = talker({ name: "\u202Egnp.exe/..", type: "text/html", size: 5 });
  talk.heard({ kind: "chat", from: member("Maria", 1), text: "Good morning" });
  talk.heard({ kind: "file", from: member("Maria", 1), file: key() });
  await settled();
  const [said, passed] = lines();
  const { name, role, you, text } = said ?? assert.fail();
  assert.deepEqual([name, role, you, text], ["Maria", "patient", false, "Good morning"]);
  assert.equal(passed?.file?.state, "offered");
  assert.equal(passed?.file?.facts?.name, "gnp.exe_..");
  talk.clear();
  assert.deepEqual(lines(), []);
});

test("what could not be sealed is shown as not sent", async () => {
  const { talk, lines } = talker(null, () => Promise.reject(new Error("closed")));
  await talk.say("hello");
  assert.deepEqual([lines()[0]?.you, lines()[0]?.failed], [true, true]);
});

test("new lines count until the person looks, and are said aloud only while the list is closed", () => {
  const [closed, said] = run(inside(), heard(line(1)));
  assert.equal(unread(closed), 1);
  assert.deepEqual(announced(said), ["say-chat"]);
  const [open] = run(closed, press({ on: "talk", open: true }));
  assert.equal(unread(open), 0);
  const [later, quiet] = run(open, heard(line(1), line(2)));
  assert.equal(unread(later), 0);
  assert.deepEqual(announced(quiet), []);
  const [own] = run(closed, heard(line(1), { ...line(2), you: true }));
  assert.equal(unread(own), 1);
});

test("nothing is written when it would reach nobody, or when something is wrong with the keys", () => {
  const two = talking();
  const [, effects] = run(two, press({ on: "chat", text: "  hello  " }));
  assert.deepEqual(effects, [{ do: "chat", text: "hello" }]);
  const wrong: [Partial<State["secrecy"]>, string][] = [
    [{ stage: "stopped", why: "mismatch" }, "talk-stopped"],
    [{ stage: "none" }, "talk-no-keys"],
    [{ truth: "paused" }, "talk-paused"],
    [{ members: two.secrecy.members.slice(0, 1) }, "talk-alone"],
  ];
  for (const [secrecy, why] of wrong) {
    const state = { ...two, secrecy: { ...two.secrecy, ...secrecy } };
    assert.equal(hindrance(state), why);
    assert.deepEqual(run(state, press({ on: "chat", text: "hello" }))[1], []);
    assert.deepEqual(run(state, press({ on: "attach", file: source("a", random(1)) }))[1], []);
  }
  assert.equal(sayable("x".repeat(2_001)), null);
  assert.equal(sayable(" \n "), null);
});

test("a file over 25 MiB is refused before anything of it is read", () => {
  const unread = { name: "a", type: "", slice: () => assert.fail("it was read") };
  const [state, effects] = run(talking(), press({ on: "attach", file: { ...unread, size: FILE_BYTES + 1 } }));
  assert.equal(state.talkTrouble, "file-too-large");
  assert.deepEqual(announced(effects), ["file-too-large"]);
  const [fits] = run(state, press({ on: "attach", file: { ...unread, size: FILE_BYTES } }));
  assert.equal(fits.talkTrouble, null);
});

function talking(): State {
  const unchecked = { check: null, own: null, device: null };
  const me = { leaf: 1, key: "m", name: "Maria", role: "patient", you: true, ...unchecked } as const;
  const host = { ...me, leaf: 0, key: "o", name: "Dr. Osei", role: "host", you: false } as const;
  const secrecy = { ...UNSEALED, stage: "sealed" as const, members: [me, host] };
  return chain(inside(), { kind: "secrecy", secrecy })[0];
}

function heard(...talk: Line[]): Event {
  return { kind: "talk", talk };
}

function line(id: number): Line {
  return { id, name: "Dr. Osei", role: "host", you: false, at: 0, text: "hello", failed: false, file: null };
}

function source(name: string, bytes: Bytes) {
  const slice = (from: number, to: number) => ({
    arrayBuffer: async () => bytes.slice(from, to).buffer as ArrayBuffer,
  });
  return { name, type: "image/png", size: bytes.length, slice };
}

function because(why: Why) {
  return (error: unknown) => error instanceof NotCarried && error.why === why;
}

const pattern = (size: number): Bytes => new Uint8Array(size).map((_, at) => at * 7);
const idle = () => new AbortController().signal;
const settled = () => new Promise((done) => setTimeout(done, 20));
const key = (): FileKey => ({ place: PLACE, key: random(32), hash: random(32) });

function member(name: string, leaf: number) {
  const identity = { visit: "visit", role: "patient" as const, name, key: random(32) };
  return { leaf, identity, leafKey: random(32) };
}

function talker(facts: FileFacts | null, chat: () => Promise<void> = async () => undefined) {
  let shown: Line[] = [];
  const me = member("Me", 0);
  const room = { group: { own: 0, roster: () => [me] }, chat } as unknown as SealedRoom;
  const carrier = { manifest: async () => facts } as unknown as Carrier;
  const show = (lines: Line[]) => void (shown = lines);
  const out = { room: () => room, shown: show, save: () => undefined, now: () => 1 };
  return { talk: new Talk(out, carrier), lines: () => shown };
}

/** The server's side of docs/protocol.md, for one file. */
function shelf() {
  const server = {
    begun: null as unknown,
    pieces: [] as Bytes[],
    withdrawn: 0,
    pauses: [] as number[],
    headers: [] as Record<string, string>[],
    fail: [] as (number | "network")[],
    parts: {
      token: () => "token",
      pause: async (ms: number) => void server.pauses.push(ms),
      fetch: async (address: string, options: RequestInit) => {
        server.headers.push(options.headers as Record<string, string>);
        options.signal?.throwIfAborted();
        const fails = server.fail.shift();
        if (fails === "network") throw new TypeError("no network");
        if (fails) return new Response("{}", { status: fails });
        return answer(address, options);
      },
    },
  };
  const answer = (address: string, { body }: RequestInit) => {
    if (address === "/room/files") {
      server.begun = JSON.parse(String(body));
      server.pieces = [];
      return Response.json({ place: PLACE });
    }
    if (address === `/room/files/${PLACE}/withdraw`) server.withdrawn++;
    else if (body) server.pieces[Number(address.split("/").at(-1))] = (body as Bytes).slice();
    else return new Response(server.pieces[Number(address.split("/").at(-1))] ?? null);
    return new Response(null, { status: 204 });
  };
  return server;
}
