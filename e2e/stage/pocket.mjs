// A phone that is put away while its owner waits: nobody looks at the page, then its line is dead. And what a
// page that waits asks of its device: that the screen stays on, and two notes when it is their turn.

/**
 * Runs in the page before its scripts. `device.locks` counts wishes for a screen that stays on;
 * `device.notes` counts notes that were played to their end, which takes a browser that really makes sound.
 */
export function watchDevice() {
  const known = (globalThis.device = { locks: 0, notes: 0 });
  let held = null;
  const request = async () => {
    if (document.visibilityState !== "visible") throw new DOMException("not visible", "NotAllowedError");
    known.locks++;
    held = { released: false, release: async () => undefined };
    return held;
  };
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
  // The browser takes it back from a page that nobody sees (Screen Wake Lock, "Handling document loss of
  // visibility"), before the page hears of it.
  document.addEventListener("visibilitychange", () => {
    if (held && document.visibilityState === "hidden") held.released = true;
  });
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...when) {
    this.addEventListener("ended", () => known.notes++);
    return start.apply(this, when);
  };
}

/** Waits until that much was asked of the device, and says when it is more. */
export async function deviceHas(page, name, wanted) {
  await page.waitForFunction(([name, least]) => globalThis.device[name] >= least, [name, wanted]);
  const got = await page.evaluate((name) => globalThis.device[name], name);
  if (got !== wanted) throw new Error(`${got} ${name} instead of ${wanted}`);
}

/** Another page lies before this one, or the screen is dark. */
export async function lookAway(page) {
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
    Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

export async function lookBack(page) {
  await page.evaluate(() => {
    delete document.hidden;
    delete document.visibilityState;
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

/**
 * To be asked for before the person's page opens a socket: a browser that is offline keeps those it has.
 * `sent` answers how many messages of a type the page has sent, `sends` waits for one more than that.
 */
export async function lineOf({ context }) {
  const sockets = new Set();
  const types = [];
  const sent = (type) => types.filter((one) => one === type).length;
  let alive = true;
  await context.routeWebSocket(/\/ws$/, (page) => {
    if (!alive) return void page.close();
    const server = page.connectToServer();
    sockets.add([page, server]);
    page.onMessage((text) => {
      server.send(text);
      types.push(JSON.parse(text).type);
    });
  });
  return {
    sent,
    async sends(type, before) {
      for (let waited = 0; sent(type) <= before; waited += LOOK_EVERY_MS) {
        if (waited > SENDS_WITHIN_MS) throw new Error(`no "${type}" was sent after ${before}`);
        await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
      }
    },
    async cut() {
      alive = false;
      for (const [page, server] of sockets) {
        await server.close();
        await page.close();
      }
      sockets.clear();
      await context.setOffline(true);
    },
    async mend() {
      alive = true;
      await context.setOffline(false);
    },
  };
}

const LOOK_EVERY_MS = 50;
const SENDS_WITHIN_MS = 20_000;
