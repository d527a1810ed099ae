// A person without a mouse: the Tab key leads everywhere, each stop shows where one is, and none holds on.

import assert from "node:assert/strict";

const TABS_MAX = 60;
/** WCAG 2.2, 2.4.13: as thick as two CSS pixels. */
const RING_PX = 2;

export const hasFocus = (target) => target.evaluate((one) => one === document.activeElement);

/** The Tab key alone, as often as a patient person would press it. */
export async function tabTo(page, target, each = async () => undefined) {
  await target.waitFor();
  for (let step = 0; step < TABS_MAX && !(await hasFocus(target)); step++) {
    await page.keyboard.press("Tab");
    await each();
  }
  assert.ok(await hasFocus(target), "the Tab key leads there");
}

/** As `tabTo`; wherever the focus rests on the way, it is seen there. */
export const walkTo = (page, target) => tabTo(page, target, () => seesFocus(page));

/** Once through the page from its top and out at its end: a stop that held on would show here. */
export async function walkThrough(page) {
  await page.evaluate(() => document.activeElement?.blur());
  const stops = [];
  for (let step = 0; step < TABS_MAX; step++) {
    await page.keyboard.press("Tab");
    const stop = await seesFocus(page);
    if (stop === null || (stops.length > 1 && stop.number === stops[0].number)) return stops.length;
    const held = stops.slice(-stop.parts);
    const isHeld = held.length === stop.parts && held.every(({ number }) => number === stop.number);
    assert.ok(!isHeld, `${stop.name} holds the focus`);
    stops.push(stop);
  }
  throw new Error(`no end after ${TABS_MAX} stops: ${stops.map(({ name }) => name)}`);
}

/** Null where the page itself has it. */
async function seesFocus(page) {
  const stop = await page.evaluate(stopNow);
  if (!stop) return null;
  assert.ok(stop.ring >= RING_PX, `${stop.name} on ${page.url()} has the focus, and nobody sees it`);
  assert.ok(stop.inView, `${stop.name} on ${page.url()} has the focus out of sight`);
  return stop;
}

/** In the page: a box to tick lies in its label, which wears the ring for it. */
function stopNow() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const ring = (one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    const clear = outlineColor === "transparent" || /, 0\)$/.test(outlineColor);
    return outlineStyle === "none" || clear ? 0 : parseFloat(outlineWidth);
  };
  const box = (at.closest("label") ?? at).getBoundingClientRect();
  globalThis.stopNumbers ??= new Map();
  const numbers = globalThis.stopNumbers;
  if (!numbers.has(at)) numbers.set(at, numbers.size);
  return {
    number: numbers.get(at),
    name: `${at.localName} ${(at.getAttribute("name") ?? at.innerText ?? "").slice(0, 40)}`,
    // Month, day, year and the calendar's button are stops of their own; hours alike. On that button, which
    // no style reaches, the browser draws a ring itself.
    parts: ["date", "time"].includes(at.type) ? 4 : 1,
    ring: at.matches(":focus") ? Math.max(...[at, at.closest("label")].filter(Boolean).map(ring)) : Infinity,
    inView: box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}
