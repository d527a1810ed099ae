// The page of one visit: its address, and an interpreter booked on it.

/** The address of a patient's visit, as the day page links it. */
export async function visitOf(page, name) {
  await page.goto("/day");
  const link = page.locator('a[href^="/visits/"]', { hasText: name }).first();
  return link.getAttribute("href");
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
