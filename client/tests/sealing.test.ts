// The pure parts between the room and its keys: whose name a picture gets, what stops media.

import assert from "node:assert/strict";
import { test } from "node:test";
import { slotOf } from "../src/media/seam.ts";
import {
  codeFor,
  heardAt,
  isChecked,
  memberOf,
  type Secrecy,
  type Shown,
  UNSEALED,
} from "../src/room/secrecy_view.ts";
import { chain, has, inside, person } from "./stories.ts";

const UNCHECKED = { check: null, own: null, device: null };
const OSEI: Shown = { leaf: 0, key: "a", name: "Dr. Osei", role: "host", you: true, ...UNCHECKED };
const MARIA: Shown = { leaf: 1, key: "b", name: "Maria", role: "patient", you: false, ...UNCHECKED };
const JAMES: Shown = { leaf: 2, key: "c", name: "James", role: "supporter", you: false, ...UNCHECKED };

test("a picture bears the name its frames were sealed under, whatever the server calls it", () => {
  const secrecy: Secrecy = { ...UNSEALED, members: [OSEI, MARIA, JAMES], lanes: { "video 0": 2 } };
  const slots = [{ slot: 0, kind: "video" as const, participant: "p" }];
  const swapped = { ...person("p", "patient"), name: "Maria" };
  assert.equal(memberOf(secrecy, swapped, slots)?.name, "James");
  assert.equal(memberOf({ ...secrecy, lanes: {} }, swapped, slots)?.name, "Maria");
  const stranger = { ...person("q", "patient"), name: "Mallory" };
  assert.equal(memberOf({ ...secrecy, lanes: {} }, stranger, slots), null);
});

test("lanes say their slot, and sending lanes none", () => {
  assert.deepEqual(slotOf("recv-video-2#7"), { kind: "video", slot: 2 });
  assert.equal(slotOf("send-video#7"), null);
});

test("checked by voice means everybody who could be somebody else", () => {
  const good = { outcome: "matches", at: 5 } as const;
  const all = (...members: Shown[]): Secrecy => ({ ...UNSEALED, members });
  assert.ok(!isChecked(all(OSEI)));
  assert.ok(isChecked(all(OSEI, { ...MARIA, check: good })));
  assert.equal(heardAt(all(OSEI, { ...MARIA, check: good })), 5);
  assert.ok(!isChecked(all(OSEI, { ...MARIA, check: good }, JAMES)));
  const [they, me] = [{ ...OSEI, you: false }, { ...MARIA, you: true, check: good }];
  assert.ok(!isChecked(all(they, me)), "what the host says of me is not what I heard");
  assert.ok(isChecked(all({ ...they, check: good }, me)));
  const known = { ...JAMES, check: { outcome: "known-device", at: 900 } } as const;
  assert.ok(isChecked(all(OSEI, known)));
  assert.equal(heardAt(all(OSEI, known)), null, "not in this visit");
  assert.equal(heardAt(all(OSEI, known, { ...MARIA, check: good })), 5);
});

test("digits that were skipped can be compared after all, and no others come back", () => {
  const door = { digits: (key: string) => (key === "b" ? "123456" : "654321"), tries: () => 1 };
  const skipped = { ...MARIA, own: { outcome: "skipped", at: 1 } } as const;
  const known = { ...JAMES, own: { outcome: "known-device", at: 1 } } as const;
  const room: Secrecy = { ...UNSEALED, stage: "sealed", members: [OSEI, skipped, known] };
  assert.equal(codeFor(room, door), null);
  assert.equal(codeFor({ ...room, again: "b" }, door)?.digits, "123456");
  assert.equal(codeFor({ ...room, again: "c" }, door), null);
});

test("what was stopped for a reason stays stopped until the reason is gone", () => {
  const stopped: Secrecy = { ...UNSEALED, stage: "stopped", why: "mismatch" };
  const [state, effects] = chain(inside(), { kind: "secrecy", secrecy: stopped });
  assert.ok(has(effects, { do: "leave_media" }));
  const [, later] = chain(state, { kind: "health", health: "lost" });
  assert.ok(!has(later, { do: "join_media", pause: 0 }));
  const [, again] = chain(state, { kind: "secrecy", secrecy: { ...UNSEALED, stage: "sealed" } });
  assert.ok(has(again, { do: "join_media", pause: 0 }));
});

test("a silent host pauses what we send, and no longer than that", () => {
  const [state, effects] = chain(inside(), { kind: "secrecy", secrecy: { ...UNSEALED, truth: "paused" } });
  assert.ok(has(effects, { do: "hold", on: true }));
  const [, after] = chain(state, { kind: "secrecy", secrecy: { ...UNSEALED, truth: "quiet" } });
  assert.ok(has(after, { do: "hold", on: false }));
});
