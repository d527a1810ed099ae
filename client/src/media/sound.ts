// Owns what is heard: one hidden audio element per slot, the choice of speaker, and the bell of the waiting
// room.

import { SLOTS } from "./connection.ts";

export class Sound {
  #players: HTMLAudioElement[];
  #blocked: (blocked: boolean) => void;

  constructor(blocked: (blocked: boolean) => void) {
    this.#blocked = blocked;
    this.#players = Array.from({ length: SLOTS }, () =>
      document.body.appendChild(document.createElement("audio")),
    );
  }

  /** Each slot into its own player; an empty list is silence. */
  attach(streams: MediaStream[]): void {
    this.#players.forEach((player, slot) => (player.srcObject = streams[slot] ?? null));
    if (streams.length > 0) void this.play();
  }

  /** Browsers may hold sound back until the person presses something. */
  async play(): Promise<void> {
    try {
      await Promise.all(this.#players.map((player) => (player.paused ? player.play() : undefined)));
      this.#blocked(false);
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.#blocked(true);
    }
  }

  speaker(id: string): void {
    for (const player of this.#players) void player.setSinkId?.(id).catch(() => undefined);
  }
}

/** Two soft notes. Silent where the browser wants a press first; the title and the words say the same. */
export function chime(): void {
  try {
    const context = new AudioContext();
    NOTES_HZ.forEach((pitch, index) => note(context, pitch, index * NOTE_GAP_S));
    window.setTimeout(() => void context.close(), 3_000);
  } catch {
    // No sound here; words remain.
  }
}

/** Loudness of a track as 0..1, for the meter in the device dialog. */
export class Meter {
  #context: AudioContext;
  #reader: AnalyserNode;
  #samples: Float32Array<ArrayBuffer>;

  constructor(track: MediaStreamTrack) {
    this.#context = new AudioContext();
    this.#reader = this.#context.createAnalyser();
    this.#reader.fftSize = 1024;
    this.#samples = new Float32Array(this.#reader.fftSize);
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#reader);
  }

  level(): number {
    this.#reader.getFloatTimeDomainData(this.#samples);
    const db = decibels(this.#samples);
    return Math.min(1, Math.max(0, (db + 60) / 50));
  }

  close(): void {
    void this.#context.close();
  }
}

/** RMS in dBFS; silence is -100, not minus infinity. */
export function decibels(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const rms = Math.sqrt(energy / Math.max(1, samples.length));
  return Math.max(-100, 20 * Math.log10(rms || 1e-6));
}

function note(context: AudioContext, pitch: number, at: number): void {
  const start = context.currentTime + at;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.25, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 1.2);
  const tone = context.createOscillator();
  tone.frequency.value = pitch;
  tone.connect(gain).connect(context.destination);
  tone.start(start);
  tone.stop(start + 1.3);
}

const NOTES_HZ = [659.25, 880];
const NOTE_GAP_S = 0.28;
