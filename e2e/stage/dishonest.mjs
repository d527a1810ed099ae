// Stands between a page and the server as a dishonest server would: reads everything, and may change, drop,
// repeat or make up messages in both directions.

/** To call before the person opens the room. Honest until told otherwise. */
export async function between(person) {
  const heard = { toPage: [], fromPage: [] };
  const lies = { toPage: null, fromPage: null };
  let page = null;
  await person.context.routeWebSocket(/\/ws$/, (side) => {
    const server = side.connectToServer();
    page = side;
    const pass = (way, text, send) => {
      const message = JSON.parse(text);
      heard[way].push(message);
      for (const each of lies[way] ? lies[way](message) : [message]) send(JSON.stringify(each));
    };
    side.onMessage((text) => pass("fromPage", text, (lie) => server.send(lie)));
    server.onMessage((text) => pass("toPage", text, (lie) => side.send(lie)));
  });
  return {
    /** Everything that was really said, either way. */
    heard,
    /** What becomes of a message on its way: a list, empty to drop it. Null: the truth. */
    lies,
    /** Says something to the page that the server never said. */
    say(...messages) {
      for (const { type, body } of messages) page.send(JSON.stringify({ v: 1, seq: 0, type, body }));
    },
  };
}

/** The payload with one bit changed, somewhere in its middle. */
export function bent(blob) {
  const bytes = Buffer.from(blob, "base64url");
  bytes[bytes.length >> 1] ^= 1;
  return bytes.toString("base64url");
}

/** From now on the page's worker gets these frames in place of what arrives; answers how to count them. */
export async function hand(page, frames) {
  const all = frames.map((frame) => frame.toString("base64"));
  await page.evaluate((list) => {
    globalThis.old ??= new BroadcastChannel("old");
    globalThis.swapped = 0;
    globalThis.old.onmessage = () => globalThis.swapped++;
    globalThis.old.postMessage(list.map((one) => Uint8Array.from(atob(one), (each) => each.charCodeAt(0))));
  }, all);
  return () => page.evaluate(() => globalThis.swapped);
}

/** In the worker: what a forwarder sends that kept sealed frames and plays them to somebody else. */
export function getsOldFrames() {
  const channel = new BroadcastChannel("old");
  let old = [];
  let at = 0;
  channel.onmessage = ({ data }) => (old = data);
  addEventListener("rtctransform", ({ transformer }) => {
    if (transformer.options.side === "send") return;
    const swap = new TransformStream({
      transform(frame, out) {
        if (old.length > 0) {
          frame.data = old[at++ % old.length].slice().buffer;
          channel.postMessage("swapped");
        }
        out.enqueue(frame);
      },
    });
    const readable = transformer.readable.pipeThrough(swap);
    Object.defineProperty(transformer, "readable", { value: readable });
  });
}

/** Every sender's transform is set one task after it was meant to be. */
export function lateTransforms() {
  const real = Object.getOwnPropertyDescriptor(RTCRtpSender.prototype, "transform");
  Object.defineProperty(RTCRtpSender.prototype, "transform", {
    ...real,
    set(transform) {
      globalThis.late = (globalThis.late ?? 0) + 1;
      setTimeout(() => real.set.call(this, transform));
    },
  });
}
