// The socket without a network: hello, numbers, resume, bounded patience, bounded queues.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ATTEMPTS, QUEUE_MESSAGES, Socket, type Link, readEnvelope } from "../src/wire/socket.ts";
import { FRAME_BYTES } from "../src/wire/wire.ts";
import { inside, run, sent } from "./stories.ts";

test("hello comes first, waiting messages follow the welcome", () => {
  const net = new Net();
  net.socket.start({ ticket: "T" });
  net.open();
  assert.ok(net.socket.send("alive", {}));
  assert.deepEqual(net.types(), ["hello"]);
  net.say(1, "welcome", { resume: "R" });
  assert.deepEqual(net.types(), ["hello", "alive"]);
  assert.deepEqual(net.links, ["opening", "open"]);
});

test("after a drop it resumes with the token and the last number it saw", () => {
  const net = new Net();
  net.welcome();
  net.say(7, "lobby", { position: 1, ahead: 0 });
  net.drop();
  net.next();
  net.open();
  assert.deepEqual(net.sent.at(-1)?.["body"], { resume: "R", after: 7 });
});

test("it gives up after a bounded number of tries and starts again when asked", () => {
  const net = new Net();
  net.welcome();
  for (let round = 0; round < 60 && net.links.at(-1) !== "lost"; round++) {
    net.drop();
    net.next();
  }
  assert.equal(net.links.at(-1), "lost");
  assert.ok(net.opened <= ATTEMPTS + 1);
  const before = net.opened;
  net.socket.again();
  assert.equal(net.opened, before + 1);
});

test("pauses grow and stay under their limit", () => {
  const net = new Net();
  net.welcome();
  const pauses: number[] = [];
  for (let round = 0; round < 12; round++) {
    net.drop();
    pauses.push(net.next());
  }
  assert.ok(pauses.every((pause, index) => index === 0 || pause >= (pauses[index - 1] ?? 0)));
  assert.ok((pauses.at(-1) ?? 0) <= 15_000);
});

test("the queue before the welcome and the size of a message are bounded", () => {
  const net = new Net();
  net.socket.start({ ticket: "T" });
  net.open();
  for (let count = 0; count < QUEUE_MESSAGES; count++) assert.ok(net.socket.send("alive", {}));
  assert.equal(net.socket.send("alive", {}), false);
  net.say(1, "welcome", { resume: "R" });
  assert.equal(net.socket.send("offer", { sdp: "x".repeat(FRAME_BYTES) }), false);
});

test("a problem says which message of ours it is about", () => {
  const net = new Net();
  net.welcome();
  net.socket.send("offer", { sdp: "v=0" });
  net.say(2, "problem", { type: "sdp", title: "No", detail: "", seq_of: net.sent.at(-1)?.["seq"] });
  assert.deepEqual(net.answers.at(-1), "offer");
});

test("an answer to an older offer is not handed on, also after one that was refused", () => {
  const net = new Net();
  net.welcome();
  const offer = () => (net.socket.send("offer", { sdp: "v=0" }), net.sent.at(-1)?.["seq"]);
  const [first, second] = [offer(), offer()];
  net.say(0, "answer", { sdp: "first", seq_of: first });
  net.say(0, "problem", { type: "sdp", title: "No", detail: "", seq_of: second });
  const third = offer();
  net.say(0, "answer", { sdp: "second", seq_of: second });
  net.say(0, "answer", { sdp: "third", seq_of: third });
  // Nor is what was wrong with it: the newer connection would be thrown away for it.
  net.say(0, "problem", { type: "sdp", title: "No", detail: "", seq_of: first });
  assert.deepEqual(net.kinds, ["welcome", "problem", "answer"]);
});

test("an offer goes out on an open line alone: the welcome asks for a fresh one", () => {
  const offer = { kind: "offer", sdp: "v=0" } as const;
  assert.deepEqual(sent(run(inside(), offer)[1]), ["offer"]);
  for (const link of ["opening", "reconnecting", "lost"] as const)
    assert.deepEqual(run({ ...inside(), link }, offer)[1], [], link);
});

test("numbers of our messages only grow, also over a reconnect", () => {
  const net = new Net();
  net.welcome();
  net.socket.send("alive", {});
  net.drop();
  net.next();
  net.open();
  const numbers = net.sent.map((one) => Number(one["seq"]));
  assert.deepEqual(
    numbers,
    [...numbers].sort((a, b) => a - b),
  );
  assert.equal(new Set(numbers).size, numbers.length);
});

test("after stop nothing reconnects", () => {
  const net = new Net();
  net.welcome();
  net.socket.stop();
  const before = net.opened;
  net.next();
  assert.equal(net.opened, before);
});

test("what is no envelope of this version is dropped", () => {
  const good = JSON.stringify({ v: 1, seq: 3, type: "left", body: {} });
  assert.equal(readEnvelope(good)?.type, "left");
  const bad: unknown[] = [
    "",
    "{",
    "null",
    "[]",
    5,
    good.replace('"v":1', '"v":2'),
    good.replace("left", "toString"),
    good.replace("{}", "null"),
    `"${"x".repeat(FRAME_BYTES + 1)}"`,
  ];
  for (const text of bad) assert.equal(readEnvelope(text), null);
});

class Net {
  links: Link[] = [];
  answers: (string | null)[] = [];
  kinds: string[] = [];
  sent: Record<string, unknown>[] = [];
  opened = 0;
  #timers = new Map<number, { ms: number; run: () => void }>();
  #number = 0;
  #fake: FakeSocket | null = null;
  socket = new Socket(
    "ws://test/ws",
    {
      link: (link) => this.links.push(link),
      message: ({ type }, answers) => void (this.answers.push(answers), this.kinds.push(type)),
    },
    {
      open: () => {
        this.opened++;
        this.#fake = new FakeSocket(this.sent);
        return this.#fake as unknown as WebSocket;
      },
      after: (ms, run) => (this.#timers.set(++this.#number, { ms, run }), this.#number),
      cancel: (timer) => void this.#timers.delete(timer),
      random: () => 1,
    },
  );

  welcome(): void {
    this.socket.start({ ticket: "T" });
    this.open();
    this.say(1, "welcome", { resume: "R" });
  }
  open(): void {
    this.#fake?.onopen?.();
  }
  say(seq: number, type: string, body: object): void {
    this.#fake?.onmessage?.({ data: JSON.stringify({ v: 1, seq, type, body }) });
  }
  drop(): void {
    this.#fake?.onclose?.();
  }
  types(): unknown[] {
    return this.sent.map((one) => one["type"]);
  }
  /** Runs the earliest timer and says how long it was. */
  next(): number {
    const [first] = [...this.#timers].sort(([, a], [, b]) => a.ms - b.ms);
    if (!first) return 0;
    this.#timers.delete(first[0]);
    first[1].run();
    return first[1].ms;
  }
}

class FakeSocket {
  readyState = 1;
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  #sent: Record<string, unknown>[];
  constructor(sent: Record<string, unknown>[]) {
    this.#sent = sent;
  }
  send(text: string): void {
    this.#sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {}
}
