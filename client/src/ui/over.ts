// Owns the pages around a visit: opening, over, left, removed, refused, and browsers that cannot hold one.

import { type State, holdsTheDoor } from "../room/state.ts";
import { problemIn } from "../words/words.ts";
import { fill, h, icon, mark, say, sayNumber } from "./dom.ts";
import { type Stagehand, type View, button } from "./parts.ts";

export function connecting(hand: Stagehand): View {
  const { words } = hand;
  const text = h("p", { class: "soft" }, words("connecting-text"));
  const again = h("div", {});
  return {
    element: page(h("h1", { tabindex: -1 }, words("connecting-title")), text, again),
    update(state) {
      const trouble = state.link === "reconnecting" || state.link === "lost";
      say(
        text,
        words(state.link === "lost" ? "state-gone" : trouble ? "connecting-slow" : "connecting-text"),
      );
      if (state.link !== "lost") fill(again);
      else if (!again.firstChild)
        fill(
          again,
          button(words("again"), "primary", () => hand.press({ on: "again" }), "refresh-cw"),
        );
    },
  };
}

export function over(hand: Stagehand, state: State): View {
  return { element: page(...content(hand, state)), update: () => undefined };
}

function content({ words }: Stagehand, state: State): (Node | null)[] {
  const phone = state.visit?.phone ?? "";
  const title = (key: string) => h("h1", { tabindex: -1 }, words(key));
  const text = (key: string) => {
    const paragraph = h("p", {});
    sayNumber(paragraph, words(key, { phone }), phone);
    return paragraph;
  };
  const host = holdsTheDoor(state);
  switch (state.stage) {
    case "ended":
      return [
        title(state.byPhone ? "ended-phone-title" : "ended-title"),
        text(state.byPhone ? "ended-phone-text" : "ended-text"),
        text("ended-talk"),
        state.next
          ? onward(state.next, words(host ? "ended-host-next" : "ended-next"))
          : host
            ? day(words)
            : null,
      ];
    case "left":
      return [
        title(state.changed ? "changed-title" : "left-title"),
        text(state.changed ? "changed-text" : "left-text"),
        host ? day(words) : back(words("left-back")),
      ];
    case "removed":
      return [title("removed-title"), text(phone ? "removed-text" : "removed-text-plain")];
    case "refused": {
      const why = state.notice && problemIn(words, state.notice);
      return [
        h("h1", { tabindex: -1 }, why?.title ?? words("refused-title")),
        why?.detail ? h("p", {}, why.detail) : text("refused-text"),
        back(words("go-back")),
        state.notice?.incident
          ? h("p", { class: "soft small" }, words("incident", { incident: state.notice.incident }))
          : null,
      ];
    }
    case "no_ticket":
      return [title("no-ticket-title"), text("no-ticket-text"), back(words("go-back"))];
    default: {
      const which =
        state.unsupported === "mail_app"
          ? "mail-app"
          : state.unsupported === "insecure"
            ? "insecure"
            : "unsupported";
      return [title(`${which}-title`), text(`${which}-text`)];
    }
  }
}

function page(...children: (Node | null)[]): HTMLElement {
  const card = h("div", { class: "over-card" });
  fill(card, ...children);
  return h("main", { class: "over" }, h("div", { class: "over-arch" }, mark()), card);
}

function onward(address: string, label: string): HTMLElement {
  return h("a", { class: "button primary", href: address }, h("span", {}, label), icon("arrow-right"));
}

function day(words: Stagehand["words"]): HTMLElement {
  return onward("/day", words("to-day"));
}

/** The page before this one is the person's own visit page; a named window without one simply closes. */
function back(label: string): HTMLElement {
  return button(label, "primary", () => (history.length > 1 ? history.back() : window.close()), "undo-2");
}
