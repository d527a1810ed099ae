// The frame worker: the only script that touches encoded frames. Puts every sender and receiver of the page
// through one `Frames`, and tells the page what came of it. A frame that can't be sealed or opened goes
// nowhere.

import { copy } from "./bytes.ts";
import { CostRing } from "./cost.ts";
import { SecrecyError } from "./failure.ts";
import { Frames, type Lane, OLD_KEYS_MS } from "./frames.ts";
import { codecOf } from "./prefix.ts";
import type { FromWorker, LaneOptions, ToWorker } from "./worker_wire.ts";

/** What `onrtctransform` brings; the type library does not have it for workers. */
interface Transformer {
  readable: ReadableStream<EncodedFrame>;
  writable: WritableStream<EncodedFrame>;
  options: LaneOptions;
  sendKeyFrameRequest?(): Promise<void>;
}
interface EncodedFrame {
  data: ArrayBuffer;
  getMetadata(): { mimeType?: string };
}
interface Scope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  onrtctransform: ((event: { transformer: Transformer }) => void) | null;
}

const scope = self as unknown as Scope;
const frames = new Frames();
/** Receiving lanes that carry pictures: asked for key frames when keys arrive. */
const pictures = new Map<string, Transformer>();
const shown = new Map<string, string>();
const costs = { seal: new CostRing(), open: new CostRing() };
const keyed = { yet: false };

scope.onrtctransform = ({ transformer }) => {
  const { side, name, codec, stream } = transformer.options;
  const lane: Lane = { name, codec, stream: side === "send" ? stream : null };
  if (side === "receive" && codec !== "opus") pictures.set(name, transformer);
  const through = new TransformStream<EncodedFrame, EncodedFrame>({
    transform: (frame, out) => (side === "send" ? seal(lane, frame, out) : open(lane, frame, out)),
  });
  scope.postMessage({ type: "lane", name });
  // The streams end with their transceiver.
  transformer.readable
    .pipeThrough(through)
    .pipeTo(transformer.writable)
    .catch(() => undefined)
    .finally(() => pictures.get(name) === transformer && pictures.delete(name));
};

scope.onmessage = ({ data }) => {
  try {
    obey(data);
  } catch (error) {
    scope.postMessage({
      type: "refused",
      refusal: error instanceof SecrecyError ? error.refusal : "malformed",
    });
  }
};

type Out = TransformStreamDefaultController<EncodedFrame>;

async function seal(lane: Lane, frame: EncodedFrame, out: Out): Promise<void> {
  const [began, length] = [performance.now(), frame.data.byteLength];
  const sealed = await frames.seal(ofFrame(lane, frame), new Uint8Array(frame.data));
  if (!sealed) return;
  costs.seal.add(performance.now() - began, sealed.length - length);
  frame.data = sealed.buffer;
  out.enqueue(frame);
}

async function open(lane: Lane, frame: EncodedFrame, out: Out): Promise<void> {
  const [began, length] = [performance.now(), frame.data.byteLength];
  const opened = await frames.open(ofFrame(lane, frame), new Uint8Array(frame.data));
  if (!opened) return;
  costs.open.add(performance.now() - began, opened.plain.length - length);
  const who = `${opened.leaf} ${opened.stream}`;
  if (shown.get(lane.name) !== who) {
    shown.set(lane.name, who);
    scope.postMessage({ type: "shown", name: lane.name, leaf: opened.leaf, stream: opened.stream });
  }
  frame.data = opened.plain.buffer;
  out.enqueue(frame);
}

/** The codec the browser names wins over the one the lane was made for; kind and prefix follow it. */
function ofFrame(lane: Lane, frame: EncodedFrame): Lane {
  const mimeType = frame.getMetadata().mimeType;
  const codec = mimeType ? codecOf(mimeType) : lane.codec;
  // Neither sealed nor opened: a codec outside the profile has no prefix rule.
  if (!codec) return { ...lane, codec: lane.codec, stream: null };
  return codec === lane.codec ? lane : { ...lane, codec };
}

function obey(message: ToWorker): void {
  const now = performance.now();
  if (message.type === "install") {
    const { order } = message;
    const first = !keyed.yet;
    keyed.yet = true;
    frames.install({ ...order, baseKey: copy(order.baseKey) }, now);
    order.baseKey.fill(0);
    setTimeout(() => frames.sweep(performance.now()), OLD_KEYS_MS + 1);
    // What was sent before could not be opened; a picture that runs on needs nothing.
    if (first) askKeyFrames();
  } else if (message.type === "switch") frames.switchTo(message.epoch);
  else if (message.type === "ask-key-frames") askKeyFrames();
  else frames.forget();
  report();
}

function askKeyFrames(): void {
  for (const transformer of pictures.values()) {
    void transformer.sendKeyFrameRequest?.().catch(() => undefined);
  }
}

function report(): void {
  const [lanes, heard] = [frames.counters(), frames.heard()];
  const cost = { seal: costs.seal.cost(), open: costs.open.cost() };
  scope.postMessage({ type: "counters", lanes, heard, cost, sendingEpoch: frames.sendingEpoch });
}

/** The page compares these with what the connection says it sent. */
const REPORT_EVERY_MS = 250;
setInterval(report, REPORT_EVERY_MS);
scope.postMessage({ type: "ready" });
