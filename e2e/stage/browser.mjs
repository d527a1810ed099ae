// One browser for a test file, a context for each person. Every request that leaves the origin is written
// down, and fails the journey when it ends: also those of sockets, workers and pop-up windows.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { watchMedia } from "./media.mjs";
import { chromium as executablePath } from "./places.mjs";

export async function openBrowser({ camera = true, extra = [] } = {}) {
  const fake = camera ? ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"] : [];
  return chromium.launch({ executablePath, args: [...FLAGS, ...fake, ...extra], ...MORTAL });
}

/** The driver would catch a runner's SIGTERM and live on: a file that hangs could never be ended. */
const MORTAL = { handleSIGTERM: false, handleSIGINT: false, handleSIGHUP: false };

/**
 * A person at a device: `phone` or `desk`, `lang`, `permissions` ("denied" leaves camera and microphone
 * refused), `agent` (what the browser says it is), `ownCertificate` for a practice that signed its
 * certificate itself, `script` (false: the browser runs none).
 */
export async function person(
  browser,
  demo,
  {
    phone = false,
    lang = "en-US",
    init,
    agent,
    bypassPolicy = false,
    ownCertificate = false,
    script = true,
  } = {},
) {
  const viewport = phone ? { width: 390, height: 844 } : { width: 1280, height: 820 };
  const context = await browser.newContext({
    viewport,
    locale: lang,
    userAgent: agent,
    isMobile: phone,
    hasTouch: phone,
    baseURL: demo.origin,
    bypassCSP: bypassPolicy,
    ignoreHTTPSErrors: ownCertificate,
    javaScriptEnabled: script,
  });
  context.setDefaultTimeout(STEP_WITHIN_MS);
  const strays = [];
  const errors = [];
  const allowed = (address) => /^(data|blob|about):/.test(address) || address.startsWith(`${demo.origin}/`);
  const socket = demo.origin.replace("http", "ws");
  context.on("request", (request) => allowed(request.url()) || strays.push(request.url()));
  const watch = (page) => {
    page.on("websocket", (one) => one.url().startsWith(`${socket}/`) || strays.push(one.url()));
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on(
      "console",
      (line) => line.type() === "error" && !EXPECTED.test(line.text()) && errors.push(line.text()),
    );
  };
  context.on("page", watch);
  await context.addInitScript(watchMedia);
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  return {
    context,
    page,
    errors,
    /** To call at the end: nothing left the origin, nothing broke on a page. */
    async leave() {
      await context.close();
      assert.deepEqual(strays, [], "every request stays on the practice's own origin");
      assert.deepEqual(errors, [], "no page reports an error");
    },
  };
}

/**
 * The browser itself writes a line for each refused answer and each dead socket; those are part of some
 * journeys.
 */
const EXPECTED = /Failed to load resource|WebSocket connection to/;
const STEP_WITHIN_MS = 20_000;
export const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
