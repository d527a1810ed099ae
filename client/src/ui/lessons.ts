// Owns the short lessons that somebody may open while they wait: how to keep a visit private. Each stands
// closed until it is chosen; nothing notes which was read.

import type { Words } from "../words/words.ts";
import { h, icon } from "./dom.ts";

export function lessons(words: Words): HTMLElement {
  return h(
    "section",
    { class: "card lessons" },
    h("h2", {}, words("lessons-title")),
    ...LESSONS.map((name) =>
      h(
        "details",
        { name: "lesson" },
        h("summary", {}, icon("info"), " ", words(`lesson-${name}`)),
        h("p", {}, words(`lesson-${name}-text`)),
      ),
    ),
  );
}

const LESSONS = ["place", "link", "after"];
