// The page another team would write a client from says the numbers and names this client uses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hex } from "../src/secrecy/bytes.ts";
import { CHARTER_EXTENSION, ORDER_KEYS } from "../src/secrecy/charter.ts";
import { FILE_BYTES, MANIFEST_BYTES, SEGMENT_BYTES } from "../src/secrecy/files.ts";
import { OLD_KEYS_MS } from "../src/secrecy/frames.ts";
import { BANNER_MS, BEAT_MS, PAUSE_MS } from "../src/secrecy/heartbeat.ts";
import { ROLES } from "../src/secrecy/identity.ts";
import { longCode } from "../src/secrecy/long_code.ts";
import { MAX_LEAF, STREAMS } from "../src/secrecy/kid.ts";
import { MESSAGE_BYTES } from "../src/secrecy/mls.ts";
import { BLOCK, NOTES } from "../src/secrecy/notes.ts";
import { PARCEL_BYTES } from "../src/secrecy/parcels.ts";
import { KINDS } from "../src/secrecy/prefix.ts";
import { WINDOW } from "../src/secrecy/replay.ts";
import { MEMBERS, SILENT_MS, SILENT_TO_APPLY_MS } from "../src/secrecy/rules.ts";
import { HERE_MS, REFRESH_MS } from "../src/secrecy/sealed_room.ts";
import { LOOKS, SLACK, SLACK_BYTES } from "../src/secrecy/seal_watch.ts";
import { NONCE_BYTES } from "../src/secrecy/spoken_code.ts";
import { PATIENCE_MS } from "../src/secrecy/switching.ts";
import { OUTCOMES } from "../src/secrecy/vouch.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const page = read("docs/protocol.md").split("## The payloads")[1] ?? "";

const listed = (names: readonly string[]) => names.map((name, at) => `${at} ${name}`).join(", ");
const said = (words: string) => assert.ok(page.includes(words), `docs/protocol.md does not say: ${words}`);

test("the document says every bound of the group", () => {
  said(`0x${CHARTER_EXTENSION.toString(16).toUpperCase()}`);
  said(`u8 count (1 to ${ORDER_KEYS})`);
  said(`At most ${MEMBERS} members, leaf index at most ${MAX_LEAF}`);
  said(`at most ${MESSAGE_BYTES / 1024} KiB. Public`);
  said(`at most ${PARCEL_BYTES / 1024} KiB before`);
  const [commits, applies] = [SILENT_MS / 1000, SILENT_TO_APPLY_MS / 1000];
  said(`silent for ${commits} seconds (a page that applies it is content with ${applies})`);
  said(`Nonces are ${NONCE_BYTES} random bytes`);
  said(`Roles: ${listed(ROLES)}`);
});

test("the document says every note, outcome and clock", () => {
  for (const [name, number] of Object.entries(NOTES)) said(`| ${number} | ${name} |`);
  assert.equal(page.split("| kind | note |")[1]?.match(/^\| \d/gm)?.length, Object.keys(NOTES).length);
  said(listed(OUTCOMES).replace("mismatch", "does not match").replace("known-device", "known device"));
  said(`multiple of ${BLOCK}`);
  said(`every ${BEAT_MS / 1000} seconds and at once`);
  said(`none for ${BANNER_MS / 1000} seconds says so; after ${PAUSE_MS / 1000} it`);
  said(`at least every ${HERE_MS / 1000} seconds`);
  assert.deepEqual([REFRESH_MS, PATIENCE_MS, OLD_KEYS_MS], [600_000, 1_000, 5_000]);
  for (const words of ["every ten minutes", "after one second", "gone after five seconds"]) said(words);
});

test("the long code is cut as the document says", () => {
  said("six times 5 bytes, each read as a big-endian number, modulo 100,000");
  const authenticator = Uint8Array.from({ length: 32 }, (_, at) => at * 7);
  const groups = Array.from({ length: 6 }, (_, at) => {
    const bytes = [...authenticator.subarray(at * 5, at * 5 + 5)];
    return String(BigInt(`0x${hex(Uint8Array.from(bytes))}`) % 100_000n).padStart(5, "0");
  });
  assert.equal(longCode(authenticator), groups.join(" "));
});

test("the document says when a page may send", () => {
  said(`more than ${SLACK} are missing in ${LOOKS === 3 ? "three" : LOOKS} looks`);
  said(`more than ${SLACK_BYTES} bytes of payload with nothing sealed`);
});

test("the document says how frames and files are sealed", () => {
  const names = { audio: "audio", camera: "camera", screen: "screen", screenAudio: "screen audio" };
  said(listed(Object.keys(STREAMS).map((name) => names[name as keyof typeof names])));
  said(`(${listed(["Opus", "VP8", "VP9"])})`);
  assert.deepEqual(KINDS, { opus: 0, vp8: 1, vp9: 2 });
  said(`window of ${WINDOW.toLocaleString("en")} for`);
  said(`(${MANIFEST_BYTES.toLocaleString("en")} bytes: `);
  assert.equal(SEGMENT_BYTES, 1024 * 1024);
  said(`${FILE_BYTES / 1024 / 1024} MiB at most`);
});

test("the document names every refusal and no other", () => {
  const named = page.split("### Refusals")[1]?.split("\n\n")[1] ?? "";
  const told = [...named.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name).sort();
  const ours = [...read("client/src/secrecy/failure.ts").matchAll(/^ {2}\| "([a-z-]+)"/gm)];
  assert.deepEqual(told, ours.map(([, name]) => name).sort());
});
