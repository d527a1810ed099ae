// Owns the one button that prints a page. Without script it stays hidden: the browser's own menu prints too.

export function print(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
