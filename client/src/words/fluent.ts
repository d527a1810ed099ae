// Owns the subset of Fluent that room.ftl uses: `key = text`, lines that go on indented, a variable, a quoted
// text, and one level of choice (numbers by plural rules, words by equality).
// Refuses everything else loudly at build time, so that no word is lost silently at run time.

export type Part = string | { v: string } | { on: string; cases: Record<string, Part[]>; otherwise: string };
export type Book = Record<string, Part[]>;
export type Values = Record<string, string | number>;

/** Reads a whole .ftl file. */
export function parse(source: string): Book {
  const book: Book = {};
  for (const [key, text] of entries(source)) {
    if (key in book) throw new Error(`room.ftl: ${key} stands there twice`);
    book[key] = parts(text, key);
  }
  return book;
}

/** Fills one message. */
export function fill(message: Part[], values: Values, language: string): string {
  return message
    .map((part) => {
      if (typeof part === "string") return part;
      if ("v" in part) return shown(values[part.v], part.v, language);
      return fill(chosen(part, values, language), values, language);
    })
    .join("");
}

/** Every variable a message needs; both languages must agree on them. */
export function variables(message: Part[]): Set<string> {
  const found = new Set<string>();
  for (const part of message) {
    if (typeof part === "string") continue;
    if ("v" in part) found.add(part.v);
    else {
      found.add(part.on);
      for (const inner of Object.values(part.cases)) for (const name of variables(inner)) found.add(name);
    }
  }
  return found;
}

function shown(value: string | number | undefined, name: string, language: string): string {
  if (value === undefined) return `{$${name}}`;
  return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
}

function chosen(
  part: { on: string; cases: Record<string, Part[]>; otherwise: string },
  values: Values,
  language: string,
) {
  const value = values[part.on];
  const otherwise = part.cases[part.otherwise] ?? [];
  if (typeof value !== "number") return part.cases[String(value)] ?? otherwise;
  return part.cases[String(value)] ?? part.cases[new Intl.PluralRules(language).select(value)] ?? otherwise;
}

function* entries(source: string): Generator<[string, string]> {
  let key: string | null = null;
  let lines: string[] = [];
  for (const line of source.split(/\r?\n/)) {
    const start = /^([a-z][a-z0-9_-]*) *= ?(.*)$/.exec(line);
    if (start || /^#/.test(line)) {
      if (key) yield [key, joined(lines)];
      key = start?.[1] ?? null;
      lines = start ? [start[2] ?? ""] : [];
    } else if (line.trim() === "" || /^[\s}]/.test(line)) {
      if (key) lines.push(line);
      else if (line.trim()) throw new Error(`room.ftl: text without a key: ${line}`);
    } else throw new Error(`room.ftl: not understood: ${line}`);
  }
  if (key) yield [key, joined(lines)];
}

function joined(lines: string[]): string {
  return lines
    .map((line) => line.trim())
    .join("\n")
    .trim();
}

function parts(text: string, key: string): Part[] {
  const out: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{", at);
    if (open < 0) {
      out.push(flat(text.slice(at)));
      break;
    }
    if (open > at) out.push(flat(text.slice(at, open)));
    const close = closing(text, open, key);
    out.push(placeable(text.slice(open + 1, close).trim(), key));
    at = close + 1;
  }
  return out;
}

function flat(text: string): string {
  return text.replaceAll("\n", " ");
}

function closing(text: string, open: number, key: string): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  throw new Error(`room.ftl: ${key}: a brace is not closed`);
}

function placeable(inside: string, key: string): Part {
  const plain = /^\$([a-z_]+)$/.exec(inside);
  if (plain) return { v: plain[1] ?? "" };
  const quoted = /^"([^"]*)"$/.exec(inside);
  if (quoted) return quoted[1] ?? "";
  const select = /^\$([a-z_]+)\s*->\s*([\s\S]+)$/.exec(inside);
  if (!select) throw new Error(`room.ftl: ${key}: not understood: {${inside}}`);
  return selection(select[1] ?? "", select[2] ?? "", key);
}

function selection(on: string, body: string, key: string): Part {
  const cases: Record<string, Part[]> = {};
  let otherwise = "";
  for (const found of body.matchAll(/(\*?)\[([^\]]+)\]\s*([\s\S]*?)(?=\n\s*\*?\[|$)/g)) {
    const name = (found[2] ?? "").trim();
    cases[name] = parts((found[3] ?? "").trim(), key);
    if (found[1]) otherwise = name;
  }
  if (!otherwise) throw new Error(`room.ftl: ${key}: one case needs a *`);
  return { on, cases, otherwise };
}
