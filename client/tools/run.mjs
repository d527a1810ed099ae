// `node tools/run.mjs NAME ARGS`: bundles tools/NAME.ts for Node and runs it. These are tools for whoever
// changes or upgrades the cryptography; neither the product nor its tests load them.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../build.mjs";

const [name, ...args] = process.argv.slice(2);
const TOOLS = ["differential", "conformance", "man-in-the-middle"];
if (!TOOLS.includes(name)) throw new Error(`there is no tool called ${name}`);

// Of its own: the same tool may run twice at a time.
const out = mkdtempSync(join(tmpdir(), "alcove-tool-"));
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
rmSync(out, { recursive: true, force: true });
process.exit(run.status ?? 1);
