// Owns the one room window of a browser: a form aimed at it first asks an open room to admit, then opens or
// brings forward the window. Without script the form's own target does the opening.

import { askOpenRoom } from "../room/day.ts";

export function openRoom(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.target !== ROOM_WINDOW) return;
    const participant = form.dataset["admit"];
    if (!participant || form.dataset["asked"]) {
      delete form.dataset["asked"];
      return;
    }
    event.preventDefault();
    void askOpenRoom(participant).then((taken) => {
      if (taken) return bringForward();
      form.dataset["asked"] = "1";
      return form.requestSubmit();
    });
  });
}

/** A room that was opened under another name has no window to bring forward: the new one stays empty. */
function bringForward(): void {
  const room = window.open("", ROOM_WINDOW);
  if (room?.location.href === "about:blank") room.close();
  else room?.focus();
}

/** The `target` of forms that open the room. */
const ROOM_WINDOW = "alcove-room";
