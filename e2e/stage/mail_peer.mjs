// A mail server (RFC 5321) that is a program of its own, with the moods that real ones have:
// `node mail_peer.mjs '{"port": 2525, "slowMs": 300}'`. It says a line of JSON for each thing it does; the
// first names its port.
//
// `refuses`, `greys`, `stalls`: addresses that it does not know, takes at the second try (RFC 6647 section
// 2.1), and of whose first letter it never says that it has it.

import { createServer } from "node:net";

const { port = 0, slowMs = 0, refuses = [], greys = [], stalls = [] } = JSON.parse(process.argv[2] ?? "{}");
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const seen = new Set();

/** Whether this is the first time that this happens to this address. */
function isFirst(what, to) {
  const key = `${what} ${to}`;
  return !seen.has(key) && seen.add(key);
}

const server = createServer((socket) => {
  let [to, text, rest] = ["", false, ""];
  const answer = (line) => socket.writable && socket.write(`${line}\r\n`);

  const recipient = () => {
    if (refuses.includes(to)) return [answer("550 5.1.1 No such mailbox"), say({ did: "refused", to })];
    if (!greys.includes(to) || !isFirst("greyed", to)) return answer("250 ok");
    return [answer("451 4.7.1 Greylisted, try again"), say({ did: "greyed", to })];
  };
  const letter = (raw) => {
    if (stalls.includes(to) && isFirst("stalled", to)) return say({ did: "stalled", to });
    const subject = /^Subject: (.*)$/m.exec(raw)?.[1].trim();
    return setTimeout(() => [answer("250 ok"), say({ did: "took", to, subject })], slowMs);
  };
  const command = (line) => {
    const word = line.slice(0, 4).toUpperCase();
    if (word === "RCPT") {
      to = /<(.*)>/.exec(line)?.[1] ?? "";
      return recipient();
    }
    text = word === "DATA";
    if (text) return answer("354 go on");
    return answer(word === "QUIT" ? "221 bye" : "250 ok");
  };

  socket.on("error", () => undefined);
  socket.on("data", (bytes) => {
    rest += bytes.toString("latin1");
    for (;;) {
      const mark = text ? "\r\n.\r\n" : "\r\n";
      const end = rest.indexOf(mark);
      if (end < 0) return;
      const part = rest.slice(0, end);
      rest = rest.slice(end + mark.length);
      if (!text) command(part);
      else {
        text = false;
        letter(part);
      }
    }
  });
  answer("220 localhost");
});
server.listen(port, "127.0.0.1", () => say({ port: server.address().port }));
