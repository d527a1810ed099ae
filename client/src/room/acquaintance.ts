// Owns what this browser remembers of other people's device keys, over visits. Refuses to call a device
// known that was never checked by voice, and to pass over a change in silence.

import { hex } from "../secrecy/bytes.ts";
import type { Identity } from "../secrecy/identity.ts";
import { known, knownUnder, pin } from "../secrecy/identity_store.ts";
import type { Met } from "./met.ts";

/** changed: somebody of this name was checked here before, with another key. */
export type Device = "known" | "new" | "changed";

export class Acquaintance {
  readonly #met: Met;
  #devices = new Map<string, Device>();

  constructor(met: Met) {
    this.#met = met;
  }

  device(key: string): Device | null {
    return this.#devices.get(key) ?? null;
  }

  /** Looks the key up; a device checked in an earlier visit needs no digits in this one. */
  async look(identity: Identity): Promise<void> {
    const key = hex(identity.key);
    if (this.#devices.has(key)) return;
    const found = await known(identity.key).catch(() => null);
    const same = found?.name === identity.name;
    if (found && same && !this.#met.check(key)) this.#met.checked(key, "known-device", found.verifiedAt);
    // Guests have a key for each invitation: another one is what everybody expects.
    const staff = identity.role === "host" || identity.role === "deputy";
    const others = found || !staff ? [] : await knownUnder(identity.name).catch(() => []);
    const changed = (found && !same) || others.length > 0;
    this.#devices.set(key, changed ? "changed" : same ? "known" : "new");
  }

  async verified({ key, name }: Identity, verifiedAt: number): Promise<void> {
    this.#devices.set(hex(key), "known");
    await pin(key, { name, verifiedAt }).catch(() => undefined);
  }
}
