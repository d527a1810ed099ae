// Owns how large the pictures of the others are drawn, and tells it when it changes: nobody needs a picture
// larger than that. Pictures on a hidden page are small.

import type { Size } from "../wire/wire.ts";

/** From lines of the screen, slot by slot; 0 where nothing is drawn. */
export function sizesOf(lines: number[]): Size[] {
  return lines.map((each) => (each <= SMALL_LINES ? "small" : each <= MEDIUM_LINES ? "medium" : "large"));
}

/** A tile is filled to its edges, so a wide one shows a part of a larger picture. */
export function linesOf(width: number, height: number): number {
  return height === 0 ? 0 : Math.max(height, (width * 9) / 16);
}

export class Sizes {
  readonly #streams: () => MediaStream[];
  readonly #tell: (sizes: Size[]) => boolean;
  #told = "";

  constructor(streams: () => MediaStream[], tell: (sizes: Size[]) => boolean) {
    this.#streams = streams;
    this.#tell = tell;
  }

  /** Call now and then: layout changes have many causes. */
  look(): void {
    const drawn = [...document.querySelectorAll("video")];
    const scale = document.hidden ? 0 : Math.min(devicePixelRatio, SHARPEST);
    const sizes = sizesOf(
      this.#streams().map((stream) => {
        const element = drawn.find((each) => each.srcObject === stream);
        return element ? linesOf(element.clientWidth, element.clientHeight) * scale : 0;
      }),
    );
    const now = sizes.join();
    if (now === this.#told) return;
    if (this.#tell(sizes)) this.#told = now;
  }

  /** A new connection knows nothing yet. */
  again(): void {
    this.#told = "";
    this.look();
  }
}

/** Half again as many lines as the layer has (180, 360): then the next one shows more. */
const SMALL_LINES = 270;
const MEDIUM_LINES = 540;
/** Nobody sees more than two pixels per point in a moving picture. */
const SHARPEST = 2;
