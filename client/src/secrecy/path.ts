// Up the tree from one path secret (RFC 9420 7.4): the private keys of the nodes above, each checked against
// the public key the tree shows, and the commit secret behind the last of them. Blank nodes are no step; the
// library takes the root as one even when it is blank, and then disagrees with every other implementation.

import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import { deriveSecret } from "ts-mls/crypto/kdf.js";
import type { PrivateKeyPath } from "ts-mls/privateKeyPath.js";
import type { RatchetTree } from "ts-mls/ratchetTree.js";
import { directPath, leafWidth, toNodeIndex } from "ts-mls/treemath.js";
import { equal } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";

export interface Climbed {
  /** Private keys by node. */
  keys: Record<number, Uint8Array>;
  commitSecret: Uint8Array;
}

export async function climb(
  tree: RatchetTree,
  start: number,
  secret: Uint8Array,
  cs: CiphersuiteImpl,
): Promise<Climbed> {
  const keys: Record<number, Uint8Array> = {};
  let current = secret;
  for (const node of [start, ...directPath(toNodeIndex(start), leafWidth(tree.length))]) {
    const shown = tree[node];
    if (shown === undefined) continue;
    if (shown.nodeType !== "parent") throw new SecrecyError("unreadable");
    if (node !== start) current = await deriveSecret(current, "path", cs.kdf);
    const pair = await cs.hpke.deriveKeyPair(await deriveSecret(current, "node", cs.kdf));
    if (!equal(await cs.hpke.exportPublicKey(pair.publicKey), shown.parent.hpkePublicKey))
      throw new SecrecyError("unreadable");
    keys[node] = await cs.hpke.exportPrivateKey(pair.privateKey);
  }
  return { keys, commitSecret: await deriveSecret(current, "path", cs.kdf) };
}

/** What we can open from now on: keys of nodes that went blank are let go. */
export function keysFor(
  tree: RatchetTree,
  path: PrivateKeyPath,
  fresh: Record<number, Uint8Array>,
): PrivateKeyPath {
  const kept = Object.entries({ ...path.privateKeys, ...fresh }).filter(([node]) => tree[Number(node)]);
  return { leafIndex: path.leafIndex, privateKeys: Object.fromEntries(kept) };
}
