// Whether two halves of a key belong together: what one does, the other must undo.

import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import { equal, utf8 } from "../../src/secrecy/bytes.ts";
import { holds } from "./expect.ts";

export async function signs(name: string, secret: Uint8Array, shown: Uint8Array, cs: CiphersuiteImpl) {
  const signature = await cs.signature.sign(secret, PROBE);
  holds(`the pair of signature keys of ${name}`, await cs.signature.verify(shown, PROBE, signature));
}

export async function opens(name: string, secret: Uint8Array, shown: Uint8Array, cs: CiphersuiteImpl) {
  const pub = await cs.hpke.importPublicKey(shown);
  const { enc, ct } = await cs.hpke.seal(pub, PROBE, PROBE);
  const priv = await cs.hpke.importPrivateKey(secret);
  const opened = cs.hpke.open(priv, enc, ct, PROBE).catch(() => new Uint8Array(0));
  holds(`the pair of encryption keys of ${name}`, equal(await opened, PROBE));
}

const PROBE = utf8("both halves");
