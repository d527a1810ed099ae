// Owns the WebSocket: hello, numbers, resume, reconnecting with bounded patience. Refuses messages over the
// size limit, a queue that grows without end, and anything the server sends that is not an envelope of
// version 1.

import {
  type ClientBodies,
  type ClientType,
  FRAME_BYTES,
  type ServerMessage,
  type ServerType,
  VERSION,
} from "./wire.ts";

export type Link = "opening" | "open" | "reconnecting" | "lost";
export type Entry = { ticket: string } | { resume: string };

export interface SocketEvents {
  link(link: Link): void;
  /** `answers` names the message of ours that a problem is about. */
  message(message: ServerMessage, answers: ClientType | null): void;
}

export interface SocketParts {
  open(address: string): WebSocket;
  after(ms: number, run: () => void): number;
  cancel(timer: number): void;
  random(): number;
}

export class Socket {
  #address: string;
  #events: SocketEvents;
  #parts: SocketParts;
  #entry: Entry | null = null;
  #socket: WebSocket | null = null;
  #welcomed = false;
  #closed = false;
  #attempt = 0;
  #seq = 0;
  #seen = 0;
  #queue: string[] = [];
  #sent = new Map<number, ClientType>();
  /** The number of the newest offer. */
  #offer = 0;
  #alive = 0;
  #silence = 0;
  #retry = 0;
  #serverAnswersAlive = false;

  constructor(address: string, events: SocketEvents, parts: SocketParts) {
    this.#address = address;
    this.#events = events;
    this.#parts = parts;
  }

  start(entry: Entry): void {
    this.#entry = entry;
    this.#closed = false;
    this.#connect("opening");
  }

