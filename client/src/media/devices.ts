// Owns camera and microphone: asking, choosing, letting go, and saying in one word why one is not there.
// Refuses to touch a device unless it was asked to; a stopped camera is really off (its light goes out).

import type { Devices as Wish, Source, Trouble } from "../room/state.ts";
import { startPicture, startTone, type Made } from "./picture.ts";

export interface Captured {
  has: { mic: boolean; camera: boolean };
  trouble: { mic: Trouble | null; camera: Trouble | null };
  source: Source;
}

export interface Choice {
  id: string;
  label: string;
}

type Which = "mic" | "camera";

export class Devices {
  #made: Record<Which, Made | null> = { mic: null, camera: null };
  #ended: (which: Which) => void;
  #name: () => string;

  constructor(ended: (which: Which) => void, name: () => string) {
    this.#ended = ended;
    this.#name = name;
  }

  get mic(): MediaStreamTrack | null {
    return this.#made.mic?.track ?? null;
  }

  get camera(): MediaStreamTrack | null {
    return this.#made.camera?.track ?? null;
  }

  /**
   * Brings what is wanted and reports what is there. Devices that are there already are replaced only after
   * success.
   */
  async capture(
    want: { mic: boolean; camera: boolean },
    source: Source,
    wish: Wish,
    mayPicture: boolean,
  ): Promise<Captured> {
    const trouble: Captured["trouble"] = { mic: null, camera: null };
    if (source === "picture") {
      await this.#fake(want);
      return this.#report(trouble, "picture");
    }
    const tracks = await ask(want, wish, trouble);
    for (const track of tracks)
      this.#keep(track.kind === "audio" ? "mic" : "camera", { track, stop: () => track.stop() });
    const nothing = tracks.length === 0 && trouble.mic === "none" && trouble.camera === "none";
    if (nothing && mayPicture) {
      await this.#fake(want);
      return this.#report({ mic: null, camera: null }, "picture");
    }
    return this.#report(trouble, "devices");
  }

  stop(which: Which): void {
    const made = this.#made[which];
    this.#made[which] = null;
    if (!made) return;
    made.track.onended = null;
    made.stop();
  }

  release(): void {
    this.stop("mic");
    this.stop("camera");
  }

  async #fake(want: { mic: boolean; camera: boolean }): Promise<void> {
    if (want.mic) this.#keep("mic", startTone());
    if (want.camera) this.#keep("camera", await startPicture(this.#name()));
  }

  #keep(which: Which, made: Made): void {
    this.stop(which);
    this.#made[which] = made;
    made.track.onended = () => {
      if (this.#made[which] !== made) return;
      this.stop(which);
      this.#ended(which);
    };
  }

  #report(trouble: Captured["trouble"], source: Source): Captured {
    return { has: { mic: this.mic !== null, camera: this.camera !== null }, trouble, source };
  }
}

/** What can be chosen now; names are empty until the person has allowed a device. */
export async function choices(kind: MediaDeviceKind): Promise<Choice[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all
    .filter((one) => one.kind === kind && one.label)
    .map((one) => ({ id: one.deviceId, label: one.label }));
}

export function troubleOf(error: unknown): Trouble {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  if (name === "NotReadableError" || name === "AbortError") return "in_use";
  return "failed";
}

/**
 * One question for both devices; when that fails, each alone, so that one missing device does not cost the
 * other.
 */
async function ask(
  want: { mic: boolean; camera: boolean },
  wish: Wish,
  trouble: Captured["trouble"],
): Promise<MediaStreamTrack[]> {
  const audio = want.mic ? audioOf(wish) : false;
  const video = want.camera ? videoOf(wish) : false;
  try {
    return await open({ audio, video });
  } catch (error) {
    const why = troubleOf(error);
    const alone = audio !== false && video !== false;
    const micTracks = audio === false ? [] : await alternative("mic", { audio }, alone, why, trouble);
    const cameraTracks = video === false ? [] : await alternative("camera", { video }, alone, why, trouble);
    return [...micTracks, ...cameraTracks];
  }
}

async function alternative(
  which: Which,
  constraints: MediaStreamConstraints,
  alone: boolean,
  why: Trouble,
  trouble: Captured["trouble"],
): Promise<MediaStreamTrack[]> {
  if (!alone || (why === "denied" && !(await granted(which)))) {
    trouble[which] = why;
    return [];
  }
  try {
    return await open(constraints);
  } catch (error) {
    trouble[which] = troubleOf(error);
    return [];
  }
}

async function open(constraints: MediaStreamConstraints): Promise<MediaStreamTrack[]> {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no devices here", "NotFoundError");
  return (await navigator.mediaDevices.getUserMedia(constraints)).getTracks();
}

async function granted(which: Which): Promise<boolean> {
  const name = (which === "mic" ? "microphone" : "camera") as PermissionName;
  const state = await navigator.permissions?.query({ name }).catch(() => null);
  return state?.state === "granted";
}

function audioOf(wish: Wish): MediaTrackConstraints {
  const device = wish.chosen.mic ? { deviceId: { exact: wish.chosen.mic } } : {};
  return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...device };
}

function videoOf(wish: Wish): MediaTrackConstraints {
  const device = wish.chosen.camera
    ? { deviceId: { exact: wish.chosen.camera } }
    : { facingMode: wish.facing };
  return { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 }, ...device };
}
