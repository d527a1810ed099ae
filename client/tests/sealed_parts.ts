// Small parts of a sealed world: who leads, what a tab keeps, and delays by chance.

import type { Role } from "../src/wire/wire.ts";

export function leads(role: Role): boolean {
  return role === "host" || role === "deputy";
}

export function storageOf(tab: Map<string, string>): Pick<Storage, "getItem" | "setItem"> {
  return { getItem: (key) => tab.get(key) ?? null, setItem: (key, text) => void tab.set(key, text) };
}

/** mulberry32: the same seed, the same delays. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
