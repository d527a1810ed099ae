// The spoken code: six digits that two people read to each other. Made by commit-then-reveal, so that a
// server in the middle has one guess in a million and a wrong guess is heard. The digits cover every key in
// use: both identity keys, both MLS leaf keys, the key package, both nonces, the visit and the group.

import { type Bytes, equal, random, Reader, sha256, utf8, Writer } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";

/** Who stands at the door. */
export interface Joiner {
  identity: Bytes;
  leafKey: Bytes;
  /** Reference of the key package that will be added, and no other. */
  keyPackage: Bytes;
}

/** Who opens it. */
export interface Host {
  identity: Bytes;
  leafKey: Bytes;
  group: Bytes;
}

export interface Transcript {
  visit: string;
  joiner: Joiner;
  host: Host;
  joinerNonce: Bytes;
  hostNonce: Bytes;
}

/** Step 1: what the joiner is bound to before it sees anything of the host. */
export function commitment(visit: string, joiner: Joiner, nonce: Bytes): Promise<Bytes> {
  const { identity, keyPackage } = joiner;
  const fields = new Writer().text(COMMITMENT_LABEL).text(visit).field(identity).field(keyPackage);
  return sha256(fields.field(nonce).done());
}

/** Step 3: HKDF-SHA256 over the whole transcript; eight bytes, big-endian, modulo a million. */
export async function spokenCode({
  visit,
  joiner,
  host,
  joinerNonce,
  hostNonce,
}: Transcript): Promise<string> {
  const transcript = new Writer()
    .text(CODE_LABEL)
    .text(visit)
    .field(host.group)
    .field(joiner.identity)
    .field(host.identity)
    .field(joiner.leafKey)
    .field(host.leafKey)
    .field(joiner.keyPackage)
    .field(joinerNonce)
    .field(hostNonce)
    .done();
  const key = await crypto.subtle.importKey("raw", transcript, "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8("digits") };
  const bits = await crypto.subtle.deriveBits(parameters, key, 64);
  const value = new DataView(bits).getBigUint64(0) % 1_000_000n;
  return String(value).padStart(6, "0");
}

/** As it is shown and read: three and three. */
export function grouped(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** The joiner's side. One commitment answers one challenge: a second one would be a second guess. */
export class JoinerCode {
  #visit: string;
  #me: Joiner;
  #nonce: Bytes;
  #host: { host: Host; nonce: Bytes } | null = null;
  #challenge: Bytes | null = null;

  constructor(visit: string, me: Joiner, nonce = random(NONCE_BYTES)) {
    this.#visit = visit;
    this.#me = me;
    this.#nonce = nonce;
  }

  commitment(): Promise<Bytes> {
    return commitment(this.#visit, this.#me, this.#nonce);
  }

  /** Step 2 came: gives the opening away. The same challenge once more is no second guess. */
  challenged(challenge: Bytes): Bytes {
    if (this.#challenge && !equal(this.#challenge, challenge)) throw new SecrecyError("code-already-opened");
    this.#host = readChallenge(challenge);
    this.#challenge = challenge;
    return this.#nonce;
  }

  get answered(): boolean {
    return this.#host !== null;
  }

  /** The Welcome must be signed by exactly this leaf of this group. */
  get host(): Host {
    if (!this.#host) throw new SecrecyError("code-not-ready");
    return this.#host.host;
  }

  async digits(): Promise<string> {
    if (!this.#host) throw new SecrecyError("code-not-ready");
    const { host, nonce } = this.#host;
    const joinerNonce = this.#nonce;
    return spokenCode({ visit: this.#visit, joiner: this.#me, host, joinerNonce, hostNonce: nonce });
  }
}

/** The host's side, for one commitment. */
export class HostCode {
  #visit: string;
  #me: Host;
  #joiner: Joiner;
  #committed: Bytes;
  #nonce: Bytes;
  #opening: Bytes | null = null;
  #challenged = false;

  constructor(visit: string, me: Host, joiner: Joiner, committed: Bytes, nonce = random(NONCE_BYTES)) {
    this.#visit = visit;
    this.#me = me;
    this.#joiner = joiner;
    this.#committed = committed;
    this.#nonce = nonce;
  }

  challenge(): Bytes {
    this.#challenged = true;
    const { identity, leafKey, group } = this.#me;
    return new Writer().field(identity).field(leafKey).field(group).field(this.#nonce).done();
  }

  /** One opening for one commitment; a wrong one ends the attempt. */
  async opened(nonce: Bytes): Promise<void> {
    if (!this.#challenged) throw new SecrecyError("code-not-ready");
    if (this.#opening) throw new SecrecyError("code-already-opened");
    this.#opening = nonce;
    const expected = await commitment(this.#visit, this.#joiner, nonce);
    if (nonce.length === NONCE_BYTES && equal(expected, this.#committed)) return;
    this.#opening = new Uint8Array(0);
    throw new SecrecyError("commitment-broken");
  }

  async digits(): Promise<string> {
    if (this.#opening?.length !== NONCE_BYTES) throw new SecrecyError("code-not-ready");
    const [joinerNonce, hostNonce] = [this.#opening, this.#nonce];
    return spokenCode({ visit: this.#visit, joiner: this.#joiner, host: this.#me, joinerNonce, hostNonce });
  }
}

function readChallenge(challenge: Bytes): { host: Host; nonce: Bytes } {
  const reader = new Reader(challenge);
  const host = { identity: reader.field(), leafKey: reader.field(), group: reader.field() };
  const nonce = reader.field();
  reader.end();
  if (nonce.length !== NONCE_BYTES) throw new SecrecyError("malformed");
  return { host, nonce };
}

const COMMITMENT_LABEL = "Alcove E2EE v1 spoken code commitment";
const CODE_LABEL = "Alcove E2EE v1 spoken code";
export const NONCE_BYTES = 32;
