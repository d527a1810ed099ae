// What the server's answer may say about sound and codecs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureCodec, sealedSdp } from "../src/secrecy/sdp.ts";

const HEAD = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"];
const AUDIO = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9",
  "a=mid:0",
  "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on",
  "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
  "a=extmap:3/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level",
  "a=rtpmap:111 opus/48000/2",
  "a=rtcp-fb:111 transport-cc",
  "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;cbr=0",
  "a=rtpmap:63 red/48000/2",
  "a=fmtp:63 111/111",
  "a=rtpmap:9 G722/8000",
];
const VIDEO = [
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97 45 46 98",
  "a=mid:1",
  "a=rtpmap:96 VP8/90000",
  "a=rtcp-fb:96 nack pli",
  "a=rtcp-fb:* ccm fir",
  "a=rtpmap:97 rtx/90000",
  "a=fmtp:97 apt=96",
  "a=rtpmap:45 AV1/90000",
  "a=rtpmap:46 rtx/90000",
  "a=fmtp:46 apt=45",
  "a=rtpmap:98 H264/90000",
  "a=fmtp:98 profile-level-id=42e01f",
];

test("sound keeps one size, has no pauses, no levels and no other codec", () => {
  const lines = sealed([...HEAD, ...AUDIO]);
  assert.ok(lines.includes("m=audio 9 UDP/TLS/RTP/SAVPF 111"));
  assert.ok(lines.includes("a=fmtp:111 minptime=10;useinbandfec=1;cbr=1;usedtx=0"));
  assert.ok(!lines.some((line) => /audio-level|red\/|G722|usedtx=1|cbr=0/.test(line)));
  assert.ok(lines.some((line) => line.includes("abs-send-time")));
});

test("an answer that says nothing about Opus says it afterwards", () => {
  const silent = AUDIO.filter((line) => !line.startsWith("a=fmtp:111"));
  assert.ok(sealed([...HEAD, ...silent]).includes("a=fmtp:111 cbr=1;usedtx=0"));
});

test("pictures are VP8 or VP9, with their own retransmission alone", () => {
  const lines = sealed([...HEAD, ...VIDEO]);
  assert.ok(lines.includes("m=video 9 UDP/TLS/RTP/SAVPF 96 97"));
  assert.ok(!lines.some((line) => /AV1|H264|apt=45|:4[56] |:98 /.test(line)));
  assert.ok(lines.includes("a=rtcp-fb:* ccm fir") && lines.includes("a=rtcp-fb:96 nack pli"));
});

test("everything else stays as it is, and twice is as good as once", () => {
  const data = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2", "a=sctp-port:5000"];
  const all = [...HEAD, ...AUDIO, ...VIDEO, ...data];
  const lines = sealed(all);
  for (const line of [...HEAD, ...data, "a=mid:0", "a=mid:1"]) assert.ok(lines.includes(line), line);
  assert.deepEqual(sealed(lines), lines);
});

test("pictures have the one codec the answer leaves, and none where it is not clear", () => {
  const video = (...names: string[]) =>
    ["v=0", "m=audio 9 RTP 111", "a=rtpmap:111 opus/48000/2", "m=video 9 RTP 96 97"]
      .concat(names.map((name, at) => `a=rtpmap:${96 + at} ${name}/90000`))
      .join("\r\n");
  assert.equal(pictureCodec(video("VP8", "rtx")), "vp8");
  assert.equal(pictureCodec(video("VP9", "rtx")), "vp9");
  assert.equal(pictureCodec(`${video("VP9")}\r\n${video("VP9")}`), "vp9");
  const two = [video("VP8", "VP9"), `${video("VP8")}\r\n${video("VP9")}`];
  for (const unclear of [...two, video("H264"), video(), ""])
    assert.equal(pictureCodec(unclear), null);
});

function sealed(lines: string[]): string[] {
  return sealedSdp(`${lines.join("\r\n")}\r\n`)
    .split("\r\n")
    .slice(0, -1);
}
