// What people do in the product, step by step, by the same buttons a person presses. Pages are found by their
// forms, not by their words, so that the same steps work in both languages.

import assert from "node:assert/strict";

/** The first patient of the demo, expected now. */
export const MARIA = { name: "Maria Alvarez", born: ["4", "12", "1985"] };

const HOME = { address: "12 Harbor Street, Boston", callBack: "617-555-0177" };

/**
 * Opens the link, proves the birth date, does every step of the check-in, and ends on the lobby page, or in
 * front of the step `until`.
 */
export async function checkIn(
  page,
  link,
  { who = MARIA, location = HOME, measure = false, until = "", each = async () => undefined } = {},
) {
  await page.goto(link);
  await each("invitation");
  await page.locator('form:has(input[name="secret"]) button').click();
  await page.waitForURL(/\/g\/[^/]+\/who$/);
  await each("second-fact");
  await (who.code ? proveCode(page, who.code) : proveBirthDate(page, who.born));
  return stepsToLobby(page, { who, location, measure, until, each });
}

/** From whichever step is next, up to `until`; also where one has to be done again. */
export async function stepsToLobby(
  page,
  { who = MARIA, location = HOME, measure = false, until = "", each = async () => undefined } = {},
) {
  for (let step = 0; step < STEPS_MAX; step++) {
    await page.waitForURL(/\/g\/[^/]+\/(check-in\/\w+|lobby)$/);
    const path = new URL(page.url()).pathname;
    if (path.endsWith("/lobby")) break;
    const name = path.split("/").at(-1);
    if (name === until) return page.url();
    await each(`check-in-${name}`);
    await STEPS[name](page, { who, location, measure, each });
    await page.waitForURL((address) => address.pathname !== path);
  }
  await each("check-in-lobby");
  return page.url();
}

export async function proveBirthDate(page, [month, day, year]) {
  await page.fill('input[name="month"]', month);
  await page.fill('input[name="day"]', day);
  await page.fill('input[name="year"]', year);
  await page.locator("form:has(input[name=month]) button").click();
}

/** Whoever comes along has no birth date on file: a code that was told by phone. */
export async function proveCode(page, code) {
  await page.fill('input[name="code"]', code);
  await page.locator("form:has(input[name=code]) button").click();
}

/** From the lobby page into the room document, waiting. */
export async function enterLobby(page) {
  await page.locator('form[action$="/enter"] button').click();
  await page.waitForURL(/\/room\/$/);
  await page.locator(".lobby .place").waitFor();
}

/** What a person reads on the page, without the invisible marks around names and numbers. */
export async function wordsOf(page) {
  return (await page.locator("body").innerText()).replace(/[\u2066-\u2069]/g, "");
}

/** Presses the page's own word for a language; the page comes again in it. */
export async function speak(page, lang) {
  if ((await page.locator("html").getAttribute("lang")) === lang) return;
  await page.locator(`.languages button[value="${lang}"]`).first().click();
  await page.locator(`html[lang="${lang}"]`).waitFor();
}

export async function signIn(page, role) {
  const answer = await page.goto(`/demo/as/${role}`);
  assert.ok(answer?.ok(), `signed in as ${role}`);
}

/**
 * The clinician opens the room from the page of the visit that has somebody waiting, or from the day page.
 */
export async function openRoom(person) {
  const { page, context } = person;
  await page.goto("/day");
  const opened = context.waitForEvent("page");
  await page.locator('form[target="alcove-room"] button').first().click();
  const room = await opened;
  await room.locator(".room").waitFor();
  return room;
}

/** Presses Admit beside whoever waits first on the day page; answers the room that opens for it. */
export async function admitOnDayPage(context, day) {
  await day.goto("/day");
  const opened = context.waitForEvent("page");
  await day.locator('form[target="alcove-room"][data-admit] button').first().click();
  const room = await opened;
  await room.locator(".room").waitFor();
  return room;
}

