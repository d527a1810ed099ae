// The rim of the room document: takes the way in out of the address, runs the reducer, carries out its
// effects. Refuses to decide anything: decisions are in reducer.ts.

import book from "built:words";
import { Connection } from "../media/connection.ts";
import { Devices } from "../media/devices.ts";
import { Sizes } from "../media/sizes.ts";
import { Sound, chime } from "../media/sound.ts";
import { missingHere } from "../ui/abilities.ts";
import { save } from "../ui/save.ts";
import { Stagefront } from "../ui/view.ts";
import type { Kind } from "../wire/wire.ts";
import { Socket } from "../wire/socket.ts";
import { pick, wordsOf } from "../words/words.ts";
import { takesFromDay } from "./arrivals.ts";
import { Awake } from "./awake.ts";
import { Carrier } from "./carrying.ts";
import { listenForDay } from "./day.ts";
import { memory, readEntry, readSimple } from "./entry.ts";
import { reduce } from "./reducer.ts";
import { Sealing } from "./sealing.ts";
import { type Effect, type Event, FIRST, type State } from "./state.ts";
import { Talk } from "./talk.ts";

async function main(): Promise<void> {
  const entry = readEntry(location.hash);
  document.documentElement.classList.toggle("simple", readSimple(location.hash));
  // Before anything else can look: the way in works once, and must not stay in the address.
  history.replaceState(null, "", location.pathname);
  const root = document.getElementById("alcove");
  if (!root) throw new Error("room.html has the element");
  const stage = new Room(root);
  stage.happen({
    kind: "start",
    start: {
      supported: await missingHere(),
      ticket: entry.ticket,
      resume: entry.ticket ? null : memory.resume(),
      language: pick(memory.language(), navigator.language),
      chosen: memory.chosen(),
      demo: entry.demo || memory.demo(),
      expected: entry.admit,
      remembered: memory.devices(),
    },
  });
}

class Room {
  #state: State = FIRST;
  #streams: Record<Kind, MediaStream[]> = { audio: [], video: [] };
  #front: Stagefront;
  #socket: Socket;
  #connection: Connection;
  #devices: Devices;
  #sizes: Sizes;
  #sound: Sound;
  #awake = new Awake();
  /** For browsers that keep nothing in the tab. */
  #resume: string | null = null;
  #sealing: Sealing;
  #talk: Talk;
  #queue: Event[] = [];
  #running = false;

