// Pictures and sounds for the browser's fake devices, made here: even light, a lit room behind somebody,
// silence, and a loud room.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const [WIDTH, HEIGHT] = [320, 240];

/** A grey picture that stands still. `luma` of a point, 16 to 235 (BT.601). Answers the file. */
export function picture(folder, name, luma) {
  const file = join(folder, `${name}.y4m`);
  const grey = Buffer.alloc(WIDTH * HEIGHT);
  for (let at = 0; at < grey.length; at++)
    grey[at] = luma((at % WIDTH) / WIDTH, Math.floor(at / WIDTH) / HEIGHT);
  const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), grey, colour]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F20:1 Ip A1:1 C420mpeg2\n`);
  writeFileSync(file, Buffer.concat([head, frame, frame, frame, frame]));
  return file;
}

export const LIGHTS = {
  dark: () => 24,
  bright: () => 235,
  backlit: (x, y) => (x > 0.25 && x < 0.75 && y > 0.2 ? 40 : 225),
};

/** Twenty seconds of even noise at this loudness. Answers the file. */
export function sound(folder, name, dbfs) {
  const file = join(folder, `${name}.wav`);
  const [rate, seconds] = [48_000, 20];
  const samples = Buffer.alloc(rate * seconds * 2);
  // White noise between -a and a has a loudness of a / sqrt(3).
  const most = 10 ** (dbfs / 20) * Math.sqrt(3) * 32_767;
  let state = 1;
  for (let at = 0; at < samples.length; at += 2) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const level = Math.round((state / 1_073_741_824 - 1) * most);
    samples.writeInt16LE(Math.max(-32_767, Math.min(32_767, level)), at);
  }
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  writeFileSync(file, Buffer.concat([head, samples]));
  return file;
}

/** Flags for a browser whose camera and microphone play these files. */
export function devices(video, audio) {
  return [`--use-file-for-fake-video-capture=${video}`, `--use-file-for-fake-audio-capture=${audio}`];
}
