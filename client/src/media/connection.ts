// Owns the one RTCPeerConnection: fixed lanes, one offer, one answer, health, and a fresh start when it is
// lost. Refuses renegotiation: whatever changes (mute, camera, device) is a replaceTrack. Refuses to begin
// without the frame worker, and shows black and is silent until frames were seen to be sealed.

import type { Kind, Size } from "../wire/wire.ts";
import type { Health } from "../room/state.ts";
import { type FrameWorker, guarded } from "../secrecy/frame_worker.ts";
import type { Counts as SealCounts } from "../secrecy/frames.ts";
import type { Codec } from "../secrecy/prefix.ts";
import { pictureCodec, sealedSdp } from "../secrecy/sdp.ts";
import { type Flow, SealWatch } from "../secrecy/seal_watch.ts";
import { ENCODINGS, made, switched } from "./layers.ts";
import { openLane, type Place, sealLane } from "./seam.ts";

export interface ConnectionEvents {
  offer(sdp: string): void;
  health(health: Health): void;
  /** New streams for every slot, after each join. */
  streams(streams: Record<Kind, MediaStream[]>): void;
  /** More left this browser than was sealed. The connection is closed already. */
  leaking(): void;
}

interface Own {
  sender: RTCRtpSender;
  lane: string;
}

export class Connection {
  #events: ConnectionEvents;
  #tracks: Record<Kind, MediaStreamTrack | null> = { audio: null, video: null };
  #peer: RTCPeerConnection | null = null;
  #own: Record<Kind, Own> | null = null;
  #worker: FrameWorker | null = null;
  #wanted = false;
  #connections = 0;
  #seal = new SealWatch();
  #sealed: Record<Kind, boolean> = { audio: false, video: false };
  #dark: Record<Kind, MediaStreamTrack | null> = { audio: null, video: null };
  #held = false;
  /** The sizes of our camera that somebody looks at. */
  #needed: Size[] = ["small"];
  #pictures: Codec | null = null;
  /** The worker says nothing: it is given nothing. */
  #silent = false;
  /** Whose offer has gone out. */
  #offered: RTCPeerConnection | null = null;
  #watch = 0;
  #pause = 0;
  #since = 0;
  #before: Counts | null = null;

  constructor(events: ConnectionEvents) {
    this.#events = events;
  }

  /** A full rejoin: new connection, new offer. An answer is taken for the newest offer alone. */
  join(pauseMs: number): void {
    this.close();
    this.#wanted = true;
    this.#pause = window.setTimeout(() => void this.#begin(), pauseMs);
  }