  constructor(root: HTMLElement) {
    this.#socket = new Socket(
      `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`,
      {
        link: (link) => this.happen({ kind: "link", link }),
        message: (message, answers) => {
          this.#sealing.message(message, answers);
          this.happen({ kind: "message", message, answers });
        },
      },
      {
        open: (address) => new WebSocket(address),
        after: (ms, run) => window.setTimeout(run, ms),
        cancel: (timer) => clearTimeout(timer),
        random: () => Math.random(),
      },
    );
    this.#connection = new Connection({
      offer: (sdp) => this.happen({ kind: "offer", sdp }),
      health: (health) => this.happen({ kind: "health", health }),
      leaking: () => this.#sealing.leaking(),
      streams: (streams) => {
        this.#streams = streams;
        this.#sound.attach(streams.audio);
        this.#front.update(this.#state);
      },
    });
    this.#sealing = new Sealing({
      send: (type, body) => void this.#socket.send(type, body),
      worker: (worker) => this.#connection.use(worker),
      shown: (secrecy) => this.happen({ kind: "secrecy", secrecy }),
      talk: (event) => this.#talk.heard(event),
    });
    this.#talk = new Talk(
      {
        room: () => this.#sealing.room,
        shown: (talk) => this.happen({ kind: "talk", talk }),
        save: (facts, bytes) => save(facts.name, bytes),
        now: () => Date.now(),
      },
      new Carrier({
        fetch: (address, options) => fetch(address, options),
        token: () => memory.resume() ?? this.#resume,
        pause: (ms) => new Promise((done) => window.setTimeout(done, ms)),
      }),
    );
    this.#devices = new Devices(
      (which) => this.happen({ kind: "ended_track", which }),
      () => this.#state.me?.name ?? "",
    );
    this.#sizes = new Sizes(
      () => this.#streams.video,
      (sizes) => this.#socket.send("draw", { sizes }),
    );
    this.#sound = new Sound(
      (muffled) => this.#state.muffled !== muffled && this.happen({ kind: "muffled", muffled }),
    );
    this.#front = new Stagefront(root, (language) => ({
      words: wordsOf(book, language),
      language,
      press: (press) => this.happen({ kind: "press", press }),
      ownCamera: () => this.#devices.camera,
      ownMic: () => this.#devices.mic,
      streams: () => this.#streams,
    }));
    this.#listen();
  }

  /** Events are handled one after the other, also those that effects cause. */
  happen(event: Event): void {
    this.#queue.push(event);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        const [state, effects] = reduce(this.#state, next);
        this.#state = state;
        for (const effect of effects) this.#carryOut(effect);
      }
    } finally {
      this.#running = false;
    }
    if (this.#state.stage !== "room") this.#talk.clear();
    this.#front.update(this.#state);
  }

  #carryOut(effect: Effect): void {
    switch (effect.do) {
      case "connect":
        return this.#socket.start(effect.entry);
      case "disconnect":
        return this.#socket.stop();
      case "leave":
        return void this.#leave();
      case "reconnect":
        return this.#socket.again();
      case "retry":
        return this.#socket.refresh();
      case "send":
        this.#sealing.asked(effect.type, effect.body);
        return void this.#socket.send(effect.type, effect.body);
      case "let_in":
        return this.#sealing.letIn(effect.participant);
      case "compared":
        return this.#sealing.compared(effect.key, effect.outcome);
      case "go_on":
        return this.#sealing.goOn();
      case "speak":
        return memory.choose(effect.language);
      case "chat":
        return void this.#talk.say(effect.text);
      case "attach":
        return void this.#talk.pass(effect.file);
      case "fetch":
        return void this.#talk.fetch(effect.line);
      case "stop_file":
        return this.#talk.stop(effect.line);
      case "hold":
        return this.#connection.hold(effect.on);
      case "remember":
        this.#resume = effect.resume;
        return memory.remember(effect.resume, this.#state.language, this.#state.demo);
      case "forget":
        return memory.forget();
      case "remember_devices":
        return memory.rememberDevices(effect.remembered);
      case "capture":
        return void this.#capture(effect);
      case "release":
        return this.#devices.release();
      case "stop_camera":
        return this.#devices.stop("camera");
      case "sending":
        return this.#sending(effect);
      case "join_media":
        return this.#state.secrecy.stage === "stopped" ? undefined : this.#connection.join(effect.pause);
      case "give":
        return this.#connection.give(effect.sizes);
      case "leave_media":
        return this.#leaveMedia();
      case "answer":
        this.#sizes.again();
        return void this.#connection.answer(effect.sdp);
      case "speaker":
        return this.#sound.speaker(effect.id);
      case "hear":
        return void this.#sound.play();
      case "chime":
        return chime();
      case "wake_lock":
        return this.#awake.keep(effect.on);
      case "announce":
        return this.#front.announce(
          wordsOf(book, this.#state.language)(effect.key, effect.values),
          effect.now === true,
        );
    }
  }

  async #capture(effect: Extract<Effect, { do: "capture" }>): Promise<void> {
    const captured = await this.#devices.capture(effect, effect.source, effect.devices, this.#state.demo);
    this.happen({ kind: "captured", ...captured });
    if (this.#state.muffled) void this.#sound.play();
  }

  #sending(now: { mic: boolean; camera: boolean }): void {
    this.#connection.send("audio", now.mic ? this.#devices.mic : null);
    this.#connection.send("video", now.camera ? this.#devices.camera : null);
  }

  async #leave(): Promise<void> {
    await this.#sealing.goodbye();
    this.#socket.send("leave", {});
    this.#socket.stop();
  }

  #leaveMedia(): void {
    this.#connection.close();
    this.#streams = { audio: [], video: [] };
    this.#sound.attach([]);
  }

  #listen(): void {
    document.addEventListener("keydown", (event) => {
      const typing =
        event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
      if (
        typing ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.repeat ||
        this.#state.stage !== "room"
      )
        return;
      if (event.key === "m") this.happen({ kind: "press", press: { on: "mic" } });
      if (event.key === "c") this.happen({ kind: "press", press: { on: "camera" } });
    });
    // Any press is the permission to sound that the browser waits for.
    document.addEventListener("click", () => this.#state.muffled && void this.#sound.play());
    document.addEventListener("visibilitychange", () => {
      this.#front.update(this.#state);
      // A phone that was put away may have missed that it is online again.
      if (document.visibilityState === "visible") this.#socket.again();
    });
    window.setInterval(() => this.#state.stage === "room" && this.#sizes.look(), MEASURE_EVERY_MS);
    window.addEventListener("online", () => this.#socket.again());
    listenForDay((participant) => {
      if (!takesFromDay(this.#state, participant)) return false;
      this.happen({ kind: "admit_from_day", participant });
      return true;
    });
  }
}

const MEASURE_EVERY_MS = 1_000;

void main();
