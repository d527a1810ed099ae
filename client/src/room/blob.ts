// Bytes as the wire carries them: base64url without padding (RFC 4648 section 5).

import { base64, type Bytes, unbase64 } from "../secrecy/bytes.ts";

export function write(bytes: Uint8Array): string {
  return base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function read(text: string): Bytes {
  return unbase64(text.replace(/-/g, "+").replace(/_/g, "/"));
}
