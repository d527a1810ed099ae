// A hostile delivery service and a hostile member: whatever they do is refused by name and changes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, concat, equal, hex, random, utf8 } from "../src/secrecy/bytes.ts";
import { readKeyPackage } from "../src/secrecy/candidate.ts";
import { SecrecyError } from "../src/secrecy/failure.ts";
import type { Group } from "../src/secrecy/group.ts";
import { LiveTruth } from "../src/secrecy/heartbeat.ts";
import { writeIdentity } from "../src/secrecy/identity.ts";
import { MESSAGE_BYTES, readMessage, writeMessage } from "../src/secrecy/mls.ts";
import { HostCode, JoinerCode } from "../src/secrecy/spoken_code.ts";
import { bundleMessage, Insider, keysOf } from "./secrecy_insider.ts";
import { candidate, facts, is, print, signerIs, Visit, VISIT, welcomeOf } from "./secrecy_people.ts";

test("reordered and missing commits wait; nothing is applied out of order", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz").group;
  visit.people = [visit.host];
  const commits: Bytes[] = [];
  for (let at = 0; at < 3; at++) {
    const { commit } = await visit.host.group.refresh();
    await visit.deliver(commit);
    commits.push(commit);
  }
  const late = await visit.host.group.sendApplication(utf8("from the future"));
  const [first, second, third] = commits as [Bytes, Bytes, Bytes];
  for (const early of [third, second, late])
    await unchanged(ana, () => ana.apply(early, facts()), "future-epoch");
  for (const commit of [first, second, third]) await ana.apply(commit, facts());
  assert.equal(await print(ana), await print(visit.host.group));
  assert.equal((await ana.apply(late, facts())).kind, "note");
});

test("duplicated commits and notes are refused the second time", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz").group;
  const note = await visit.host.group.sendApplication(utf8("once"));
  await ana.apply(note, facts());
  await unchanged(ana, () => ana.apply(note, facts()), "unreadable");
  const { commit } = await visit.host.group.refresh();
  await visit.deliver(commit);
  await unchanged(ana, () => ana.apply(commit, facts()), "stale-epoch");
  await unchanged(visit.host.group, () => visit.host.group.apply(commit, facts()), "stale-epoch");
});

test("a fork gives different keys, and the first heartbeat across it is noticed", async () => {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const [ana, leo] = [visit.person("Ana Ruiz").group, visit.person("Leo Park").group];
  const [one, other] = [await visit.host.group.refresh(), await leo.refresh()];
  // The server shows the host's commit to the host and Ana, and Leo's to Leo.
  for (const group of [visit.host.group, ana]) await group.apply(one.commit, facts());
  await leo.apply(other.commit, facts());
  assert.ok(!equal(await ana.mediaKey(), await leo.mediaKey()));
  const beat = await visit.host.group.sendApplication(utf8("beat"));
  await unchanged(leo, () => leo.apply(beat, facts()), "unreadable");
  // Leo hears no beat any more: banner, then pause. And where a beat gets through under one epoch, lists are
  // compared.
  const truth = new LiveTruth(0, leo.epoch, await leo.rosterHash());
  assert.deepEqual([truth.at(45_000), truth.at(120_000)], ["quiet", "paused"]);
});

test("a Welcome opens once, and for the one it was made for", async () => {
  const visit = await Visit.of("Leo Park");
  const { candidate: ana, pair } = await candidate("Ana Ruiz");
  const expected = { group: visit.id, signer: signerIs(visit.host) };
  const proposal = await visit.host.group.admit(ana.keyPackage, Date.now());
  await visit.deliver(proposal.commit);
  const welcome = welcomeOf(proposal);
  await ana.join(welcome, expected);
  await assert.rejects(ana.join(welcome, expected), is("key-package-spent"));
  const { candidate: again } = await candidate("Ana Ruiz", "patient", pair);
  await assert.rejects(again.join(welcome, expected), is("wrong-welcome"));
});

test("a Welcome for another group, by another signer, or bent is refused and can be sent again", async () => {
  const visit = await Visit.of("Leo Park");
  const { candidate: ana } = await candidate("Ana Ruiz");
  const proposal = await visit.host.group.admit(ana.keyPackage, Date.now());
  await visit.deliver(proposal.commit);
  const welcome = welcomeOf(proposal);
  const right = { group: visit.id, signer: signerIs(visit.host) };
  await assert.rejects(ana.join(welcome, { ...right, group: random(16) }), is("wrong-group"));
  await assert.rejects(
    ana.join(welcome, { ...right, signer: signerIs(visit.person("Leo Park")) }),
    is("wrong-signer"),
  );
  for (let at = 0; at < welcome.length; at += 11) {
    await assert.rejects(ana.join(flip(welcome, at), right), named);
    await assert.rejects(ana.join(welcome.slice(0, at), right), named);
  }
  await ana.join(welcome, right);
});

