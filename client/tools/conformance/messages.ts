// Vectors of whole messages: opening and making them, a Welcome, and a client that only listens. The last is
// the library's own client on our cipher suite: it needs what our profile refuses (public messages, proposals
// on their own, commits without a path, pre-shared keys, external commits).

import { joinGroup, makePskIndex } from "ts-mls/clientState.js";
import { type Commit, decodeCommit, encodeCommit } from "ts-mls/commit.js";
import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import { createContentCommitSignature, type FramedContent } from "ts-mls/framedContent.js";
import type { GroupContext } from "ts-mls/groupContext.js";
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from "ts-mls/groupInfo.js";
import { acceptAll } from "ts-mls/incomingMessageAction.js";
import { makeKeyPackageRef } from "ts-mls/keyPackage.js";
import { decodeMlsMessage, type MLSMessage } from "ts-mls/message.js";
import {
  protect,
  protectApplicationData,
  protectProposal,
  unprotectPrivateMessage,
} from "ts-mls/messageProtection.js";
import {
  protectProposalPublic,
  protectPublicMessage,
  unprotectPublicMessage,
} from "ts-mls/messageProtectionPublic.js";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import { processPrivateMessage, processPublicMessage } from "ts-mls/processMessages.js";
import { decodeProposal, encodeProposal } from "ts-mls/proposal.js";
import type { PublicMessage } from "ts-mls/publicMessage.js";
import { decodeRatchetTree } from "ts-mls/ratchetTree.js";
import { createSecretTree } from "ts-mls/secretTree.js";
import { decryptGroupInfo, decryptGroupSecrets } from "ts-mls/welcome.js";
import { base64, random, unhex } from "../../src/secrecy/bytes.ts";
import { configuration } from "../../src/secrecy/mls.ts";
import { check, type Hex, holds, same, signingKey, whole } from "./expect.ts";
import { opens, signs } from "./pairs.ts";

interface Protection extends Record<
  "proposal" | "proposal_priv" | "proposal_pub" | "commit" | "commit_priv" | "commit_pub",
  Hex
> {
  group_id: Hex;
  epoch: number;
  tree_hash: Hex;
  confirmed_transcript_hash: Hex;
  signature_priv: Hex;
  signature_pub: Hex;
  encryption_secret: Hex;
  sender_data_secret: Hex;
  membership_key: Hex;
  application: Hex;
  application_priv: Hex;
}

export const messageProtection = check<Protection>(async (vector, cs) => {
  const room = new Room(vector, cs);
  const proposal = whole("proposal", decodeProposal, vector.proposal);
  const commit = whole("commit", decodeCommit, vector.commit);
  same("proposal_priv", content(await room.open(privately(vector.proposal_priv))), vector.proposal);
  same("proposal_pub", content(await room.openPublic(publicly(vector.proposal_pub))), vector.proposal);
  same("commit_priv", content(await room.open(privately(vector.commit_priv))), vector.commit);
  same("commit_pub", content(await room.openPublic(publicly(vector.commit_pub))), vector.commit);
  same("application_priv", content(await room.open(privately(vector.application_priv))), vector.application);

  const { context, signer, senderData, membershipKey } = room;
  const none = new Uint8Array(0);
  const tree = await room.tree();
  const told = await protectApplicationData(
    signer,
    senderData,
    unhex(vector.application),
    none,
    context,
    tree,
    SENDER,
    PADDING,
    cs,
  );
  same("application, ours", content(await room.open(told.privateMessage)), vector.application);
  const wish = await protectProposal(signer, senderData, proposal, none, context, tree, SENDER, PADDING, cs);
  same("proposal, ours", content(await room.open(wish.privateMessage)), vector.proposal);
  const open = await protectProposalPublic(signer, membershipKey, context, none, proposal, SENDER, cs);
  same("public proposal, ours", content(await room.openPublic(open.publicMessage)), vector.proposal);
  same("commit, ours", content(await room.open(await room.sealCommit(commit))), vector.commit);
  same("public commit, ours", content(await room.openPublic(await room.showCommit(commit))), vector.commit);
});

