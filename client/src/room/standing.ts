// Owns who this browser is in a visit: the name of the visit, the claims that are signed, the identity key
// and what the tab remembers.

import { hex } from "../secrecy/bytes.ts";
import { type Claims, makeIdentityKey, publicKeyOf } from "../secrecy/identity.ts";
import { forgetIdentity, identityKey } from "../secrecy/identity_store.ts";
import type { ServerBodies } from "../wire/wire.ts";
import { Acquaintance } from "./acquaintance.ts";
import { Met } from "./met.ts";

export interface Standing {
  claims: Claims;
  pair: CryptoKeyPair;
  key: string;
  met: Met;
  devices: Acquaintance;
  /** Where the identity key is kept. */
  scope: string;
}

export async function standingOf(body: ServerBodies["welcome"]): Promise<Standing> {
  const visit = body.visit.id;
  const staff = body.role === "host" || body.role === "deputy";
  // Guests have a key for each invitation, staff one for each device.
  const scope = staff ? DEVICE : `invitation ${body.you}`;
  // Without storage the key lives as long as the page: a reload then asks at the door again.
  const pair = await identityKey(scope).catch(() => makeIdentityKey());
  const key = hex(await publicKeyOf(pair));
  const met = new Met(visit);
  const claims = { visit, role: body.role, name: body.name };
  return { claims, pair, key, met, devices: new Acquaintance(met), scope };
}

/** When the visit is over, the guest's key has done its work. */
export async function forget({ scope }: Standing): Promise<void> {
  if (scope !== DEVICE) await forgetIdentity(scope).catch(() => undefined);
}

const DEVICE = "device";
