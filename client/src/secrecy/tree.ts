// Whether a ratchet tree that somebody gave us is one (RFC 9420 12.4.3.1, 7.9.2): its hash, its parent
// hashes, every leaf with its signature, identity and profile, every key once, every unmerged leaf where it
// belongs.

import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import type { GroupContext } from "ts-mls/groupContext.js";
import {
  type LeafNode,
  verifyLeafNodeSignature,
  verifyLeafNodeSignatureKeyPackage,
} from "ts-mls/leafNode.js";
import { verifyParentHashes } from "ts-mls/parentHash.js";
import type { RatchetTree } from "ts-mls/ratchetTree.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { directPath, leafWidth, toNodeIndex } from "ts-mls/treemath.js";
import { equal, hex } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";
import { checkLeaf, checkLifetime, identityOf } from "./mls.ts";

export async function checkTree(
  tree: RatchetTree,
  context: GroupContext,
  { visit, now }: { visit: string; now: number },
  cs: CiphersuiteImpl,
): Promise<void> {
  if (tree.length > NODES) throw new SecrecyError("full");
  const keys: string[] = [];
  for (const [at, node] of tree.entries()) {
    if (!node) continue;
    if ((node.nodeType === "leaf") !== (at % 2 === 0)) throw new SecrecyError("malformed");
    if (node.nodeType === "parent") {
      keys.push(hex(node.parent.hpkePublicKey));
      for (const leaf of node.parent.unmergedLeaves) checkUnmerged(tree, at, leaf);
    } else {
      keys.push(hex(node.leaf.hpkePublicKey), hex(node.leaf.signaturePublicKey));
      await checkMember(node.leaf, at / 2, context, { visit, now }, cs);
    }
  }
  if (new Set(keys).size !== keys.length) throw new SecrecyError("identity-twice");
  if (!equal(await treeHashRoot(tree, cs.hash), context.treeHash)) throw new SecrecyError("unreadable");
  if (!(await verifyParentHashes(tree, cs.hash))) throw new SecrecyError("unreadable");
}

async function checkMember(
  leaf: LeafNode,
  index: number,
  { groupId }: GroupContext,
  { visit, now }: { visit: string; now: number },
  cs: CiphersuiteImpl,
): Promise<void> {
  checkLeaf(leaf);
  // Leaves come by Add and are renewed by commits; nobody proposes updates here.
  if (leaf.leafNodeSource === "update") throw new SecrecyError("wrong-profile");
  if (leaf.leafNodeSource === "key_package") checkLifetime(leaf.lifetime, now);
  const signed =
    leaf.leafNodeSource === "key_package"
      ? verifyLeafNodeSignatureKeyPackage(leaf, cs.signature)
      : verifyLeafNodeSignature(leaf, groupId, index, cs.signature);
  if (!(await signed)) throw new SecrecyError("unreadable");
  await identityOf(leaf.credential, leaf.signaturePublicKey, visit);
}

/** A leaf somebody below the node, and unmerged at every node between that is not blank. */
export function checkUnmerged(tree: RatchetTree, node: number, leaf: number): void {
  const above =
    tree[2 * leaf]?.nodeType === "leaf" ? directPath(toNodeIndex(2 * leaf), leafWidth(tree.length)) : [];
  const place = above.indexOf(toNodeIndex(node));
  if (place < 0) throw new SecrecyError("malformed");
  for (const between of above.slice(0, place)) {
    const shown = tree[between];
    if (shown?.nodeType === "parent" && !shown.parent.unmergedLeaves.includes(leaf))
      throw new SecrecyError("malformed");
  }
}

/** Sixteen leaves: what a key id can name. */
const NODES = 31;
