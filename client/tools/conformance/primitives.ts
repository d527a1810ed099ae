// Vectors of the parts that need no tree of people: labelled cryptography, lengths, tree arithmetic, the key
// schedule, message keys, and transcripts. The cipher suite under all of them is ours (`suite.ts`).

import { decodeAuthenticatedContent } from "ts-mls/authenticatedContent.js";
import { determineLength } from "ts-mls/codec/variableLength.js";
import { refhash } from "ts-mls/crypto/hash.js";
import { decryptWithLabel, encryptWithLabel } from "ts-mls/crypto/hpke.js";
import { deriveSecret, deriveTreeSecret, expandWithLabel } from "ts-mls/crypto/kdf.js";
import { signWithLabel, verifyWithLabel } from "ts-mls/crypto/signature.js";
import { verifyConfirmationTag } from "ts-mls/framedContent.js";
import { encodeGroupContext } from "ts-mls/groupContext.js";
import { initializeEpoch, mlsExporter } from "ts-mls/keySchedule.js";
import { computePskSecret, type PreSharedKeyID } from "ts-mls/presharedkey.js";
import { createSecretTree, ratchetToGeneration } from "ts-mls/secretTree.js";
import { expandSenderDataKey, expandSenderDataNonce, type ReuseGuard } from "ts-mls/sender.js";
import { createConfirmedHash, createInterimHash } from "ts-mls/transcriptHash.js";
import { left, nodeWidth, parent, right, root, sibling, toNodeIndex } from "ts-mls/treemath.js";
import { unhex } from "../../src/secrecy/bytes.ts";
import { check, type Hex, holds, same, sameNumber, signingKey, whole } from "./expect.ts";

interface Basics {
  ref_hash: { label: string; value: Hex; out: Hex };
  expand_with_label: { secret: Hex; label: string; context: Hex; length: number; out: Hex };
  derive_secret: { secret: Hex; label: string; out: Hex };
  derive_tree_secret: { secret: Hex; label: string; generation: number; length: number; out: Hex };
  sign_with_label: { priv: Hex; pub: Hex; content: Hex; label: string; signature: Hex };
  encrypt_with_label: Record<"priv" | "pub" | "context" | "plaintext" | "kem_output" | "ciphertext", Hex> & {
    label: string;
  };
}

export const cryptoBasics = check<Basics>(async (vector, cs) => {
  const ref = vector.ref_hash;
  same("ref_hash", await refhash(ref.label, unhex(ref.value), cs.hash), ref.out);
  const expand = vector.expand_with_label;
  const { secret, label, context, length } = expand;
  const expanded = await expandWithLabel(unhex(secret), label, unhex(context), length, cs.kdf);
  same("expand_with_label", expanded, expand.out);
  const derive = vector.derive_secret;
  same("derive_secret", await deriveSecret(unhex(derive.secret), derive.label, cs.kdf), derive.out);
  const tree = vector.derive_tree_secret;
  const leaf = await deriveTreeSecret(unhex(tree.secret), tree.label, tree.generation, tree.length, cs.kdf);
  same("derive_tree_secret", leaf, tree.out);

  const sign = vector.sign_with_label;
  const [key, content] = [unhex(sign.pub), unhex(sign.content)];
  const verified = verifyWithLabel(key, sign.label, content, unhex(sign.signature), cs.signature);
  holds("the given signature", await verified);
  const signed = await signWithLabel(signingKey(sign.priv), sign.label, content, cs.signature);
  same("sign_with_label", signed, sign.signature);

  const sealed = vector.encrypt_with_label;
  const priv = await cs.hpke.importPrivateKey(unhex(sealed.priv));
  const around = unhex(sealed.context);
  const [kem, ct] = [unhex(sealed.kem_output), unhex(sealed.ciphertext)];
  const opened = await decryptWithLabel(priv, sealed.label, around, kem, ct, cs.hpke);
  same("decrypt_with_label", opened, sealed.plaintext);
  const pub = await cs.hpke.importPublicKey(unhex(sealed.pub));
  const own = await encryptWithLabel(pub, sealed.label, around, unhex(sealed.plaintext), cs.hpke);
  const back = await decryptWithLabel(priv, sealed.label, around, own.enc, own.ct, cs.hpke);
  same("encrypt_with_label and back", back, sealed.plaintext);
});

