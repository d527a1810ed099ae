// A real SMTP server on loopback that keeps what it gets, so that mail goes the whole way.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";

/** `refuses`: addresses that it does not know. */
export async function openMailbox({ refuses = [] } = {}) {
  const letters = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    onRcptTo({ address }, session, done) {
      const unknown = Object.assign(new Error("No such mailbox"), { responseCode: 550 });
      done(refuses.includes(address) ? unknown : undefined);
    },
    onData(stream, session, done) {
      const parts = [];
      stream.on("data", (bytes) => parts.push(bytes));
      stream.on("end", () => {
        const raw = Buffer.concat(parts).toString("utf8");
        letters.push({ to: session.envelope.rcptTo.map((one) => one.address), raw, text: readable(raw) });
        done();
      });
    },
  });
  await new Promise((done, fail) => {
    server.on("error", fail);
    server.listen(0, "127.0.0.1", done);
  });
  return {
    letters,
    address: `127.0.0.1:${server.server.address().port}`,
    /** The first letter after `skip` that fits. */
    async waitFor(fits, { skip = 0, within = 30_000 } = {}) {
      const started = Date.now();
      for (;;) {
        const found = letters.slice(skip).find(fits);
        if (found) return found;
        if (Date.now() - started > within) throw new Error(`no such letter among ${letters.length - skip}`);
        await new Promise((done) => setTimeout(done, 100));
      }
    },
    /** Waits until no letter has come for a second; answers how many there are. */
    async quiet() {
      for (let before = -1; before !== letters.length; ) {
        before = letters.length;
        await new Promise((done) => setTimeout(done, 1_000));
      }
      return letters.length;
    },
    close: () => new Promise((done) => server.close(done)),
  };
}

/** The newest letter to somebody in the folder where a practice on this machine writes its mail. */
export async function letterIn(folder, to, within = 30_000) {
  const started = Date.now();
  for (;;) {
    const names = existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
    const texts = names.map((name) => readable(readFileSync(join(folder, name), "utf8")));
    const found = texts.find((text) => text.includes(to));
    if (found) return found;
    if (Date.now() - started > within) throw new Error(`no letter to ${to} among ${names.length}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** The link of an invitation, a notice, or into the portal. */
export function linkIn(letter) {
  return /https?:\/\/\S+?\/(?:[in]|portal\/link)#[\w-]+/.exec(letter.text)?.[0] ?? null;
}

/** Undoes quoted-printable and base64 parts well enough to read the words. */
function readable(raw) {
  const soft = raw
    .replace(/=\r?\n/g, "")
    .replace(/((?:=[0-9A-F]{2})+)/g, (run) => Buffer.from(run.replaceAll("=", ""), "hex").toString("utf8"));
  const blocks = [...raw.matchAll(/\r?\n\r?\n((?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/=]*)/g)];
  return (
    soft +
    blocks.map((found) => Buffer.from(found[1].replace(/\s/g, ""), "base64").toString("utf8")).join("\n")
  );
}
