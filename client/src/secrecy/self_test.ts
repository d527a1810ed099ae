// Before the first visit media: is the transform really in the way of every frame, in this browser, now?
// Sends a small black picture to ourselves through the worker while it has no key. All of it must arrive at
// the worker, and nothing at the network.

import { type FrameWorker, guarded } from "./frame_worker.ts";

/** proven: frames reached the worker, no packet left. leaking: packets left. unknown: no connection. */
export type Proof = "proven" | "leaking" | "unknown";

export async function proveSealed(worker: FrameWorker): Promise<Proof> {
  const [from, to] = [new RTCPeerConnection(guarded()), new RTCPeerConnection(guarded())];
  const canvas = document.createElement("canvas");
  const timer = window.setInterval(() => draw(canvas), 50);
  draw(canvas);
  const [track] = canvas.captureStream(20).getVideoTracks();
  try {
    const lane = from.addTransceiver("video", { direction: "sendonly" });
    worker.attach(lane.sender, { side: "send", name: LANE, codec: "vp8", stream: "camera" });
    from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined).catch(ignore);
    to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined).catch(ignore);
    await from.setLocalDescription();
    await to.setRemoteDescription(from.localDescription as RTCSessionDescription);
    await to.setLocalDescription();
    await from.setRemoteDescription(to.localDescription as RTCSessionDescription);
    await lane.sender.replaceTrack(track ?? null);
    return await watch(lane.sender, worker);
  } finally {
    clearInterval(timer);
    track?.stop();
    from.close();
    to.close();
  }
}

async function watch(sender: RTCRtpSender, worker: FrameWorker): Promise<Proof> {
  for (let waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
    await new Promise((done) => setTimeout(done, STEP_MS));
    if ((await packets(sender)) > 0) return "leaking";
    const counts = worker.counts(LANE);
    if (counts && counts.sealed === 0 && counts.dropped["no-key"] >= FRAMES) return "proven";
  }
  return "unknown";
}

async function packets(sender: RTCRtpSender): Promise<number> {
  let sent = 0;
  for (const report of (await sender.getStats()).values() as Iterable<Record<string, unknown>>)
    if (report["type"] === "outbound-rtp") sent += Number(report["packetsSent"] ?? 0);
  return sent;
}

/** A canvas gives no frame while nothing on it changes. */
function draw(canvas: HTMLCanvasElement): void {
  const brush = canvas.getContext("2d");
  if (!brush) return;
  brush.fillStyle = `rgb(0 0 ${performance.now() & 1})`;
  brush.fillRect(0, 0, canvas.width, canvas.height);
}

const ignore = () => undefined;
const LANE = "self-test";
const FRAMES = 5;
const STEP_MS = 100;
const PATIENCE_MS = 5_000;
