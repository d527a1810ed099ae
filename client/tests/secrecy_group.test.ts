// The group: admitting, removing, coming back, deputies, lock, notes with their senders.

import assert from "node:assert/strict";
import { test } from "node:test";
import { equal, hex, utf8 } from "../src/secrecy/bytes.ts";
import { readKeyPackage } from "../src/secrecy/candidate.ts";
import { makeIdentityKey, publicKeyOf } from "../src/secrecy/identity.ts";
import { candidate, facts, is, print, signerIs, Visit, VISIT, welcomeOf } from "./secrecy_people.ts";

test("two to eight people agree on keys and names after every step", async () => {
  const visit = await Visit.open();
  for (let at = 1; at < 8; at++) {
    await visit.admit(`Person ${at}`);
    await visit.agree();
  }
  const { candidate: ninth } = await candidate("One too many");
  await assert.rejects(visit.host.group.admit(ninth.keyPackage, Date.now()), is("full"));
  await visit.deliver((await visit.host.group.remove([3, 5], facts())).commit);
  await visit.agree();
  assert.deepEqual(
    visit.host.group.roster().map((member) => member.leaf),
    [0, 1, 2, 4, 6, 7],
  );
  await visit.admit("In the free place");
  await visit.agree();
  assert.equal(visit.person("In the free place").group.own, 3);
});

test("names and roles come from the signed credential", async () => {
  const visit = await Visit.of("Ana Ruiz");
  await visit.admit("Sam Ito", { role: "interpreter" });
  const seen = visit
    .person("Ana Ruiz")
    .group.roster()
    .map(({ identity }) => `${identity.name}: ${identity.role}`);
  assert.deepEqual(seen, ["Dr. Reed: host", "Ana Ruiz: patient", "Sam Ito: interpreter"]);
});

test("each epoch has its own media key, and the removed do not get the next one", async () => {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const leo = visit.person("Leo Park");
  const before = await leo.group.mediaKey();
  await visit.deliver((await visit.host.group.remove([leo.group.own], facts())).commit);
  await visit.agree();
  assert.ok(!equal(before, await visit.host.group.mediaKey()));
  await assert.rejects(leo.group.mediaKey(), is("removed"));
  await assert.rejects(leo.group.sendApplication(utf8("still here")), is("removed"));
});

test("a late joiner reads nothing from before", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const early = await visit.host.group.sendApplication(utf8("said before"));
  await visit.person("Ana Ruiz").group.apply(early, facts());
  const late = await visit.admit("Leo Park");
  await assert.rejects(late.group.apply(early, facts()), is("stale-epoch"));
});

test("a reload is a new leaf under the same identity, in one commit by anyone who is there", async () => {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const ana = visit.person("Ana Ruiz");
  for (const by of [visit.host, visit.person("Leo Park")]) {
    const { candidate: again } = await candidate("Ana Ruiz", "patient", ana.pair);
    visit.people = visit.people.filter((each) => each.name !== "Ana Ruiz");
    const proposal = await by.group.rejoin(again.keyPackage, Date.now());
    const outcomes = await visit.deliver(proposal.commit);
    const group = await again.join(welcomeOf(proposal), { group: visit.id, signer: signerIs(by) });
    visit.people.push({ ...ana, group });
    await visit.agree();
    const [seen] = outcomes;
    assert.ok(seen?.kind === "epoch");
    assert.deepEqual([seen.added.length, seen.departed.length], [1, 1]);
    assert.equal(seen.added[0]?.leaf, seen.departed[0]?.leaf);
  }
});

test("under another identity key there is no way back without the host", async () => {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const { candidate: stranger } = await candidate("Ana Ruiz");
  const leo = visit.person("Leo Park").group;
  await assert.rejects(leo.rejoin(stranger.keyPackage, Date.now()), is("unknown-leaf"));
  await assert.rejects(leo.admit(stranger.keyPackage, Date.now()), is("add-by-stranger"));
  const { candidate: promoted } = await candidate("Ana Ruiz", "deputy", visit.person("Ana Ruiz").pair);
  await assert.rejects(
    leo.rejoin(promoted.keyPackage, Date.now()),
    is("add-by-stranger", "remove-by-stranger"),
  );
});

