// Owns the way to the media server and back: two connections of this page in a room of their own, one that
// sends and one that gets the same back. Sealed like a visit, under a key that never leaves the page; the
// server ends it after a minute and a half. Refuses browsers that cannot seal.

import { FrameWorker, canTransform, guarded } from "../secrecy/frame_worker.ts";
import { pictureCodec, sealedSdp } from "../secrecy/sdp.ts";
import type { Kind } from "../wire/wire.ts";
import { prefer } from "./connection.ts";
import { openWorker } from "./own_worker.ts";
import { openLane, sealLane } from "./seam.ts";

/** What both ends have counted so far. Bytes of media alone, without headers. */
export interface Counted {
  atMs: number;
  way: "udp" | "tcp" | null;
  roundTripMs: number | null;
  up: Flow;
  down: Flow;
}

interface Flow {
  bytes: number;
  packets: number;
  lost: number;
}

/** The server takes no more at this moment, or refused: nothing was measured. */
export class Refused extends Error {}

export class Loop {
  /** What comes back. */
  readonly stream = new MediaStream();
  #send = new RTCPeerConnection(guarded({ bundlePolicy: "max-bundle", iceServers: [] }));
  #receive = new RTCPeerConnection(guarded({ bundlePolicy: "max-bundle", iceServers: [] }));
  #workers: FrameWorker[] = [];
  #senders: Partial<Record<Kind, RTCRtpSender>> = {};
  #lane = "";
  #token: string;
  #id = "";

  private constructor(token: string) {
    this.#token = token;
  }

  /** `token` is that of the page's form. */
  static async open(token: string): Promise<Loop> {
    if (!canTransform()) throw new Refused("this browser cannot seal frames");
    const loop = new Loop(token);
    try {
      await loop.#begin();
      return loop;
    } catch (error) {
      loop.close();
      throw error;
    }
  }

  async put(kind: Kind, track: MediaStreamTrack | null): Promise<void> {
    await this.#senders[kind]?.replaceTrack(track);
  }

  isConnected(): boolean {
    return [this.#send, this.#receive].every((peer) => peer.connectionState === "connected");
  }

  /** A frame of ours was sealed: the transform stands in the way of every frame. */
  async isSealed(): Promise<boolean> {
    const [sender] = this.#workers;
    return sender !== undefined && (await sender.recount()) && (sender.counts(this.#lane)?.sealed ?? 0) > 0;
  }

  async count(): Promise<Counted> {
    const [sent, got] = await Promise.all([this.#send.getStats(), this.#receive.getStats()]);
    const [up, down] = [[...sent.values()], [...got.values()]] as [Report[], Report[]];
    const of = (reports: Report[], type: string) => reports.filter((report) => report["type"] === type);
    const sum = (reports: Report[], name: string) =>
      reports.reduce((total, report) => total + Number(report[name] ?? 0), 0);
    const pair = of(up, "candidate-pair").find((one) => one["nominated"] === true);
    const remote = up.find((report) => report["id"] === pair?.["remoteCandidateId"]);
    const way = remote?.["protocol"];
    const roundTrip = pair?.["currentRoundTripTime"];
    const heard = of(up, "remote-inbound-rtp");
    return {
      atMs: performance.now(),
      way: way === "udp" || way === "tcp" ? way : null,
      roundTripMs: typeof roundTrip === "number" ? Math.round(roundTrip * 1000) : null,
      up: {
        bytes: sum(of(up, "outbound-rtp"), "bytesSent"),
        packets: sum(of(up, "outbound-rtp"), "packetsSent"),
        lost: sum(heard, "packetsLost"),
      },
      down: {
        bytes: sum(of(down, "inbound-rtp"), "bytesReceived"),
        packets: sum(of(down, "inbound-rtp"), "packetsReceived"),
        lost: sum(of(down, "inbound-rtp"), "packetsLost"),
      },
    };
  }

  close(): void {
    this.#send.close();
    this.#receive.close();
    for (const worker of this.#workers) worker.close();
    if (this.#id) void this.#post("/end", { id: this.#id }, true).catch(() => undefined);
    this.#id = "";
  }

  async #begin(): Promise<void> {
    const [sending, opening] = await Promise.all([newWorker(), newWorker()]);
    this.#workers = [sending, opening];
    const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    // Each worker wipes the copy that it was given.
    [sending, opening].forEach((worker, own) =>
      worker.tell({
        type: "install",
        order: { epoch: EPOCH, baseKey: key.slice(), leaves: [0, 1], own, departed: [] },
      }),
    );
    key.fill(0);
    sending.tell({ type: "switch", epoch: EPOCH });
    for (const kind of ["audio", "video"] as const) {
      const encoding = kind === "video" ? { sendEncodings: [{ maxBitrate: MOST_BITS }] } : {};
      const own = this.#send.addTransceiver(kind, { direction: "sendonly", ...encoding });
      const lane = sealLane(sending, own.sender, kind, 1);
      if (kind === "video") this.#lane = lane;
      prefer(own, kind);
      this.#senders[kind] = own.sender;
      const back = this.#receive.addTransceiver(kind, { direction: "recvonly" });
      openLane(opening, back.receiver, kind, { slot: 0, connection: 1 });
      prefer(back, kind);
      this.stream.addTrack(back.receiver.track);
    }
    const [send, receive] = await Promise.all([offerOf(this.#send), offerOf(this.#receive)]);
    const reply = await this.#post("", { send, receive });
    if (!reply.ok) throw new Refused(`the server said ${reply.status}`);
    const told = (await reply.json()) as { id: string; send: string; receive: string };
    this.#id = told.id;
    await answered(this.#receive, opening, told.receive);
    await answered(this.#send, sending, told.send);
  }

  /** The start of the page's path says whose session it is. */
  #post(what: string, fields: Record<string, string>, keepalive = false): Promise<Response> {
    const [door = ""] = /^\/g\/[^/]+/.exec(location.pathname) ?? [];
    return fetch(`${door}/probe${what}`, {
      method: "POST",
      body: new URLSearchParams({ form_token: this.#token, ...fields }),
      headers: { accept: "application/json", "alcove-background": "1" },
      redirect: "error",
      keepalive,
    });
  }
}

type Report = Record<string, unknown>;

async function newWorker(): Promise<FrameWorker> {
  return new FrameWorker(await openWorker("/room/secrecy.js", SECRECY_INTEGRITY));
}

async function offerOf(peer: RTCPeerConnection): Promise<string> {
  await peer.setLocalDescription(await peer.createOffer());
  return sealedSdp(peer.localDescription?.sdp ?? "");
}

async function answered(peer: RTCPeerConnection, worker: FrameWorker, sdp: string): Promise<void> {
  const answer = sealedSdp(sdp);
  worker.tell({ type: "pictures", codec: pictureCodec(answer) });
  await peer.setRemoteDescription({ type: "answer", sdp: answer });
}

const EPOCH = 1;
const KEY_BYTES = 32;
/** As much as the largest picture of a visit. */
const MOST_BITS = 1_200_000;
