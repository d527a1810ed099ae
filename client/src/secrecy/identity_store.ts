// Keeps identity keys in the browser: per invitation for guests, one per device for staff. The private half
// is a key object that can't be read out. Also remembers whose key was verified by voice, so that a change is
// announced.

import { type Bytes, hex } from "./bytes.ts";
import { makeIdentityKey } from "./identity.ts";

export interface Known {
  name: string;
  /** When the voice was last compared, in milliseconds. */
  verifiedAt: number;
}

/** The key of a scope ("device", or the invitation), made when there is none. */
export async function identityKey(scope: string): Promise<CryptoKeyPair> {
  const database = await open();
  const found = await ask(database.transaction(KEYS).objectStore(KEYS).get(scope));
  if (found) return found as CryptoKeyPair;
  const made = await makeIdentityKey();
  const store = database.transaction(KEYS, "readwrite").objectStore(KEYS);
  // Another tab may have been faster: then its key stays.
  await ask(store.add(made, scope)).catch(() => undefined);
  return (await ask(database.transaction(KEYS).objectStore(KEYS).get(scope))) as CryptoKeyPair;
}

/** When the visit is over, the guest's key has done its work. */
export async function forgetIdentity(scope: string): Promise<void> {
  const database = await open();
  await ask(database.transaction(KEYS, "readwrite").objectStore(KEYS).delete(scope));
}

export async function known(key: Bytes): Promise<Known | null> {
  const database = await open();
  return (
    ((await ask(database.transaction(PINS).objectStore(PINS).get(hex(key)))) as Known | undefined) ?? null
  );
}

export async function pin(key: Bytes, entry: Known): Promise<void> {
  const database = await open();
  await ask(database.transaction(PINS, "readwrite").objectStore(PINS).put(entry, hex(key)));
}

/** Keys remembered under a name: when there are some and the present one is not among them, it changed. */
export async function knownUnder(name: string): Promise<string[]> {
  const database = await open();
  const store = database.transaction(PINS).objectStore(PINS);
  const [keys, entries] = await Promise.all([ask(store.getAllKeys()), ask(store.getAll())]);
  return keys.map(String).filter((_, at) => (entries[at] as Known).name === name);
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("alcove-identity", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(KEYS);
    request.result.createObjectStore(PINS);
  };
  return ask(request);
}

function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

const KEYS = "keys";
const PINS = "pins";
