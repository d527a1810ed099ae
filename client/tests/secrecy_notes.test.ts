// Notes, chat, vouches, files, heartbeats and the switch of keys: shapes, sizes, clocks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, random } from "../src/secrecy/bytes.ts";
import { CHAT_CHARS, readChat, writeChat } from "../src/secrecy/chat.ts";
import {
  FILE_BYTES,
  FileSealer,
  openFile,
  readFileNote,
  SEGMENT_BYTES,
  splitPieces,
  writeFileNote,
} from "../src/secrecy/files.ts";
import {
  BANNER_MS,
  BEAT_MS,
  HeartbeatDue,
  LiveTruth,
  PAUSE_MS,
  readHeartbeat,
  writeHeartbeat,
} from "../src/secrecy/heartbeat.ts";
import { BLOCK, readInstalled, readNote, writeInstalled, writeNote } from "../src/secrecy/notes.ts";
import { PATIENCE_MS, Switching } from "../src/secrecy/switching.ts";
import { readVouch, writeVouch } from "../src/secrecy/vouch.ts";
import { facts, is, Visit } from "./secrecy_people.ts";

test("every note is a whole number of blocks, and reads back", () => {
  for (let length = 0; length < 600; length++) {
    const body = random(length);
    const note = writeNote("chat", body);
    assert.equal(note.length % BLOCK, 0);
    assert.equal(note.length, Math.ceil((length + 5) / BLOCK) * BLOCK);
    assert.deepEqual(readNote(note), { kind: "chat", body });
  }
  assert.equal(readNote(withByte(writeChat("hi"), 0, 99)).kind, "unknown");
});

test("notes with dirty padding, a wrong length or a cut end are refused", () => {
  const note = writeChat("hello");
  assert.throws(() => readNote(withByte(note, 255, 1)), is("malformed"));
  assert.throws(() => readNote(withByte(note, 2, 1)), is("malformed"));
  assert.throws(() => readNote(note.slice(0, 255)), is("malformed"));
  assert.throws(() => readNote(new Uint8Array(0)), is("malformed"));
  const padded = new Uint8Array(512);
  padded.set(note);
  assert.throws(() => readNote(padded), is("malformed"));
});

test("sealed notes of a short and a longer word have one size", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const sizes = new Set<number>();
  for (const text of ["a", "a longer sentence about nothing", "x".repeat(250)])
    sizes.add((await visit.host.group.sendApplication(writeChat(text))).length);
  assert.equal(sizes.size, 1);
});

test("chat keeps its words and its bounds", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const sealed = await visit.host.group.sendApplication(writeChat("  ¿Me oye? 你好 👋  "));
  const got = await visit.person("Ana Ruiz").group.apply(sealed, facts());
  assert.ok(got.kind === "note");
  assert.equal(readChat(readNote(got.body).body), "¿Me oye? 你好 👋");
  assert.equal(got.from.identity.name, "Dr. Reed");
  assert.throws(() => writeChat("x".repeat(CHAT_CHARS + 1)), is("text-too-long"));
  assert.throws(() => writeChat("  "), is("text-too-long"));
  assert.throws(() => readChat(Uint8Array.of(0xff, 0xfe)), is("malformed"));
});

test("only host and deputies vouch, and nobody for themselves", async () => {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const [host, ana, leo] = visit.host.group.roster();
  assert.ok(host && ana && leo);
  const charter = visit.host.group.charter();
  const { body } = readNote(writeVouch({ key: ana.identity.key, outcome: "matches", at: 1_700_000_000_000 }));
  assert.equal(readVouch(body, host, charter).outcome, "matches");
  assert.throws(() => readVouch(body, leo, charter), is("not-the-host"));
  const never = readNote(writeVouch({ key: ana.identity.key, outcome: "matches", at: 8.64e15 + 1 })).body;
  assert.throws(() => readVouch(never, host, charter), is("malformed"), "a time no page could show");
  const own = readNote(writeVouch({ key: host.identity.key, outcome: "matches", at: 1 })).body;
  assert.throws(() => readVouch(own, host, charter), is("not-the-host"));
});

test("a file of any size comes back whole, in segments of one mebibyte", async () => {
  for (const size of [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES + 5]) {
    const bytes = filled(size);
    const { pieces, key } = await sealed(bytes);
    assert.equal(pieces.length, 1 + Math.max(1, Math.ceil(size / SEGMENT_BYTES)));
    const opened = await openFile(splitPieces(Buffer.concat(pieces) as Uint8Array as Bytes), key);
    assert.deepEqual([opened.name, opened.type, opened.size], ["Röntgen 1.png", "image/png", size]);
    assert.ok(Buffer.from(opened.bytes).equals(bytes));
  }
});

test("cut, reordered, exchanged or bent pieces are refused", async () => {
  const { pieces, key } = await sealed(filled(2 * SEGMENT_BYTES + 9));
  const other = await sealed(filled(2 * SEGMENT_BYTES + 9));
  const [manifest, first, second, last] = pieces as [Bytes, Bytes, Bytes, Bytes];
  const bad = [
    [manifest, first, second],
    [manifest, second, first, last],
    [manifest, first, second, second],
    [manifest, first, last],
    [manifest, first, second, last, last],
    [manifest, first, other.pieces[2] as Bytes, last],
    [manifest, withByte(first, 77, 1), second, last],
    [manifest],
    [],
  ];
  for (const each of bad) await assert.rejects(openFile(each, key), is("file-damaged"));
  // Also when the hash was made to fit: index and end are in the nonce.
  for (const each of bad.slice(0, 6)) {
    const { createHash } = await import("node:crypto");
    const digest = (part: Uint8Array) => createHash("sha256").update(part).digest();
    const hash = new Uint8Array(digest(Buffer.concat(each.map(digest))));
    await assert.rejects(openFile(each, { ...key, hash }), is("file-damaged"));
  }
});

