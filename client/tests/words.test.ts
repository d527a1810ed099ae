// Words: both languages say the same things, and nothing a person reads is missing.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FIRST } from "../src/room/state.ts";
import { type Secrecy, UNSEALED } from "../src/room/secrecy_view.ts";
import type { Stagehand } from "../src/ui/parts.ts";
import { truthOf } from "../src/ui/secrecy.ts";
import { parse, fill, variables } from "../src/words/fluent.ts";
import built from "built:words";
import { ordinalForm, pick, problemIn, wordsOf } from "../src/words/words.ts";

declare const TREE: string;
const read = (language: string) =>
  parse(readFileSync(join(TREE, "crates/visit/locales", language, "room.ftl"), "utf8"));
const book = { en: read("en"), es: read("es") };

test("English and Spanish have the same messages with the same values", () => {
  assert.deepEqual(Object.keys(book.es).sort(), Object.keys(book.en).sort());
  for (const key of Object.keys(book.en)) {
    assert.deepEqual(
      [...variables(book.es[key] ?? [])].sort(),
      [...variables(book.en[key] ?? [])].sort(),
      key,
    );
  }
});

test("every key the sources name is there", () => {
  const missing = sources(join(TREE, "client/src")).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/(?:words\(|key: |title\(|text\()"([a-z][a-z0-9-]+)"/g)]
      .map((found) => found[1] ?? "")
      .filter((key) => key.includes("-") && !(key in book.en)),
  );
  assert.deepEqual(missing, []);
});

test("a refusal is read in the language of the page, also after it came in another one", () => {
  const refusals = (language: "en" | "es") =>
    parse(readFileSync(join(TREE, "crates/visit/locales", language, "during.ftl"), "utf8"));
  const es = wordsOf(built, "es");
  const told = { type: "urn:alcove:room-locked", title: "The room is locked.", detail: "Unlock it." };
  const { title, detail } = problemIn(es, told);
  assert.equal(title, fill(refusals("es")["room-locked"] ?? [], {}, "es"));
  assert.equal(detail, fill(refusals("es")["room-locked-detail"] ?? [], {}, "es"));
  const later = { ...told, type: "urn:alcove:room-flooded" };
  assert.deepEqual(problemIn(es, later), { title: told.title, detail: told.detail });
});

test("ordinals and plurals read like speech", () => {
  const en = wordsOf(book, "en");
  const said = [1, 2, 3, 4, 11, 12, 21, 22].map((n) =>
    en("lobby-position", { position: String(n), form: ordinalForm(n, "en") }),
  );
  assert.deepEqual(said, ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "22nd"]);
  assert.equal(en("lobby-minutes", { minutes: 1 }), "about 1 minute");
  assert.equal(en("lobby-minutes", { minutes: 0 }), "any moment now");
  const three = wordsOf(book, "es")("truth-people", { count: 3 });
  assert.equal(three, "Solo las 3 personas que ve pueden ver y oír esto.");
});

test("the sentence of truth claims no more than is so", () => {
  const en = wordsOf(book, "en");
  const said = (secrecy: Partial<Secrecy>) =>
    truthOf({ ...FIRST, secrecy: { ...UNSEALED, ...secrecy } }, { words: en, language: "en" } as Stagehand);
  assert.match(said({}), /Nothing is sent yet/);
  assert.match(said({ stuck: true }), /Nothing is sent\. Open your link again in a new tab, or call/);
  const nothing = { check: null, own: null, device: null };
  const me = { leaf: 0, key: "a", name: "Dr. Osei", role: "host", you: true, ...nothing } as const;
  const other = { leaf: 1, key: "b", name: "Maria", role: "patient", you: false, ...nothing } as const;
  assert.match(said({ stage: "sealed", members: [me] }), /Only you are here/);
  const unchecked = said({ stage: "sealed", members: [me, other] });
  assert.match(unchecked, /so far.*Only the 2 people shown/);
  assert.doesNotMatch(unchecked, /Checked/);
  const skipped = { ...other, check: { outcome: "skipped", at: 0 } } as const;
  assert.doesNotMatch(said({ stage: "sealed", members: [me, skipped] }), /Checked/);
  const matches = { ...other, check: { outcome: "matches", at: 0 } } as const;
  const checked = said({ stage: "sealed", members: [me, matches] });
  assert.match(checked, /^Private\. Only the 2 people.*Checked by voice/);
  assert.match(said({ stage: "stopped", members: [me, matches] }), /stopped/);
});

test("the reader refuses what it does not understand", () => {
  for (const source of [
    "just text",
    "a-key = { $x",
    "a-key = { $n -> [one] x }",
    "a = { FUNC($x) }",
    "a = 1\na = 2",
  ]) {
    assert.throws(() => parse(source), Error, source);
  }
  assert.equal(fill(parse('a = One\n    two { $x } { "#" }')["a"] ?? [], { x: "3" }, "en"), "One two 3 #");
});

test("the first language we speak is picked", () => {
  assert.equal(pick(null, "fr-CA", "es-MX", "en"), "es");
  assert.equal(pick("de"), "en");
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
