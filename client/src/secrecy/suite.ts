// The one MLS cipher suite of the profile (0x0001) on WebCrypto, handed to ts-mls piece by piece. The
// library's own provider names every optional package and falls back to cryptography in JavaScript; neither
// is wanted here.

import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { CiphersuiteImpl, CiphersuiteName } from "ts-mls/crypto/ciphersuite.js";
import { makeGenericHpke } from "ts-mls/crypto/implementation/hpke.js";
import { copy, random } from "./bytes.ts";

export const SUITE_NAME: CiphersuiteName = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";

/** Made once; it has no state. */
export function suite(): Promise<CiphersuiteImpl> {
  return (made.suite ??= make());
}

const made: { suite: Promise<CiphersuiteImpl> | null } = { suite: null };

async function make(): Promise<CiphersuiteImpl> {
  const { subtle } = crypto;
  const hkdf = new HkdfSha256();
  const hpke = await makeGenericHpke(
    { kem: "DHKEM-X25519-HKDF-SHA256", kdf: "HKDF-SHA256", aead: "AES128GCM" },
    { encrypt: aes("encrypt"), decrypt: aes("decrypt") },
    new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() }),
  );
  const macKey = (raw: Uint8Array) =>
    subtle.importKey("raw", copy(raw), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  return {
    name: SUITE_NAME,
    hpke,
    rng: { randomBytes: random },
    hash: {
      digest: async (bytes) => new Uint8Array(await subtle.digest("SHA-256", copy(bytes))),
      mac: async (key, bytes) => new Uint8Array(await subtle.sign("HMAC", await macKey(key), copy(bytes))),
      verifyMac: async (key, mac, bytes) => subtle.verify("HMAC", await macKey(key), copy(mac), copy(bytes)),
    },
    kdf: {
      size: 32,
      extract: async (salt, ikm) => new Uint8Array(await hkdf.extract(copy(salt).buffer, copy(ikm).buffer)),
      expand: async (prk, info, length) =>
        new Uint8Array(await hkdf.expand(copy(prk).buffer, copy(info).buffer, length)),
    },
    signature: {
      async keygen() {
        const pair = await subtle.generateKey("Ed25519", true, ["sign", "verify"]);
        const [signKey, publicKey] = await Promise.all([
          subtle.exportKey("pkcs8", pair.privateKey),
          subtle.exportKey("raw", pair.publicKey),
        ]);
        return { signKey: new Uint8Array(signKey), publicKey: new Uint8Array(publicKey) };
      },
      async sign(signKey, message) {
        const key = await subtle.importKey("pkcs8", copy(signKey), "Ed25519", false, ["sign"]);
        return new Uint8Array(await subtle.sign("Ed25519", key, copy(message)));
      },
      async verify(publicKey, message, signature) {
        const key = await subtle.importKey("raw", copy(publicKey), "Ed25519", false, ["verify"]);
        return subtle.verify("Ed25519", key, copy(signature), copy(message));
      },
    },
  };
}

function aes(way: "encrypt" | "decrypt") {
  return async (raw: Uint8Array, nonce: Uint8Array, additional: Uint8Array, text: Uint8Array) => {
    const key = await crypto.subtle.importKey("raw", copy(raw), "AES-GCM", false, [way]);
    const parameters = { name: "AES-GCM", iv: copy(nonce), additionalData: copy(additional) };
    return new Uint8Array(await crypto.subtle[way](parameters, key, copy(text)));
  };
}
