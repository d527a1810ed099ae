// A person in Firefox, over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): the part of the browser's
// language that the steps of `people.mjs` and the counting of `media.mjs` use, and no more. Pages are found
// by the same selectors, and presses wait until there is something to press.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { watchMedia } from "./media.mjs";
import { firefox as executablePath } from "./places.mjs";

/**
 * One person, one browser. `leave()` at the end: nothing left the origin, nothing broke on a page. `init`
 * runs in every page before its scripts; what it tells of frames (tap.mjs) is in `told`.
 */
export async function personInFirefox(demo, { init = null } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "alcove-firefox-"));
  writeFileSync(join(profile, "user.js"), PREFERENCES.map((line) => `user_pref(${line});\n`).join(""));
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
  const child = spawn(executablePath, args, { stdio: ["ignore", "ignore", "pipe"] });
  // From the start: a browser that breaks down in the middle has ended long before anybody waits for it.
  const ended = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
  const wire = await Wire.open(await addressOf(child, ended));
  const [strays, errors] = [[], []];
  wire.on("network.beforeRequestSent", ({ request }) => {
    const { protocol, host } = new URL(request.url);
    const local = /^(data|blob|about|resource|chrome|moz-extension):$/.test(protocol);
    if (!local && host !== new URL(demo.origin).host) strays.push(request.url);
  });
  wire.on("log.entryAdded", (entry) => entry.level === "error" && errors.push(entry.text));
  await wire.send("session.new", { capabilities: {} });
  const told = { plain: [], sealed: [] };
  wire.on("script.message", ({ data }) => {
    for (const [which, bytes] of JSON.parse(data.value)) told[which].push(Buffer.from(bytes, "base64"));
  });
  const events = ["network.beforeRequestSent", "log.entryAdded", "script.message"];
  await wire.send("session.subscribe", { events });
  await wire.send("script.addPreloadScript", { functionDeclaration: String(watchMedia) });
  if (init)
    await wire.send("script.addPreloadScript", {
      functionDeclaration: `(tell) => {
        globalThis.tapTell = (frames) => tell(JSON.stringify(frames));
        ${init.content};
      }`,
      arguments: [{ type: "channel", value: { channel: "tap" } }],
    });
  const { contexts } = await wire.send("browsingContext.getTree", {});
  const context = new Context(wire, demo.origin);
  return {
    context,
    page: context.page(contexts[0].context),
    errors,
    told,
    async leave() {
      // A visit under way asks before it closes; a killed browser asks nobody.
      child.kill("SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      assert.deepEqual(strays, [], "every request stays on the practice's own origin");
      assert.deepEqual(errors, [], "no page reports an error");
    },
  };
}

class Context {
  #wire;
  #origin;
  #pages = new Map();

