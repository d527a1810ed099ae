// Words between the people in the room. Who said it is the MLS sender; who comes later sees nothing of
// before.

import { type Bytes, readUtf8, utf8 } from "./bytes.ts";
import { SecrecyError } from "./failure.ts";
import { writeNote } from "./notes.ts";

export function writeChat(text: string): Bytes {
  const clean = text.trim();
  if (clean === "" || clean.length > CHAT_CHARS) throw new SecrecyError("text-too-long");
  return writeNote("chat", utf8(clean));
}

export function readChat(body: Bytes): string {
  const text = readUtf8(body);
  if (text === "" || text.length > CHAT_CHARS) throw new SecrecyError("malformed");
  return text;
}

export const CHAT_CHARS = 2_000;
