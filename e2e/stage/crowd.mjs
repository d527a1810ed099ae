// More than two: inviting by the visit page, coming in by link and entry code, and counting what really
// arrives from each of the others.

import assert from "node:assert/strict";
import { enterLobby, signIn, turnOn } from "./people.mjs";
import { bookInterpreter, visitOf } from "./visits.mjs";

export { visitOf };

export const ELENA = { part: "interpreter", name: "Elena Ruiz", lang: "es" };
export const ROSA = { part: "supporter", name: "Rosa Alvarez", lang: "en" };

/** Small pictures at ten a second: five browsers share two cores. */
export function lowResolution() {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const ask = devices.getUserMedia.bind(devices);
  const small = { width: 160, height: 120, frameRate: 10 };
  devices.getUserMedia = (wish) => ask({ ...wish, video: wish.video ? small : false });
}

/** By the form of the visit page; answers the link and the code, which are shown this once. */
export async function invite(page, visit, { part, name, lang, email = "" }) {
  if (part === "interpreter") return bookInterpreter(page, visit, name, "spa");
  await page.goto(visit);
  await page.locator("details:has(input[name=part]) > summary").click();
  await page.fill('form[action$="/companions"] input[name="name"]', name);
  await page.selectOption('select[name="lang"]', lang);
  await page.fill('input[name="email"]', email);
  await page.locator('form[action$="/companions"] button').click();
  await page.locator("#code").waitFor();
  return { link: await page.inputValue("#link"), code: await page.inputValue("#code") };
}

export async function nameDeputy(page, visit, name) {
  await page.goto(visit);
  const form = 'form[action$="/deputies"]';
  await page.locator(`details:has(${form}) > summary`).click();
  await page.selectOption(`${form} select[name="person"]`, { label: name });
  await page.locator(`${form} button`).click();
  await page.locator('[role="status"]').waitFor();
}

/** From the link to the waiting room, camera and microphone on. */
export async function comeAlong(page, { link, code }, each = async () => undefined) {
  await page.goto(link);
  await page.locator('form:has(input[name="secret"]) button').click();
  await page.waitForURL(/\/g\/[^/]+\/who$/);
  await each("entry-code");
  await page.fill('input[name="code"]', code);
  await page.locator("form:has(input[name=code]) button").click();
  await page.waitForURL(/\/check-in\/welcome$/);
  await each("companion-welcome");
  await page.locator('form[action$="/welcome"] button').click();
  await page.waitForURL(/\/check-in\/promise$/);
  await each("companion-promise");
  await page.check('input[name="promise"]', { force: true });
  await page.locator('form[action$="/promise"] button').click();
  await page.waitForURL(/\/check-in\/place$/);
  await each("companion-place");
  await page.check('input[name="near"][value="alone"]', { force: true });
  await page.check('input[name="door_is"][value="closed"]', { force: true });
  await page.check('input[name="headphones"][value="yes"]', { force: true });
  await page.locator('form[action$="/place"] button').click();
  await page.waitForURL(/\/check-in\/readiness$/);
  await page.locator('form[action$="/readiness"] .actions button').click();
  await page.waitForURL(/\/lobby$/);
  await each("companion-lobby");
  await enterLobby(page);
  await turnOn(page);
}

/** A colleague opens the room from the visit page. */
export async function openAsDeputy(person, role, visit) {
  await signIn(person.page, role);
  await person.page.goto(visit);
  const opened = person.context.waitForEvent("page");
  await person.page.locator('form[target="alcove-room"] button').first().click();
  const room = await opened;
  await room.locator(".room").waitFor();
  await turnOn(room);
  return room;
}

/** Whoever leads presses Admit beside this person, who waits or asks for keys. */
export async function admit(room, name, within = 20_000) {
  const row = room.locator(".panel .waiting", { hasText: name });
  await row.locator(".admit:not([aria-disabled])").click({ timeout: within });
}

/** What each receiving lane has decoded and heard so far. */
export function lanes(page) {
  return page.evaluate(() => globalThis.countLanes());
}

/** Waits until this page decodes pictures of `others` people, and hears as many. */
export async function seesEverybody(page, others, { frames = 8, within = 45_000 } = {}) {
  const started = Date.now();
  const before = await lanes(page);
  for (;;) {
    await page.waitForTimeout(300);
    const now = await lanes(page);
    const grown = (kind, enough) =>
      now[kind].filter((one) => one.value - valueOf(before[kind], one.id) >= enough);
    const [seen, heard] = [grown("video", frames).length, grown("audio", Number.EPSILON).length];
    if (seen >= others && heard >= others) return { seen, heard, ms: Date.now() - started };
    const missing = `sees ${seen} and hears ${heard} of ${others} others in ${within} ms`;
    assert.ok(Date.now() - started < within, missing);
  }
}

function valueOf(counted, id) {
  return counted.find((one) => one.id === id)?.value ?? 0;
}

/** Everybody in the room sees and hears everybody else. */
export async function allMeet(pages) {
  const all = await Promise.allSettled(pages.map((page) => seesEverybody(page, pages.length - 1)));
  const wrong = [];
  for (const [at, { reason }] of all.entries())
    if (reason) wrong.push(`page ${at + 1}: ${reason.message}; it says: ${await saidBy(pages[at])}`);
  assert.deepEqual(wrong, [], "everybody sees and hears everybody");
  return all.map(({ value }) => value);
}

/** All that can be read there: why somebody sees nobody. */
async function saidBy(page) {
  return (await page.locator("body").innerText()).replace(/\s+/g, " ").slice(0, 600);
}

/** Names beside the pictures, without the invisible marks around them; the own one is "you". */
export async function rosterOf(page) {
  const names = await page.locator(".tile:not(.self) .tag-name").allInnerTexts();
  return names.map((name) => name.replace(/[\u2066-\u2069]/g, "").trim()).sort();
}

export async function truthOf(page) {
  return (await page.locator(".truth-words").innerText()).replace(/[\u2066-\u2069]/g, "");
}
