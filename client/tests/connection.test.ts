// The page's one connection with a peer and a worker that only pretend: dark until sealing was seen, the end
// at a leak, transforms in the task of their lane, and what goes out and comes in as a description.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Connection, SLOTS } from "../src/media/connection.ts";
import type { FrameWorker } from "../src/secrecy/frame_worker.ts";
import { LOOKS, SLACK, SLACK_BYTES } from "../src/secrecy/seal_watch.ts";

/** What happened, in order: lanes made, transforms set, offers asked for. */
let story: string[] = [];
let peers: FakePeer[] = [];
/** Until then no track is taken. */
let busy: Promise<void> = Promise.resolve();

beforeEach(() => {
  [story, peers, busy] = [[], [], Promise.resolve()];
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const browser = { window: globalThis, RTCPeerConnection: FakePeer, MediaStream: class {} };
  Object.assign(globalThis, browser, { RTCRtpReceiver: { getCapabilities: () => null } });
});

afterEach(() => mock.timers.reset());

test("every lane has its transform in the task that made it, before there is an offer", async () => {
  const { peer } = await joined();
  const lane = ["lane", "transform"];
  const lanes = Array.from({ length: 2 + 2 * SLOTS }, () => lane).flat();
  assert.deepEqual(story, [...lanes, "offer"]);
  assert.equal(peer.configuration["encodedInsertableStreams"], true, "nothing leaves where none is set");
});

test("without a worker that seals there is no connection at all", async () => {
  const { connection } = page();
  connection.send("video", new FakeTrack() as unknown as MediaStreamTrack);
  connection.join(0);
  await pass(2_000);
  assert.equal(peers.length, 0);
});

test("black and silent until the worker has sealed, each lane for itself", async () => {
  const { peer, worker, tracks } = await joined();
  const dark = peer.sender("video").track ?? assert.fail("a picture is made, or nothing could be sealed");
  assert.ok(dark !== tracks.video && !dark.enabled, "a copy without content");
  assert.ok(peer.sender("audio").track !== tracks.audio && !peer.sender("audio").track?.enabled);
  // As much as the watch forgives: still no proof.
  peer.sender("video").sent = { frames: SLACK, bytes: SLACK_BYTES };
  await pass(10 * LOOK_MS);
  assert.equal(peer.sender("video").track, dark);

  worker.sealed("video", SLACK);
  await pass(LOOK_MS);
  assert.equal(peer.sender("video").track, tracks.video);
  assert.ok(dark.stopped, "the copy keeps no camera open");
  assert.ok(!peer.sender("audio").track?.enabled, "what was seen of pictures says nothing about sound");
  worker.sealed("audio", 1);
  await pass(LOOK_MS);
  assert.equal(peer.sender("audio").track, tracks.audio);
});

test("another camera before the first proof is dark as well, and after it is not", async () => {
  const { connection, peer, worker } = await joined();
  const [second, third] = [new FakeTrack(), new FakeTrack()];
  connection.send("video", second as unknown as MediaStreamTrack);
  await settle();
  assert.ok(peer.sender("video").track !== second && !peer.sender("video").track?.enabled);
  worker.sealed("video", 1);
  await pass(LOOK_MS);
  assert.equal(peer.sender("video").track, second);
  connection.send("video", third as unknown as MediaStreamTrack);
  await settle();
  assert.equal(peer.sender("video").track, third);
});

test("a new connection is dark again, whatever was proven of the last one", async () => {
  const { connection, worker, tracks } = await joined();
  worker.sealed("video", 1);
  await pass(LOOK_MS);
  assert.equal(peers[0]?.sender("video").track, tracks.video);
  connection.join(0);
  await pass(0);
  assert.ok(peers[0]?.closed && peers.length === 2);
  assert.ok(!peers[1]?.sender("video").track?.enabled);
});

for (const kind of ["audio", "video"] as const) {
  test(`more ${kind} than was sealed ends the connection, at once and for good`, async () => {
    const { peer, worker, told } = await joined();
    worker.sealed(kind, 100);
    peer.sender(kind).sent = { frames: 100 + SLACK, bytes: 9_000 };
    await pass(10 * LOOK_MS);
    assert.equal(told.leaks, 0, "two readings are never of one moment");

    peer.sender(kind).sent = { frames: 101 + SLACK, bytes: 9_100 };
    await pass((LOOKS - 1) * LOOK_MS);
    assert.ok(!peer.closed);
    await pass(LOOK_MS);
    assert.ok(peer.closed);
    await pass(10 * LOOK_MS);
    assert.deepEqual([told.leaks, peers.length], [1, 1], "said once, and nothing begins again by itself");
  });
}

