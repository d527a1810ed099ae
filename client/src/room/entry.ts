// Owns what comes in with the address and what one tab remembers across a reload. Nothing here outlives the
// tab.

import type { Language } from "../words/words.ts";
import type { Remembered } from "./state.ts";

export interface Entry {
  ticket: string | null;
  demo: boolean;
  admit: string | null;
}

/** `#TICKET`, `#TICKET~demo`, `#TICKET~admit=PARTICIPANT`; `readSimple` looks for its own. */
export function readEntry(hash: string): Entry {
  const [ticket, ...options] = hash.replace(/^#/, "").split("~");
  const admit = options.find((option) => option.startsWith("admit="))?.slice("admit=".length) ?? null;
  return {
    ticket: ticket && /^[\w-]{16,256}$/.test(ticket) ? ticket : null,
    demo: options.includes("demo"),
    admit: admit && /^[\w-]{1,64}$/.test(admit) ? admit : null,
  };
}

/** Large letters, as chosen on a page: comes with the way in (`~simple`), and a reload remembers it. */
export function readSimple(hash: string): boolean {
  if (hash.length > 1) write("simple", hash.split("~").includes("simple") ? "1" : null);
  return read("simple") === "1";
}

export const memory = {
  resume: () => read("resume"),
  language: () => read("language"),
  /** What the person pressed; null when nobody did. */
  chosen: (): Language | null => {
    const found = read("chosen");
    return found === "en" || found === "es" ? found : null;
  },
  choose: (language: Language) => write("chosen", language),
  demo: () => read("demo") === "1",
  devices: (): Remembered | null => {
    try {
      const value = JSON.parse(read("devices") ?? "null") as Remembered | null;
      return value && typeof value.mic === "boolean" && typeof value.camera === "boolean" ? value : null;
    } catch {
      return null;
    }
  },
  remember(resume: string, language: string, demo: boolean): void {
    write("resume", resume);
    write("language", language);
    write("demo", demo ? "1" : null);
  },
  rememberDevices: (value: Remembered | null) => write("devices", value ? JSON.stringify(value) : null),
  forget: () => write("resume", null),
};

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(`alcove.${key}`);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(`alcove.${key}`);
    else sessionStorage.setItem(`alcove.${key}`, value);
  } catch {
    // Without storage a reload asks for the way in again; nothing else is lost.
  }
}
