// The worker behind the test picture: draws a frame, writes it, waits. Stops when the page terminates it.

import { Portrait } from "./portrait.ts";

interface Order {
  writable: WritableStream<VideoFrame>;
  name: string;
}

self.onmessage = (event: MessageEvent<Order>) => {
  const canvas = new OffscreenCanvas(1, 1);
  const portrait = new Portrait(canvas, event.data.name);
  const writer = event.data.writable.getWriter();
  const started = performance.now();
  setInterval(() => {
    // A slow reader costs frames, never memory.
    if ((writer.desiredSize ?? 0) <= 0) return;
    const passed = performance.now() - started;
    portrait.draw(passed / 1000);
    const frame = new VideoFrame(canvas, { timestamp: Math.round(passed * 1000) });
    writer
      .write(frame)
      .catch(() => undefined)
      .finally(() => frame.close());
  }, 1000 / FRAMES_PER_S);
};

const FRAMES_PER_S = 15;
