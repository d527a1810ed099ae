// Owns what the person reads and does with messages and files of the room. Pure. Refuses to say anything when
// it would reach nobody, or when something is wrong with the keys.

import { CHAT_CHARS } from "../secrecy/chat.ts";
import { FILE_BYTES, type Source } from "../secrecy/files.ts";
import type { Effect, State } from "./state.ts";
import type { Step } from "./steps.ts";
import type { Line } from "./talk.ts";

/** Why nothing can be said now, as a key of words; null when it can. */
export function hindrance(state: State): string | null {
  const { stage, truth, members } = state.secrecy;
  if (stage === "stopped") return "talk-stopped";
  if (state.link !== "open") return "talk-offline";
  if (stage === "none") return "talk-no-keys";
  if (truth === "paused") return "talk-paused";
  return members.length < 2 ? "talk-alone" : null;
}

/** Lines of others that the person has not seen. */
export function unread(state: State): number {
  return state.talk.filter((line) => !line.you && line.id > state.read).length;
}

export function talked(state: State, talk: Line[]): Step {
  if (state.stage !== "room") return [{ ...state, talk: [] }, []];
  const last = talk.at(-1)?.id ?? 0;
  const fresh = talk.filter((line) => !line.you && line.id > (state.talk.at(-1)?.id ?? 0));
  // An open list says its new lines itself.
  const said = state.talking ? [] : fresh.map(announced);
  return [{ ...state, talk, read: state.talking ? last : state.read }, said];
}

export function openTalk(state: State, open: boolean): Step {
  const read = open ? (state.talk.at(-1)?.id ?? state.read) : state.read;
  return [{ ...state, talking: open, read, sheet: false, talkTrouble: null }, []];
}

export function chat(state: State, text: string): Step {
  const said = sayable(text);
  if (!said || hindrance(state)) return [state, []];
  return [{ ...state, talkTrouble: null }, [{ do: "chat", text: said }]];
}

/** Told before a byte is read. */
export function attach(state: State, file: Source): Step {
  if (hindrance(state)) return [state, []];
  if (file.size <= FILE_BYTES) return [{ ...state, talkTrouble: null }, [{ do: "attach", file }]];
  const effect: Effect = { do: "announce", key: "file-too-large", now: true };
  return [{ ...state, talkTrouble: "file-too-large" }, [effect]];
}

/** As it is sent: without white space around; null when there is nothing to say or too much. */
export function sayable(text: string): string | null {
  const said = text.trim();
  return said.length > 0 && said.length <= CHAT_CHARS ? said : null;
}

function announced({ name, text, file }: Line): Effect {
  if (file) return { do: "announce", key: "say-file", values: { name } };
  return { do: "announce", key: "say-chat", values: { name, text } };
}