/** The group of the vectors: two leaves, and the second one speaks. */
class Room {
  readonly context: GroupContext;
  readonly signer: Uint8Array;
  readonly senderData: Uint8Array;
  readonly membershipKey: Uint8Array;
  #vector: Protection;
  #cs: CiphersuiteImpl;

  constructor(vector: Protection, cs: CiphersuiteImpl) {
    this.#vector = vector;
    this.#cs = cs;
    this.signer = signingKey(vector.signature_priv);
    this.senderData = unhex(vector.sender_data_secret);
    this.membershipKey = unhex(vector.membership_key);
    this.context = {
      version: "mls10",
      cipherSuite: cs.name,
      groupId: unhex(vector.group_id),
      epoch: BigInt(vector.epoch),
      treeHash: unhex(vector.tree_hash),
      confirmedTranscriptHash: unhex(vector.confirmed_transcript_hash),
      extensions: [],
    };
  }

  tree() {
    return createSecretTree(2, unhex(this.#vector.encryption_secret), this.#cs.kdf);
  }

  async open(message: PrivateMessage): Promise<FramedContent> {
    const key = unhex(this.#vector.signature_pub);
    const { context, senderData } = this;
    const { keyRetentionConfig } = configuration("");
    const opened = await unprotectPrivateMessage(
      senderData,
      message,
      await this.tree(),
      [],
      context,
      keyRetentionConfig,
      this.#cs,
      key,
    );
    return opened.content.content;
  }

  async openPublic(message: PublicMessage): Promise<FramedContent> {
    const key = unhex(this.#vector.signature_pub);
    const { context, membershipKey } = this;
    return (await unprotectPublicMessage(membershipKey, context, [], message, this.#cs, key)).content;
  }

  async sealCommit(commit: Commit): Promise<PrivateMessage> {
    const { framedContent, auth } = await this.#sign(commit, "mls_private_message");
    const { context, senderData } = this;
    const whole = { ...framedContent, auth };
    const tree = await this.tree();
    const none = new Uint8Array(0);
    return (await protect(senderData, none, context, tree, whole, SENDER, PADDING, this.#cs)).privateMessage;
  }

  async showCommit(commit: Commit): Promise<PublicMessage> {
    const wireformat = "mls_public_message" as const;
    const { framedContent, auth } = await this.#sign(commit, wireformat);
    const authenticated = { wireformat, content: framedContent, auth };
    return protectPublicMessage(this.membershipKey, this.context, authenticated, this.#cs);
  }

  async #sign(commit: Commit, wireformat: "mls_private_message" | "mls_public_message") {
    const sender = { senderType: "member" as const, leafIndex: SENDER };
    const none = new Uint8Array(0);
    const { signature: s } = this.#cs;
    const made = await createContentCommitSignature(
      this.context,
      wireformat,
      commit,
      sender,
      none,
      this.signer,
      s,
    );
    // Any tag will do: only the next epoch could check it.
    const auth = { contentType: "commit" as const, signature: made.signature, confirmationTag: random(32) };
    return { framedContent: made.framedContent, auth };
  }
}

function content(framed: FramedContent): Uint8Array {
  switch (framed.contentType) {
    case "application":
      return framed.applicationData;
    case "proposal":
      return encodeProposal(framed.proposal);
    case "commit":
      return encodeCommit(framed.commit);
  }
}

function privately(text: Hex): PrivateMessage {
  const message = read(text);
  if (message.wireformat !== "mls_private_message") throw new Error("this is no private message");
  return message.privateMessage;
}

function publicly(text: Hex): PublicMessage {
  const message = read(text);
  if (message.wireformat !== "mls_public_message") throw new Error("this is no public message");
  return message.publicMessage;
}

function keyPackageOf(text: Hex) {
  const message = read(text);
  if (message.wireformat !== "mls_key_package") throw new Error("this is no key package");
  return message.keyPackage;
}

function welcomeOf(text: Hex) {
  const message = read(text);
  if (message.wireformat !== "mls_welcome") throw new Error("this is no Welcome");
  return message.welcome;
}

function read(text: Hex): MLSMessage {
  return whole("message", decodeMlsMessage, text);
}

interface WelcomeVector {
  init_priv: Hex;
  key_package: Hex;
  signer_pub: Hex;
  welcome: Hex;
}

export const welcome = check<WelcomeVector>(async (vector, cs) => {
  const ref = await makeKeyPackageRef(keyPackageOf(vector.key_package), cs.hash);
  const sealed = welcomeOf(vector.welcome);
  const key = await cs.hpke.importPrivateKey(unhex(vector.init_priv));
  const secrets = await decryptGroupSecrets(key, ref, sealed, cs.hpke);
  if (!secrets) throw new Error("the group secrets can't be read");
  const noPsk = new Uint8Array(cs.kdf.size);
  const info = await decryptGroupInfo(sealed, secrets.joinerSecret, noPsk, cs);
  if (!info) throw new Error("the group info can't be read");
  holds("signature", await verifyGroupInfoSignature(info, unhex(vector.signer_pub), cs.signature));
  const confirmed = verifyGroupInfoConfirmationTag(info, secrets.joinerSecret, noPsk, cs);
  holds("confirmation tag", await confirmed);
});

interface Passive {
  external_psks: { psk_id: Hex; psk: Hex }[];
  key_package: Hex;
  signature_priv: Hex;
  encryption_priv: Hex;
  init_priv: Hex;
  welcome: Hex;
  ratchet_tree: Hex | null;
  initial_epoch_authenticator: Hex;
  epochs: { proposals: Hex[]; commit: Hex; epoch_authenticator: Hex }[];
}

export const passiveClient = check<Passive>(async (vector, cs) => {
  const psks = Object.fromEntries(
    vector.external_psks.map(({ psk_id, psk }) => [base64(unhex(psk_id)), unhex(psk)]),
  );
  const keys = {
    initPrivateKey: unhex(vector.init_priv),
    hpkePrivateKey: unhex(vector.encryption_priv),
    signaturePrivateKey: signingKey(vector.signature_priv),
  };
  const tree = vector.ratchet_tree ? whole("tree", decodeRatchetTree, vector.ratchet_tree) : undefined;
  const bundle = keyPackageOf(vector.key_package);
  const { leafNode } = bundle;
  await opens("the key package", keys.initPrivateKey, bundle.initKey, cs);
  await opens("the leaf", keys.hpkePrivateKey, leafNode.hpkePublicKey, cs);
  await signs("the leaf", keys.signaturePrivateKey, leafNode.signaturePublicKey, cs);
  const invitation = welcomeOf(vector.welcome);
  let state = await joinGroup(invitation, bundle, keys, makePskIndex(undefined, psks), cs, tree);
  same("first authenticator", state.keySchedule.epochAuthenticator, vector.initial_epoch_authenticator);
  for (const [number, epoch] of vector.epochs.entries()) {
    for (const text of [...epoch.proposals, epoch.commit]) {
      const message = read(text);
      const index = makePskIndex(state, psks);
      if (message.wireformat === "mls_public_message")
        state = (await processPublicMessage(state, message.publicMessage, index, cs, acceptAll)).newState;
      else state = (await processPrivateMessage(state, privately(text), index, cs, acceptAll)).newState;
    }
    const { epochAuthenticator } = state.keySchedule;
    same(`authenticator ${number + 1}`, epochAuthenticator, epoch.epoch_authenticator);
  }
});

const SENDER = 1;
const PADDING = { kind: "alwaysPad", paddingLength: 0 } as const;
