// The page of one visit: its address, an interpreter booked on it, another visit, and another time for it.

/** The address of a patient's visit, as the day page links it: today's, or tomorrow's late in the evening. */
export async function visitOf(page, name) {
  const link = page.locator('a[href^="/visits/"]', { hasText: name }).first();
  for (const path of daysAround()) {
    await page.goto(path);
    if ((await link.count()) > 0) break;
  }
  return link.getAttribute("href");
}

/** The addresses of all visits of today and tomorrow, by the patient's name. */
export async function visitsByName(page) {
  const found = {};
  for (const path of daysAround()) {
    await page.goto(path);
    const links = await page
      .locator('main a[href^="/visits/"]')
      .evaluateAll((all) => all.map((one) => [one.innerText, one.getAttribute("href")]));
    for (const [words, href] of links) {
      if (/^\/visits\/[\w-]{36}$/.test(href)) found[words.replace(/[\u2066-\u2069]/g, "").trim()] ??= href;
    }
  }
  return found;
}

/** The day pages of today and tomorrow where the practice is: what the demo books in two hours is there. */
export function daysAround() {
  return ["/day", `/day?day=${practiceTime(Date.now() + 86_400_000)[0]}`];
}

/** From the register; answers the link and the code, which are shown this once. */
export async function bookInterpreter(page, visit, name, tongue, reference = "") {
  await page.goto(visit);
  const form = 'form[action$="/interpreter"]';
  await page.locator(`details:has(> ${form}) > summary`).click();
  const who = page.locator(`${form} select[name="interpreter"]`);
  await who.selectOption({ label: await who.locator("option", { hasText: name }).textContent() });
  await page.selectOption(`${form} select[name="tongue"]`, tongue);
  await page.fill(`${form} input[name="reference"]`, reference);
  await page.locator(`${form} button`).click();
  await page.locator("#code").waitFor();
  return { link: await page.inputValue("#link"), code: await page.inputValue("#code") };
}

/** Books this patient at the first time that this clinician has; answers the address and the link. */
export async function bookSoon(page, patient, clinician) {
  await page.goto("/day/book");
  await page.fill('input[name="q"]', patient);
  await page.locator("form[role=search] button").click();
  await page.locator('a[href^="/day/book?patient="]').first().click();
  for (let minutes = 2; minutes < DAY_MIN; minutes += STEP_MIN) {
    const [day, hour] = practiceTime(Date.now() + minutes * 60_000);
    await page.fill('input[name="day"]', day);
    await page.fill('input[name="hour"]', hour);
    const labels = await page.locator('select[name="clinician"] option').allTextContents();
    await page.selectOption('select[name="clinician"]', {
      label: labels.find((one) => one.includes(clinician)),
    });
    await answered(page, page.locator("form[action='/day/book'] button.primary"));
    if (/\/booked$/.test(page.url())) {
      await page.goto(page.url().replace(/\/booked$/, ""));
      await page.locator('form[action$="/link"] button').click();
    } else if (!(await page.locator("#link").isVisible())) continue;
    // Of somebody without a mail address the link is shown at once.
    const visit = await page.locator('main a[href^="/visits/"]').last().getAttribute("href");
    return { visit, link: await page.inputValue("#link") };
  }
  throw new Error("the clinician has no time");
}

/** Moves it; whoever is warned of a double booking means it. Answers day and time of day. */
export async function moveVisit(page, visit, at) {
  await page.goto(`${visit}/move`);
  const [day, hour] = practiceTime(at);
  await page.fill("#day", day);
  await page.fill("#hour", hour);
  const go = page.locator('form[action$="/move"] button');
  await answered(page, go);
  if (await page.locator("#warned").isVisible()) {
    await page.check('input[name="anyway"]');
    await go.click();
  }
  await page.waitForURL(/done=moved/);
  return [day, hour];
}

/** Presses, and waits for the page that answers, which may be the same form with a warning. */
async function answered(page, button) {
  await Promise.all([page.waitForNavigation(), button.click()]);
}

/** Day and time of day where the practice is. */
function practiceTime(ms) {
  const zone = { timeZone: "America/New_York" };
  const day = new Intl.DateTimeFormat("en-CA", { ...zone, dateStyle: "short" }).format(ms);
  const hour = new Intl.DateTimeFormat("en-GB", { ...zone, timeStyle: "short" }).format(ms);
  return [day, hour];
}

const DAY_MIN = 24 * 60;
const STEP_MIN = 20;
