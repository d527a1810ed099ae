// Owns the way of an invitation's secret from the address into the form, and its disappearance from the
// address. Nothing is sent: the button does that, so that link scanners consume nothing.

export function invitation(): void {
  const field = document.querySelector<HTMLInputElement>('form input[type="hidden"][name="secret"]');
  if (!field) return;
  const secret = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  if (looksRight(secret)) field.value = secret;
  else if (!field.value)
    for (const note of document.querySelectorAll<HTMLElement>("[data-no-secret]")) note.hidden = false;
  // Coming back with the back button restores the page, not the field.
  window.addEventListener("pageshow", () => {
    if (looksRight(secret) && !field.value) field.value = secret;
  });
  window.addEventListener("hashchange", () => location.reload());
}

export function looksRight(secret: string): boolean {
  return /^[\w-]{16,128}$/.test(secret);
}