test("a group that somebody else made under the same id is not the host's", async () => {
  const visit = await Visit.open();
  const { candidate: ana } = await candidate("Ana Ruiz");
  const false_ = await Insider.found(await keysOf({ name: "Dr. Reed", role: "host" }), visit.id);
  const bundle = readMessage(ana.keyPackage, "mls_key_package").keyPackage;
  const charter = { host: random(32), order: [random(32)], locked: false, check: false };
  const { welcome } = await false_.commit({ add: bundle, charter });
  assert.ok(welcome);
  // Same name, same leaf number: only the leaf key of the spoken code tells them apart.
  const hostLeaf = visit.host.group.roster()[0]?.leafKey ?? assert.fail();
  const expected = {
    group: visit.id,
    signer: (member: { leafKey: Bytes }) => equal(member.leafKey, hostLeaf),
  };
  await assert.rejects(ana.join(welcome, expected), is("wrong-signer"));
});

test("a member adds nobody, removes nobody who is heard, and changes no charter", async () => {
  const { visit, eve, charter } = await withEve();
  const ghost = (await keysOf({ name: "Ghost" })).bundle;
  await refusedByAll(visit, (await eve.commit({ add: ghost, charter })).commit, "add-by-stranger");
  await refusedByAll(visit, (await eve.commit({ remove: [0], charter })).commit, "remove-by-stranger");
  await refusedByAll(visit, (await eve.commit({ remove: [1], charter })).commit, "remove-by-stranger");
  const locked = { ...charter, locked: true };
  await refusedByAll(visit, (await eve.commit({ charter: locked })).commit, "charter-by-stranger");
  const crowned = { ...charter, host: random(32) };
  await refusedByAll(visit, (await eve.commit({ charter: crowned })).commit, "not-the-host");
  // Exchanging somebody for a ghost in one commit is not coming back.
  const swap = await eve.commit({ add: ghost, remove: [1], charter });
  await refusedByAll(visit, swap.commit, "remove-by-stranger");
  await visit.agree();
});

test("what a member may do still works after all those refusals", async () => {
  const { visit, eve, charter } = await withEve();
  const ghost = (await keysOf({ name: "Ghost" })).bundle;
  await refusedByAll(visit, (await eve.commit({ add: ghost, charter })).commit, "add-by-stranger");
  await visit.deliver((await eve.commit({ charter })).commit);
  await visit.agree();
});

test("a silent leaf may be removed by anyone, a leaf that is heard may not", async () => {
  const { visit, eve, charter } = await withEve();
  const { commit } = await eve.commit({ remove: [1], charter });
  await refusedByAll(visit, commit, "remove-by-stranger");
  visit.people = visit.people.filter((each) => each.name !== "Ana Ruiz");
  await visit.deliver(commit, (leaf) => (leaf === 1 ? 31_000 : 0));
  await visit.agree();
});

test("forbidden proposals are refused whoever signs them", async () => {
  const { visit, eve, charter } = await withEve();
  const secret = random(32);
  const id = { psktype: "external" as const, pskId: utf8("psk"), pskNonce: random(32) };
  const pskIndex = { findPsk: () => secret };
  const psk = { proposalType: "psk" as const, psk: { preSharedKeyId: id } };
  const context = {
    proposalType: "group_context_extensions" as const,
    groupContextExtensions: { extensions: [] },
  };
  const reinit = {
    proposalType: "reinit" as const,
    reinit: {
      groupId: random(16),
      version: "mls10" as const,
      cipherSuite: "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519" as const,
      extensions: [],
    },
  };
  const remove = { proposalType: "remove" as const, remove: { removed: 1 } };
  await refusedByAll(
    visit,
    await eve.libraryCommit([psk, remove], charter, { pskIndex }),
    "forbidden-proposal",
  );
  await refusedByAll(visit, await eve.libraryCommit([context, remove], charter), "forbidden-proposal");
  await refusedByAll(visit, await eve.libraryCommit([reinit], charter), "no-path");
  const ghost = { proposalType: "add" as const, add: { keyPackage: (await keysOf()).bundle } };
  await refusedByAll(visit, await eve.libraryCommit([ghost], charter), "no-path");
});

