// Counts what really arrives: decoded pictures and sound energy, read from the page's own peer connection.

import assert from "node:assert/strict";

/** Runs in every page before its scripts: keeps the connections the page makes, changes nothing. */
export function watchMedia() {
  const Real = globalThis.RTCPeerConnection;
  if (!Real) return;
  const made = [];
  globalThis.RTCPeerConnection = new Proxy(Real, {
    construct(target, args) {
      const peer = new target(...args);
      made.push(peer);
      return peer;
    },
  });
  // The frame worker tells its page what sealing costs and when the first frame opened; both are kept, and
  // when the person was let in.
  const known = (globalThis.sealingKnown = { cost: null, inside: null, opened: null });
  const inside = new MutationObserver(() => {
    if (!document.querySelector(".room")) return;
    known.inside = performance.now();
    inside.disconnect();
  });
  inside.observe(document, { subtree: true, childList: true });
  globalThis.Worker = new Proxy(globalThis.Worker, {
    construct(target, args) {
      const worker = new target(...args);
      worker.addEventListener("message", ({ data }) => {
        // It measures only where somebody asks for it.
        if (data?.type === "ready") worker.postMessage({ type: "measure" });
        if (data?.type === "counters" && data.cost?.open.frames > 0) known.cost = data.cost;
        if (data?.type === "shown") known.opened ??= performance.now();
      });
      return worker;
    },
  });
  /** How many senders and receivers of the connection go through a transform. */
  globalThis.countSealing = async () => {
    const peer = made.filter((one) => one.connectionState !== "closed").at(-1);
    if (!peer) return null;
    const lanes = peer.getTransceivers();
    const ends = lanes.map((lane) => (lane.direction === "sendonly" ? lane.sender : lane.receiver));
    return {
      guarded: peer.getConfiguration().encodedInsertableStreams,
      ends: ends.length,
      transformed: ends.filter((end) => end.transform instanceof globalThis.RTCRtpScriptTransform).length,
    };
  };
  /** Per receiving lane: decoded pictures and sound energy. */
  globalThis.countLanes = async () => {
    const peer = made.filter((one) => one.connectionState !== "closed").at(-1);
    const found = { video: [], audio: [] };
    if (!peer) return found;
    for (const one of (await peer.getStats()).values()) {
      if (one.type !== "inbound-rtp") continue;
      const value = one.kind === "video" ? (one.framesDecoded ?? 0) : (one.totalAudioEnergy ?? 0);
      found[one.kind].push({ id: `${made.length} ${one.mid}`, value });
    }
    return found;
  };
  /** The layers of the own camera, and the pictures of others as they come in. */
  globalThis.countLayers = async () => {
    const peer = made.filter((one) => one.connectionState !== "closed").at(-1);
    const found = { sent: [], shown: [] };
    const reports = [...((await peer?.getStats())?.values() ?? [])];
    const encodings = (peer?.getSenders() ?? []).flatMap((sender) => sender.getParameters().encodings ?? []);
    for (const one of reports) {
      if (one.kind !== "video" || !["outbound-rtp", "inbound-rtp"].includes(one.type)) continue;
      const codec = reports.find((other) => other.id === one.codecId)?.mimeType ?? null;
      const { rid = null, ssrc, framesSent: frames = 0, frameHeight: height } = one;
      // Firefox does not say it in its statistics.
      const active = one.active ?? encodings.find((each) => each.rid === rid)?.active;
      if (one.type === "outbound-rtp") found.sent.push({ rid, ssrc, active, frames, height, codec });
      else if (one.framesDecoded > 0) {
        const { frameHeight: height, framesDecoded: frames, pliCount: asked, totalFreezesDuration } = one;
        found.shown.push({ height, frames, asked, frozen: totalFreezesDuration ?? 0, codec });
      }
    }
    return found;
  };
  globalThis.countMedia = async () => {
    const peer = made.filter((one) => one.connectionState !== "closed").at(-1);
    const total = {
      frames: 0,
      energy: 0,
      sent: 0,
      bytes: 0,
      protocol: null,
      remote: null,
      connections: made.length,
      state: peer?.connectionState ?? "none",
    };
    if (!peer) return total;
    const reports = [...(await peer.getStats()).values()];
    for (const one of reports) {
      if (one.type === "inbound-rtp" && one.kind === "video") total.frames += one.framesDecoded ?? 0;
      if (one.type === "inbound-rtp" && one.kind === "audio") total.energy += one.totalAudioEnergy ?? 0;
      if (one.type === "outbound-rtp" && one.kind === "video") total.sent += one.framesSent ?? 0;
      if (one.type === "outbound-rtp")
        total.bytes += (one.bytesSent ?? 0) - (one.retransmittedBytesSent ?? 0);
      if (one.type === "candidate-pair" && one.nominated && one.state === "succeeded") {
        const remote = reports.find((other) => other.id === one.remoteCandidateId);
        total.protocol = remote?.protocol ?? null;
        total.remote = remote?.address ?? null;
      }
    }
    return total;
  };
}

export function count(page) {
  return page.evaluate(() => globalThis.countMedia());
}

export function layersOf(page) {
  return page.evaluate(() => globalThis.countLayers());
}

/**
 * Gives the page that looks this size, and waits until the one it looks at makes this layer and no other, and
 * it is this one that is shown. Answers what both count then.
 */
export async function changesOver({ viewer, sender }, [width, height], rid, within = 60_000) {
  await viewer.setViewportSize({ width, height });
  const started = Date.now();
  for (;;) {
    const [{ sent }, { shown }] = await Promise.all([layersOf(sender), layersOf(viewer)]);
    const made = sent.filter(({ active }) => active);
    const alone = made.length === 1 && made[0].rid === rid && made[0].frames > 0;
    if (alone && shown.length === 1 && shown[0].height === made[0].height) return { sent, shown: shown[0] };
    const state = JSON.stringify({ sent, shown });
    assert.ok(Date.now() - started < within, `not "${rid}" alone in ${within} ms: ${state}`);
    await viewer.waitForTimeout(200);
  }
}

/** Sizes of the page at which the only other person is drawn small, medium and large. */
export const VIEWS = { q: [1000, 200], h: [1280, 720], f: [1600, 1100] };

/**
 * Waits until this page decodes `frames` more pictures and hears something; answers how long the first
 * took.
 */
export async function seesAndHears(page, { frames = 10, within = 20_000, sound = true } = {}) {
  const before = await count(page);
  const started = Date.now();
  let first = null;
  for (;;) {
    const now = await count(page);
    const fresh = now.connections === before.connections ? now.frames - before.frames : now.frames;
    const heard = now.connections === before.connections ? now.energy - before.energy : now.energy;
    if (fresh > 0 && first === null) first = Date.now() - started;
    if (fresh >= frames && (!sound || heard > 0)) return { first, fresh, heard, ...now };
    const missing = `${fresh} of ${frames} pictures, sound ${heard}, in ${within} ms: ${JSON.stringify(now)}`;
    assert.ok(Date.now() - started < within, missing);
    await page.waitForTimeout(100);
  }
}

/** Waits until no new picture arrives for a second and a half. */
export async function seesNothing(page, within = 10_000) {
  const started = Date.now();
  for (;;) {
    const before = await count(page);
    await page.waitForTimeout(1_500);
    const now = await count(page);
    if (now.state === "none" || now.frames === before.frames) return;
    assert.ok(Date.now() - started < within, "pictures stop");
  }
}
