// What the sealed room of a page needs from outside: where its messages go, and the browser around it. Tests
// put others in their place.

import { unlessOurs } from "../secrecy/failure.ts";
import type { FrameWorker } from "../secrecy/frame_worker.ts";
import type { RoomEvent } from "../secrecy/sealed_room.ts";
import type { ClientBodies, ClientType } from "../wire/wire.ts";
import { openFrameWorker } from "./provision.ts";
import type { Secrecy } from "./secrecy_view.ts";
import { standingOf } from "./standing.ts";

export interface SealingOut {
  send<T extends ClientType>(type: T, body: ClientBodies[T]): void;
  /** The connection may begin with this one; null: it must end. */
  worker(worker: FrameWorker | null): void;
  shown(secrecy: Secrecy): void;
  /** Somebody in the group wrote, or passes a file. */
  talk(event: Extract<RoomEvent, { kind: "chat" | "file" }>): void;
}

export interface SealingParts {
  standing: typeof standingOf;
  openWorker: typeof openFrameWorker;
  every(ms: number, run: () => void): void;
}

/** One step after the other; what is refused changes nothing and is no reason to stop. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  take(step: () => Promise<unknown> | undefined): Promise<void> {
    const quiet = this.#last.then(step).then(() => undefined, unlessOurs);
    this.#last = quiet.then(undefined, (error: unknown) => console.error(error));
    return this.#last;
  }
}

export function after(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

export const IN_BROWSER: SealingParts = {
  standing: standingOf,
  openWorker: openFrameWorker,
  every: (ms, run) => void window.setInterval(run, ms),
};
