// Owns what people in the room write and pass to each other: the lines of this visit, in memory alone. Whose
// a line is says the leaf that sealed it. Refuses to keep any of it when the person is out of the room.

import type { Member } from "../secrecy/charter.ts";
import type { FileFacts, FileKey, Source } from "../secrecy/files.ts";
import type { Role } from "../secrecy/identity.ts";
import type { RoomEvent, SealedRoom } from "../secrecy/sealed_room.ts";
import { type Carrier, NotCarried, type Why } from "./carrying.ts";

export interface Line {
  /** Counts upwards. */
  id: number;
  name: string;
  role: Role;
  you: boolean;
  at: number;
  text: string;
  /** Ours, and it could not be sealed. */
  failed: boolean;
  file: Passed | null;
}

export interface Passed {
  state: "sending" | "sent" | "asking" | "offered" | "fetching" | "saved" | "stopped" | "failed";
  facts: FileFacts | null;
  /** Between 0 and 1, while it is sent or fetched. */
  done: number;
  why: Why | null;
}

export interface TalkOut {
  /** Null while there are no keys. */
  room(): SealedRoom | null;
  shown(lines: Line[]): void;
  /** Gives the file to the person; it is never opened here. */
  save(facts: FileFacts, bytes: Uint8Array<ArrayBuffer>): void;
  now(): number;
}

export class Talk {
  readonly #out: TalkOut;
  readonly #carrier: Carrier;
  #lines: Line[] = [];
  #count = 0;
  #keys = new Map<number, FileKey>();
  #stops = new Map<number, AbortController>();

  constructor(out: TalkOut, carrier: Carrier) {
    this.#out = out;
    this.#carrier = carrier;
  }

  heard(event: Extract<RoomEvent, { kind: "chat" | "file" }>): void {
    if (event.kind === "chat") this.#add(event.from, event.text, null);
    else void this.#offered(event.from, event.file);
  }

  async say(text: string): Promise<void> {
    const room = this.#out.room();
    const me = room && own(room);
    if (!room || !me) return;
    const line = this.#add(me, text, null, true);
    await room.chat(text).catch(() => this.#change(line, { failed: true }));
  }

  async pass(source: Source): Promise<void> {
    const room = this.#out.room();
    const me = room && own(room);
    if (!room || !me) return;
    const { name, type, size } = source;
    const line = this.#add(me, "", { ...PASSED, state: "sending", facts: { name, type, size } }, true);
    await this.#carry(line, async (signal) => {
      const key = await this.#carrier.send(source, signal, (done) => this.#file(line, { done }));
      await room.file(key);
      this.#file(line, { state: "sent" });
    });
  }

  async fetch(line: number): Promise<void> {
    const file = this.#at(line)?.file;
    const key = this.#keys.get(line);
    if (!file?.facts || !key || this.#stops.has(line)) return;
    const { facts } = file;
    this.#file(line, { state: "fetching", done: 0, why: null });
    await this.#carry(line, async (signal) => {
      const found = await this.#carrier.fetch(key, facts, signal, (done) => this.#file(line, { done }));
      this.#out.save(found, found.bytes);
      this.#file(line, { state: "saved" });
    });
  }

  stop(line: number): void {
    this.#stops.get(line)?.abort();
  }

  /** Out of the room: nothing of it stays. */
  clear(): void {
    if (this.#lines.length === 0) return;
    for (const stop of this.#stops.values()) stop.abort();
    this.#keys.clear();
    this.#lines = [];
    this.#out.shown(this.#lines);
  }

  async #offered(from: Member, key: FileKey): Promise<void> {
    const line = this.#add(from, "", { ...PASSED, state: "asking" });
    this.#keys.set(line, key);
    await this.#carry(line, async () => {
      this.#file(line, { state: "offered", facts: shownFacts(await this.#carrier.manifest(key)) });
    });
  }

  async #carry(line: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(line, stop);
    try {
      await work(stop.signal);
    } catch (error) {
      const fetching = this.#at(line)?.file?.state === "fetching";
      // Whoever stops fetching may begin again.
      if (stop.signal.aborted) this.#file(line, { state: fetching ? "offered" : "stopped" });
      else this.#file(line, { state: "failed", why: error instanceof NotCarried ? error.why : "damaged" });
    } finally {
      this.#stops.delete(line);
    }
  }

  #add({ identity }: Member, text: string, file: Passed | null, you = false): number {
    const { name, role } = identity;
    const id = ++this.#count;
    const line = { id, name, role, you, at: this.#out.now(), text, failed: false, file };
    this.#lines = [...this.#lines, line].slice(-LINES);
    this.#out.shown(this.#lines);
    return id;
  }

  #file(line: number, some: Partial<Passed>): void {
    const file = this.#at(line)?.file;
    if (file) this.#change(line, { file: { ...file, ...some } });
  }

  #change(line: number, some: Partial<Line>): void {
    this.#lines = this.#lines.map((one) => (one.id === line ? { ...one, ...some } : one));
    this.#out.shown(this.#lines);
  }

  #at(line: number): Line | undefined {
    return this.#lines.find(({ id }) => id === line);
  }
}

function own({ group }: SealedRoom): Member | undefined {
  return group.roster().find(({ leaf }) => leaf === group.own);
}

/** A name must not redraw its neighbours, nor lead out of the folder it is saved in. */
function shownFacts(facts: FileFacts): FileFacts {
  const name = facts.name.replace(UNSHOWABLE, "").replace(/[/\\:*?"<>|]/g, "_").trim();
  return { ...facts, name: name.replace(/^\.+/, "") || "file", type: facts.type.replace(UNSHOWABLE, "") };
}

const PASSED: Passed = { state: "sending", facts: null, done: 0, why: null };
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** More than a visit holds; the oldest go first. */
const LINES = 500;