test("a file over 25 MiB is refused before it is read, and one at the limit is not", async () => {
  assert.throws(() => new FileSealer(source(FILE_BYTES + 1, () => assert.fail())), is("file-too-large"));
  assert.equal(new FileSealer(source(FILE_BYTES, () => assert.fail())).pieces, 26);
});

test("nothing of the name or the content is readable in the pieces", async () => {
  const { pieces, key } = await sealed(filled(5_000));
  const whole = Buffer.concat(pieces);
  assert.equal(whole.indexOf("png"), -1);
  assert.equal(whole.indexOf(filled(5_000).subarray(100, 116)), -1);
  const note = readFileNote(readNote(writeFileNote(key)).body);
  assert.deepEqual(note, key);
});

test("a heartbeat says epoch, people, lock and recording", () => {
  const beat = { epoch: 7, rosterHash: random(32), locked: true, recording: false };
  assert.deepEqual(readHeartbeat(readNote(writeHeartbeat(beat)).body), beat);
  assert.throws(() => readHeartbeat(random(10)), is("malformed"));
});

test("silence of the host: banner after 45 seconds, pause after 120, and back with the next beat", () => {
  const hash = random(32);
  const truth = new LiveTruth(0, 3, hash);
  const beat = { epoch: 3, rosterHash: hash, locked: false, recording: true };
  assert.equal(truth.at(BANNER_MS - 1), "live");
  assert.equal(truth.at(BANNER_MS), "quiet");
  truth.goOn(BANNER_MS);
  assert.equal(truth.at(PAUSE_MS), "paused");
  truth.goOn(PAUSE_MS);
  assert.equal(truth.at(2 * PAUSE_MS - 1), "quiet");
  assert.equal(truth.at(2 * PAUSE_MS), "paused");
  truth.heard(beat, 3, 2 * PAUSE_MS);
  assert.equal(truth.at(2 * PAUSE_MS), "live");
  assert.ok(truth.recording);
});

test("late beats count for nothing; another list of people stops at once and stays", () => {
  const hash = random(32);
  const truth = new LiveTruth(0, 3, hash);
  truth.moved(4, random(32));
  truth.heard({ epoch: 3, rosterHash: hash, locked: false, recording: false }, 3, BANNER_MS);
  assert.equal(truth.at(BANNER_MS), "quiet");
  truth.heard({ epoch: 4, rosterHash: hash, locked: false, recording: false }, 4, BANNER_MS);
  assert.equal(truth.at(BANNER_MS), "split");
  truth.goOn(BANNER_MS);
  assert.equal(truth.at(BANNER_MS), "split");
  const lied = new LiveTruth(0, 3, hash);
  lied.heard({ epoch: 3, rosterHash: hash, locked: false, recording: false }, 4, 1);
  assert.equal(lied.at(1), "split");
});

test("the host beats every 15 seconds and at once in a new epoch", () => {
  const due = new HeartbeatDue();
  assert.ok(due.isDue(0, 1));
  due.sent(0, 1);
  assert.ok(!due.isDue(BEAT_MS - 1, 1));
  assert.ok(due.isDue(BEAT_MS, 1));
  assert.ok(due.isDue(1, 2));
});

test("after an Add the sender waits for everybody, or one second; after a Remove not at all", () => {
  const switching = new Switching();
  assert.equal(switching.moved({ epoch: 1, removed: false, others: [1, 2], now: 0 }), null);
  assert.equal(switching.installed(1, 1, 10), null);
  assert.equal(switching.installed(2, 0, 20), null);
  assert.equal(switching.installed(2, 1, 30), 1);
  assert.equal(switching.at(5_000), null);
  assert.equal(switching.moved({ epoch: 2, removed: false, others: [1, 2], now: 40 }), null);
  assert.equal(switching.at(40 + PATIENCE_MS - 1), null);
  assert.equal(switching.at(40 + PATIENCE_MS), 2);
  assert.equal(switching.moved({ epoch: 3, removed: true, others: [1], now: 2_000 }), 3);
  assert.equal(switching.moved({ epoch: 4, removed: false, others: [], now: 2_001 }), 4);
  assert.equal(readInstalled(readNote(writeInstalled(300)).body), 300);
});

async function sealed(bytes: Bytes) {
  const sealer = new FileSealer(source(bytes.length, (from, to) => bytes.slice(from, to)));
  const pieces: Bytes[] = [];
  for (let piece = await sealer.next(); piece; piece = await sealer.next()) pieces.push(piece);
  assert.equal(pieces.length, sealer.pieces);
  return { pieces, key: await sealer.key("files/1") };
}

function source(size: number, read: (from: number, to: number) => Bytes) {
  const slice = (from: number, to: number) => ({ arrayBuffer: async () => read(from, to).buffer });
  return { name: "Röntgen 1.png", type: "image/png", size, slice };
}

function filled(size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8) * 13) & 0xff);
}

function withByte(bytes: Bytes, at: number, value: number): Bytes {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}
