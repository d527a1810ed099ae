// Owns the word between the day page and an open room of the same browser: "admit this one". The room
// answers, so that the day page knows it need not open another, and the room's own rules still decide.

interface Word {
  admit?: string;
  admitting?: string;
}

/** In the room: listen. `admit` says whether that person waits here; another's room keeps still. */
export function listenForDay(admit: (participant: string) => boolean): void {
  const channel = open();
  if (!channel) return;
  channel.onmessage = (event: MessageEvent<Word>) => {
    const participant = event.data?.admit;
    if (typeof participant !== "string") return;
    if (!admit(participant)) return;
    channel.postMessage({ admitting: participant });
    window.focus();
  };
}

/** On the day page: true when an open room took it. */
export function askOpenRoom(participant: string): Promise<boolean> {
  const channel = open();
  if (!channel) return Promise.resolve(false);
  return new Promise((done) => {
    const finish = (taken: boolean) => {
      channel.close();
      done(taken);
    };
    const timer = setTimeout(() => finish(false), ANSWER_WITHIN_MS);
    channel.onmessage = (event: MessageEvent<Word>) => {
      if (event.data?.admitting !== participant) return;
      clearTimeout(timer);
      finish(true);
    };
    channel.postMessage({ admit: participant });
  });
}

function open(): BroadcastChannel | null {
  return typeof BroadcastChannel === "function" ? new BroadcastChannel("alcove-room") : null;
}

const ANSWER_WITHIN_MS = 400;
