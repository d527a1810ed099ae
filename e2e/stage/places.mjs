// Where the journeys find the program and the browsers, and where they leave pictures. Environment first.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const tree = join(dirname(fileURLToPath(import.meta.url)), "../..");

export const out = process.env.ALCOVE_OUT ?? join(tree, "target/journeys");
export const screenshots = join(tree, "target/screenshots");
export const program = process.env.ALCOVE_BIN ?? join(tree, "target/debug/alcove");
/** Another implementation of a person in a visit: crates/participant. */
export const participant =
  process.env.PARTICIPANT_BIN ?? join(tree, "target/participant/debug/participant");
export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const firefox = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

if (!existsSync(program)) {
  throw new Error(`${program} is missing: run \`cargo build\` first, or name it in ALCOVE_BIN`);
}