test("the host comes back by the same identity key alone", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz");
  const { pair } = visit.host;
  const { candidate: impostor } = await candidate("Dr. Reed", "host");
  await assert.rejects(ana.group.rejoin(impostor.keyPackage, Date.now()), is("unknown-leaf"));
  await assert.rejects(ana.group.admit(impostor.keyPackage, Date.now()), is("not-the-host"));
  const { candidate: back } = await candidate("Dr. Reed", "host", pair);
  const proposal = await ana.group.rejoin(back.keyPackage, Date.now());
  visit.people = [ana];
  await visit.deliver(proposal.commit);
  const group = await back.join(welcomeOf(proposal), { group: visit.id, signer: signerIs(ana) });
  visit.people.push({ name: "Dr. Reed", role: "host", pair, group });
  await visit.agree();
  await visit.admit("Leo Park");
  await visit.agree();
});

test("only the host adds; a deputy adds while the host is gone, in the order of the start", async () => {
  const [first, second] = [await makeIdentityKey(), await makeIdentityKey()];
  const visit = await Visit.open([first, second]);
  const early = await visit.admit("Second deputy", { role: "deputy", pair: second });
  const deputy = await visit.admit("First deputy", { role: "deputy", pair: first });
  const { candidate: newcomer } = await candidate("Ana Ruiz");
  for (const each of [early, deputy])
    await assert.rejects(each.group.admit(newcomer.keyPackage, Date.now()), is("add-by-stranger"));
  // A host that is heard is not removed by its deputies; one that is silent is.
  await assert.rejects(deputy.group.remove([0], facts()), is("remove-by-stranger"));
  const silent = facts((leaf) => (leaf === 0 ? 31_000 : 0));
  const removal = await deputy.group.remove([0], silent);
  await visit.deliver(removal.commit, silent.silence);
  await visit.agree();
  await assert.rejects(early.group.admit(newcomer.keyPackage, Date.now()), is("add-by-stranger"));
  await visit.admit("Leo Park", { by: deputy });
  await visit.agree();
  assert.equal(early.group.acting()?.identity.name, "First deputy");
});

test("handing over changes who adds, and only who may add hands over", async () => {
  const pair = await makeIdentityKey();
  const visit = await Visit.of("Ana Ruiz");
  const colleague = await visit.admit("Dr. Okafor", { role: "deputy", pair });
  const charter = visit.host.group.charter();
  const order = [await publicKeyOf(pair), ...charter.order];
  await assert.rejects(colleague.group.ordain({ ...charter, order }), is("charter-by-stranger"));
  await visit.deliver((await visit.host.group.ordain({ ...charter, order })).commit);
  await visit.agree();
  await visit.admit("Leo Park", { by: colleague });
  await visit.agree();
  const { candidate: late } = await candidate("Too late");
  await assert.rejects(visit.host.group.admit(late.keyPackage, Date.now()), is("add-by-stranger"));
});

test("a locked room takes nobody new, and everybody back", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const charter = visit.host.group.charter();
  await visit.deliver((await visit.host.group.ordain({ ...charter, locked: true })).commit);
  const { candidate: late } = await candidate("Leo Park");
  await assert.rejects(visit.host.group.admit(late.keyPackage, Date.now()), is("locked"));
  const ana = visit.person("Ana Ruiz");
  const { candidate: back } = await candidate("Ana Ruiz", "patient", ana.pair);
  visit.people = [visit.host];
  const proposal = await visit.host.group.rejoin(back.keyPackage, Date.now());
  await visit.deliver(proposal.commit);
  const group = await back.join(welcomeOf(proposal), { group: visit.id, signer: () => true });
  assert.ok(group.charter().locked);
  visit.people.push({ ...ana, group });
  await visit.deliver((await visit.host.group.ordain({ ...charter, locked: false })).commit);
  await visit.admit("Leo Park");
  await visit.agree();
});

