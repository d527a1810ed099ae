// Vectors of the ratchet tree: what proposals do to it, whether a given tree is valid, and who can follow a
// path. The walk up the tree is ours (`path.ts`), and so is the rule for unmerged leaves (`tree.ts`).

import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import { applyUpdatePathSecret } from "ts-mls/createCommit.js";
import { deriveSecret } from "ts-mls/crypto/kdf.js";
import type { GroupContext } from "ts-mls/groupContext.js";
import { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js";
import { verifyParentHashes } from "ts-mls/parentHash.js";
import type { PrivateKeyPath } from "ts-mls/privateKeyPath.js";
import { decodeProposal, type Proposal } from "ts-mls/proposal.js";
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  getHpkePublicKey,
  type RatchetTree,
  removeLeafNode,
  resolution,
  updateLeafNode,
} from "ts-mls/ratchetTree.js";
import { treeHash, treeHashRoot } from "ts-mls/treeHash.js";
import { toLeafIndex, toNodeIndex } from "ts-mls/treemath.js";
import { applyUpdatePath, createUpdatePath, decodeUpdatePath, type UpdatePath } from "ts-mls/updatePath.js";
import { hex, unhex } from "../../src/secrecy/bytes.ts";
import { leafIn } from "../../src/secrecy/mls.ts";
import { climb, keysFor } from "../../src/secrecy/path.ts";
import { checkUnmerged } from "../../src/secrecy/tree.ts";
import { check, type Hex, holds, same, sameNumber, signingKey, whole } from "./expect.ts";
import { opens, signs } from "./pairs.ts";

interface Operation {
  tree_before: Hex;
  tree_hash_before: Hex;
  proposal: Hex;
  proposal_sender: number;
  tree_after: Hex;
  tree_hash_after: Hex;
}

export const treeOperations = check<Operation>(async (vector, cs) => {
  const before = whole("tree_before", decodeRatchetTree, vector.tree_before);
  same("tree_hash_before", await treeHashRoot(before, cs.hash), vector.tree_hash_before);
  const proposal = whole("proposal", decodeProposal, vector.proposal);
  const after = apply(before, proposal, vector.proposal_sender);
  same("tree_after", encodeRatchetTree(after), vector.tree_after);
  same("tree_hash_after", await treeHashRoot(after, cs.hash), vector.tree_hash_after);
});

function apply(tree: RatchetTree, proposal: Proposal, sender: number): RatchetTree {
  switch (proposal.proposalType) {
    case "add":
      return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0];
    case "update":
      return updateLeafNode(tree, proposal.update.leafNode, toLeafIndex(sender));
    case "remove":
      return removeLeafNode(tree, toLeafIndex(proposal.remove.removed));
    default:
      throw new Error(`${proposal.proposalType} does nothing to a tree`);
  }
}

interface Validation {
  tree: Hex;
  group_id: Hex;
  tree_hashes: Hex[];
  resolutions: number[][];
}

export const treeValidation = check<Validation>(async (vector, cs) => {
  const tree = whole("tree", decodeRatchetTree, vector.tree);
  sameNumber("nodes", tree.length, vector.tree_hashes.length);
  for (const [node, wanted] of vector.tree_hashes.entries())
    same(`tree hash of ${node}`, await treeHash(tree, toNodeIndex(node), cs.hash), wanted);
  for (const [node, wanted] of vector.resolutions.entries()) {
    const found = resolution(tree, toNodeIndex(node));
    holds(`resolution of ${node}`, found.join() === wanted.join());
  }
  holds("parent hashes", await verifyParentHashes(tree, cs.hash));
  for (const [at, node] of tree.entries()) {
    if (node?.nodeType === "parent")
      for (const leaf of node.parent.unmergedLeaves) checkUnmerged(tree, at, leaf);
    if (node?.nodeType !== "leaf") continue;
    const { leaf } = node;
    const signed =
      leaf.leafNodeSource === "key_package"
        ? verifyLeafNodeSignatureKeyPackage(leaf, cs.signature)
        : verifyLeafNodeSignature(leaf, unhex(vector.group_id), at / 2, cs.signature);
    holds(`signature of leaf ${at / 2}`, await signed);
  }
});

interface TreeKem {
  group_id: Hex;
  epoch: number;
  confirmed_transcript_hash: Hex;
  ratchet_tree: Hex;
  leaves_private: {
    index: number;
    encryption_priv: Hex;
    signature_priv: Hex;
    path_secrets: { node: number; path_secret: Hex }[];
  }[];
  update_paths: {
    sender: number;
    update_path: Hex;
    path_secrets: (Hex | null)[];
    commit_secret: Hex;
    tree_hash_after: Hex;
  }[];
}