export const deserialization = check<{ vlbytes_header: Hex; length: number }>(async (vector) => {
  const header = unhex(vector.vlbytes_header);
  const { length, lengthFieldSize } = determineLength(header, 0);
  sameNumber("length", length, vector.length);
  sameNumber("size of the header", lengthFieldSize, header.length);
});

interface TreeMath extends Record<"left" | "right" | "parent" | "sibling", (number | null)[]> {
  n_leaves: number;
  n_nodes: number;
  root: number;
}

export const treeMath = check<TreeMath>(async (vector) => {
  const leaves = vector.n_leaves;
  sameNumber("n_nodes", nodeWidth(leaves), vector.n_nodes);
  sameNumber("root", root(leaves), vector.root);
  for (let node = 0; node < vector.n_nodes; node++) {
    const at = toNodeIndex(node);
    sameNumber(
      `left of ${node}`,
      orNone(() => left(at)),
      vector.left[node] ?? null,
    );
    sameNumber(
      `right of ${node}`,
      orNone(() => right(at)),
      vector.right[node] ?? null,
    );
    sameNumber(
      `parent of ${node}`,
      orNone(() => parent(at, leaves)),
      vector.parent[node] ?? null,
    );
    sameNumber(
      `sibling of ${node}`,
      orNone(() => sibling(at, leaves)),
      vector.sibling[node] ?? null,
    );
  }
});

/** The library throws where the vectors have no answer. */
function orNone(find: () => number): number | null {
  try {
    return find();
  } catch {
    return null;
  }
}

interface Psks {
  psks: { psk_id: Hex; psk: Hex; psk_nonce: Hex }[];
  psk_secret: Hex;
}

export const pskSecret = check<Psks>(async (vector, cs) => {
  const psks = vector.psks.map(({ psk_id, psk, psk_nonce }): [PreSharedKeyID, Uint8Array] => [
    { psktype: "external", pskId: unhex(psk_id), pskNonce: unhex(psk_nonce) },
    unhex(psk),
  ]);
  same("psk_secret", await computePskSecret(psks, cs), vector.psk_secret);
});

interface KeySchedule {
  group_id: Hex;
  initial_init_secret: Hex;
  epochs: (Record<(typeof EPOCH_FIELDS)[number], Hex> & {
    exporter: { label: string; context: Hex; length: number; secret: Hex };
  })[];
}

const EPOCH_FIELDS = [
  "tree_hash",
  "commit_secret",
  "psk_secret",
  "confirmed_transcript_hash",
  "group_context",
  "joiner_secret",
  "welcome_secret",
  "init_secret",
  "sender_data_secret",
  "encryption_secret",
  "exporter_secret",
  "epoch_authenticator",
  "external_secret",
  "confirmation_key",
  "membership_key",
  "resumption_psk",
  "external_pub",
] as const;