test("content while nothing at all was sealed is a leak, and no dark start that lasts", async () => {
  const { peer, told } = await joined();
  peer.sender("video").sent = { frames: 1, bytes: SLACK_BYTES + 1 };
  await pass((LOOKS + 1) * LOOK_MS);
  assert.deepEqual([told.leaks, peer.closed], [1, true]);
});

test("a worker that fell silent gets no more tracks, and whatever still leaves is a leak", async () => {
  const { peer, worker, told } = await joined();
  worker.sealed("audio", 1_000_000);
  await pass(LOOK_MS);
  worker.isSilent = () => true;
  await pass(LOOK_MS);
  assert.deepEqual([peer.sender("audio").track, peer.sender("video").track], [null, null]);
  for (let look = 0; look < LOOKS; look++) {
    assert.ok(!peer.closed);
    peer.sender("audio").sent.bytes += SLACK_BYTES + 1;
    await pass(LOOK_MS);
  }
  assert.deepEqual([told.leaks, peer.closed], [1, true]);
});

test("what the worker has not counted yet is no leak, however long it takes", async () => {
  const { peer, worker, told } = await joined();
  worker.sealed("audio", 1);
  await pass(LOOK_MS);
  worker.counting = false;
  peer.sender("audio").sent = { frames: 10_000, bytes: 800_000 };
  await pass(10 * LOOK_MS);
  assert.deepEqual([told.leaks, peer.closed], [0, false]);
});

test("while the host is not heard nothing is sent, and afterwards the same tracks are", async () => {
  const { connection, peer, worker, tracks } = await joined();
  for (const kind of ["audio", "video"] as const) worker.sealed(kind, 1);
  await pass(LOOK_MS);
  connection.hold(true);
  await settle();
  assert.deepEqual([peer.sender("audio").track, peer.sender("video").track], [null, null]);
  connection.hold(false);
  await settle();
  assert.deepEqual([peer.sender("audio").track, peer.sender("video").track], [tracks.audio, tracks.video]);
});

test("sound of one size and without pauses, in the offer and whatever the answer says", async () => {
  const { connection, peer, told } = await joined();
  assert.match(told.offer, /a=fmtp:111 minptime=10;cbr=1;usedtx=0\r\n/);
  assert.doesNotMatch(told.offer, /audio-level|red|H264/);
  await connection.answer(DESCRIPTION.replace("minptime=10", "cbr=0;usedtx=1"));
  assert.match(peer.remote, /a=fmtp:111 cbr=1;usedtx=0\r\n/);
  assert.doesNotMatch(peer.remote, /usedtx=1|cbr=0|audio-level|red|H264/);
});

test("an answer that comes before our offer has gone out is none to it", async () => {
  const { connection, told } = await joined();
  let [free, first] = [() => undefined as void, told.offer];
  busy = new Promise((done) => (free = done));
  told.offer = "";
  connection.join(0);
  await pass(0);
  const [, second] = peers;
  assert.deepEqual([second?.signalingState, told.offer], ["have-local-offer", ""]);
  await connection.answer("v=0\r\ns=first\r\n");
  assert.equal(second?.remote, "");
  free();
  await settle();
  assert.equal(told.offer, first);
  await connection.answer("v=0\r\ns=second\r\n");
  assert.match(second?.remote ?? "", /s=second/);
});

test("after an offer that nobody answered the next one is answered all the same", async () => {
  const { connection } = await joined();
  connection.join(0);
  await pass(0);
  await connection.answer("v=0\r\ns=second\r\n");
  assert.match(peers[1]?.remote ?? "", /s=second/);
});

function page() {
  const told = { leaks: 0, offer: "" };
  const connection = new Connection({
    offer: (sdp) => void (told.offer = sdp),
    health: () => undefined,
    streams: () => undefined,
    leaking: () => void told.leaks++,
  });
  return { connection, told };
}

