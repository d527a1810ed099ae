// Makes commits: always private, always with a path, proposals inside. The library's own `createCommit`
// leaves the path out when somebody is only added, and when one member is left over it mixes in nothing new,
// so that whoever was just removed can compute the next epoch. Its parts are used here instead (ts-mls 1.6.4,
// MIT licence).

import { applyProposals, type ClientState, nextEpochContext } from "ts-mls/clientState.js";
import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import { deriveSecret } from "ts-mls/crypto/kdf.js";
import { createGroupInfoWithRatchetTree } from "ts-mls/createCommit.js";
import { createConfirmationTag, createContentCommitSignature } from "ts-mls/framedContent.js";
import { type KeyPackage, makeKeyPackageRef } from "ts-mls/keyPackage.js";
import { initializeEpoch } from "ts-mls/keySchedule.js";
import { protect } from "ts-mls/messageProtection.js";
import { pathToPathSecrets } from "ts-mls/pathSecrets.js";
import { toPrivateKeyPath, updateLeafKey } from "ts-mls/privateKeyPath.js";
import type { Proposal } from "ts-mls/proposal.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { createSecretTree } from "ts-mls/secretTree.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { type LeafIndex, leafToNodeIndex, leafWidth, toLeafIndex } from "ts-mls/treemath.js";
import { createUpdatePath, firstCommonAncestor, type PathSecret } from "ts-mls/updatePath.js";
import { encryptGroupInfo, encryptGroupSecrets } from "ts-mls/welcome.js";
import { type Bytes, random } from "./bytes.ts";
import { type Charter, CHARTER_EXTENSION, writeCharter } from "./charter.ts";
import { SecrecyError } from "./failure.ts";
import { writeMessage } from "./mls.ts";
import { keysFor } from "./path.ts";

export interface Wish {
  add: KeyPackage | null;
  remove: number[];
  /** Goes into the authenticated data, and to a newcomer in the group info. */
  charter: Charter;
}

export interface MadeCommit {
  charter: Charter;
  commit: Bytes;
  welcome: Bytes | null;
  /** Our state once everybody has this commit; its history is filled in when that happens. */
  next: ClientState;
  /** Our present state with the message key of the commit used up. */
  spent: ClientState;
}

export async function makeCommit(state: ClientState, wish: Wish, cs: CiphersuiteImpl): Promise<MadeCommit> {
  const charter = writeCharter(wish.charter);
  const grown = await grow(state, wish, cs);
  const turned = await turn(state, grown, charter, cs);
  const sealed = await seal(state, turned, charter, cs);
  const [newcomer] = grown.added;
  const welcome = newcomer ? await makeWelcome(state, grown, turned, newcomer, cs) : null;
  const { context, epoch, tag } = turned;
  const { tree, secrets } = grown;
  const above = await toPrivateKeyPath(pathToPathSecrets(secrets), state.privatePath.leafIndex, cs);
  const renewed = updateLeafKey(state.privatePath, await cs.hpke.exportPrivateKey(grown.leafKey));
  const next: ClientState = {
    ...state,
    groupContext: context,
    ratchetTree: tree,
    secretTree: await createSecretTree(leafWidth(tree.length), epoch.encryptionSecret, cs.kdf),
    keySchedule: epoch.keySchedule,
    privatePath: keysFor(tree, renewed, above.privateKeys),
    unappliedProposals: {},
    historicalReceiverData: new Map(),
    confirmationTag: tag,
  };
  for (const secret of [epoch.joinerSecret, epoch.welcomeSecret, epoch.encryptionSecret]) secret.fill(0);
  const message = { version: "mls10" as const, wireformat: "mls_private_message" as const };
  const commit = writeMessage({ ...message, privateMessage: sealed.privateMessage });
  return { charter: wish.charter, commit, welcome, next, spent: { ...state, secretTree: sealed.tree } };
}

type Grown = Awaited<ReturnType<typeof grow>>;
type Turned = Awaited<ReturnType<typeof turn>>;

/** The tree with the proposals done and a new path of ours in it. */
async function grow(state: ClientState, wish: Wish, cs: CiphersuiteImpl) {
  const own = toLeafIndex(state.privatePath.leafIndex);
  const proposals = wishes(wish);
  const applied = await applyProposals(state, proposals, own, emptyPskIndex, true, cs);
  if (applied.additionalResult.kind !== "memberCommit") throw new SecrecyError("forbidden-proposal");
  const added = applied.additionalResult.addedLeafNodes;
  const newLeaves = added.map(([leaf]) => leafToNodeIndex(leaf));
  const { groupContext, signaturePrivateKey } = state;
  const made = await createUpdatePath(applied.tree, own, groupContext, signaturePrivateKey, cs, newLeaves);
  const [tree, path, secrets, leafKey] = made;
  return { proposals, added, tree, path, secrets, leafKey };
}