export const keySchedule = check<KeySchedule>(async (vector, cs) => {
  let init: Uint8Array = unhex(vector.initial_init_secret);
  for (const [number, epoch] of vector.epochs.entries()) {
    const context = {
      version: "mls10" as const,
      cipherSuite: cs.name,
      groupId: unhex(vector.group_id),
      epoch: BigInt(number),
      treeHash: unhex(epoch.tree_hash),
      confirmedTranscriptHash: unhex(epoch.confirmed_transcript_hash),
      extensions: [],
    };
    same("group_context", encodeGroupContext(context), epoch.group_context);
    const commit = unhex(epoch.commit_secret);
    const made = await initializeEpoch(init, commit, context, unhex(epoch.psk_secret), cs.kdf);
    const keys = made.keySchedule;
    same("joiner_secret", made.joinerSecret, epoch.joiner_secret);
    same("welcome_secret", made.welcomeSecret, epoch.welcome_secret);
    same("encryption_secret", made.encryptionSecret, epoch.encryption_secret);
    same("init_secret", keys.initSecret, epoch.init_secret);
    same("sender_data_secret", keys.senderDataSecret, epoch.sender_data_secret);
    same("exporter_secret", keys.exporterSecret, epoch.exporter_secret);
    same("epoch_authenticator", keys.epochAuthenticator, epoch.epoch_authenticator);
    same("external_secret", keys.externalSecret, epoch.external_secret);
    same("confirmation_key", keys.confirmationKey, epoch.confirmation_key);
    same("membership_key", keys.membershipKey, epoch.membership_key);
    same("resumption_psk", keys.resumptionPsk, epoch.resumption_psk);
    const external = await cs.hpke.deriveKeyPair(keys.externalSecret);
    same("external_pub", await cs.hpke.exportPublicKey(external.publicKey), epoch.external_pub);
    const { label, context: around, length, secret } = epoch.exporter;
    const exported = await mlsExporter(keys.exporterSecret, label, unhex(around), length, cs);
    same("exporter", exported, secret);
    init = keys.initSecret;
  }
});

interface SecretTree {
  encryption_secret: Hex;
  sender_data: { sender_data_secret: Hex; ciphertext: Hex; key: Hex; nonce: Hex };
  leaves: (Record<`${"application" | "handshake"}_${"key" | "nonce"}`, Hex> & { generation: number })[][];
}

export const secretTree = check<SecretTree>(async (vector, cs) => {
  const { sender_data_secret, ciphertext, key, nonce } = vector.sender_data;
  const [secret, sample] = [unhex(sender_data_secret), unhex(ciphertext)];
  same("sender data key", await expandSenderDataKey(cs, secret, sample), key);
  same("sender data nonce", await expandSenderDataNonce(cs, secret, sample), nonce);
  const tree = await createSecretTree(vector.leaves.length, unhex(vector.encryption_secret), cs.kdf);
  for (const [leafIndex, generations] of vector.leaves.entries()) {
    for (const each of generations) {
      // Nothing mixed into the nonce: the vectors give it as it was derived.
      const reuseGuard = new Uint8Array(4) as ReuseGuard;
      const sender = { leafIndex, generation: each.generation, reuseGuard };
      const spoken = await ratchetToGeneration(tree, sender, "application", RATCHET, cs);
      same("application_key", spoken.key, each.application_key);
      same("application_nonce", spoken.nonce, each.application_nonce);
      const shaken = await ratchetToGeneration(tree, sender, "commit", RATCHET, cs);
      same("handshake_key", shaken.key, each.handshake_key);
      same("handshake_nonce", shaken.nonce, each.handshake_nonce);
    }
  }
});

/** Far enough for every generation of the vectors. */
const RATCHET = { retainKeysForEpochs: 1, retainKeysForGenerations: 16, maximumForwardRatchetSteps: 256 };

interface Transcript {
  confirmation_key: Hex;
  authenticated_content: Hex;
  interim_transcript_hash_before: Hex;
  confirmed_transcript_hash_after: Hex;
  interim_transcript_hash_after: Hex;
}

export const transcriptHashes = check<Transcript>(async (vector, cs) => {
  const read = whole("authenticated_content", decodeAuthenticatedContent, vector.authenticated_content);
  const { wireformat, content, auth } = read;
  if (content.contentType !== "commit" || auth.contentType !== "commit") throw new Error("this is no commit");
  const before = unhex(vector.interim_transcript_hash_before);
  const input = { wireformat, content, signature: auth.signature };
  const confirmed = await createConfirmedHash(before, input, cs.hash);
  same("confirmed_transcript_hash_after", confirmed, vector.confirmed_transcript_hash_after);
  const interim = await createInterimHash(confirmed, auth.confirmationTag, cs.hash);
  same("interim_transcript_hash_after", interim, vector.interim_transcript_hash_after);
  const key = unhex(vector.confirmation_key);
  holds("confirmation tag", await verifyConfirmationTag(key, auth.confirmationTag, confirmed, cs.hash));
});
