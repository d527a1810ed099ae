// `node tools/run.mjs NAME ARGS`: bundles tools/NAME.ts for Node and runs it. These are tools for whoever
// changes or upgrades the cryptography; neither the product nor its tests load them.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(process.env.CARGO_TARGET_DIR ?? join(here, "../../target"), "client-tools");
const [name, ...args] = process.argv.slice(2);
const TOOLS = ["differential", "conformance", "man-in-the-middle"];
if (!TOOLS.includes(name)) throw new Error(`there is no tool called ${name}`);

mkdirSync(out, { recursive: true });
const files = await bundle({
  entryPoints: [`tools/${name}.ts`],
  outdir: out,
  outExtension: { ".js": ".mjs" },
  platform: "node",
  target: "node20",
  sourcemap: "inline",
});
for (const file of files) writeFileSync(file.path, file.contents);
const run = spawnSync(process.execPath, ["--enable-source-maps", join(out, `${name}.mjs`), ...args], {
  stdio: "inherit",
});
process.exit(run.status ?? 1);
