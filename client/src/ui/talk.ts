// Owns the panel of messages and files: what was said, by whom, and the form below it. A column on a wide
// screen, a sheet on a phone. Names are those the lines were sealed under.

import { holdsTheDoor, type State } from "../room/state.ts";
import type { Line, Passed } from "../room/talk.ts";
import { hindrance, sayable } from "../room/talking.ts";
import { CHAT_CHARS } from "../secrecy/chat.ts";
import { h, icon, Rows, say, set, show } from "./dom.ts";
import { auditors } from "./secrecy.ts";
import { button, roleWord, type Stagehand, timeOf, type View } from "./parts.ts";

export function talk(hand: Stagehand): View {
  const { words } = hand;
  const close = button(
    words("close"),
    "quiet small talk-close",
    () => hand.press({ on: "talk", open: false }),
    "x",
  );
  const title = h("h2", { id: "talk-title" }, words("talk-title"));
  const nothing = h("p", { class: "soft" }, words("talk-none"));
  const list = h("ol", { role: "list" });
  const log = h(
    "div",
    { class: "lines", role: "log", "aria-live": "polite", "aria-labelledby": "talk-title", tabindex: 0 },
    list,
  );
  const rows = new Rows<Line>(
    list,
    (line) => String(line.id),
    (line) => lineRow(hand, line),
  );
  const form = writing(hand);
  const audit = auditors(hand);
  const element = h(
    "aside",
    { class: "talk", id: "talk", "aria-labelledby": "talk-title" },
    h("div", { class: "row between" }, title, close),
    h("p", { class: "soft small" }, words("talk-private")),
    nothing,
    log,
    form.element,
    audit.element,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hand.press({ on: "talk", open: false });
  });
  let seen = 0;
  return {
    element,
    update(state) {
      set(element, "data-open", state.talking);
      rows.update(state.talk);
      show(nothing, state.talk.length === 0);
      show(log, state.talk.length > 0);
      form.update(state);
      audit.update(state);
      // Whoever holds the door has it in their own panel.
      if (holdsTheDoor(state)) show(audit.element, false);
      const last = state.talk.at(-1)?.id ?? 0;
      if (last !== seen) log.scrollTop = log.scrollHeight;
      seen = last;
    },
  };
}

function writing(hand: Stagehand): View {
  const { words } = hand;
  const field = h("textarea", {
    id: "talk-text",
    rows: 2,
    maxlength: CHAT_CHARS,
    "aria-describedby": "talk-count talk-why",
  });
  const count = h("span", { class: "soft small", id: "talk-count" });
  const why = h("p", { class: "talk-why", id: "talk-why", role: "status" });
  const send = h(
    "button",
    { type: "submit", class: "button primary small" },
    icon("send"),
    h("span", {}, words("talk-send")),
  );
  const chosen = h("input", { type: "file", class: "unseen", tabindex: -1, "aria-hidden": "true" });
  const attach = button(words("file-choose"), "quiet small", () => chosen.click(), "file-text");
  let closed = false;
  const changed = () => {
    say(count, words("talk-count", { count: field.value.length, most: CHAT_CHARS }));
    set(send, "aria-disabled", closed || !sayable(field.value) ? "true" : null);
  };
  const submit = () => {
    if (closed || !sayable(field.value)) return;
    hand.press({ on: "chat", text: field.value });
    field.value = "";
    changed();
  };
  chosen.addEventListener("change", () => {
    const [file] = chosen.files ?? [];
    if (file) hand.press({ on: "attach", file });
    chosen.value = "";
  });
  field.addEventListener("input", changed);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  const element = h(
    "form",
    {},
    h("label", { for: "talk-text", class: "small" }, words("talk-label")),
    field,
    h("div", { class: "row between" }, count, h("span", { class: "soft small" }, words("file-most"))),
    why,
    h("div", { class: "row" }, send, attach, chosen),
  );
  element.addEventListener("submit", (event) => (event.preventDefault(), submit()));
  changed();
  return {
    element,
    update(state: State) {
      const key = hindrance(state);
      closed = key !== null;
      set(attach, "aria-disabled", closed ? "true" : null);
      (attach as HTMLButtonElement).disabled = closed;
      say(why, key ? words(key) : state.talkTrouble ? words(state.talkTrouble) : "");
      show(why, why.textContent !== "");
      changed();
    },
  };
}

function lineRow(hand: Stagehand, { you, name, role, at, file }: Line) {
  const { words, language } = hand;
  const who = h("strong", {}, you ? words("you") : name);
  const is = you ? "" : roleWord(role, words);
  const time = h("time", { class: "soft small" }, timeOf(at, language));
  const text = h("p", { class: "line-text", dir: "auto" });
  const failed = h("p", { class: "line-failed small" }, words("talk-failed"));
  const card = file ? fileCard(hand) : null;
  const head = h("p", { class: "line-who" }, who, " ", h("span", { class: "soft" }, is), " ", time);
  return {
    element: h("li", { class: you ? "line own-line" : "line" }, head, card ? card.element : text, failed),
    update(line: Line) {
      say(text, line.text);
      show(failed, line.failed);
      if (line.file) card?.update(line.id, line.you, line.file);
    },
  };
}

function fileCard(hand: Stagehand) {
  const { words, language } = hand;
  const name = h("strong", { class: "file-name", dir: "auto" });
  const about = h("p", { class: "soft small" });
  const state = h("p", { class: "small file-state" });
  const bar = h("progress", { max: 1, "aria-label": words("file-progress") });
  let id = 0;
  const fetch = () => hand.press({ on: "fetch", line: id });
  const halt = () => hand.press({ on: "stop_file", line: id });
  const save = button(words("file-save"), "quiet small", fetch, "download");
  const stop = button(words("file-stop"), "quiet small", halt, "x");
  const row = h("div", { class: "row" }, save, stop);
  const element = h("div", { class: "file" }, icon("file-text"), h("div", {}, name, about, state, bar, row));
  return {
    element,
    update(line: number, you: boolean, file: Passed) {
      id = line;
      const moving = file.state === "sending" || file.state === "fetching";
      const called = file.facts?.name ?? "";
      say(name, called || words("file-nameless"));
      say(about, file.facts ? aboutFile(file.facts, language) : "");
      say(state, words(file.why ? `file-${file.why}` : `file-is-${file.state}`));
      set(state, "data-bad", file.state === "failed");
      show(bar, moving);
      bar.value = file.done;
      const again = file.state === "failed" && file.facts !== null;
      show(save, !you && (["offered", "saved"].includes(file.state) || again));
      set(save, "aria-label", words("file-save-label", { name: called }));
      show(stop, moving);
      set(stop, "aria-label", words("file-stop-label", { name: called }));
    },
  };
}

/** "PDF · 1.5 MB": the end of the name says more to people than a media type. */
function aboutFile({ name, type, size }: NonNullable<Passed["facts"]>, language: string): string {
  const end = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toUpperCase() ?? type;
  const small = size < 1_000_000;
  const [value, unit] = [Math.max(1, size / (small ? 1_000 : 1_000_000)), small ? "kilobyte" : "megabyte"];
  const shown = new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
  return [end, shown].filter(Boolean).join(" · ");
}
