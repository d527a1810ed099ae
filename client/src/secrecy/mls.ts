// The narrow door to ts-mls: configuration with every default replaced, parsing with bounds, and the walk
// over the tree. Refuses everything that is not exactly the profile. The library's own defaults accept all.

import type { ClientConfig } from "ts-mls/clientConfig.js";
import type { ClientState } from "ts-mls/clientState.js";
import type { Credential } from "ts-mls/credential.js";
import type { KeyPackage } from "ts-mls/keyPackage.js";
import type { LeafNode } from "ts-mls/leafNode.js";
import type { Lifetime } from "ts-mls/lifetime.js";
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from "ts-mls/message.js";
import type { RatchetTree } from "ts-mls/ratchetTree.js";
import { type Bytes, copy, equal } from "./bytes.ts";
import type { Member } from "./charter.ts";
import { SecrecyError } from "./failure.ts";
import { type Identity, parseIdentity, readIdentity } from "./identity.ts";
import { SUITE_NAME } from "./suite.ts";

/** All that a leaf of ours says it can do: nothing optional, nothing random. */
export const CAPABILITIES = {
  versions: ["mls10" as const],
  ciphersuites: [SUITE_NAME],
  extensions: [],
  proposals: [],
  credentials: ["basic" as const],
};

export function configuration(visit: string): ClientConfig {
  return {
    authService: {
      validateCredential: async (credential, leafKey) => {
        try {
          await identityOf(credential, leafKey, visit);
          return true;
        } catch {
          return false;
        }
      },
    },
    keyPackageEqualityConfig: {
      compareKeyPackages: (a, b) => equal(a.leafNode.signaturePublicKey, b.leafNode.signaturePublicKey),
      compareKeyPackageToLeafNode: (a, b) => equal(a.leafNode.signaturePublicKey, b.signaturePublicKey),
    },
    // One epoch back: what was said just before somebody came or went still arrives.
    keyRetentionConfig: {
      retainKeysForEpochs: 1,
      retainKeysForGenerations: 16,
      maximumForwardRatchetSteps: 256,
    },
    lifetimeConfig: { maximumTotalLifetime: BigInt(LIFETIME_S), validateLifetimeOnReceive: true },
    // Messages are padded by notes.ts to whole blocks, not only up to the first one.
    paddingConfig: { kind: "alwaysPad", paddingLength: 0 },
  };
}

export function lifetime(now: number): Lifetime {
  const seconds = Math.floor(now / 1000);
  return { notBefore: BigInt(seconds - LIFETIME_S / 2), notAfter: BigInt(seconds + LIFETIME_S / 2) };
}

/** Shape, profile, lifetime and identity. Signatures of the leaf itself are checked where it is added. */
export async function checkKeyPackage(bundle: KeyPackage, visit: string, now: number): Promise<Identity> {
  if (bundle.cipherSuite !== SUITE_NAME || bundle.version !== "mls10" || bundle.extensions.length > 0)
    throw new SecrecyError("wrong-profile");
  if (bundle.leafNode.leafNodeSource !== "key_package") throw new SecrecyError("wrong-profile");
  checkLeaf(bundle.leafNode);
  checkLifetime(bundle.leafNode.lifetime, now);
  return identityOf(bundle.leafNode.credential, bundle.leafNode.signaturePublicKey, visit);
}

export function checkLifetime({ notBefore, notAfter }: Lifetime, now: number): void {
  const seconds = BigInt(Math.floor(now / 1000));
  if (notBefore > seconds || notAfter < seconds || notAfter - notBefore > BigInt(LIFETIME_S))
    throw new SecrecyError("outside-lifetime");
}

export function checkLeaf(leaf: LeafNode): void {
  const { capabilities, credential, extensions } = leaf;
  const able =
    credential.credentialType === "basic" &&
    capabilities.credentials.includes("basic") &&
    capabilities.versions.includes("mls10") &&
    capabilities.ciphersuites.includes(SUITE_NAME);
  if (!able || extensions.length > 0) throw new SecrecyError("wrong-profile");
}

export async function identityOf(
  credential: Credential,
  leafKey: Uint8Array,
  visit: string,
): Promise<Identity> {
  if (credential.credentialType !== "basic" || !("identity" in credential))
    throw new SecrecyError("wrong-profile");
  return readIdentity(credential.identity, copy(leafKey), visit);
}

/** The tree as people, in leaf order. */
export function membersOf(tree: RatchetTree): Member[] {
  const members: Member[] = [];
  for (const [node, each] of tree.entries()) {
    if (each?.nodeType !== "leaf") continue;
    const { credential, signaturePublicKey } = each.leaf;
    if (!("identity" in credential)) throw new SecrecyError("wrong-profile");
    const identity = parseIdentity(credential.identity);
    members.push({ leaf: node / 2, identity, leafKey: copy(signaturePublicKey) });
  }
  return members;
}

export function leafOf(state: ClientState, leaf: number): LeafNode {
  const found = leafIn(state.ratchetTree, leaf);
  if (!found) throw new SecrecyError("unknown-leaf");
  return found;
}

export function leafIn(tree: RatchetTree, leaf: number): LeafNode | null {
  const node = tree[leaf * 2];
  return node?.nodeType === "leaf" ? node.leaf : null;
}

/** One whole message of one kind, from bytes of our own: the library keeps views into what it reads. */
export function readMessage<F extends MLSMessage["wireformat"]>(
  bytes: Uint8Array,
  format: F,
): Extract<MLSMessage, { wireformat: F }> {
  if (bytes.length > MESSAGE_BYTES) throw new SecrecyError("too-large");
  const own = copy(bytes);
  const read = parse(own);
  if (!read || read[1] !== own.length) throw new SecrecyError("malformed");
  const [message] = read;
  if (message.wireformat === "mls_public_message") throw new SecrecyError("public-message");
  if (message.wireformat !== format) throw new SecrecyError("malformed");
  return message as Extract<MLSMessage, { wireformat: F }>;
}

export function writeMessage(message: MLSMessage): Bytes {
  return copy(encodeMlsMessage(message));
}

function parse(bytes: Bytes): [MLSMessage, number] | undefined {
  try {
    return decodeMlsMessage(bytes, 0);
  } catch (error) {
    throw new SecrecyError("malformed", error);
  }
}

/** Half of it on either side of now, so that a clock may be wrong by half a day. */
const LIFETIME_S = 24 * 3600;
export const MESSAGE_BYTES = 20 * 1024;
