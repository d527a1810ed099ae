// Owns which view is on the page, the live regions, and where focus goes when the view changes.

import type { State } from "../room/state.ts";
import { type Language, ordinalForm } from "../words/words.ts";
import { h, say, set } from "./dom.ts";
import { dialogs } from "./dialogs.ts";
import { lobby } from "./lobby.ts";
import { connecting, over } from "./over.ts";
import type { Stagehand, View } from "./parts.ts";
import { room } from "./room.ts";

export class Stagefront {
  #root: HTMLElement;
  #hand: (language: Language) => Stagehand;
  #box = h("div", {});
  #polite = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
  #urgent = h("div", { class: "unseen", role: "alert", "aria-live": "assertive" });
  #shown: { key: string; view: View; questions: View | null } | null = null;
  #state: State | null = null;
  /** Let in while the page lay behind others: its title calls until somebody looks. */
  #calls = false;

  constructor(root: HTMLElement, hand: (language: Language) => Stagehand) {
    this.#root = root;
    this.#hand = hand;
    this.#root.append(this.#box, this.#polite, this.#urgent);
    document.addEventListener("visibilitychange", () => {
      this.#calls &&= document.hidden;
      if (this.#state) this.#entitle(this.#state);
    });
  }

  update(state: State): void {
    const key = `${state.stage} ${state.language}`;
    if (this.#state?.stage === "lobby" && state.stage === "room") this.#calls = document.hidden;
    this.#state = state;
    if (this.#shown?.key !== key) this.#change(key, state);
    this.#shown?.view.update(state);
    this.#shown?.questions?.update(state);
    this.#entitle(state);
  }

  #entitle(state: State): void {
    const title = titleOf(state, this.#hand(state.language), this.#calls);
    if (document.title !== title) document.title = title;
  }

  announce(text: string, urgent: boolean): void {
    const region = urgent ? this.#urgent : this.#polite;
    // The same words twice are still news.
    say(region, "");
    window.setTimeout(() => say(region, text), 60);
  }

  #change(key: string, state: State): void {
    const first = this.#shown === null;
    this.#shown?.view.gone?.();
    this.#shown?.questions?.gone?.();
    const hand = this.#hand(state.language);
    const view = viewFor(state, hand);
    const questions = state.stage === "room" || state.stage === "lobby" ? dialogs(hand) : null;
    set(document.documentElement, "lang", state.language);
    set(document.documentElement, "data-stage", state.stage);
    const drafts = [...this.#box.querySelectorAll("textarea")];
    this.#box.replaceChildren(view.element, ...(questions ? [questions.element] : []));
    for (const { id, value } of drafts) this.#goOnWriting(id, value);
    this.#shown = { key, view, questions };
    if (!first) view.element.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  /** Another language is no reason to lose what somebody has begun to write. */
  #goOnWriting(id: string, text: string): void {
    const field = this.#box.querySelector<HTMLTextAreaElement>(`textarea#${id}`);
    if (!field || text === "") return;
    field.value = text;
    field.dispatchEvent(new Event("input"));
  }
}

function viewFor(state: State, hand: Stagehand): View {
  switch (state.stage) {
    case "connecting":
      return connecting(hand);
    case "lobby":
      return lobby(hand);
    case "room":
      return room(hand);
    default:
      return over(hand, state);
  }
}

function titleOf(state: State, { words, language }: Stagehand, calls: boolean): string {
  const practice = state.visit?.practice;
  const parts: string[] = [];
  if (state.stage === "lobby") {
    const where = state.lobby;
    if (where)
      parts.push(
        where.ahead === 0
          ? words("lobby-next")
          : words("lobby-position", {
              position: String(where.position),
              form: ordinalForm(where.position, language),
            }),
      );
    parts.push(words("title-lobby"));
  } else if (state.stage === "room") {
    const waiting = state.waiting.length;
    parts.push(calls ? words("title-turn") : words("title-room"));
    if (waiting > 0) parts.unshift(`(${waiting})`);
  } else if (["left", "removed", "ended"].includes(state.stage)) parts.push(words("title-over"));
  else parts.push(words("title-room"));
  if (practice) parts.push(practice);
  return parts.join(" · ");
}
