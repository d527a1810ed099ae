// Somebody who is not in a group yet: makes the key package, founds the group or joins it, once. The private
// part of the key package is gone after that, so a Welcome played again opens nothing.

import { createGroup } from "ts-mls/clientState.js";
import {
  generateKeyPackageWithKey,
  type KeyPackage,
  makeKeyPackageRef,
  type PrivateKeyPackage,
  verifyKeyPackage,
} from "ts-mls/keyPackage.js";
import { verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js";
import { type Bytes, copy } from "./bytes.ts";
import type { Charter } from "./charter.ts";
import { SecrecyError } from "./failure.ts";
import { Group } from "./group.ts";
import { type Claims, type Identity, parseIdentity, writeIdentity } from "./identity.ts";
import { CAPABILITIES, checkKeyPackage, configuration, lifetime, readMessage, writeMessage } from "./mls.ts";
import { suite } from "./suite.ts";
import { type Expected, joinByWelcome } from "./welcome.ts";

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

  /**
   * The host founds the group of a visit, `deputies` are identity keys in their order; a deputy founds one
   * for a check, and leads it alone.
   */
  async found(group: Bytes, deputies: Bytes[]): Promise<Group> {
    const keys = this.#take();
    const { visit, key, role } = this.identity;
    const check = role === "deputy";
    if (role !== "host" && (!check || deputies.length > 0)) throw new SecrecyError("not-the-host");
    const charter: Charter = { host: key, order: [key, ...deputies], locked: false, check };
    const state = await createGroup(group, this.#public, keys, [], await suite(), configuration(visit));
    return new Group(state, charter, visit);
  }

  /** A refused Welcome spends nothing: the right one may still come. */
  async join(message: Bytes, expected: Expected, now = Date.now()): Promise<Group> {
    const keys = this.#private;
    if (!keys) throw new SecrecyError("key-package-spent");
    const { visit } = this.identity;
    const joiner = { visit, ref: this.ref, bundle: this.#public, keys, now };
    const { state, charter } = await joinByWelcome(message, joiner, expected);
    const made = new Group(state, charter, visit);
    this.#take();
    return made;
  }

  #take(): PrivateKeyPackage {
    const keys = this.#private;
    if (!keys) throw new SecrecyError("key-package-spent");
    this.#private = null;
    return keys;
  }
}