/** The one press that starts camera and microphone. */
export async function turnOn(room) {
  await room.locator(".own-before .button.primary").click();
  await room.locator(".frame.own video:visible").waitFor();
}

export async function admitFirst(room) {
  await room.locator(".panel .admit").first().click();
}

/** Both in one room: a patient who waits and a clinician who lets them in. */
export async function meet(patient, clinician, link, options = {}) {
  await checkIn(patient.page, link, options);
  await enterLobby(patient.page);
  await turnOn(patient.page);
  await signIn(clinician.page, "clinician");
  const room = await openRoom(clinician);
  await turnOn(room);
  // Admit on the day page admits as soon as the room is open; otherwise the panel's button does.
  const inside = patient.page.locator(".room");
  const button = room.locator(".panel .admit").first();
  await Promise.race([inside.waitFor(), button.waitFor()]);
  if (!(await inside.isVisible())) await button.click({ timeout: 3_000 }).catch(() => undefined);
  await inside.waitFor();
  return room;
}

/** The six digits as they are shown. */
export async function digitsOf(page) {
  return (await page.locator(".code .digits [aria-hidden]").innerText()).trim();
}

/** Both say, each on their own page, that the digits they heard are the same. */
export async function compareDigits(patient, room) {
  await Promise.all([patient.locator(".code").waitFor(), room.locator(".code").waitFor()]);
  const [read, seen] = [await digitsOf(patient), await digitsOf(room)];
  assert.match(read, /^\d{3} \d{3}$/);
  assert.equal(read, seen, "both see the same six digits");
  await room.locator(".code-matches").click();
  const asked = /says the digits match|dice que las cifras son iguales/;
  await patient.locator(".code h2", { hasText: asked }).waitFor();
  await patient.locator(".code-matches").click();
  for (const page of [patient, room])
    await page.locator(".truth-words", { hasText: /Checked by voice/ }).waitFor();
}

const STEPS = {
  async welcome(page) {
    await page.locator('form[action$="/welcome"] button').click();
  },
  async screen(page, { each }) {
    const agree = page.locator('input[name="agree"]');
    if (!(await agree.isVisible())) return page.locator(".actions a.button.primary").click();
    await page.locator('a[href$="/sample"]').click();
    await page.waitForURL(/\/sample$/);
    await each("check-in-sample");
    await page.locator('.actions a[href$="/screen"]').click();
    await page.waitForURL(/\/screen$/);
    await agree.check();
    await page.locator('form[action$="/screen"] button').click();
  },
  async notice(page) {
    const yes = page.locator('form[action$="/notice"] button[value="yes"]');
    if (!(await yes.isVisible())) return page.locator(".actions a.button.primary").click();
    await yes.click();
  },
  async consent(page, { who }) {
    const agree = page.locator('input[name="agree"]');
    if (!(await agree.isVisible())) return page.locator(".actions a.button.primary").click();
    await page.check('input[name="means"][value="stop"]');
    await agree.check();
    await page.fill('input[name="name"]', who.name);
    await page.locator('form[action$="/consent"] button.primary').click();
  },
  async place(page) {
    await page.check('input[name="near"][value="alone"]');
    await page.check('input[name="door_is"][value="closed"]');
    await page.check('input[name="headphones"][value="yes"]');
    await page.locator('form[action$="/place"] button').click();
  },
  async readiness(page, { measure, each }) {
    if (measure) {
      await page.locator("alcove-ready button").first().click();
      await page.locator('alcove-ready[data-state="done"]').waitFor();
      await each("check-in-readiness-measured");
    }
    await page.locator('form[action$="/readiness"] .actions button').click();
  },
  async location(page, { location }) {
    await page.fill('input[name="address"]', location.address);
    await page.selectOption('select[name="state"]', "MA");
    await page.fill('input[name="call_back"]', location.callBack);
    await page.locator('form[action$="/location"] button').click();
  },
};

const STEPS_MAX = 10;
