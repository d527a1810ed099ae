// A person whose page is not ours: the program of crates/participant, in the place of somebody who has
// checked in. It mirrors what it sees, so whoever looks at it sees themselves.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { participant } from "./places.mjs";

/** From the lobby page of somebody who has checked in: the ticket that its button would use. */
export async function ticketOf(page) {
  const form = page.locator('form[action$="/enter"]');
  const action = await form.getAttribute("action");
  const fields = await form.evaluate((one) => Object.fromEntries(new FormData(one)));
  const { origin } = new URL(page.url());
  const headers = { origin, "sec-fetch-site": "same-origin" };
  const answer = await page.context().request.post(action, { form: fields, maxRedirects: 0, headers });
  assert.equal(answer.status(), 303);
  return answer.headers().location.split("#")[1].split("~")[0];
}

export function stranger(origin, ticket, seconds = 120) {
  const args = ["--origin", origin, "--ticket", ticket, "--seconds", String(seconds)];
  const child = spawn(participant, args, { stdio: ["ignore", "pipe", "inherit"] });
  const told = [];
  const waiting = new Set();
  createInterface({ input: child.stdout }).on("line", (line) => {
    told.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  const ended = new Promise((done) => child.once("exit", done));
  return {
    /** The first thing told, or yet to be told, that fits. */
    hears(fits, within = 30_000) {
      return new Promise((done, fail) => {
        const late = setTimeout(
          () => fail(new Error(`never told: ${fits}\n${told.map((one) => JSON.stringify(one)).join("\n")}`)),
          within,
        );
        const look = () => {
          const found = told.find(fits);
          if (!found) return;
          clearTimeout(late);
          waiting.delete(look);
          done(found);
        };
        waiting.add(look);
        look();
      });
    },
    /** The newest count of frames. */
    counts: () => told.findLast((one) => one.opened),
    ended,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
