// Stands between a page and the server as a dishonest server would: reads everything, and may change, drop,
// repeat or make up messages in both directions.

/** To call before the person opens the room. Honest until told otherwise. */
export async function between(person) {
  const heard = { toPage: [], fromPage: [] };
  const lies = { toPage: null, fromPage: null };
  let page = null;
  await person.context.routeWebSocket(/\/ws$/, (side) => {
    const server = side.connectToServer();
    page = side;
    const pass = (way, text, send) => {
      const message = JSON.parse(text);
      heard[way].push(message);
      for (const each of lies[way] ? lies[way](message) : [message]) send(JSON.stringify(each));
    };
    side.onMessage((text) => pass("fromPage", text, (lie) => server.send(lie)));
    server.onMessage((text) => pass("toPage", text, (lie) => side.send(lie)));
  });
  return {
    /** Everything that was really said, either way. */
    heard,
    /** What becomes of a message on its way: a list, empty to drop it. Null: the truth. */
    lies,
    /** Says something to the page that the server never said. */
    say(...messages) {
      for (const { type, body } of messages) page.send(JSON.stringify({ v: 1, seq: 0, type, body }));
    },
  };
}

/** The payload with one bit changed, somewhere in its middle. */
export function bent(blob) {
  const bytes = Buffer.from(blob, "base64url");
  bytes[bytes.length >> 1] ^= 1;
  return bytes.toString("base64url");
}
