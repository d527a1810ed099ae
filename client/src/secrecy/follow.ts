// Applies a commit of somebody else that was read and judged: the tree, the path, the key schedule, and only
// then the new state (RFC 9420 12.4.2). Throws without a trace when anything does not fit, the confirmation
// tag last of all.

import {
  addHistoricalReceiverData,
  applyProposals,
  type ClientState,
  nextEpochContext,
  throwIfDefined,
  validateLeafNodeCredentialAndKeyUniqueness,
  validateLeafNodeUpdateOrCommit,
} from "ts-mls/clientState.js";
import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import { applyUpdatePathSecret } from "ts-mls/createCommit.js";
import { verifyConfirmationTag } from "ts-mls/framedContent.js";
import { initializeEpoch } from "ts-mls/keySchedule.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { createSecretTree } from "ts-mls/secretTree.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { leafToNodeIndex, leafWidth, toLeafIndex } from "ts-mls/treemath.js";
import { applyUpdatePath } from "ts-mls/updatePath.js";
import { SecrecyError } from "./failure.ts";
import type { CommitContent } from "./incoming.ts";
import { climb, keysFor } from "./path.ts";

export async function follow(
  state: ClientState,
  commit: CommitContent,
  cs: CiphersuiteImpl,
): Promise<ClientState> {
  const { content, path, confirmationTag, signature } = commit;
  const { authService } = state.clientConfig;
  const sender = toLeafIndex(commit.sender);
  const applied = await applyProposals(state, content.commit.proposals, sender, emptyPskIndex, false, cs);
  if (applied.additionalResult.kind !== "memberCommit") throw new SecrecyError("forbidden-proposal");
  const { leafNode } = path;
  throwIfDefined(
    await validateLeafNodeUpdateOrCommit(leafNode, sender, state.groupContext, authService, cs.signature),
  );
  throwIfDefined(await validateLeafNodeCredentialAndKeyUniqueness(applied.tree, leafNode, sender));
  const tree = await applyUpdatePath(applied.tree, sender, path, cs.hash);
  const treeHash = await treeHashRoot(tree, cs.hash);
  const provisional = { ...state.groupContext, treeHash, epoch: state.groupContext.epoch + 1n };
  const newLeaves = applied.additionalResult.addedLeafNodes.map(([leaf]) => leafToNodeIndex(leaf));
  const mine = state.privatePath;
  const found = await applyUpdatePathSecret(tree, mine, sender, provisional, path, newLeaves, cs);
  const { keys, commitSecret } = await climb(tree, found.nodeIndex, found.pathSecret, cs);
  const context = await nextEpochContext(
    state.groupContext,
    "mls_private_message",
    content,
    signature,
    treeHash,
    state.confirmationTag,
    cs.hash,
  );
  const { initSecret } = state.keySchedule;
  const epoch = await initializeEpoch(initSecret, commitSecret, context, new Uint8Array(cs.kdf.size), cs.kdf);
  const { confirmationKey } = epoch.keySchedule;
  if (
    !(await verifyConfirmationTag(confirmationKey, confirmationTag, context.confirmedTranscriptHash, cs.hash))
  )
    throw new SecrecyError("unreadable");
  const secretTree = await createSecretTree(leafWidth(tree.length), epoch.encryptionSecret, cs.kdf);
  for (const secret of [commitSecret, epoch.joinerSecret, epoch.welcomeSecret, epoch.encryptionSecret])
    secret.fill(0);
  const [historicalReceiverData] = addHistoricalReceiverData({ ...state, secretTree: commit.secretTree });
  return {
    ...state,
    groupContext: context,
    ratchetTree: tree,
    secretTree,
    keySchedule: epoch.keySchedule,
    privatePath: keysFor(tree, mine, keys),
    confirmationTag,
    historicalReceiverData,
    unappliedProposals: {},
  };
}
