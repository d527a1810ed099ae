// The frame worker: the only script that touches encoded frames. Puts every sender and receiver of the page
// through one `Frames`, and tells the page what came of it. A frame that can't be sealed or opened goes
// nowhere.

import { copy } from "./bytes.ts";
import { CostRing } from "./cost.ts";
import { SecrecyError } from "./failure.ts";
import { Frames, type Lane, OLD_KEYS_MS } from "./frames.ts";
import { type Codec, codecOf } from "./prefix.ts";
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
  getMetadata(): { mimeType?: string; synchronizationSource?: number };
}
interface Costs {
  seal: CostRing;
  open: CostRing;
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
/** Orders that stand. */
const told: { keyed: boolean; pictures: Codec | null; costs: Costs | null; asked: number } = {
  keyed: false,
  pictures: null,
  costs: null,
  asked: 0,
};

scope.onrtctransform = ({ transformer }) => {
  const { side, name, codec, stream } = transformer.options;
  const lane: Lane = { name, codec, stream: side === "send" ? stream : null };
  if (side === "receive" && codec === null) pictures.set(name, transformer);
  const through = new TransformStream<EncodedFrame, EncodedFrame>({
    transform: (frame, out) => (side === "send" ? seal(lane, frame, out) : open(lane, frame, out)),
  });
  scope.postMessage({ type: "lane", name });
  // The streams end with their transceiver.
  transformer.readable
    .pipeThrough(through)
    .pipeTo(transformer.writable)
    .catch(() => undefined)
    .finally(() => ended(name));
};

function ended(name: string): void {
  pictures.delete(name);
  shown.delete(name);
  frames.end(name);
}

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
  const measured = measure("seal", frame.data.byteLength);
  const sealed = await frames.seal(ofFrame(lane, frame), new Uint8Array(frame.data));
  if (!sealed) return;
  measured?.(sealed.length);
  frame.data = sealed.buffer;
  out.enqueue(frame);
}

async function open(lane: Lane, frame: EncodedFrame, out: Out): Promise<void> {
  const measured = measure("open", frame.data.byteLength);
  const opened = await frames.open(ofFrame(lane, frame), new Uint8Array(frame.data));
  if (!opened) return;
  measured?.(opened.plain.length);
  const who = `${opened.leaf} ${opened.stream}`;
  if (shown.get(lane.name) !== who) {
    shown.set(lane.name, who);
    scope.postMessage({ type: "shown", name: lane.name, leaf: opened.leaf, stream: opened.stream });
  }
  frame.data = opened.plain.buffer;
  out.enqueue(frame);
}

/** Not every browser names the codec of a frame; one that does must name the one that was agreed on. */
function ofFrame(lane: Lane, frame: EncodedFrame): Lane {
  const { mimeType, synchronizationSource: ssrc = 0 } = frame.getMetadata();
  const agreed = lane.codec ?? told.pictures;
  const codec = mimeType === undefined || codecOf(mimeType) === agreed ? agreed : null;
  return { ...lane, codec, ssrc };
}

/** Only where somebody asked: in a visit nobody reads a clock for each frame. */
function measure(which: keyof Costs, before: number): ((after: number) => void) | null {
  const ring = told.costs?.[which];
  if (!ring) return null;
  const began = performance.now();
  return (after) => ring.add(performance.now() - began, after - before);
}

function obey(message: ToWorker): void {
  const now = performance.now();
  if (message.type === "install") {
    const { order } = message;
    const first = !told.keyed;
    told.keyed = true;
    frames.install({ ...order, baseKey: copy(order.baseKey) }, now);
    order.baseKey.fill(0);
    setTimeout(() => frames.sweep(performance.now()), OLD_KEYS_MS + 1);
    // What was sent before could not be opened; a picture that runs on needs nothing.
    if (first) askKeyFrames();
  } else if (message.type === "switch") frames.switchTo(message.epoch);
  else if (message.type === "ask-key-frames") askKeyFrames();
  else if (message.type === "pictures") told.pictures = message.codec;
  else if (message.type === "count") told.asked = message.asked;
  else if (message.type === "measure") told.costs = { seal: new CostRing(), open: new CostRing() };
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
  const { costs, asked } = told;
  const counters = { type: "counters" as const, lanes, heard, sendingEpoch: frames.sendingEpoch, asked };
  const cost = costs && { seal: costs.seal.cost(), open: costs.open.cost() };
  scope.postMessage(cost ? { ...counters, cost } : counters);
}

/** The page compares these with what the connection says it sent. */
const REPORT_EVERY_MS = 250;
setInterval(report, REPORT_EVERY_MS);
scope.postMessage({ type: "ready" });
