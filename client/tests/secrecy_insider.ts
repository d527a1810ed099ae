// A member who obeys nothing: holds raw library state and signs whatever it likes. For hostile tests only.

import { type ClientState, createGroup, joinGroup } from "ts-mls/clientState.js";
import {
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  joinGroupExternal,
} from "ts-mls/createCommit.js";
import { createProposal } from "ts-mls/createMessage.js";
import type { GroupInfo } from "ts-mls/groupInfo.js";
import { generateKeyPackageWithKey, type KeyPackage, type PrivateKeyPackage } from "ts-mls/keyPackage.js";
import type { MLSMessage } from "ts-mls/message.js";
import { processPrivateMessage } from "ts-mls/processMessages.js";
import type { Proposal } from "ts-mls/proposal.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import type { PskIndex } from "ts-mls/pskIndex.js";
import { type Bytes, copy } from "../src/secrecy/bytes.ts";
import { type Charter, writeCharter } from "../src/secrecy/charter.ts";
import { makeCommit } from "../src/secrecy/commit.ts";
import { type Claims, makeIdentityKey, writeIdentity } from "../src/secrecy/identity.ts";
import { CAPABILITIES, configuration, lifetime, readMessage, writeMessage } from "../src/secrecy/mls.ts";
import { suite } from "../src/secrecy/suite.ts";
import { VISIT } from "./secrecy_people.ts";

export interface Keys {
  bundle: KeyPackage;
  secret: PrivateKeyPackage;
  pair: CryptoKeyPair;
  message: Bytes;
}

/** A key package with whatever in it. `lie` changes the signed identity bytes afterwards. */
export async function keysOf(
  claims: Partial<Claims> = {},
  lie: (identity: Bytes) => Bytes = (same) => same,
  given?: CryptoKeyPair,
): Promise<Keys> {
  const cs = await suite();
  const pair = given ?? (await makeIdentityKey());
  const leafPair = await cs.signature.keygen();
  const full = { visit: VISIT, role: "supporter" as const, name: "Eve", ...claims };
  const identity = lie(await writeIdentity(full, pair, copy(leafPair.publicKey)));
  const credential = { credentialType: "basic" as const, identity };
  const now = lifetime(Date.now());
  const made = await generateKeyPackageWithKey(credential, CAPABILITIES, now, [], leafPair, cs);
  return {
    bundle: made.publicPackage,
    secret: made.privatePackage,
    pair,
    message: bundleMessage(made.publicPackage),
  };
}

export function bundleMessage(keyPackage: KeyPackage): Bytes {
  return writeMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage });
}

export class Insider {
  state: ClientState;
  keys: Keys;

  constructor(state: ClientState, keys: Keys) {
    this.state = state;
    this.keys = keys;
  }

  static async join(keys: Keys, welcome: Bytes): Promise<Insider> {
    const message = readMessage(welcome, "mls_welcome").welcome;
    const cs = await suite();
    const config = configuration(VISIT);
    const state = await joinGroup(
      message,
      keys.bundle,
      keys.secret,
      emptyPskIndex,
      cs,
      undefined,
      undefined,
      config,
    );
    return new Insider(state, keys);
  }

  /** A group of its own under any id. */
  static async found(keys: Keys, id: Bytes): Promise<Insider> {
    const state = await createGroup(id, keys.bundle, keys.secret, [], await suite(), configuration(VISIT));
    return new Insider(state, keys);
  }

  async follow(commit: Bytes): Promise<void> {
    const { privateMessage } = readMessage(commit, "mls_private_message");
    const done = await processPrivateMessage(this.state, privateMessage, emptyPskIndex, await suite());
    this.state = done.newState;
  }

  /** A well-formed commit that breaks only the rule it is meant to break. */
  commit(wish: { add?: KeyPackage; remove?: number[]; charter: Charter }, state = this.state) {
    return suite().then((cs) =>
      makeCommit(state, { add: wish.add ?? null, remove: wish.remove ?? [], charter: wish.charter }, cs),
    );
  }

  /** The library's own commit: any proposals, perhaps public, perhaps without a path. */
  async libraryCommit(
    proposals: Proposal[],
    charter: Charter,
    options: { wireAsPublicMessage?: boolean; pskIndex?: PskIndex; state?: ClientState } = {},
  ): Promise<Bytes> {
    const { pskIndex, wireAsPublicMessage, state = this.state } = options;
    const context = { state, cipherSuite: await suite(), ...(pskIndex ? { pskIndex } : {}) };
    const made = await createCommit(context, {
      extraProposals: proposals,
      authenticatedData: writeCharter(charter),
      ...(wireAsPublicMessage ? { wireAsPublicMessage } : {}),
    });
    return writeMessage(made.commit as MLSMessage);
  }

  async proposal(proposal: Proposal): Promise<{ message: Bytes; state: ClientState }> {
    const made = await createProposal(this.state, false, proposal, await suite());
    return { message: writeMessage(made.message as MLSMessage), state: made.newState };
  }

  /** What the profile never publishes, so that somebody outside can try to commit itself in. */
  async externalCommit(outsider: Keys): Promise<Bytes> {
    const cs = await suite();
    const info = (await createGroupInfoWithExternalPubAndRatchetTree(this.state, [], cs)) as GroupInfo;
    const made = await joinGroupExternal(
      info,
      outsider.bundle,
      outsider.secret,
      false,
      cs,
      undefined,
      configuration(VISIT),
    );
    return writeMessage({
      version: "mls10",
      wireformat: "mls_public_message",
      publicMessage: made.publicMessage,
    });
  }
}