/** With camera and microphone on, a worker, and the offer made. */
async function joined() {
  const { connection, told } = page();
  const worker = new FakeWorker();
  const tracks = { audio: new FakeTrack(), video: new FakeTrack() };
  for (const kind of ["audio", "video"] as const)
    connection.send(kind, tracks[kind] as unknown as MediaStreamTrack);
  connection.use(worker as unknown as FrameWorker);
  connection.join(0);
  await pass(0);
  const [peer] = peers;
  return { connection, told, worker, tracks, peer: peer ?? assert.fail("no connection was made") };
}

/** Time in steps that leave each look its answer. */
async function pass(ms: number): Promise<void> {
  mock.timers.tick(Math.min(ms, LOOK_MS));
  await settle();
  if (ms > LOOK_MS) await pass(ms - LOOK_MS);
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((done) => setImmediate(done));
}

class FakeTrack {
  enabled = true;
  stopped = false;

  clone(): FakeTrack {
    return new FakeTrack();
  }

  stop(): void {
    this.stopped = true;
  }
}

class FakeSender {
  track: FakeTrack | null = null;
  /** A packet of sound is a frame. */
  sent = { frames: 0, bytes: 0 };
  readonly #kind: "audio" | "video";

  constructor(kind: "audio" | "video") {
    this.#kind = kind;
  }

  async replaceTrack(track: FakeTrack | null): Promise<void> {
    await busy;
    this.track = track;
  }

  async getStats(): Promise<Map<string, object>> {
    const { frames, bytes } = this.sent;
    // Retransmissions are sealed once and sent twice.
    const packets = { packetsSent: frames + 7, retransmittedPacketsSent: 7 };
    const content = { bytesSent: bytes + 700, retransmittedBytesSent: 700 };
    const pictures = this.#kind === "video" ? { framesSent: frames } : {};
    return new Map([["out", { type: "outbound-rtp", ssrc: SSRC, ...packets, ...content, ...pictures }]]);
  }

  getParameters() {
    return { encodings: [] };
  }
}

class FakePeer {
  connectionState = "new";
  signalingState = "stable";
  localDescription: { sdp: string } | null = null;
  remote = "";
  closed = false;
  onconnectionstatechange = null;
  readonly configuration: Record<string, unknown>;
  #own: Record<string, FakeSender> = {};

  constructor(configuration: Record<string, unknown>) {
    this.configuration = configuration;
    peers.push(this);
  }

  addTransceiver(kind: "audio" | "video", { direction }: { direction: string }) {
    story.push("lane");
    const sender = new FakeSender(kind);
    if (direction === "sendonly") this.#own[kind] = sender;
    return { sender, receiver: { track: new FakeTrack() } };
  }

  sender(kind: "audio" | "video"): FakeSender {
    return this.#own[kind] ?? assert.fail("no lane of our own");
  }

  async createOffer() {
    story.push("offer");
    return { type: "offer", sdp: DESCRIPTION };
  }

  async setLocalDescription(description: { sdp: string }): Promise<void> {
    this.localDescription = description;
    this.signalingState = "have-local-offer";
  }

  async setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    this.remote = sdp;
    this.signalingState = "stable";
  }

  async getStats(): Promise<Map<string, object>> {
    return new Map();
  }

  close(): void {
    this.closed = true;
  }
}

class FakeWorker {
  /** False: it does not get to it in time. */
  counting = true;
  #lanes: Record<string, { sent: Record<number, { sealed: number; dropped: number }> }> = {};

  attach(): void {
    story.push("transform");
  }

  counts(lane: string) {
    return this.#lanes[lane] ?? null;
  }

  sealed(kind: "audio" | "video", frames: number): void {
    // Of the first connection: the next one counts anew.
    this.#lanes[`send-${kind}#1`] = { sent: { [SSRC]: { sealed: frames, dropped: 0 } } };
  }

  async recount(): Promise<boolean> {
    return this.counting;
  }

  tell(): void {
    // Orders are the worker's business.
  }

  isSilent(): boolean {
    return false;
  }
}

/** The connection compares twice a second. */
const LOOK_MS = 500;
const TURNS = 12;
const SSRC = 7;
const DESCRIPTION = [
  "v=0",
  "s=-",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
  "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10",
  "a=rtpmap:63 red/48000/2",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 98",
  "a=rtpmap:96 VP8/90000",
  "a=rtpmap:98 H264/90000",
  "",
].join("\r\n");