test("the sender of a note is who MLS says, also for notes of the epoch before", async () => {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const leo = visit.person("Leo Park");
  const note = await leo.group.sendApplication(utf8("hello"));
  const late = await leo.group.sendApplication(utf8("on my way"));
  const read = await visit.person("Ana Ruiz").group.apply(note, facts());
  assert.ok(read.kind === "note");
  assert.deepEqual([read.from.identity.name, new TextDecoder().decode(read.body)], ["Leo Park", "hello"]);
  await visit.deliver((await visit.host.group.refresh()).commit);
  const after = await visit.host.group.apply(late, facts());
  assert.ok(after.kind === "note");
  assert.equal(after.from.leaf, leo.group.own);
  await visit.deliver((await visit.host.group.refresh()).commit);
  await assert.rejects(visit.person("Ana Ruiz").group.apply(late, facts()), is("stale-epoch"));
});

test("who was removed says nothing any more, not even with the keys of before", async () => {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const leo = visit.person("Leo Park");
  const note = await leo.group.sendApplication(utf8("one more thing"));
  await visit.deliver((await visit.host.group.remove([leo.group.own], facts())).commit);
  await assert.rejects(visit.host.group.apply(note, facts()), is("sender-gone"));
});

test("notes said while our commit is under way arrive, once", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz").group;
  const proposal = await visit.host.group.refresh();
  const note = await ana.sendApplication(utf8("meanwhile"));
  await visit.host.group.apply(note, facts());
  const mine = await visit.host.group.sendApplication(utf8("mine"));
  assert.equal((await ana.apply(mine, facts())).kind, "note");
  await visit.deliver(proposal.commit);
  await visit.agree();
  await assert.rejects(visit.host.group.apply(note, facts()), is("unreadable"));
});

test("of two commits for one epoch the log's first wins, and the other is made again", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz").group;
  const [hosts, anas] = [await visit.host.group.refresh(), await ana.refresh()];
  await assert.rejects(ana.refresh(), is("commit-pending"));
  await visit.deliver(hosts.commit);
  await visit.agree();
  await assert.rejects(visit.host.group.apply(anas.commit, facts()), is("stale-epoch"));
  await visit.deliver((await ana.refresh()).commit);
  await visit.agree();
});

test("the last one left has keys that the one who went can't compute", async () => {
  // ts-mls mixes nothing new into the epoch of a group of one: what the removed member would compute is this.
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz").group;
  const keys = new Set([hex(await ana.mediaKey())]);
  for (let round = 0; round < 3; round++) {
    const removal = await visit.host.group.remove([1], facts());
    const copy = await visit.host.group.apply(removal.commit, facts());
    assert.equal(copy.kind, "epoch");
    keys.add(hex(await visit.host.group.mediaKey()));
    visit.people = [visit.host];
    await visit.admit("Ana Ruiz");
    keys.add(hex(await visit.host.group.mediaKey()));
  }
  assert.equal(keys.size, 7);
});

test("a key package tells who it is, and nothing about it can be changed", async () => {
  const { candidate: ana } = await candidate("Ana Ruiz", "supporter");
  const read = await readKeyPackage(ana.keyPackage, VISIT, Date.now());
  assert.deepEqual([read.identity.name, read.identity.role], ["Ana Ruiz", "supporter"]);
  assert.ok(equal(read.ref, ana.ref) && equal(read.leafKey, ana.leafKey));
  await assert.rejects(readKeyPackage(ana.keyPackage, "another visit", Date.now()), is("wrong-visit"));
  for (const off of [-13, 13]) {
    const then = Date.now() + off * 3600_000;
    await assert.rejects(readKeyPackage(ana.keyPackage, VISIT, then), is("outside-lifetime"));
  }
});

test("names that would redraw their neighbours are refused", async () => {
  for (const name of ["", "   ", "Ana\u202Ezzz", "Ana\nRuiz", "x".repeat(121)])
    await assert.rejects(candidate(name), is("bad-identity"));
  await candidate("Đặng Thị Ánh 👩🏽‍⚕️");
});

test("after close nothing works and the state is as it was for the others", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const before = await print(visit.host.group);
  const ana = visit.person("Ana Ruiz").group;
  ana.close();
  await assert.rejects(ana.mediaKey(), is("closed"));
  await assert.rejects(ana.refresh(), is("closed"));
  assert.equal(await print(visit.host.group), before);
});
