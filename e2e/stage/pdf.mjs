// A PDF as somebody sees it: poppler renders its pages. None is blank, nothing stands outside the margins,
// and a picture of the first and the last page is kept.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { screenshots } from "./places.mjs";

/** Every one of `words` stands in it. Answers how many pages it has. */
export function lookAtPdf(bytes, name, words) {
  const folder = mkdtempSync(join(tmpdir(), "alcove-pdf-"));
  try {
    const file = join(folder, "report.pdf");
    writeFileSync(file, bytes);
    const info = poppler("pdfinfo", [file]);
    const pages = Number(/^Pages:\s+(\d+)$/m.exec(info)?.[1]);
    assert.ok(pages > 1, info);
    assert.match(info, /^Tagged:\s+yes$/m, "it can be read aloud");
    const text = poppler("pdftotext", [file, "-"]).replace(/\s+/g, " ");
    for (const said of words) assert.ok(text.includes(said), `${name} does not say ${said}`);
    insideTheirPages(poppler("pdftotext", ["-bbox", file, "-"]), pages, name);
    poppler("pdftoppm", ["-gray", "-r", String(DPI), file, join(folder, "page")]);
    const pictures = readdirSync(folder).filter((one) => one.endsWith(".pgm"));
    assert.equal(pictures.length, pages, "every page renders");
    for (const one of pictures) notBlank(readFileSync(join(folder, one)), `${name}, ${one}`);
    mkdirSync(screenshots, { recursive: true });
    for (const page of [1, pages]) {
      const to = join(screenshots, `pdf-${name}-${page === 1 ? "first" : "last"}`);
      const one = ["-f", String(page), "-l", String(page), "-singlefile"];
      poppler("pdftoppm", ["-png", "-r", "72", ...one, file, to]);
    }
    return pages;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The box of every word lies between the margins, and each page has some above its foot. */
function insideTheirPages(boxes, pages, name) {
  const each = boxes.split(/<page /).slice(1);
  assert.equal(each.length, pages);
  each.forEach((page, at) => {
    const [width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(page).slice(1).map(Number);
    const words = [...page.matchAll(/xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"/g)];
    const sides = words.map((word) => word.slice(1).map(Number));
    for (const [left, top, right, bottom] of sides) {
      const across = left >= MARGIN && right <= width - MARGIN;
      const down = top >= MARGIN / 2 && bottom <= height - MARGIN / 2;
      const where = `${left} to ${right}, ${top} to ${bottom}`;
      assert.ok(across && down, `${name}, page ${at + 1}: a word at ${where}`);
    }
    const body = sides.filter(([, , , bottom]) => bottom < height - FOOT);
    assert.ok(body.length > 0, `${name}, page ${at + 1} has no word above its foot`);
  });
}

/** Ink within the margins and none outside of them. `P5` of netpbm: a head of three lines, a byte a dot. */
function notBlank(bytes, name) {
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 40).toString("latin1"));
  const [width, height] = [Number(head[1]), Number(head[2])];
  const dots = bytes.subarray(head[0].length);
  assert.equal(dots.length, width * height, name);
  const edge = Math.floor((MARGIN / 2 / 72) * DPI);
  let ink = 0;
  dots.forEach((dot, at) => {
    if (dot > DARK) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    const within = x >= edge && x < width - edge && y >= edge && y < height - edge;
    assert.ok(within, `${name}: something is drawn at ${x}, ${y}, outside the margins`);
    ink += 1;
  });
  assert.ok(ink > INK_LEAST, `${name} is blank: ${ink} dark dots`);
}

function poppler(tool, args) {
  const said = spawnSync(tool, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  assert.equal(said.status, 0, `${tool}: ${said.error ?? said.stderr}`);
  return said.stdout;
}

const DPI = 50;
/** Points of 1/72 inch: a little less than the press leaves free, for letters that lean over. */
const MARGIN = 50;
/** The name of the practice and the page's number stand in it. */
const FOOT = 60;
/** Of 255, which is white. */
const DARK = 160;
/** A line of words has more dots. */
const INK_LEAST = 60;
