// Owns the one RTCPeerConnection: fixed lanes, one offer, one answer, health, and a fresh start when it is
// lost. Refuses renegotiation: whatever changes (mute, camera, device) is a replaceTrack.

import type { Kind } from "../wire/wire.ts";
import type { Health } from "../room/state.ts";
import { attachTransform } from "./seam.ts";

export interface ConnectionEvents {
  offer(sdp: string): void;
  health(health: Health): void;
  /** New streams for every slot, after each join. */
  streams(streams: Record<Kind, MediaStream[]>): void;
}

export class Connection {
  #events: ConnectionEvents;
  #tracks: Record<Kind, MediaStreamTrack | null> = { audio: null, video: null };
  #peer: RTCPeerConnection | null = null;
  #own: Record<Kind, RTCRtpSender> | null = null;
  #offers = 0;
  #watch = 0;
  #pause = 0;
  #since = 0;
  #before: Counts | null = null;

  constructor(events: ConnectionEvents) {
    this.#events = events;
  }

  /** A full rejoin: new connection, new offer. Answers to older offers are ignored. */
  join(pauseMs: number): void {
    this.close();
    this.#pause = window.setTimeout(() => void this.#begin(), pauseMs);
  }

  async answer(sdp: string): Promise<void> {
    const peer = this.#peer;
    this.#offers = Math.max(0, this.#offers - 1);
    if (!peer || this.#offers > 0 || peer.signalingState !== "have-local-offer") return;
    try {
      await peer.setRemoteDescription({ type: "answer", sdp });
    } catch {
      if (peer === this.#peer) this.#events.health("lost");
    }
  }

  /** The server refused the offer, or a new socket will never answer it. */
  forgetOffers(): void {
    this.#offers = 0;
  }

  /** What we send now; null is silence or no picture. */
  send(kind: Kind, track: MediaStreamTrack | null): void {
    this.#tracks[kind] = track;
    void this.#own?.[kind].replaceTrack(track).catch(() => undefined);
  }

  close(): void {
    clearTimeout(this.#pause);
    clearInterval(this.#watch);
    const peer = this.#peer;
    this.#peer = null;
    this.#own = null;
    this.#before = null;
    if (peer) {
      peer.onconnectionstatechange = null;
      peer.close();
    }
  }

  async #begin(): Promise<void> {
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers: [] });
    this.#peer = peer;
    this.#since = performance.now();
    this.#own = { audio: ownLane(peer, "audio"), video: ownLane(peer, "video") };
    // The order is the contract: own audio, own video, then the slots.
    const audio = slots().map(() => foreignLane(peer, "audio"));
    const video = slots().map(() => foreignLane(peer, "video"));
    this.#events.streams({ audio, video });
    this.#watch = window.setInterval(() => void this.#look(peer), LOOK_EVERY_MS);
    try {
      await peer.setLocalDescription(await peer.createOffer());
      for (const kind of ["audio", "video"] as const)
        await this.#own?.[kind].replaceTrack(this.#tracks[kind]);
    } catch {
      if (peer === this.#peer) this.#events.health("lost");
      return;
    }
    const sdp = peer.localDescription?.sdp;
    if (peer !== this.#peer || !sdp) return;
    this.#offers++;
    // No candidates of ours are needed: the server is ICE-lite and learns where we are from our first packet.
    this.#events.offer(sdp);
  }

  async #look(peer: RTCPeerConnection): Promise<void> {
    if (peer !== this.#peer) return;
    const state = peer.connectionState;
    const now = performance.now();
    if (state === "connected") {
      const counts = await count(peer);
      if (peer !== this.#peer) return;
      const weak = isWeak(counts, this.#before);
      this.#before = counts;
      this.#since = now;
      return this.#events.health(weak ? "weak" : "good");
    }
    const patience = state === "disconnected" ? DISCONNECTED_MS : JOIN_WITHIN_MS;
    if (state === "failed" || state === "closed" || now - this.#since > patience) {
      clearInterval(this.#watch);
      return this.#events.health("lost");
    }
    if (state === "disconnected") this.#events.health("weak");
  }
}

export interface Counts {
  received: number;
  lost: number;
  roundTripS: number | null;
}

/** Weak is what a person notices: many lost packets or a long way round. */
export function isWeak(now: Counts, before: Counts | null): boolean {
  if (now.roundTripS !== null && now.roundTripS > WEAK_ROUND_TRIP_S) return true;
  if (!before) return false;
  const lost = Math.max(0, now.lost - before.lost);
  const all = lost + Math.max(0, now.received - before.received);
  return all >= WEAK_MIN_PACKETS && lost / all > WEAK_LOSS;
}

async function count(peer: RTCPeerConnection): Promise<Counts> {
  const counts: Counts = { received: 0, lost: 0, roundTripS: null };
  for (const report of (await peer.getStats()).values() as Iterable<Record<string, unknown>>) {
    if (report["type"] === "inbound-rtp") {
      counts.received += Number(report["packetsReceived"] ?? 0);
      counts.lost += Number(report["packetsLost"] ?? 0);
    }
    if (
      report["type"] === "candidate-pair" &&
      report["nominated"] === true &&
      typeof report["currentRoundTripTime"] === "number"
    ) {
      counts.roundTripS = report["currentRoundTripTime"];
    }
  }
  return counts;
}

function ownLane(peer: RTCPeerConnection, kind: Kind): RTCRtpSender {
  const encodings = kind === "video" ? [{ maxBitrate: VIDEO_BITS_PER_S }] : [];
  const lane = peer.addTransceiver(kind, { direction: "sendonly", sendEncodings: encodings });
  attachTransform(lane.sender);
  prefer(lane, kind);
  return lane.sender;
}

function foreignLane(peer: RTCPeerConnection, kind: Kind): MediaStream {
  const lane = peer.addTransceiver(kind, { direction: "recvonly" });
  attachTransform(lane.receiver);
  prefer(lane, kind);
  return new MediaStream([lane.receiver.track]);
}

/**
 * VP8 and Opus alone. Firefox must keep the full list (a cut list makes Chromium refuse), so there they
 * only come first.
 */
function prefer(lane: RTCRtpTransceiver, kind: Kind): void {
  const codecs = RTCRtpReceiver.getCapabilities?.(kind)?.codecs;
  if (!codecs || !lane.setCodecPreferences) return;
  const wanted = kind === "video" ? ["video/vp8", "video/rtx"] : ["audio/opus"];
  const ours = codecs.filter((codec) => wanted.includes(codec.mimeType.toLowerCase()));
  const rest = navigator.userAgent.includes("Firefox/")
    ? codecs.filter((codec) => !ours.includes(codec))
    : [];
  try {
    lane.setCodecPreferences([...ours, ...rest]);
  } catch {
    // The browser's own order holds; the server answers with VP8 and Opus alone.
  }
}

function slots(): number[] {
  return Array.from({ length: SLOTS }, (_, slot) => slot);
}

/** Four people at most in a room: three others. The server answers exactly this shape. */
export const SLOTS = 3;
const VIDEO_BITS_PER_S = 1_000_000;
const LOOK_EVERY_MS = 1_000;
/** From offer to connected; slow phones on slow links stay under it. */
const JOIN_WITHIN_MS = 12_000;
/** ICE heals short gaps by itself; longer ones are not worth waiting for. */
const DISCONNECTED_MS = 5_000;
const WEAK_ROUND_TRIP_S = 0.5;
const WEAK_LOSS = 0.08;
const WEAK_MIN_PACKETS = 20;
