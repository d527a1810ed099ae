// Somebody who is not in a group yet: makes the key package, founds the group or joins it, once. The private
// part of the key package is gone after that, so a Welcome played again opens nothing.

import { createGroup, joinGroupWithExtensions } from "ts-mls/clientState.js";
import {
  generateKeyPackageWithKey,
  type KeyPackage,
  makeKeyPackageRef,
  type PrivateKeyPackage,
  verifyKeyPackage,
} from "ts-mls/keyPackage.js";
import { verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js";
import { type GroupInfo, ratchetTreeFromExtension } from "ts-mls/groupInfo.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { decryptGroupInfo, decryptGroupSecrets, type Welcome } from "ts-mls/welcome.js";
import { type Bytes, copy, equal } from "./bytes.ts";
import { type Charter, CHARTER_EXTENSION, type Member, readCharter } from "./charter.ts";
import { SecrecyError } from "./failure.ts";
import { Group } from "./group.ts";
import { type Claims, type Identity, parseIdentity, writeIdentity } from "./identity.ts";
import {
  CAPABILITIES,
  checkKeyPackage,
  checkLeaf,
  configuration,
  lifetime,
  membersOf,
  readMessage,
  writeMessage,
} from "./mls.ts";
import { suite } from "./suite.ts";

/** What the joiner knows of the group it lets itself be drawn into. */
export interface Expected {
  group: Bytes;
  /** Whose Welcome it may be: the leaf of the spoken code, or a remembered identity key. */
  signer(member: Member): boolean;
}

/** What a key package says, with every signature checked: the list of who waits is drawn from it. */
export interface Offered {
  identity: Identity;
  leafKey: Bytes;
  ref: Bytes;
}

export async function readKeyPackage(message: Bytes, visit: string, now: number): Promise<Offered> {
  const bundle = readMessage(message, "mls_key_package").keyPackage;
  const identity = await checkKeyPackage(bundle, visit, now);
  const cs = await suite();
  const signed =
    (await verifyKeyPackage(bundle, cs.signature)) &&
    (await verifyLeafNodeSignatureKeyPackage(bundle.leafNode, cs.signature));
  if (!signed) throw new SecrecyError("bad-identity");
  const ref = copy(await makeKeyPackageRef(bundle, cs.hash));
  return { identity, leafKey: copy(bundle.leafNode.signaturePublicKey), ref };
}

export class Candidate {
  readonly keyPackage: Bytes;
  readonly ref: Bytes;
  readonly identity: Identity;
  readonly leafKey: Bytes;
  #public: KeyPackage;
  #private: PrivateKeyPackage | null;

  private constructor(
    keys: { public: KeyPackage; private: PrivateKeyPackage },
    identity: Identity,
    ref: Bytes,
  ) {
    this.#public = keys.public;
    this.#private = keys.private;
    this.identity = identity;
    this.ref = ref;
    this.leafKey = copy(keys.public.leafNode.signaturePublicKey);
    this.keyPackage = writeMessage({
      version: "mls10",
      wireformat: "mls_key_package",
      keyPackage: keys.public,
    });
  }

  static async make(claims: Claims, pair: CryptoKeyPair, now: number): Promise<Candidate> {
    const cs = await suite();
    const leafPair = await cs.signature.keygen();
    const identity = await writeIdentity(claims, pair, copy(leafPair.publicKey));
    const credential = { credentialType: "basic" as const, identity };
    const keys = await generateKeyPackageWithKey(credential, CAPABILITIES, lifetime(now), [], leafPair, cs);
    const ref = copy(await makeKeyPackageRef(keys.publicPackage, cs.hash));
    const parts = { public: keys.publicPackage, private: keys.privatePackage };
    return new Candidate(parts, parseIdentity(identity), ref);
  }

  /** The host founds the group of a visit. `deputies` are identity keys in their order. */
  async found(group: Bytes, deputies: Bytes[]): Promise<Group> {
    const keys = this.#take();
    const { visit, key, role } = this.identity;
    if (role !== "host") throw new SecrecyError("not-the-host");
    const charter: Charter = { host: key, order: [key, ...deputies], locked: false };
    const state = await createGroup(group, this.#public, keys, [], await suite(), configuration(visit));
    return new Group(state, charter, visit);
  }

  async join(message: Bytes, expected: Expected): Promise<Group> {
    const keys = this.#private;
    if (!keys) throw new SecrecyError("key-package-spent");
    const { visit } = this.identity;
    const { welcome } = readMessage(message, "mls_welcome");
    const [only, second] = welcome.secrets;
    if (!only || second || !equal(only.newMember, this.ref)) throw new SecrecyError("wrong-welcome");
    const charter = await this.#checkWelcome(welcome, keys, expected);
    const cs = await suite();
    const config = configuration(visit);
    const joining = joinGroupWithExtensions(
      welcome,
      this.#public,
      keys,
      emptyPskIndex,
      cs,
      undefined,
      undefined,
      config,
    );
    const [state] = await joining.catch((error: unknown) => {
      throw new SecrecyError("unreadable", error);
    });
    const made = new Group(state, charter, visit);
    this.#take();
    return made;
  }

  /** Before the library sees it: the right group, nothing but the profile in it, and the right signer. */
  async #checkWelcome(welcome: Welcome, keys: PrivateKeyPackage, expected: Expected): Promise<Charter> {
    const info = await this.#openInfo(welcome, keys);
    const { groupContext, extensions, signer } = info;
    if (!equal(groupContext.groupId, expected.group)) throw new SecrecyError("wrong-group");
    if (groupContext.extensions.length > 0 || extensions.length !== 2)
      throw new SecrecyError("wrong-profile");
    const found = extensions.find((each) => each.extensionType === CHARTER_EXTENSION);
    const tree = ratchetTreeFromExtension(info);
    if (!found || !tree) throw new SecrecyError("wrong-profile");
    for (const node of tree) if (node?.nodeType === "leaf") checkLeaf(node.leaf);
    const from = membersOf(tree).find((member) => member.leaf === signer);
    if (!from || !expected.signer(from)) throw new SecrecyError("wrong-signer");
    return readCharter(found.extensionData);
  }

  async #openInfo(welcome: Welcome, keys: PrivateKeyPackage): Promise<GroupInfo> {
    const cs = await suite();
    try {
      const initKey = await cs.hpke.importPrivateKey(keys.initPrivateKey);
      const secrets = await decryptGroupSecrets(initKey, this.ref, welcome, cs.hpke);
      if (!secrets || secrets.psks.length > 0) throw new SecrecyError("wrong-profile");
      const noPsk = new Uint8Array(cs.kdf.size);
      const info = await decryptGroupInfo(welcome, secrets.joinerSecret, noPsk, cs);
      if (!info) throw new SecrecyError("malformed");
      return info;
    } catch (error) {
      throw error instanceof SecrecyError ? error : new SecrecyError("unreadable", error);
    }
  }

  #take(): PrivateKeyPackage {
    const keys = this.#private;
    if (!keys) throw new SecrecyError("key-package-spent");
    this.#private = null;
    return keys;
  }
}
