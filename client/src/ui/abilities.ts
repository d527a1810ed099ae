// Owns what this browser must be able to do for a visit: asked before the room opens, and already where an
// invitation is opened, while the link can still be taken to another browser.

import { canTransform } from "../secrecy/frame_worker.ts";
import { whatIsMissing } from "./advice.ts";

export async function missingHere(): Promise<ReturnType<typeof whatIsMissing>> {
  return whatIsMissing(navigator.userAgent, {
    secure: window.isSecureContext,
    peer: typeof RTCPeerConnection === "function" && "replaceTrack" in RTCRtpSender.prototype,
    devices: Boolean(navigator.mediaDevices),
    socket: typeof WebSocket === "function",
    sealing: canTransform() && (await canAgree()),
  });
}

/** The two kinds of key the group is made of; without them there is no visit, and no way around. */
async function canAgree(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}
