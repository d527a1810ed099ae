// A new practice, opened by its owner in the browser, and the people who come to work there.

import { letterIn } from "./mail.mjs";
import { join } from "node:path";
import { authenticator } from "./passkeys.mjs";

/** From the owner link to the day page; the owner is official for both, and a clinician. */
export async function openPractice(page, practice) {
  await comeIn(page, practice.link);
  await page.waitForURL(/\/set-up$/);
  await page.goto("/set-up/practice");
  await page.fill("#name", "Harbor Family Health");
  await page.fill("#phone", "617-555-0142");
  await save(page);
  await page.goto("/set-up/law");
  await page.check('input[name="covered_entity"][value="yes"]');
  await page.check('input[name="part_2"][value="no"]');
  await page.check('input[name="federal_funds"][value="no"]');
  await save(page);
  await page.goto("/set-up/sites");
  await page.fill("#site_name", "Main Street");
  await page.fill("#address", "12 Harbor Street, Boston");
  await page.fill("#state", "MA");
  await save(page);
  practice.order(["kit", "try"], [...practice.shares[2], ...practice.shares[0]].join("\n"));
  await page.goto("/set-up/officials");
  for (const mine of ["i_am_privacy", "i_am_security", "i_am_clinician"]) await page.check(`#${mine}`);
  await page.fill("#complaints_to", "Amara Osei");
  await page.fill("#complaints_phone", "617-555-0142");
  await save(page);
  await page.waitForURL(/\/set-up$/);
  await page.locator('form[action="/set-up/open"] button').click();
  await page.waitForURL(/^[^?]+\/day$/);
}

/** The owner invites somebody; answers the link of their letter. */
export async function invite(page, practice, { name, email, role }) {
  await page.goto("/staff/invite");
  await page.fill("#name", name);
  await page.fill("#email", email);
  await page.check(`#role-${role}`);
  await page.fill("#why", "Works here from today");
  await page.locator('form[action="/staff/invite"] button.primary').click();
  await page.waitForURL(/\/staff\?done=invited/);
  const letter = await letterIn(join(practice.folder, "mail"), email);
  return /https?:\/\/\S+?\/welcome#[\w-]+/.exec(letter)[0];
}

/** By a link and a new passkey. */
export async function comeIn(page, link) {
  await authenticator(page);
  await page.goto(link);
  await page.locator('form[action="/welcome"] button').click();
  await page.locator('form[action="/welcome/passkey"] button').click();
  await page.locator(".codes").waitFor();
  await page.locator(".actions a.primary").click();
  await page.waitForLoadState();
}

/** Goes to a page that asks for a fresh proof, and gives it. */
export async function proveAndGo(page, path) {
  await page.goto(path);
  if (!page.url().includes("/sign-in/again")) return;
  await page.locator('form[action="/sign-in/again/passkey"] button').click();
  await page.waitForURL((address) => address.pathname === path);
}

async function save(page) {
  await page.locator("main form.stack button.primary").click();
  await page.waitForLoadState();
}
