// Owns the layers of the own camera: which there are, and which of them are made. Nobody encodes a picture
// that nobody sees: with one viewer that is one layer.

import type { Codec } from "../secrecy/prefix.ts";
import type { Size } from "../wire/wire.ts";

/** What is offered, of 1280 by 720, from the smallest. The names and their order are the protocol's. */
export const ENCODINGS: RTCRtpEncodingParameters[] = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 450_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_200_000 },
  // Without it Chromium makes one stream of dependent layers out of three encodings of VP9.
].map((layer) => ({ ...layer, scalabilityMode: "L1T1" }));

const RIDS: Record<Size, string> = { small: "q", medium: "h", large: "f" };

/**
 * What is made for what is needed. Chromium's VP9 stalled when layers came and went, so there all stay;
 * Firefox's changes over well, and three of them at once are more than its encoder can do.
 */
export function made(needed: Size[], codec: Codec | null, inFirefox: boolean): Size[] {
  return codec === "vp9" && !inFirefox ? ["small", "medium", "large"] : needed;
}

/** The same encodings with these made alone; null where that is so already. Without layers it is one. */
export function switched<T extends RTCRtpEncodingParameters>(encodings: T[], sizes: Size[]): T[] | null {
  const rids = sizes.map((size) => RIDS[size]);
  const isMade = ({ rid }: T) =>
    rids.length > 0 && (encodings.length === 1 || rid === undefined || rids.includes(rid));
  if (encodings.every((each) => (each.active !== false) === isMade(each))) return null;
  return encodings.map((each) => ({ ...each, active: isMade(each) }));
}