test("proposals on their own and commits that point at them are refused", async () => {
  const { visit, eve, charter } = await withEve();
  const remove = { proposalType: "remove" as const, remove: { removed: 1 } };
  const { message, state } = await eve.proposal(remove);
  await refusedByAll(visit, message, "standalone-proposal");
  await refusedByAll(visit, await eve.libraryCommit([], charter, { state }), "standalone-proposal");
});

test("public messages and commits from outside are refused", async () => {
  const { visit, eve, charter } = await withEve();
  await refusedByAll(
    visit,
    await eve.libraryCommit([], charter, { wireAsPublicMessage: true }),
    "public-message",
  );
  await refusedByAll(visit, await eve.externalCommit(await keysOf({ name: "Outsider" })), "public-message");
});

test("a member keeps its name, key and role through every commit", async () => {
  const { visit, eve, charter } = await withEve();
  const leaf = eve.state.ratchetTree[eve.state.privatePath.leafIndex * 2];
  assert.ok(leaf?.nodeType === "leaf");
  for (const [name, role] of [
    ["Dr. Reed", "supporter"],
    ["Eve", "deputy"],
  ] as const) {
    const leafKey = leaf.leaf.signaturePublicKey as Bytes;
    const identity = await writeIdentity({ visit: VISIT, role, name }, eve.keys.pair, leafKey);
    const ratchetTree = eve.state.ratchetTree.slice();
    const renamed = { ...leaf.leaf, credential: { credentialType: "basic" as const, identity } };
    ratchetTree[eve.state.privatePath.leafIndex * 2] = { nodeType: "leaf", leaf: renamed };
    const { commit } = await eve.commit({ charter }, { ...eve.state, ratchetTree });
    await refusedByAll(visit, commit, "leaf-changed");
  }
});

test("a charter that is missing or no charter at all is refused", async () => {
  const { visit, eve, charter } = await withEve();
  const broken = { ...charter, order: [] };
  await refusedByAll(visit, (await eve.commit({ charter: broken })).commit, "malformed");
});

test("key packages: swapped, of another visit, unsigned, twice in the group", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const host = visit.host.group;
  const admit = (message: Bytes) => () => host.admit(message, Date.now());
  const anas = visit.person("Ana Ruiz").pair;
  const twice = await candidate("Ana again", "patient", anas);
  await unchanged(host, admit(twice.candidate.keyPackage), "identity-twice");
  const elsewhere = await candidate("Leo Park", "patient", undefined, "another visit");
  await unchanged(host, admit(elsewhere.candidate.keyPackage), "wrong-visit");
  const unsigned = await keysOf({}, (identity) => flip(identity, identity.length - 1));
  await unchanged(host, admit(unsigned.message), "bad-identity");
  const second = await keysOf({ role: "host", name: "Dr. Reed" });
  await unchanged(host, admit(second.message), "not-the-host");
  // Somebody else's signed identity around our own leaf key.
  const stolen = await keysOf();
  const lifted = await keysOf({}, () => (stolen.bundle.leafNode.credential as { identity: Bytes }).identity);
  await unchanged(host, admit(lifted.message), "bad-identity");
  // A leaf exchanged under the signature of the key package.
  const { bundle } = await keysOf();
  const mixed = bundleMessage({ ...bundle, leafNode: stolen.bundle.leafNode });
  await unchanged(host, admit(mixed), "unreadable");
  await assert.rejects(readKeyPackage(mixed, VISIT, Date.now()), is("bad-identity"));
  assert.equal((await readKeyPackage(stolen.message, VISIT, Date.now())).identity.name, "Eve");
  await visit.deliver((await host.refresh()).commit);
  await visit.agree();
});

test("a swapped key package shows in the spoken code and gives no Welcome", async () => {
  const visit = await Visit.open();
  const host = visit.host.group;
  const { candidate: ana } = await candidate("Ana Ruiz");
  const { candidate: false_ } = await candidate("Ana Ruiz");
  const sides = { leafKey: host.roster()[0]?.leafKey ?? assert.fail(), group: host.id };
  const me = { identity: visit.host.group.roster()[0]?.identity.key ?? assert.fail(), ...sides };
  const door = ({ identity, leafKey, ref }: typeof ana) => ({
    identity: identity.key,
    leafKey,
    keyPackage: ref,
  });
  const code = new JoinerCode(VISIT, door(ana));
  // The server shows the host another key package, with Ana's commitment.
  const hostCode = new HostCode(VISIT, me, door(false_), await code.commitment());
  const opening = code.challenged(hostCode.challenge());
  await assert.rejects(hostCode.opened(opening), is("commitment-broken"));
  const proposal = await host.admit(false_.keyPackage, Date.now());
  const expected = { group: visit.id, signer: () => true };
  await assert.rejects(ana.join(welcomeOf(proposal), expected), is("wrong-welcome"));
});

