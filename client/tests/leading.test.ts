// Who leads besides the host: who gets into the order, who takes over and when, whose knock is answered by
// whom, and when a host waits to be brought back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Leading } from "../src/room/leading.ts";
import { Met } from "../src/room/met.ts";
import { codeFor, type Secrecy, type Shown, UNSEALED } from "../src/room/secrecy_view.ts";
import { type Bytes, hex } from "../src/secrecy/bytes.ts";
import type { Group } from "../src/secrecy/group.ts";
import { publicKeyOf } from "../src/secrecy/identity.ts";
import { SILENT_MS } from "../src/secrecy/rules.ts";
import { SealedRoom } from "../src/secrecy/sealed_room.ts";
import { mayAdmit } from "../src/room/state.ts";
import { person, roomed } from "./stories.ts";
import { Visit } from "./secrecy_people.ts";

const NOW = 1_795_289_400_000;

test("a deputy is in the order once the host heard their digits, and not by skipping them", async () => {
  const { visit, deputy, key } = await three();
  const { room, commits } = await roomOf(visit.host.group);
  const [leading, met] = [new Leading(), new Met("visit")];
  for (const outcome of [null, "skipped", "mismatch"] as const) {
    if (outcome) met.checked(key, outcome, NOW);
    await leading.keepOrder(room, met, NOW);
    assert.deepEqual([commits.length, met.deputies], [0, []], `${outcome}`);
  }
  met.checked(key, "matches", NOW);
  await leading.keepOrder(room, met, NOW);
  await leading.keepOrder(room, met, NOW);
  assert.equal(commits.length, 1, "asked once, until the log has answered");
  await visit.deliver(commits[0] ?? assert.fail());
  assert.deepEqual(deputy.group.charter().order.map(hex), [hex(deputy.group.charter().host), key]);
  assert.deepEqual(met.deputies, [key]);
  met.sentAway(key);
  await leading.keepOrder(room, met, NOW);
  assert.deepEqual(met.deputies, [], "who was sent away leads no more");
});

test("a guest of the same name is in no order, and only the host writes it", async () => {
  const { visit, deputy } = await three();
  const patient = hex(await publicKeyOf(visit.person("Ana Ruiz").pair));
  const [leading, met] = [new Leading(), new Met("visit")];
  met.checked(patient, "matches", NOW);
  const atHost = await roomOf(visit.host.group);
  await leading.keepOrder(atHost.room, met, NOW);
  met.checked(hex(await publicKeyOf(deputy.pair)), "matches", NOW);
  const atDeputy = await roomOf(deputy.group);
  await leading.keepOrder(atDeputy.room, met, NOW);
  assert.deepEqual([atHost.commits.length, atDeputy.commits.length], [0, 0]);
});

test("the deputy takes over from a host who is silent for long enough, and asks once", async () => {
  const { deputy, visit } = await three(true);
  const { room, commits } = await roomOf(deputy.group);
  const leading = new Leading();
  await leading.takeOver(room, NOW + SILENT_MS - 1);
  assert.equal(commits.length, 0);
  room.heard(0, NOW + 5_000);
  await leading.takeOver(room, NOW + SILENT_MS);
  assert.equal(commits.length, 0, "a frame is a sign of life");
  for (const later of [0, 1_000]) await leading.takeOver(room, NOW + 5_000 + SILENT_MS + later);
  assert.equal(commits.length, 1);
  assert.ok(!room.leads);
  await visit.deliver(commits[0] ?? assert.fail(), () => SILENT_MS);
  assert.ok(room.leads && leading.moved(true) && !leading.moved(true));
  assert.equal(room.group.roster().length, 2);
});

test("each knock is answered by one page: who leads, and for a host the first deputy", async () => {
  const { visit, deputy } = await three(true);
  const [atHost, atDeputy] = [await roomOf(visit.host.group), await roomOf(deputy.group)];
  const atPatient = await roomOf(visit.person("Ana Ruiz").group);
  const [host, stranger] = [visit.host.group.charter().host, new Uint8Array(32).fill(7)];
  const who = (key: Bytes) => [atHost, atDeputy, atPatient].map(({ room }) => room.answers(key));
  assert.deepEqual(who(stranger), [true, false, false]);
  assert.deepEqual(who(host), [false, true, false]);
});

test("a host without keys waits for a deputy of their own who is there, and founds otherwise", () => {
  const [leading, met] = [new Leading(), new Met("visit")];
  const nadia = person("nadia", "deputy");
  leading.people = [person("me", "host", true), nadia];
  assert.ok(!leading.waitsForDeputy(met), "nobody was ever put into the order");
  met.ordained(["key"]);
  assert.ok(leading.waitsForDeputy(met) && !leading.isTooLate);
  leading.people = [person("me", "host", true), { ...nadia, connected: false }];
  assert.ok(!leading.waitsForDeputy(met));
});

test("a deputy reads their own digits before they compare anybody's", () => {
  const shown = (key: string, role: Shown["role"], you = false): Shown => {
    return { leaf: 0, key, name: key, role, you, check: null, own: null, device: null };
  };
  const members = [shown("host", "host"), shown("nadia", "deputy", true), shown("ana", "patient")];
  const secrecy: Secrecy = { ...UNSEALED, stage: "sealed", members, digits: "111111", opposite: "host" };
  const door = { digits: (key: string) => (key === "ana" ? "222222" : null), tries: () => 1 };
  assert.equal(codeFor(secrecy, door)?.digits, "111111");
  const heard = { outcome: "matches", at: 1 } as const;
  const checked = members.map((one) => (one.you ? { ...one, check: heard } : one));
  const asked = codeFor({ ...secrecy, members: checked }, door);
  assert.deepEqual([asked?.digits, asked?.name, asked?.hosting], ["222222", "ana", true]);
  const own = codeFor({ ...secrecy, members: checked, said: heard }, null);
  const stays = [own?.digits, own?.said, own?.check];
  assert.deepEqual(stays, ["111111", heard, null], "their own stay, with what the host said of them");
});

test("a deputy lets people in while they lead, and not before", () => {
  const state = roomed("deputy");
  assert.ok(!mayAdmit(state));
  assert.ok(mayAdmit({ ...state, secrecy: { ...state.secrecy, leads: true } }));
  assert.ok(mayAdmit(roomed("host")) && !mayAdmit(roomed("patient")));
});

/** Host, deputy and patient; the deputy in the order already, or not. */
async function three(ordained = false) {
  const visit = await Visit.of("Ana Ruiz");
  const deputy = await visit.admit("Nadia Petrov", { role: "deputy" });
  const key = await publicKeyOf(deputy.pair);
  if (ordained) {
    const charter = visit.host.group.charter();
    const handed = await visit.host.group.ordain({ ...charter, order: [...charter.order, key] });
    await visit.deliver(handed.commit);
  }
  return { visit, deputy, key: hex(key) };
}

async function roomOf(group: Group) {
  const commits: Bytes[] = [];
  const out = {
    note: () => undefined,
    commit: ({ commit }: { commit: Bytes }) => void commits.push(commit),
    worker: () => undefined,
    event: () => undefined,
  };
  return { room: await SealedRoom.enter(group, out, NOW), commits };
}