/** Signed content, and the epoch that it leads to. */
async function turn(state: ClientState, grown: Grown, charter: Bytes, cs: CiphersuiteImpl) {
  const { proposals, path, tree, secrets } = grown;
  const { framedContent, signature } = await createContentCommitSignature(
    state.groupContext,
    "mls_private_message",
    { proposals, path },
    { senderType: "member", leafIndex: state.privatePath.leafIndex },
    charter,
    state.signaturePrivateKey,
    cs.signature,
  );
  const context = await nextEpochContext(
    state.groupContext,
    "mls_private_message",
    framedContent,
    signature,
    await treeHashRoot(tree, cs.hash),
    state.confirmationTag,
    cs.hash,
  );
  const commitSecret = await secretOf(secrets, cs);
  const { initSecret } = state.keySchedule;
  const epoch = await initializeEpoch(initSecret, commitSecret, context, new Uint8Array(cs.kdf.size), cs.kdf);
  commitSecret.fill(0);
  const { confirmationKey } = epoch.keySchedule;
  const tag = await createConfirmationTag(confirmationKey, context.confirmedTranscriptHash, cs.hash);
  return { framedContent, signature, context, epoch, tag };
}

function seal(state: ClientState, turned: Turned, charter: Bytes, cs: CiphersuiteImpl) {
  const { framedContent, signature, tag } = turned;
  const auth = { contentType: "commit" as const, signature, confirmationTag: tag };
  return protect(
    state.keySchedule.senderDataSecret,
    charter,
    state.groupContext,
    state.secretTree,
    { ...framedContent, auth },
    state.privatePath.leafIndex,
    state.clientConfig.paddingConfig,
    cs,
  );
}

function wishes({ add, remove }: Wish): { proposalOrRefType: "proposal"; proposal: Proposal }[] {
  const removes = remove.map((removed): Proposal => ({ proposalType: "remove", remove: { removed } }));
  const adds: Proposal[] = add ? [{ proposalType: "add", add: { keyPackage: add } }] : [];
  return [...removes, ...adds].map((proposal) => ({ proposalOrRefType: "proposal", proposal }));
}

/**
 * RFC 9420 7.5: one more step after the last path secret. A group of one has no path secret above its leaf;
 * nobody else has to follow, so fresh randomness stands in for what the leaf's secret would give.
 */
async function secretOf(secrets: PathSecret[], cs: CiphersuiteImpl): Promise<Uint8Array> {
  const last = secrets.at(-1);
  return last ? deriveSecret(last.secret, "path", cs.kdf) : random(cs.kdf.size);
}

async function makeWelcome(
  state: ClientState,
  { tree, secrets }: Grown,
  { context, tag, epoch, framedContent }: Turned,
  [leaf, keyPackage]: [LeafIndex, KeyPackage],
  cs: CiphersuiteImpl,
): Promise<Bytes> {
  const charter = { extensionType: CHARTER_EXTENSION, extensionData: framedContent.authenticatedData };
  const info = await createGroupInfoWithRatchetTree(context, tag, state, tree, [charter], cs);
  const encryptedGroupInfo = await encryptGroupInfo(info, epoch.welcomeSecret, cs);
  const shared = firstCommonAncestor(tree, leaf, toLeafIndex(state.privatePath.leafIndex));
  const pathSecret = secrets.find((each) => each.nodeIndex === shared)?.secret;
  const initKey = await cs.hpke.importPublicKey(keyPackage.initKey);
  const groupSecrets = { joinerSecret: epoch.joinerSecret, pathSecret, psks: [] };
  const sealed = await encryptGroupSecrets(initKey, encryptedGroupInfo, groupSecrets, cs.hpke);
  const newMember = await makeKeyPackageRef(keyPackage, cs.hash);
  const encryptedGroupSecrets = { kemOutput: sealed.enc, ciphertext: sealed.ct };
  return writeMessage({
    version: "mls10",
    wireformat: "mls_welcome",
    welcome: {
      cipherSuite: context.cipherSuite,
      secrets: [{ newMember, encryptedGroupSecrets }],
      encryptedGroupInfo,
    },
  });
}