  /** True when the message is on its way or waits for the welcome. */
  send<T extends ClientType>(type: T, body: ClientBodies[T]): boolean {
    if (this.#closed || !this.#socket) return false;
    const text = this.#envelope(type, body);
    if (new TextEncoder().encode(text).length > FRAME_BYTES) return false;
    if (!this.#welcomed) {
      if (this.#queue.length >= QUEUE_MESSAGES) return false;
      this.#queue.push(text);
      return true;
    }
    return this.#write(text);
  }

  /** Drops the connection and comes back by resume: used when media died but the socket did not notice. */
  refresh(): void {
    if (!this.#closed && this.#socket) this.#dropped(this.#socket);
  }

  /** Starts again after the bounded patience ran out. */
  again(): void {
    if (this.#closed || this.#socket || !this.#entry) return;
    this.#parts.cancel(this.#retry);
    this.#attempt = 0;
    this.#connect("reconnecting");
  }

  stop(): void {
    this.#closed = true;
    this.#clearTimers();
    this.#parts.cancel(this.#retry);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  #connect(link: Link): void {
    this.#events.link(link);
    this.#welcomed = false;
    const socket = this.#parts.open(this.#address);
    this.#socket = socket;
    socket.onopen = () => this.#hello(socket);
    socket.onmessage = (event) => this.#received(socket, event.data);
    socket.onclose = () => this.#dropped(socket);
    socket.onerror = () => this.#dropped(socket);
    this.#silence = this.#parts.after(WELCOME_WITHIN_MS, () => this.#dropped(socket));
  }

  #hello(socket: WebSocket): void {
    if (socket !== this.#socket || !this.#entry) return;
    const after = this.#seen > 0 ? { after: this.#seen } : {};
    socket.send(this.#envelope("hello", { ...this.#entry, ...after }));
  }

  #received(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket) return;
    const envelope = readEnvelope(data);
    if (!envelope) return;
    if (envelope.seq > 0) this.#seen = Math.max(this.#seen, envelope.seq);
    if (envelope.type === "alive") this.#serverAnswersAlive = true;
    if (this.#welcomed && this.#serverAnswersAlive) this.#expectMore(socket);
    if (envelope.type === "welcome") this.#welcome(socket, envelope.body.resume);
    const about = envelope.type === "problem" ? (envelope.body.seq_of ?? 0) : 0;
    const answers = this.#sent.get(about) ?? null;
    // About an older offer: its connection is gone.
    if (envelope.type === "answer" && envelope.body.seq_of !== this.#offer) return;
    if (answers === "offer" && about !== this.#offer) return;
    this.#events.message(envelope, answers);
  }

  #welcome(socket: WebSocket, resume: string): void {
    this.#entry = { resume };
    this.#welcomed = true;
    this.#attempt = 0;
    this.#parts.cancel(this.#silence);
    this.#events.link("open");
    for (const text of this.#queue.splice(0)) this.#write(text);
    this.#keepAlive(socket);
  }

  #keepAlive(socket: WebSocket): void {
    this.#parts.cancel(this.#alive);
    this.#alive = this.#parts.after(ALIVE_EVERY_MS, () => {
      if (socket !== this.#socket) return;
      this.send("alive", {});
      this.#keepAlive(socket);
    });
  }

  #expectMore(socket: WebSocket): void {
    this.#parts.cancel(this.#silence);
    this.#silence = this.#parts.after(SILENT_FOR_MS, () => this.#dropped(socket));
  }

  #write(text: string): boolean {
    const socket = this.#socket;
    if (!socket || socket.readyState !== 1) return false;
    if (socket.bufferedAmount > BUFFERED_BYTES) {
      this.#dropped(socket);
      return false;
    }
    socket.send(text);
    return true;
  }

  #dropped(socket: WebSocket): void {
    if (socket !== this.#socket || this.#closed) return;
    this.#socket = null;
    this.#welcomed = false;
    this.#queue = [];
    this.#clearTimers();
    socket.onclose = socket.onerror = socket.onmessage = null;
    socket.close();
    // A ticket opens once. Before the first welcome there is nothing to resume.
    if (this.#attempt >= ATTEMPTS) return this.#events.link("lost");
    this.#events.link(this.#seen > 0 ? "reconnecting" : "opening");
    this.#retry = this.#parts.after(this.#pause(), () => {
      if (!this.#closed && !this.#socket) this.#connect(this.#seen > 0 ? "reconnecting" : "opening");
    });
    this.#attempt++;
  }

  #pause(): number {
    const full = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** this.#attempt);
    return full * (0.5 + this.#parts.random() / 2);
  }

  #clearTimers(): void {
    this.#parts.cancel(this.#alive);
    this.#parts.cancel(this.#silence);
  }

  #envelope<T extends ClientType>(type: T, body: ClientBodies[T]): string {
    const seq = ++this.#seq;
    if (type === "offer") this.#offer = seq;
    this.#sent.set(seq, type);
    if (this.#sent.size > REMEMBERED) this.#sent.delete(seq - REMEMBERED);
    return JSON.stringify({ v: VERSION, seq, type, body });
  }
}

export function readEnvelope(data: unknown): (ServerMessage & { seq: number }) | null {
  if (typeof data !== "string" || data.length > FRAME_BYTES) return null;
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) return null;
    const { v, seq, type, body } = value as Record<string, unknown>;
    if (v !== VERSION || typeof type !== "string" || !KNOWN.has(type)) return null;
    if (typeof body !== "object" || body === null) return null;
    return { type, body, seq: typeof seq === "number" ? seq : 0 } as ServerMessage & { seq: number };
  } catch {
    return null;
  }
}

const KNOWN: Set<string> = new Set<ServerType>([
  "welcome",
  "lobby",
  "coming",
  "admitted",
  "room",
  "queue",
  "answer",
  "knocked",
  "door",
  "founded",
  "sealed",
  "welcome_in",
  "note",
  "returned",
  "removed",
  "left",
  "ended",
  "problem",
  "alive",
]);

/** Messages that may wait for the welcome. */
export const QUEUE_MESSAGES = 32;
/** More than this unsent means the link is dead, not slow. */
const BUFFERED_BYTES = 256 * 1024;
/** Sent messages whose kind we remember, to say what a problem is about. */
const REMEMBERED = 64;
/** About four minutes of trying; afterwards the person decides. */
export const ATTEMPTS = 20;
const PAUSE_MIN_MS = 300;
const PAUSE_MAX_MS = 15_000;
const WELCOME_WITHIN_MS = 10_000;
const ALIVE_EVERY_MS = 15_000;
const SILENT_FOR_MS = 40_000;