test("the sender of a note can't be swapped", async () => {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const parse = (bytes: Bytes) => readMessage(bytes, "mls_private_message").privateMessage;
  const anas = parse(await visit.person("Ana Ruiz").group.sendApplication(utf8("yes")));
  const leos = parse(await visit.person("Leo Park").group.sendApplication(utf8("no")));
  const swapped = { ...anas, encryptedSenderData: leos.encryptedSenderData };
  const message = writeMessage({
    version: "mls10",
    wireformat: "mls_private_message",
    privateMessage: swapped,
  });
  await refusedByAll(visit, message, "unreadable");
  const bound = { ...anas, authenticatedData: utf8("extra") };
  const extra = writeMessage({ version: "mls10", wireformat: "mls_private_message", privateMessage: bound });
  await refusedByAll(visit, extra, "malformed");
});

test("messages of another group, too long, too short, or with bytes behind them are refused", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz").group;
  const elsewhere = await Visit.of("Somebody");
  const foreign = await elsewhere.host.group.sendApplication(utf8("hello"));
  await unchanged(ana, () => ana.apply(foreign, facts()), "wrong-group");
  const note = await visit.host.group.sendApplication(utf8("hello"));
  await unchanged(ana, () => ana.apply(concat(note, Uint8Array.of(0)), facts()), "malformed");
  await unchanged(ana, () => ana.apply(new Uint8Array(MESSAGE_BYTES + 1), facts()), "too-large");
  const { candidate: other } = await candidate("Leo Park");
  await unchanged(ana, () => ana.apply(other.keyPackage, facts()), "malformed");
  await assert.rejects(ana.sendApplication(new Uint8Array(MESSAGE_BYTES)), is("too-large"));
});

test("every bent or cut commit and note is refused by name, and the right one still applies", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz").group;
  const note = await visit.host.group.sendApplication(utf8("hello"));
  const { commit } = await visit.host.group.refresh();
  const before = await print(ana);
  for (const message of [note, commit]) {
    for (let at = 0; at < message.length; at += 5) {
      await assert.rejects(ana.apply(flip(message, at), facts()), named);
      await assert.rejects(ana.apply(message.slice(0, at), facts()), named);
    }
  }
  assert.equal(await print(ana), before);
  assert.equal((await ana.apply(note, facts())).kind, "note");
  await visit.deliver(commit);
  await visit.agree();
});

test("noise of any length is refused by name", async () => {
  const visit = await Visit.of("Ana Ruiz");
  const ana = visit.person("Ana Ruiz").group;
  const before = await print(ana);
  const starts = ["", "0001", "00010001", "00010002", "00010003", "00010005"];
  for (let round = 0; round < 1_200; round++) {
    const start = starts[round % starts.length] ?? "";
    const noise = concat(
      Uint8Array.from(start.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
      random(round % 400),
    );
    await assert.rejects(ana.apply(noise, facts()), named, hex(noise));
    await assert.rejects(visit.host.group.admit(noise, Date.now()), named, hex(noise));
  }
  assert.equal(await print(ana), before);
});

async function withEve() {
  const visit = await Visit.of("Ana Ruiz", "Leo Park");
  const keys = await keysOf();
  const proposal = await visit.host.group.admit(keys.message, Date.now());
  await visit.deliver(proposal.commit);
  const eve = await Insider.join(keys, welcomeOf(proposal));
  return { visit, eve, charter: visit.host.group.charter() };
}

async function refusedByAll(visit: Visit, message: Bytes, refusal: Parameters<typeof is>[0]): Promise<void> {
  for (const { group } of visit.people) await unchanged(group, () => group.apply(message, facts()), refusal);
}

async function unchanged(
  group: Group,
  act: () => Promise<unknown>,
  refusal: Parameters<typeof is>[0],
): Promise<void> {
  const before = await print(group);
  await assert.rejects(act, is(refusal));
  assert.equal(await print(group), before);
}

function flip(bytes: Bytes, at: number): Bytes {
  const bent = bytes.slice();
  bent[at] = (bent[at] ?? 0) ^ 0x01;
  return bent;
}

function named(error: unknown): boolean {
  if (error instanceof SecrecyError) return true;
  throw error;
}
