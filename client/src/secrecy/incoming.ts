// Reads what a commit would do before anything of it is done: opens it with the present keys, checks its
// shape against the profile, and hands the rules what they need. Changes nothing.

import type { ClientState } from "ts-mls/clientState.js";
import type { FramedContentCommit } from "ts-mls/framedContent.js";
import { unprotectPrivateMessage } from "ts-mls/messageProtection.js";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import type { SecretTree } from "ts-mls/secretTree.js";
import type { UpdatePath } from "ts-mls/updatePath.js";
import { equal } from "./bytes.ts";
import { type Charter, readCharter } from "./charter.ts";
import { SecrecyError } from "./failure.ts";
import type { Identity } from "./identity.ts";
import { checkKeyPackage, checkLeaf, leafOf } from "./mls.ts";
import { suite } from "./suite.ts";

export interface CommitContent {
  sender: number;
  adds: Identity[];
  removes: number[];
  charter: Charter;
  /** What is needed to follow it. */
  content: FramedContentCommit;
  path: UpdatePath;
  signature: Uint8Array;
  confirmationTag: Uint8Array;
  /** The message keys of the present epoch with this message's used up. */
  secretTree: SecretTree;
  consumed: Uint8Array[];
}

export async function readCommit(
  state: ClientState,
  message: PrivateMessage,
  visit: string,
  now: number,
): Promise<CommitContent> {
  const opened = await open(state, message);
  const { content, auth } = opened.content;
  if (
    content.contentType !== "commit" ||
    auth.contentType !== "commit" ||
    content.sender.senderType !== "member"
  )
    throw new SecrecyError("unreadable");
  const sender = content.sender.leafIndex;
  const { proposals, path } = content.commit;
  if (!path) throw new SecrecyError("no-path");
  checkLeaf(path.leafNode);
  keepsItsName(leafOf(state, sender), path.leafNode);
  const adds: Identity[] = [];
  const removes: number[] = [];
  for (const each of proposals) {
    // By reference means: proposed before, on its own. Nobody proposes here.
    if (each.proposalOrRefType !== "proposal") throw new SecrecyError("standalone-proposal");
    const { proposal } = each;
    if (proposal.proposalType === "add")
      adds.push(await checkKeyPackage(proposal.add.keyPackage, visit, now));
    else if (proposal.proposalType === "remove") removes.push(proposal.remove.removed);
    else throw new SecrecyError("forbidden-proposal");
  }
  const charter = readCharter(content.authenticatedData);
  const { signature, confirmationTag } = auth;
  const { tree: secretTree, consumed } = opened;
  return { sender, adds, removes, charter, content, path, signature, confirmationTag, secretTree, consumed };
}

async function open(state: ClientState, message: PrivateMessage) {
  try {
    return await unprotectPrivateMessage(
      state.keySchedule.senderDataSecret,
      message,
      state.secretTree,
      state.ratchetTree,
      state.groupContext,
      state.clientConfig.keyRetentionConfig,
      await suite(),
    );
  } catch (error) {
    throw new SecrecyError("unreadable", error);
  }
}

/** The leaf in the path renews the encryption key and nothing else. */
function keepsItsName(old: LeafLike, next: LeafLike): void {
  const [before, after] = [old.credential, next.credential];
  const same =
    "identity" in before &&
    "identity" in after &&
    equal(before.identity, after.identity) &&
    equal(old.signaturePublicKey, next.signaturePublicKey);
  if (!same) throw new SecrecyError("leaf-changed");
}

type LeafLike = Pick<ReturnType<typeof leafOf>, "credential" | "signaturePublicKey">;
