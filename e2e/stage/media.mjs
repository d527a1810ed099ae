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
  globalThis.countMedia = async () => {
    const peer = made.filter((one) => one.connectionState !== "closed").at(-1);
    const total = {
      frames: 0,
      energy: 0,
      sent: 0,
      packets: 0,
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
        total.packets += (one.packetsSent ?? 0) - (one.retransmittedPacketsSent ?? 0);
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
