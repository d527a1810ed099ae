// A page as people meet it: axe finds nothing, nothing spills over the side, and a picture is kept at two
// widths.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { speak } from "./people.mjs";
import { screenshots } from "./places.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [390, 1280];
/** 8.5 by 11 inches without half an inch of margin on each side, in CSS pixels. */
const LETTER = { width: 720, height: 960 };

export async function look(page, name) {
  mkdirSync(screenshots, { recursive: true });
  const was = page.viewportSize();
  const room = await page.evaluate(() => document.documentElement.dataset.stage === "room");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 820 });
    await (room ? page.waitForTimeout(SETTLE_MS) : settled(page));
    await page.screenshot({ path: join(screenshots, `${name}-${width}.png`), fullPage: !room });
    const spill = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(spill <= 0, `${name} at ${width} px spills ${spill} px over the side`);
    const unreached = await page.evaluate(() => {
      const rail = document.querySelector(".rail nav");
      const isCut = rail && rail.scrollWidth > rail.clientWidth;
      return isCut && getComputedStyle(rail).overflowX === "visible";
    });
    assert.ok(!unreached, `${name} at ${width} px has links beyond the edge that nobody can scroll to`);
    await accessible(page, `${name} at ${width} px`);
  }
  await page.setViewportSize(was);
}

/** A page without a camera is still once its letters are there and what moves has come to its end. */
function settled(page) {
  return page.evaluate(async (most) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    const ends = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < Infinity);
    const still = Promise.allSettled([document.fonts.ready, ...ends.map((one) => one.finished)]);
    await Promise.race([still, new Promise((done) => setTimeout(done, most))]);
    await frame();
  }, SETTLE_MS);
}

/**
 * As `look`, in English and then in Spanish. `again` brings back what a change of language forgets: what is
 * unfolded, and what a form said.
 */
export async function lookInBoth(page, name, again = async () => undefined) {
  const at = page.url();
  for (const lang of ["en", "es"]) {
    await speak(page, lang);
    if (page.url() !== at) await page.goto(at);
    await again();
    await look(page, `${name}-${lang}`);
  }
}

/** Opens what a form is folded into. */
export async function unfold(page, form) {
  const fold = page.locator(`details:has(> ${form})`);
  if (!(await fold.evaluate((one) => one.open))) await fold.locator("> summary").click();
}

/** The page's own button asks for paper; on it stands nothing to press, and nothing over the side.
 *  Gives the words that are on it. */
export async function lookOnPaper(page, name) {
  await page.evaluate(() => (globalThis.print = () => (globalThis.asksForPaper = true)));
  await page.locator("button[data-print]").click();
  assert.ok(await page.evaluate(() => globalThis.asksForPaper), `the button on ${name} prints`);
  const was = page.viewportSize();
  await page.setViewportSize(LETTER);
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: join(screenshots, `${name}-paper.png`), fullPage: true });
  const pressed = ["button", ".button", "nav", "summary"].map((one) => `${one}:visible`);
  const left = await page.locator(pressed.join()).allInnerTexts();
  assert.deepEqual(left, [], `${name} on paper holds nothing to press`);
  const spill = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(spill <= 0, `${name} on paper spills ${spill} px over the side`);
  const words = await page.locator("body").innerText();
  await page.emulateMedia({ media: null });
  await page.setViewportSize(was);
  return words;
}

/** The page's own policy forbids foreign script tags; evaluated source is not a tag. */
export async function accessible(page, name) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } });
    return violations.map(
      (one) =>
        `${one.id}: ${one.help}: ${one.nodes
          .map((node) => node.target.join(" "))
          .slice(0, 4)
          .join(" | ")}`,
    );
  }, TAGS);
  assert.deepEqual(found, [], `axe on ${name}`);
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SETTLE_MS = 350;
