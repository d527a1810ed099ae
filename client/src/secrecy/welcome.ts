// Joins by a Welcome (RFC 9420 12.4.3.1): opens it, checks that it is the expected group by the expected
// signer and nothing but the profile, checks the whole tree, and makes the first state. The library's own
// tree check refuses valid trees of seven and more, where a leaf is unmerged lower down and merged above.

import type { ClientState } from "ts-mls/clientState.js";
import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import type { GroupContext } from "ts-mls/groupContext.js";
import {
  type GroupInfo,
  ratchetTreeFromExtension,
  verifyGroupInfoConfirmationTag,
  verifyGroupInfoSignature,
} from "ts-mls/groupInfo.js";
import type { GroupSecrets } from "ts-mls/groupSecrets.js";
import type { KeyPackage, PrivateKeyPackage } from "ts-mls/keyPackage.js";
import { deriveKeySchedule } from "ts-mls/keySchedule.js";
import { findLeafIndex, type RatchetTree } from "ts-mls/ratchetTree.js";
import { createSecretTree } from "ts-mls/secretTree.js";
import { leafToNodeIndex, leafWidth, toLeafIndex } from "ts-mls/treemath.js";
import { firstCommonAncestor } from "ts-mls/updatePath.js";
import { decryptGroupInfo, decryptGroupSecrets, type Welcome } from "ts-mls/welcome.js";
import { type Bytes, equal } from "./bytes.ts";
import { type Charter, CHARTER_EXTENSION, type Member, readCharter } from "./charter.ts";
import { SecrecyError } from "./failure.ts";
import { configuration, leafIn, membersOf, readMessage } from "./mls.ts";
import { climb, keysFor } from "./path.ts";
import { suite } from "./suite.ts";
import { checkTree } from "./tree.ts";

/** What the joiner knows of the group it lets itself be drawn into. */
export interface Expected {
  group: Bytes;
  /** Whose Welcome it may be: the leaf of the spoken code, or a remembered identity key. */
  signer(member: Member): boolean;
}

export interface Joiner {
  visit: string;
  ref: Bytes;
  bundle: KeyPackage;
  keys: PrivateKeyPackage;
  now: number;
}

export async function joinByWelcome(
  message: Bytes,
  joiner: Joiner,
  expected: Expected,
): Promise<{ state: ClientState; charter: Charter }> {
  const { welcome } = readMessage(message, "mls_welcome");
  const [only, second] = welcome.secrets;
  if (!only || second || !equal(only.newMember, joiner.ref)) throw new SecrecyError("wrong-welcome");
  const cs = await suite();
  try {
    const [secrets, info] = await open(welcome, joiner, cs);
    const { tree, charter } = await check(info, joiner, expected, cs);
    return { state: await begin({ secrets, info, tree, joiner, cs }), charter };
  } catch (error) {
    throw error instanceof SecrecyError ? error : new SecrecyError("unreadable", error);
  }
}

async function open(
  welcome: Welcome,
  joiner: Joiner,
  cs: CiphersuiteImpl,
): Promise<[GroupSecrets, GroupInfo]> {
  const initKey = await cs.hpke.importPrivateKey(joiner.keys.initPrivateKey);
  const secrets = await decryptGroupSecrets(initKey, joiner.ref, welcome, cs.hpke);
  if (!secrets || secrets.psks.length > 0) throw new SecrecyError("wrong-profile");
  const info = await decryptGroupInfo(welcome, secrets.joinerSecret, noPsk(cs), cs);
  if (!info) throw new SecrecyError("malformed");
  return [secrets, info];
}

async function check(
  info: GroupInfo,
  joiner: Joiner,
  expected: Expected,
  cs: CiphersuiteImpl,
): Promise<{ tree: RatchetTree; charter: Charter }> {
  const { groupContext, extensions, signer } = info;
  if (!equal(groupContext.groupId, expected.group)) throw new SecrecyError("wrong-group");
  if (!isProfile(groupContext, cs) || extensions.length !== 2) throw new SecrecyError("wrong-profile");
  const found = extensions.find((each) => each.extensionType === CHARTER_EXTENSION);
  const tree = ratchetTreeFromExtension(info);
  if (!found || !tree) throw new SecrecyError("wrong-profile");
  const from = membersOf(tree).find((member) => member.leaf === signer);
  if (!from || !expected.signer(from)) throw new SecrecyError("wrong-signer");
  if (!(await verifyGroupInfoSignature(info, from.leafKey, cs.signature)))
    throw new SecrecyError("unreadable");
  await checkTree(tree, groupContext, joiner, cs);
  return { tree, charter: readCharter(found.extensionData) };
}

async function begin(parts: {
  secrets: GroupSecrets;
  info: GroupInfo;
  tree: RatchetTree;
  joiner: Joiner;
  cs: CiphersuiteImpl;
}): Promise<ClientState> {
  const { secrets, info, tree, joiner, cs } = parts;
  const { joinerSecret, pathSecret } = secrets;
  if (!pathSecret) throw new SecrecyError("no-path");
  const leaf = findLeafIndex(tree, joiner.bundle.leafNode);
  if (leaf === undefined || !leafIn(tree, leaf)) throw new SecrecyError("unknown-leaf");
  const shared = firstCommonAncestor(tree, leaf, toLeafIndex(info.signer));
  const { keys } = await climb(tree, shared, pathSecret, cs);
  if (!(await verifyGroupInfoConfirmationTag(info, joinerSecret, noPsk(cs), cs)))
    throw new SecrecyError("unreadable");
  const context = info.groupContext;
  const [keySchedule, encryption] = await deriveKeySchedule(joinerSecret, noPsk(cs), context, cs.kdf);
  const secretTree = await createSecretTree(leafWidth(tree.length), encryption, cs.kdf);
  for (const secret of [joinerSecret, pathSecret, encryption]) secret.fill(0);
  const own = { leafIndex: leaf, privateKeys: { [leafToNodeIndex(leaf)]: joiner.keys.hpkePrivateKey } };
  return {
    groupContext: context,
    ratchetTree: tree,
    privatePath: keysFor(tree, own, keys),
    signaturePrivateKey: joiner.keys.signaturePrivateKey,
    confirmationTag: info.confirmationTag,
    unappliedProposals: {},
    keySchedule,
    secretTree,
    historicalReceiverData: new Map(),
    groupActiveState: { kind: "active" },
    clientConfig: configuration(joiner.visit),
  };
}

function isProfile({ extensions, cipherSuite, version }: GroupContext, cs: CiphersuiteImpl): boolean {
  return extensions.length === 0 && cipherSuite === cs.name && version === "mls10";
}

function noPsk(cs: CiphersuiteImpl): Uint8Array {
  return new Uint8Array(cs.kdf.size);
}
