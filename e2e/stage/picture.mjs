// What a phone's camera makes of a picture on another screen: the address in it.

import assert from "node:assert/strict";
import decode from "qr/decode.js";

/** Reads the QR code that `locator` shows, from its pixels as they are drawn. */
export async function readPicture(context, locator) {
  const png = (await locator.screenshot()).toString("base64");
  // A page of its own: the practice's policy lets no foreign picture in.
  const darkroom = await context.newPage();
  const image = await darkroom.evaluate(async (drawn) => {
    const blob = await (await fetch(`data:image/png;base64,${drawn}`)).blob();
    const bitmap = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(bitmap, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    return { data: [...data], width, height };
  }, png);
  await darkroom.close();
  const address = decode({ ...image, data: Uint8ClampedArray.from(image.data) });
  assert.ok(address, "the picture can be read");
  return address;
}