  /** Transforms belong to their worker: another one means another connection. */
  use(worker: FrameWorker | null): void {
    if (worker === this.#worker) return;
    this.#worker = worker;
    const wanted = this.#wanted;
    this.close();
    this.#wanted = wanted;
    if (wanted && worker) this.join(0);
  }

  async answer(sdp: string): Promise<void> {
    const peer = this.#peer;
    if (!peer || peer !== this.#offered || peer.signalingState !== "have-local-offer") return;
    const answer = sealedSdp(sdp);
    this.#pictures = pictureCodec(answer);
    // Before the first frame: without it none passes.
    this.#worker?.tell({ type: "pictures", codec: this.#pictures });
    try {
      await peer.setRemoteDescription({ type: "answer", sdp: answer });
      await this.#make();
    } catch {
      if (peer === this.#peer) this.#events.health("lost");
    }
  }

  /** What we send now; null is silence or no picture. */
  send(kind: Kind, track: MediaStreamTrack | null): void {
    this.#tracks[kind] = track;
    void this.#put(kind).catch(() => undefined);
  }

  /** In which sizes somebody looks at our camera; others are not made. */
  give(sizes: Size[]): void {
    this.#needed = sizes.length > 0 ? sizes : ["small"];
    void this.#make();
  }

  /** While the host is not heard, nothing is sent. */
  hold(on: boolean): void {
    if (on === this.#held) return;
    this.#held = on;
    for (const kind of KINDS) void this.#put(kind).catch(() => undefined);
  }

  close(): void {
    clearTimeout(this.#pause);
    clearInterval(this.#watch);
    this.#wanted = false;
    this.#sealed = { audio: false, video: false };
    this.#silent = false;
    for (const kind of KINDS) this.#lighten(kind);
    const peer = this.#peer;
    this.#peer = this.#offered = null;
    this.#own = null;
    this.#before = null;
    if (peer) {
      peer.onconnectionstatechange = null;
      peer.close();
    }
  }

  async #begin(): Promise<void> {
    const worker = this.#worker;
    // `use` comes back here.
    if (!worker || this.#peer) return;
    const peer = new RTCPeerConnection(guarded({ bundlePolicy: "max-bundle", iceServers: [] }));
    this.#peer = peer;
    this.#since = performance.now();
    const connection = ++this.#connections;
    this.#seal = new SealWatch();
    worker.tell({ type: "pictures", codec: null });
    this.#own = {
      audio: ownLane(peer, worker, connection),
      video: ownLane(peer, worker, connection, ENCODINGS),
    };
    // The order is the contract: own audio, own video, then the slots.
    const audio = slots().map((slot) => foreignLane(peer, "audio", worker, { slot, connection }));
    const video = slots().map((slot) => foreignLane(peer, "video", worker, { slot, connection }));
    this.#events.streams({ audio, video });
    void this.#guard(peer, worker);
    this.#watch = window.setInterval(() => void this.#look(peer), LOOK_EVERY_MS);
    try {
      await peer.setLocalDescription(await peer.createOffer());
      for (const kind of KINDS) await this.#put(kind);
    } catch {
      if (peer === this.#peer) this.#events.health("lost");
      return;
    }
    const sdp = peer.localDescription?.sdp;
    if (peer !== this.#peer || !sdp) return;
    this.#offered = peer;
    // No candidates of ours are needed: the server is ICE-lite and learns where we are from our first packet.
    this.#events.offer(sealedSdp(sdp));
  }

  /** The person's own track only where sealing was seen to work; before that, the same without content. */
  async #put(kind: Kind): Promise<void> {
    const own = this.#own?.[kind];
    const track = this.#held || this.#silent ? null : this.#tracks[kind];
    this.#lighten(kind);
    if (!own) return;
    if (!track || this.#sealed[kind]) return own.sender.replaceTrack(track);
    const dark = track.clone();
    // A switched-off track is black, or silence, and still makes frames.
    dark.enabled = false;
    this.#dark[kind] = dark;
    await own.sender.replaceTrack(dark);
  }

  #lighten(kind: Kind): void {
    const dark = this.#dark[kind];
    this.#dark[kind] = null;
    dark?.stop();
  }

  /** Repeated with every look: a browser refuses parameters while it is busy with others. */
  async #make(): Promise<void> {
    const sender = this.#own?.video.sender;
    const parameters = sender?.getParameters();
    if (!sender || !parameters) return;
    const wanted = this.#silent ? [] : made(this.#needed, this.#pictures, IN_FIREFOX);
    const encodings = switched(parameters.encodings, wanted);
    if (encodings) await sender.setParameters({ ...parameters, encodings }).catch(() => undefined);
  }

  async #guard(peer: RTCPeerConnection, worker: FrameWorker): Promise<void> {
    while (peer === this.#peer) {
      await this.#compare(peer, worker).catch(() => undefined);
      await new Promise((done) => window.setTimeout(done, COMPARE_EVERY_MS));
    }
  }

  async #compare(peer: RTCPeerConnection, worker: FrameWorker): Promise<void> {
    const silent = worker.isSilent();
    if (silent !== this.#silent) {
      this.#silent = silent;
      for (const kind of KINDS) await this.#put(kind).catch(() => undefined);
    }
    await this.#make();
    for (const kind of KINDS) {
      const own = this.#own?.[kind];
      if (!own || peer !== this.#peer) return;
      const reports = [...(await own.sender.getStats()).values()] as Report[];
      // What left by now is in what the worker counts from now on.
      if (!silent && !(await worker.recount())) return;
      if (peer !== this.#peer) return;
      const flows = flowsOf(reports, kind, worker.counts(own.lane));
      const verdict = this.#seal.look(own.lane, { flows, sound: kind === "audio", silent });
      if (verdict === "leaking") {
        this.close();
        return this.#events.leaking();
      }
      if (verdict !== "sealed" || this.#sealed[kind]) continue;
      this.#sealed[kind] = true;
      await this.#put(kind).catch(() => undefined);
    }
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

type Report = Record<string, unknown>;

function flowsOf(reports: Report[], kind: Kind, counts: SealCounts | null): Flow[] {
  const sent = reports.filter((report) => report["type"] === "outbound-rtp");
  return sent.map((report) => {
    const number = (name: string) => Number(report[name] ?? 0);
    const packets = number("packetsSent") - number("retransmittedPacketsSent");
    const bytes = number("bytesSent") - number("retransmittedBytesSent");
    const [ssrc, frames] = [number("ssrc"), kind === "video" ? number("framesSent") : packets];
    const { sealed, dropped } = counts?.sent[ssrc] ?? { sealed: 0, dropped: 0 };
    return { ssrc, frames, bytes, sealed, dropped };
  });
}

function ownLane(
  peer: RTCPeerConnection,
  worker: FrameWorker,
  connection: number,
  sendEncodings: RTCRtpEncodingParameters[] = [],
): Own {
  const kind = sendEncodings.length > 0 ? "video" : "audio";
  const whole = peer.addTransceiver(kind, { direction: "sendonly", sendEncodings });
  const lane = sealLane(worker, whole.sender, kind, connection);
  prefer(whole, kind);
  return { sender: whole.sender, lane };
}

function foreignLane(peer: RTCPeerConnection, kind: Kind, worker: FrameWorker, place: Place): MediaStream {
  const lane = peer.addTransceiver(kind, { direction: "recvonly" });
  openLane(worker, lane.receiver, kind, place);
  prefer(lane, kind);
  return new MediaStream([lane.receiver.track]);
}

/**
 * VP8, VP9 and Opus alone; the server's answer names one of the first two. Firefox must keep the full list
 * (a cut list makes Chromium refuse), so there they only come first.
 */
export function prefer(lane: RTCRtpTransceiver, kind: Kind): void {
  const codecs = RTCRtpReceiver.getCapabilities?.(kind)?.codecs;
  if (!codecs || !lane.setCodecPreferences) return;
  const wanted = kind === "video" ? ["video/vp8", "video/vp9", "video/rtx"] : ["audio/opus"];
  const plain = (codec: RTCRtpCodec) => !/profile-id=[^0]/.test(codec.sdpFmtpLine ?? "");
  const ours = codecs.filter((codec) => wanted.includes(codec.mimeType.toLowerCase()) && plain(codec));
  const rest = IN_FIREFOX ? codecs.filter((codec) => !ours.includes(codec)) : [];
  try {
    lane.setCodecPreferences([...ours, ...rest]);
  } catch {
    // The browser's own order holds; the server answers with its own choice alone.
  }
}

function slots(): number[] {
  return Array.from({ length: SLOTS }, (_, slot) => slot);
}

/** Eight people at most in a room: seven others. The server answers exactly this shape. */
export const SLOTS = 7;
const KINDS = ["audio", "video"] as const;
const IN_FIREFOX = globalThis.navigator?.userAgent.includes("Firefox/") ?? false;
const COMPARE_EVERY_MS = 500;
const LOOK_EVERY_MS = 1_000;
/** From offer to connected; slow phones on slow links stay under it. */
const JOIN_WITHIN_MS = 12_000;
/** ICE heals short gaps by itself; longer ones are not worth waiting for. */
const DISCONNECTED_MS = 5_000;
const WEAK_ROUND_TRIP_S = 0.5;
const WEAK_LOSS = 0.08;
const WEAK_MIN_PACKETS = 20;
