// The vectors of the MLS working group, read from a folder: `conformance FOLDER`. Runs what it knows, for the
// one cipher suite of the profile; names what it does not run. Ends with 1 when a vector is not met, and when
// there was nothing to run.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Check } from "./conformance/expect.ts";
import { messageProtection, passiveClient, welcome } from "./conformance/messages.ts";
import * as primitives from "./conformance/primitives.ts";
import { treeKem, treeOperations, treeValidation } from "./conformance/trees.ts";
import { suite } from "../src/secrecy/suite.ts";

const CHECKS: Record<string, Check> = {
  "crypto-basics": primitives.cryptoBasics,
  deserialization: primitives.deserialization,
  "key-schedule": primitives.keySchedule,
  "message-protection": messageProtection,
  "passive-client-handling-commit": passiveClient,
  "passive-client-random": passiveClient,
  "passive-client-welcome": passiveClient,
  psk_secret: primitives.pskSecret,
  "secret-tree": primitives.secretTree,
  "transcript-hashes": primitives.transcriptHashes,
  "tree-math": primitives.treeMath,
  "tree-operations": treeOperations,
  "tree-validation": treeValidation,
  treekem: treeKem,
  welcome,
};

/** X25519, AES-128-GCM, SHA-256, Ed25519. */
const SUITE = 1;

const [folder = ""] = process.argv.slice(2);
const cs = await suite();
let passed = 0;
let failed = 0;
for (const name of readdirSync(folder).sort()) {
  if (name.endsWith(".json")) await file(name);
}
console.log(`${passed} of ${passed + failed} vectors passed`);
if (passed + failed === 0) console.log(`no vectors in ${folder}: they are files such as treekem.json`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function file(name: string): Promise<void> {
  const kind = basename(name, ".json");
  const check = CHECKS[kind];
  if (!check) {
    console.log(`${kind}: not run, there is no check for this kind of vector`);
    return;
  }
  const all = JSON.parse(readFileSync(join(folder, name), "utf8")) as { cipher_suite?: number }[];
  const ours = all.filter((vector) => (vector.cipher_suite ?? SUITE) === SUITE);
  let good = 0;
  for (const [at, vector] of ours.entries()) {
    try {
      await check(vector, cs);
      good++;
    } catch (error) {
      console.log(`${kind} ${at}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  passed += good;
  failed += ours.length - good;
  const others = all.length - ours.length;
  const rest = others > 0 ? `; ${others} not run, they are for other cipher suites` : "";
  console.log(`${kind}: ${good}/${ours.length}${rest}`);
}
