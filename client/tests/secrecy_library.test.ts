// What the pinned library does by itself and why we do it differently. When one of these fails after an
// upgrade, the library has changed: read it again before touching ours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { applyProposals, type ClientState, nextEpochContext } from "ts-mls/clientState.js";
import { createCommit } from "ts-mls/createCommit.js";
import { initializeEpoch } from "ts-mls/keySchedule.js";
import { decodeMlsMessage, encodeMlsMessage } from "ts-mls/message.js";
import { unprotectPrivateMessage } from "ts-mls/messageProtection.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { toLeafIndex } from "ts-mls/treemath.js";
import { applyUpdatePath } from "ts-mls/updatePath.js";
import { type Bytes, equal, random } from "../src/secrecy/bytes.ts";
import { writeCharter } from "../src/secrecy/charter.ts";
import { readMessage, writeMessage } from "../src/secrecy/mls.ts";
import { suite } from "../src/secrecy/suite.ts";
import { Insider, keysOf } from "./secrecy_insider.ts";
import { facts, Visit, welcomeOf } from "./secrecy_people.ts";

const charter = { host: random(32), order: [random(32)], locked: false, check: false };

test("alone again: the library's keys can be computed by whoever was removed, ours can't", async () => {
  const { host, eve } = await two();
  const removal = { proposalType: "remove" as const, remove: { removed: 1 } };
  const library = await createCommit(
    { state: host.state, cipherSuite: await suite() },
    { extraProposals: [removal], authenticatedData: writeCharter(charter) },
  );
  const theirs = await predicted(
    eve.state,
    writeMessage(library.commit as Parameters<typeof writeMessage>[0]),
  );
  assert.ok(equal(theirs, library.newState.keySchedule.exporterSecret), "the library was mended");
  const ours = await host.commit({ remove: [1], charter });
  assert.ok(!equal(await predicted(eve.state, ours.commit), ours.next.keySchedule.exporterSecret));
});

test("adding only: the library leaves the path out, ours has one", async () => {
  const { host, eve } = await two();
  const add = { proposalType: "add" as const, add: { keyPackage: (await keysOf()).bundle } };
  const library = await createCommit(
    { state: host.state, cipherSuite: await suite() },
    { extraProposals: [add] },
  );
  const bytes = writeMessage(library.commit as Parameters<typeof writeMessage>[0]);
  assert.equal((await opened(eve.state, bytes)).path, undefined);
  const ours = await host.commit({ add: add.add.keyPackage, charter });
  assert.ok((await opened(eve.state, ours.commit)).path);
});

test("what the library reads points into the bytes it was given, so ours are copied first", async () => {
  const { host } = await two();
  const { commit } = await host.commit({ charter });
  const decoded = decodeMlsMessage(commit, 0)?.[0];
  assert.ok(decoded?.wireformat === "mls_private_message");
  assert.equal(decoded.privateMessage.ciphertext.buffer, commit.buffer);
  const own = readMessage(commit, "mls_private_message");
  assert.notEqual(own.privateMessage.ciphertext.buffer, commit.buffer);
  assert.ok(equal(encodeMlsMessage(own), commit));
});

test("the eighth joins although a leaf below is unmerged; the library refuses that valid tree", async () => {
  const visit = await Visit.of("P1", "P2", "P3", "P4", "P5", "P6");
  await visit.deliver((await visit.person("P4").group.refresh()).commit);
  const keys = await keysOf();
  const proposal = await visit.host.group.admit(keys.message, Date.now());
  await visit.deliver(proposal.commit);
  await assert.rejects(Insider.join(keys, welcomeOf(proposal)), /unmerged_leaves/);
  const again = await Visit.of("P1", "P2", "P3", "P4", "P5", "P6");
  await again.deliver((await again.person("P4").group.refresh()).commit);
  await again.admit("P7");
  await again.agree();
});

test("with the left half of the tree gone, those on the right go on together", async () => {
  const visit = await Visit.of("P1", "P2", "P3");
  const silence = (leaf: number) => (leaf < 2 ? 40_000 : 0);
  const [second, third] = [visit.person("P2"), visit.person("P3")];
  for (const leaf of [0, 1]) {
    const { commit } = await second.group.remove([leaf], facts(silence));
    await visit.deliver(commit, silence);
    await visit.agree();
  }
  assert.deepEqual(visit.people, [second, third]);
  await visit.deliver((await third.group.refresh()).commit);
  await visit.agree();
});

async function two(): Promise<{ host: Insider; eve: Insider }> {
  const host = await Insider.found(await keysOf({ role: "host", name: "Host" }), random(16));
  const keys = await keysOf();
  const made = await host.commit({ add: keys.bundle, charter });
  host.state = made.next;
  assert.ok(made.welcome);
  return { host, eve: await Insider.join(keys, made.welcome) };
}

/** The exporter secret of the next epoch for somebody who has the old epoch and no path secret. */
async function predicted(state: ClientState, commit: Bytes): Promise<Uint8Array> {
  const cs = await suite();
  const content = await whole(state, commit);
  assert.ok(content.content.contentType === "commit" && content.auth.contentType === "commit");
  const { proposals, path } = content.content.commit;
  assert.ok(path);
  const sender = toLeafIndex(0);
  const applied = await applyProposals(state, proposals, sender, emptyPskIndex, false, cs);
  const tree = await applyUpdatePath(applied.tree, sender, path, cs.hash);
  const context = await nextEpochContext(
    state.groupContext,
    "mls_private_message",
    content.content,
    content.auth.signature,
    await treeHashRoot(tree, cs.hash),
    state.confirmationTag,
    cs.hash,
  );
  const nothing = new Uint8Array(32);
  const next = await initializeEpoch(state.keySchedule.initSecret, nothing, context, nothing, cs.kdf);
  return next.keySchedule.exporterSecret;
}

async function opened(state: ClientState, commit: Bytes) {
  const { content } = await whole(state, commit);
  assert.ok(content.contentType === "commit");
  return content.commit;
}

async function whole(state: ClientState, commit: Bytes) {
  const { privateMessage } = readMessage(commit, "mls_private_message");
  const { senderDataSecret } = state.keySchedule;
  const { secretTree, ratchetTree, groupContext, clientConfig } = state;
  const retention = clientConfig.keyRetentionConfig;
  const cs = await suite();
  const read = await unprotectPrivateMessage(
    senderDataSecret,
    privateMessage,
    secretTree,
    ratchetTree,
    groupContext,
    retention,
    cs,
  );
  return read.content;
}