export const treeKem = check<TreeKem>(async (vector, cs) => {
  const tree = whole("ratchet_tree", decodeRatchetTree, vector.ratchet_tree);
  const context: GroupContext = {
    version: "mls10",
    cipherSuite: cs.name,
    groupId: unhex(vector.group_id),
    epoch: BigInt(vector.epoch),
    treeHash: new Uint8Array(0),
    confirmedTranscriptHash: unhex(vector.confirmed_transcript_hash),
    extensions: [],
  };
  const members = await Promise.all(vector.leaves_private.map((leaf) => membership(tree, leaf, cs)));
  for (const given of vector.update_paths) {
    const path = whole("update_path", decodeUpdatePath, given.update_path);
    const after = await applyUpdatePath(tree, toLeafIndex(given.sender), path, cs.hash);
    same("tree_hash_after", await treeHashRoot(after, cs.hash), given.tree_hash_after);
    const around = { ...context, treeHash: unhex(given.tree_hash_after) };
    for (const member of members) {
      const wanted = given.path_secrets[member.leafIndex];
      if (!wanted) continue;
      const found = await follow({ tree: after, path, sender: given.sender }, member, around, cs);
      same(`path secret of ${member.leafIndex}`, found.pathSecret, wanted);
      same(`commit secret of ${member.leafIndex}`, found.commitSecret, given.commit_secret);
    }
    await ownPath(tree, vector, given.sender, members, context, cs);
  }
});

interface Walked {
  tree: RatchetTree;
  path: UpdatePath;
  sender: number;
}

/** The private keys that a leaf has, each of which must fit the public key in the tree. */
async function membership(
  tree: RatchetTree,
  { index, encryption_priv, signature_priv, path_secrets }: TreeKem["leaves_private"][number],
  cs: CiphersuiteImpl,
): Promise<PrivateKeyPath> {
  const own = leafIn(tree, index);
  if (!own) throw new Error(`leaf ${index} is blank`);
  await opens(`leaf ${index}`, unhex(encryption_priv), own.hpkePublicKey, cs);
  await signs(`leaf ${index}`, signingKey(signature_priv), own.signaturePublicKey, cs);
  const keys: Record<number, Uint8Array> = { [index * 2]: unhex(encryption_priv) };
  for (const { node, path_secret } of path_secrets) {
    const pair = await cs.hpke.deriveKeyPair(await deriveSecret(unhex(path_secret), "node", cs.kdf));
    const shown = tree[node];
    if (!shown) throw new Error(`node ${node} is blank`);
    same(
      `public key of ${node}`,
      await cs.hpke.exportPublicKey(pair.publicKey),
      hex(getHpkePublicKey(shown)),
    );
    keys[node] = await cs.hpke.exportPrivateKey(pair.privateKey);
  }
  return keysFor(tree, { leafIndex: index, privateKeys: keys }, {});
}

async function follow(
  { tree, path, sender }: Walked,
  member: PrivateKeyPath,
  context: GroupContext,
  cs: CiphersuiteImpl,
): Promise<{ pathSecret: Uint8Array; commitSecret: Uint8Array }> {
  const from = toLeafIndex(sender);
  const found = await applyUpdatePathSecret(tree, member, from, context, path, [], cs);
  const { commitSecret } = await climb(tree, found.nodeIndex, found.pathSecret, cs);
  return { pathSecret: found.pathSecret, commitSecret };
}

/** A path made here can be followed by everybody else, and they agree on what it leads to. */
async function ownPath(
  tree: RatchetTree,
  vector: TreeKem,
  sender: number,
  members: PrivateKeyPath[],
  context: GroupContext,
  cs: CiphersuiteImpl,
): Promise<void> {
  const own = vector.leaves_private.find((leaf) => leaf.index === sender);
  if (!own) throw new Error(`leaf ${sender} has no keys here`);
  const key = signingKey(own.signature_priv);
  // The context of the path is that of the next epoch; `createUpdatePath` counts one up.
  const before = { ...context, epoch: context.epoch - 1n };
  const [made, path, secrets] = await createUpdatePath(tree, toLeafIndex(sender), before, key, cs);
  const after = await applyUpdatePath(tree, toLeafIndex(sender), path, cs.hash);
  const treeHash = await treeHashRoot(after, cs.hash);
  same("tree of our own path", await treeHashRoot(made, cs.hash), hex(treeHash));
  const last = secrets.at(-1);
  if (!last) return;
  const wanted = hex(await deriveSecret(last.secret, "path", cs.kdf));
  for (const member of members) {
    if (member.leafIndex === sender) continue;
    const found = await follow({ tree: after, path, sender }, member, { ...context, treeHash }, cs);
    same(`commit secret of our own path, leaf ${member.leafIndex}`, found.commitSecret, wanted);
  }
}
