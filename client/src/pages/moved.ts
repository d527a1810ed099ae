// Owns the look whether another device went on with the visit (`data-moved="address"`): then this page is
// drawn again, and says so. Without a script its button does the same.

const LOOK_MS = 3_000;

export function moved(): void {
  const address = document.querySelector<HTMLElement>("[data-moved]")?.dataset["moved"];
  if (!address) return;
  const headers = { accept: "application/json", "alcove-background": "1" };
  const timer = window.setInterval(() => {
    fetch(address, { headers })
      .then((reply) => {
        if (reply.status !== 401) return;
        clearInterval(timer);
        location.reload();
      })
      // No network for a moment: the next look tells.
      .catch(() => undefined);
  }, LOOK_MS);
}
