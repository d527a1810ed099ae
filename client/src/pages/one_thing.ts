// Owns simple mode on forms with several questions: shows one at a time, with Next and Back. The form itself
// stays what it is; without script all of it is there at once.

import book from "built:words/ready";
import { h, show } from "../ui/dom.ts";
import { pick, wordsOf } from "../words/words.ts";

export function oneThing(): void {
  if (!document.documentElement.classList.contains("simple")) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("main form"))
    if (form.querySelectorAll(":scope > fieldset").length > 1) turnPages(form);
}

function turnPages(form: HTMLFormElement): void {
  const words = wordsOf(book, pick(document.documentElement.lang));
  const parts = [...form.querySelectorAll<HTMLElement>(":scope > fieldset")];
  const rest = form.querySelector<HTMLElement>(":scope > .actions");
  const back = h("button", { type: "button", class: "button" }, words("ready-one-back"));
  const next = h("button", { type: "button", class: "button primary" }, words("ready-one-next"));
  const where = h("p", { class: "soft", role: "status" });
  const turns = h("div", { class: "simple-turns" }, back, next);
  parts.at(-1)?.after(where, turns);
  // Whoever comes back to a fault sees the question that it is about.
  let at = Math.max(0, parts.findIndex((part) => part.getAttribute("aria-invalid") === "true"));
  const turn = (to: number, focus: boolean) => {
    at = Math.min(parts.length - 1, Math.max(0, to));
    parts.forEach((part, number) => show(part, number === at));
    const last = at === parts.length - 1;
    show(back, at > 0);
    show(next, !last);
    if (rest) show(rest, last);
    where.textContent = words("ready-one-where", { now: at + 1, of: parts.length });
    if (focus) parts[at]?.querySelector<HTMLElement>("input, select")?.focus();
  };
  back.addEventListener("click", () => turn(at - 1, true));
  next.addEventListener("click", () => turn(at + 1, true));
  turn(at, false);
}