  constructor(wire, origin) {
    [this.#wire, this.#origin] = [wire, origin];
  }

  page(id) {
    if (!this.#pages.has(id)) this.#pages.set(id, new Page(this.#wire, id, this, this.#origin));
    return this.#pages.get(id);
  }

  /** The next window that opens. */
  waitForEvent(name) {
    assert.equal(name, "page");
    const known = new Set(this.#pages.keys());
    return until(async () => {
      const { contexts } = await this.#wire.send("browsingContext.getTree", {});
      const fresh = contexts.find(({ context }) => !known.has(context));
      return fresh && this.page(fresh.context);
    }, "a window opens");
  }
}

class Page {
  #wire;
  #id;
  #origin;
  #url = "";

  constructor(wire, id, context, origin) {
    [this.#wire, this.#id, this.#origin] = [wire, id, origin];
    this.context = () => context;
  }

  async goto(address) {
    const url = new URL(address, this.#origin).href;
    await this.#wire.send("browsingContext.navigate", { context: this.#id, url, wait: "complete" });
    return { ok: () => true };
  }

  async reload() {
    await this.#wire.send("browsingContext.reload", { context: this.#id, wait: "complete" });
  }

  evaluate(work, argument) {
    return this.run(work, [argument]);
  }

  waitForTimeout(ms) {
    return new Promise((done) => setTimeout(done, ms));
  }

  /** As it was when somebody last waited for it. */
  url() {
    return this.#url;
  }

  waitForURL(wanted) {
    const fits = wanted instanceof RegExp ? (url) => wanted.test(url) : (url) => wanted(new URL(url));
    const there = async () => {
      this.#url = await this.ask(() => location.href);
      return fits(this.#url);
    };
    return until(there, `the address is ${wanted}`);
  }

  locator(selector, { hasText = /(?:)/ } = {}) {
    return new Locator(this, { selector, text: hasText.source, nth: 0 });
  }

  fill(selector, text) {
    return this.locator(selector).fill(text);
  }

  check(selector) {
    return this.locator(selector).click();
  }

  selectOption(selector, value) {
    return this.locator(selector).fill(value);
  }

  async screenshot(path) {
    const shot = await this.#wire.send("browsingContext.captureScreenshot", { context: this.#id });
    writeFileSync(path, Buffer.from(shot.data, "base64"));
  }

  /** A question that may be asked again: its answer is lost when the page goes away just then. */
  ask(work, args) {
    return this.run(work, args, ASK_AGAIN_MS);
  }

  /** A function of ours in the page; arguments and answer are JSON. */
  async run(work, args = [], within = ANSWER_WITHIN_MS) {
    const wrapped = `async (text) => JSON.stringify({ value: await (${work})(...JSON.parse(text)) })`;
    const call = {
      functionDeclaration: wrapped,
      target: { context: this.#id },
      arguments: [{ type: "string", value: JSON.stringify(args) }],
      awaitPromise: true,
      userActivation: true,
    };
    const { result, exceptionDetails } = await this.#wire.send("script.callFunction", call, within);
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value).value;
  }
}

class Locator {
  #page;
  #which;

  constructor(page, which) {
    [this.#page, this.#which] = [page, which];
  }

  first() {
    return this;
  }

  nth(nth) {
    return new Locator(this.#page, { ...this.#which, nth });
  }

  locator(selector) {
    return new Locator(this.#page, { ...this.#which, selector: `${this.#which.selector} ${selector}` });
  }

  isVisible() {
    return this.#ask("visible");
  }

  innerText() {
    return this.#ask("text");
  }

  async waitFor({ state = "visible" } = {}) {
    await this.#until("visible", state === "visible");
  }

  async click() {
    await this.#until("click", true);
  }

  async check() {
    await this.#until("click", true);
  }

  async fill(text) {
    await this.#until(`fill:${text}`, true);
  }

  async #ask(what) {
    const said = async () => [await this.#page.ask(look, [this.#which, what])];
    const [answer] = await until(said, `${this.#which.selector} tells ${what}`);
    return answer;
  }

  #until(what, wanted) {
    const done = async () => (await this.#page.ask(look, [this.#which, what])) === wanted;
    return until(done, `${this.#which.selector} ${what} is ${wanted}`);
  }
}

/** In the page: finds what is meant, and does or says what was asked. False: not there, or not ready. */
function look({ selector, text, nth }, what) {
  const plain = selector.replaceAll(":visible", "");
  const fits = (one) => one.checkVisibility({ visibilityProperty: true }) || plain === selector;
  const found = [...document.querySelectorAll(plain)].filter(
    (one) => fits(one) && new RegExp(text).test(one.textContent.replace(/[\u2066-\u2069]/g, "")),
  )[nth];
  if (what === "text") return found?.innerText ?? "";
  if (!found?.checkVisibility({ visibilityProperty: true })) return false;
  if (what === "visible") return true;
  if (found.disabled) return false;
  // A press may leave the page: first the answer, then the press.
  if (what === "click") setTimeout(() => found.click());
  else found.value = what.slice("fill:".length);
  return true;
}

/** Commands and events of one session. */
class Wire {
  #socket;
  #asked = new Map();
  #listeners = new Map();
  #last = 0;

  static async open(address) {
    const wire = new Wire();
    wire.#socket = new WebSocket(`${address}/session`);
    await new Promise((done, fail) => wire.#socket.once("open", done).once("error", fail));
    wire.#socket.on("message", (bytes) => wire.#received(JSON.parse(String(bytes))));
    wire.#socket.on("close", () => wire.#gone());
    return wire;
  }

  on(event, listener) {
    this.#listeners.set(event, listener);
  }

  send(method, params, within = ANSWER_WITHIN_MS) {
    const id = ++this.#last;
    const unanswered = new Error(`Firefox does not answer ${method}`);
    return new Promise((done, fail) => {
      const late = setTimeout(() => this.#answered(id)?.fail(unanswered), within);
      this.#asked.set(id, { done, fail, late });
      if (this.#socket.readyState !== WebSocket.OPEN) return this.#gone();
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #received({ type, id, method, params, result, error, message }) {
    if (type === "event") return this.#listeners.get(method)?.(params);
    const asked = this.#answered(id);
    if (type === "success") asked?.done(result);
    else asked?.fail(new Error(`${error}: ${message}`));
  }

  #gone() {
    for (const id of [...this.#asked.keys()]) this.#answered(id).fail(new Error("Firefox has gone"));
  }

  /** Who asked, and waits no longer. */
  #answered(id) {
    const asked = this.#asked.get(id);
    clearTimeout(asked?.late);
    this.#asked.delete(id);
    return asked;
  }
}

function addressOf(child, ended) {
  return new Promise((done, fail) => {
    let said = "";
    const refuse = (why) => fail(new Error(`Firefox does not start: ${why}\n${said.slice(0, 2_000)}`));
    const timer = setTimeout(() => refuse(`nothing in ${START_WITHIN_MS} ms`), START_WITHIN_MS);
    void ended.then(({ code, signal }) => refuse(`it ended with ${code ?? signal}`));
    child.stderr.on("data", (bytes) => {
      said = (said + bytes).slice(-20_000);
      const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(said) ?? [];
      if (!address) return;
      clearTimeout(timer);
      done(address);
    });
  });
}

/** A page that is just changing answers nothing, or an error; it is asked again. */
async function until(ask, what) {
  let last = null;
  for (const started = Date.now(); Date.now() - started < STEP_WITHIN_MS; ) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`in ${STEP_WITHIN_MS} ms it is not so that ${what}${last ? ` (${last.message})` : ""}`);
}

const STEP_WITHIN_MS = 20_000;
const ASK_AGAIN_MS = 3_000;
const START_WITHIN_MS = 60_000;
/** A page may wait for media before it answers; whoever asks never waits for ever. */
const ANSWER_WITHIN_MS = 60_000;
const PREFERENCES = [
  // A moving picture and a tone instead of devices, without a question.
  '"media.navigator.streams.fake", true',
  '"media.navigator.permission.disabled", true',
  // The demo's media server is on loopback, which is used only where a camera is allowed for good.
  '"media.peerconnection.ice.loopback", true',
  '"permissions.default.camera", 1',
  '"permissions.default.microphone", 1',
  // The browser itself asks nobody anything.
  '"app.update.disabledForTesting", true',
  '"network.captive-portal-service.enabled", false',
  '"network.connectivity-service.enabled", false',
  '"services.settings.server", "data:,"',
  '"toolkit.telemetry.enabled", false',
];
