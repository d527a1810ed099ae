// Builds client/dist: the room document and what it loads, and pages.js. The same sources give the same
// bytes. `bundle()` is also what the tests use, so that tests and product read words and icons the same way.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const locales = join(here, "../crates/visit/locales");
const styles = join(here, "../crates/web/assets/room.css");
const font = join(here, "../crates/web/assets/fonts/atkinson-latin.woff2");
const drawings = join(here, "../crates/web/assets/icons");
const mark = join(here, "../crates/web/assets/mark.svg");

/** Lucide icons that the room and the page script draw, each with a word beside it. */
const ICONS = [
  "arrow-right",
  "bell",
  "check",
  "circle-alert",
  "door-closed",
  "door-open",
  "download",
  "file-text",
  "globe",
  "info",
  "languages",
  "lock",
  "lock-open",
  "maximize-2",
  "message-circle",
  "mic",
  "mic-off",
  "phone",
  "phone-off",
  "refresh-cw",
  "send",
  "settings",
  "shield-check",
  "sun",
  "switch-camera",
  "triangle-alert",
  "undo-2",
  "user-x",
  "users",
  "video",
  "video-off",
  "volume-2",
  "volume-x",
  "wifi",
  "wifi-off",
  "x",
];

/** The browsers of the last five years read this. */
const TARGET = "es2020";

export async function bundle(options) {
  const result = await esbuild.build({
    absWorkingDir: here,
    bundle: true,
    write: false,
    target: TARGET,
    format: "esm",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    plugins: [built],
    ...options,
  });
  return result.outputFiles;
}

const built = {
  name: "built",
  setup(build) {
    build.onResolve({ filter: /^built:/ }, ({ path }) => ({ path, namespace: "built" }));
    build.onLoad({ filter: /.*/, namespace: "built" }, async ({ path }) => {
      if (path === "built:icons") return { contents: JSON.stringify(await icons()), loader: "json" };
      const wanted =
        path === "built:words/ready" ? /^(ready|advice|try-again|how-to)/ : /^(?!ready-|problem-during-)/;
      return { contents: JSON.stringify(await words(wanted)), loader: "json" };
    });
  },
};

async function words(wanted) {
  const [parser] = await bundle({ entryPoints: ["src/words/fluent.ts"], plugins: [] });
  const { parse } = await import(
    `data:text/javascript;base64,${Buffer.from(parser.contents).toString("base64")}`
  );
  const book = {};
  for (const language of ["en", "es"]) {
    const all = parse(await readFile(join(locales, language, "room.ftl"), "utf8"));
    const told = parse(await readFile(join(locales, language, "during.ftl"), "utf8"));
    for (const [key, message] of Object.entries(told)) all[`problem-${key}`] = message;
    book[language] = Object.fromEntries(Object.entries(all).filter(([key]) => wanted.test(key)));
  }
  return book;
}

async function icons() {
  const found = {};
  for (const name of ICONS) {
    const svg = await readFile(join(drawings, `${name}.svg`), "utf8");
    const shapes = [...svg.matchAll(/<(path|circle|rect|line|polyline|polygon|ellipse)\s([^>]*?)\/>/g)];
    found[name] = shapes.map(([, tag, text]) => [
      tag,
      Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v])),
    ]);
    if (shapes.length === 0) throw new Error(`icon ${name} has no shapes`);
  }
  return found;
}

async function build() {
  const only = { minify: true, outdir: dist };
  const [picture] = await bundle({
    ...only,
    entryPoints: { picture: "src/media/picture-worker.ts" },
    format: "iife",
  });
  // Reads encoded frames: no older browser has the interface it needs.
  const [secrecy] = await bundle({
    ...only,
    entryPoints: { secrecy: "src/secrecy/worker.ts" },
    format: "iife",
    target: "es2022",
  });
  const define = {
    PICTURE_INTEGRITY: JSON.stringify(digest(picture.contents)),
    SECRECY_INTEGRITY: JSON.stringify(digest(secrecy.contents)),
  };
  const [room] = await bundle({
    ...only,
    define,
    entryPoints: { room: "src/room/main.ts" },
    target: "es2022",
  });
  const [pages] = await bundle({ ...only, define, entryPoints: { pages: "src/pages/pages.ts" } });
  const [css] = await bundle({ ...only, entryPoints: { room: styles }, external: ["*.woff2"] });
  const html = (await readFile(join(here, "src/room.html"), "utf8"))
    .replace("{room.js}", digest(room.contents))
    .replace("{room.css}", digest(css.contents));
  const files = {
    "room.html": Buffer.from(html),
    "room.js": room.contents,
    "room.css": css.contents,
    "room.woff2": await readFile(font),
    "favicon.svg": await readFile(mark),
    "picture.js": picture.contents,
    "secrecy.js": secrecy.contents,
    "pages.js": pages.contents,
  };
  await mkdir(dist, { recursive: true });
  const stale = (await readdir(dist)).filter((name) => !(name in files));
  for (const name of stale) await rm(join(dist, name), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeIfChanged(join(dist, name), bytes);
  report(files);
}

/** The program embeds these files: a new date on the same bytes would compile half of it again. */
async function writeIfChanged(path, bytes) {
  const there = await readFile(path).catch(() => null);
  if (!there?.equals(bytes)) await writeFile(path, bytes);
}

function report(files) {
  let room = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = name.endsWith(".woff2") ? bytes.length : gzipSync(bytes, { level: 9 }).length;
    if (name !== "pages.js") room += packed;
    console.log(`${name.padEnd(12)} ${kilo(bytes.length)} ${kilo(packed)} gz`);
    if (name === "pages.js" && packed > PAGES_LIMIT) throw new Error("pages.js is over its budget of 35 kB");
  }
  console.log(`the room in all: ${kilo(room)} of ${kilo(ROOM_LIMIT)}`);
  if (room > ROOM_LIMIT) throw new Error("the room is over its budget of 300 kB");
}

function kilo(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`.padStart(9);
}

function digest(bytes) {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}

const ROOM_LIMIT = 300_000;
const PAGES_LIMIT = 35_000;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build().catch((error) => {
    console.error(`the client was not built: ${error.message.slice(0, 600)}`);
    process.exit(1);
  });
}
