// docs/threat-model.md names the test that holds each claim: a name that no test has is a claim nobody holds.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url).pathname;
const model = readFileSync(`${root}docs/threat-model.md`, "utf8");

function sources(folder: string, ending: RegExp): string {
  const files = readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" });
  const wanted = files.filter((name) => ending.test(name) && !/node_modules|^target/.test(name));
  return wanted.map((name) => readFileSync(`${root}${folder}/${name}`, "utf8")).join("\n");
}

test("every Rust test the threat model names is there", () => {
  const named = [...model.matchAll(/`(\w+(?:_\w+){2,})`/g)].map(([, name]) => name ?? "");
  const rust = sources("crates", /\.rs$/);
  assert.ok(named.length > 12);
  assert.deepEqual(named.filter((name) => !rust.includes(`fn ${name}(`)), []);
});

test("every test of the client and journey the threat model names is there", () => {
  const held = [...model.matchAll(/(?:client|`e2e\/\w+`):((?:,? ?"[^"]+")+)/g)].map(([, list]) => list ?? "");
  const named = held.flatMap((list) => [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? ""));
  const titles = sources("client/tests", /\.test\.ts$/) + sources("e2e/journeys", /\.mjs$/);
  assert.ok(named.length > 20);
  assert.deepEqual(named.filter((name) => !titles.includes(`test("${name}`)), []);
  for (const [, name] of model.matchAll(/`e2e\/(\w+)`/g))
    readFileSync(`${root}e2e/journeys/${name}.test.mjs`);
});
