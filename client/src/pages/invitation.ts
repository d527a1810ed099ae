// Owns the way of an invitation's secret from the address into the form, and its disappearance from the
// address. Nothing is sent: the button does that, so that link scanners consume nothing. Says before the
// button is pressed when no visit can be held in this browser: afterwards the link belongs to it.

import { missingHere } from "../ui/abilities.ts";

export function invitation(): void {
  const field = document.querySelector<HTMLInputElement>('form input[type="hidden"][name="secret"]');
  if (!field) return;
  const secret = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  if (looksRight(secret)) field.value = secret;
  else if (!field.value)
    for (const note of document.querySelectorAll<HTMLElement>("[data-no-secret]")) note.hidden = false;
  void warn();
  // Coming back with the back button restores the page, not the field.
  window.addEventListener("pageshow", () => {
    if (looksRight(secret) && !field.value) field.value = secret;
  });
  window.addEventListener("hashchange", () => location.reload());
}

async function warn(): Promise<void> {
  const notes = [...document.querySelectorAll<HTMLElement>("[data-missing]")];
  if (notes.length === 0) return;
  const missing = await missingHere();
  for (const note of notes) note.hidden = note.dataset["missing"] !== missing;
}

export function looksRight(secret: string): boolean {
  return /^[\w-]{16,128}$/.test(secret);
}
