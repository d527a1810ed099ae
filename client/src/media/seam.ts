// The one place where a sender or receiver meets its encoded transform. It must stay synchronous and be
// called in the same task that created the sender or receiver: Chromium never calls a transform that is set
// one task later. End-to-end encryption fills this in with an RTCRtpScriptTransform; until then frames pass
// as they are.

export function attachTransform(_end: RTCRtpSender | RTCRtpReceiver): void {}
