// The wish that the screen stays on while a person waits: asked for once, again by a page that comes back,
// and let go at the end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Awake } from "../src/room/awake.ts";

/** A browser with one page; `refuses` as one does whose battery is low. */
function browser(refuses = false) {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const locks: { released: boolean; release(): Promise<void> }[] = [];
  const request = async () => {
    const lock = { released: false, release: async () => void (lock.released = true) };
    locks.push(lock);
    if (refuses) throw new DOMException("low battery", "NotAllowedError");
    return lock;
  };
  const put = (name: string, value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true });
  put("document", page);
  put("navigator", { wakeLock: { request } });
  return {
    locks,
    async turns(state: "visible" | "hidden") {
      page.visibilityState = state;
      // Browsers take it back from a page that nobody sees.
      if (state === "hidden") for (const lock of locks) lock.released = true;
      page.dispatchEvent(new Event("visibilitychange"));
      await settled();
    },
  };
}

const settled = () => new Promise((done) => setImmediate(done));

test("the screen is kept on once, and again when the page is looked at again", async () => {
  const { locks, turns } = browser();
  const awake = new Awake();
  await turns("visible");
  assert.equal(locks.length, 0, "nobody waits yet");
  awake.keep(true);
  await settled();
  awake.keep(true);
  await turns("visible");
  assert.equal(locks.length, 1, "what is held is not asked for again");
  await turns("hidden");
  assert.equal(locks.length, 1, "a page that nobody sees asks for nothing");
  await turns("visible");
  assert.deepEqual(locks.map(({ released }) => released), [true, false]);
});

test("afterwards it is let go, and a page that is looked at again leaves the screen alone", async () => {
  const { locks, turns } = browser();
  const awake = new Awake();
  awake.keep(true);
  await settled();
  awake.keep(false);
  assert.deepEqual(locks.map(({ released }) => released), [true]);
  await turns("hidden");
  await turns("visible");
  assert.equal(locks.length, 1);
});

test("a browser that does not want to keep it on is asked again next time, and nothing breaks", async () => {
  const { locks, turns } = browser(true);
  new Awake().keep(true);
  await settled();
  await turns("hidden");
  await turns("visible");
  assert.equal(locks.length, 2);
});
