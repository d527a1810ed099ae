// The HPKE under the group (RFC 9180, base mode, the suite of the profile) against the RFC's own numbers:
// with the very object that ts-mls is given, and with the package beneath it where more than one message is
// sent.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { hex, unhex } from "../src/secrecy/bytes.ts";
import { suite } from "../src/secrecy/suite.ts";

declare const TREE: string;
const rfc = JSON.parse(readFileSync(`${TREE}/vectors/rfc9180.json`, "utf8"));
const [first] = rfc.encryptions;

test("what the group's HPKE opens is what RFC 9180 sealed", async () => {
  const { hpke } = await suite();
  const key = await hpke.importPrivateKey(unhex(rfc.skRm));
  const opened = await hpke.open(key, unhex(rfc.enc), unhex(first.ct), unhex(rfc.info), unhex(first.aad));
  assert.equal(hex(opened), rfc.pt);
  const bent = unhex(first.ct);
  bent[3] = (bent[3] ?? 0) ^ 1;
  await assert.rejects(hpke.open(key, unhex(rfc.enc), bent, unhex(rfc.info), unhex(first.aad)));
  await assert.rejects(hpke.open(key, unhex(rfc.enc), unhex(first.ct), unhex(rfc.info), unhex("00")));
});

test("what the group's HPKE seals is what RFC 9180 sealed, message after message", async () => {
  const [kem, kdf, aead] = [new DhkemX25519HkdfSha256(), new HkdfSha256(), new Aes128Gcm()];
  const whole = new CipherSuite({ kem, kdf, aead });
  const raw = async (bytes: string, isPublic: boolean) => kem.importKey("raw", unhex(bytes).buffer, isPublic);
  const ekm = { privateKey: await raw(rfc.skEm, false), publicKey: await raw(rfc.pkEm, true) };
  const sender = await whole.createSenderContext({
    recipientPublicKey: await raw(rfc.pkRm, true),
    info: unhex(rfc.info).buffer,
    ekm,
  });
  assert.equal(hex(new Uint8Array(sender.enc)), rfc.enc);
  for (const { aad, ct } of rfc.encryptions)
    assert.equal(hex(new Uint8Array(await sender.seal(unhex(rfc.pt).buffer, unhex(aad).buffer))), ct);
});
