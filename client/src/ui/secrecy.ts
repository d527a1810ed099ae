// Owns what the room says about privacy: the sentence of truth, the digits to compare, and why everything
// stopped.

import { grouped } from "../secrecy/spoken_code.ts";
import {
  asksHere,
  byWord,
  type Check,
  type Code,
  heardAt,
  isChecked,
  isGood,
  isOver,
} from "../room/secrecy_view.ts";
import { type State, holdsTheDoor } from "../room/state.ts";
import type { Words } from "../words/words.ts";
import { fill, h, icon, say, sayNumber, set, show } from "./dom.ts";
import { type Stagehand, type View, askFor, button, timeOf } from "./parts.ts";

/** One sentence; it never says more than is known. */
export function truthOf(state: State, hand: Stagehand): string {
  const { words, language } = hand;
  const { stage, members } = state.secrecy;
  if (stage === "stopped") return words("truth-stopped");
  if (stage === "none") return words(state.secrecy.stuck ? "truth-stuck" : "truth-before");
  if (members.length < 2) return words("truth-alone");
  if (state.secrecy.ahead) return aheadOf(state, hand);
  const people = words("truth-people", { count: members.length });
  if (!isChecked(state.secrecy)) return `${words("truth-so-far")} ${people}`;
  const at = heardAt(state.secrecy);
  const how = at === null ? words("truth-known") : words("truth-checked", { time: timeOf(at, language) });
  const word = byWord(state.secrecy);
  return `${words("truth-private")} ${people} ${how}${word ? ` ${words("truth-chain", word)}` : ""}`;
}

/** Ahead of the clinician: whom the two are with, as what, and that it says nothing of the clinician. */
function aheadOf(state: State, { words, language }: Stagehand): string {
  const { members } = state.secrecy;
  const [me, other] = [members.find(({ you }) => you), members.find(({ you }) => !you)];
  const who = words(me?.role === "deputy" ? "truth-ahead-desk" : "truth-ahead", { name: other?.name ?? "" });
  const at = isChecked(state.secrecy) ? heardAt(state.secrecy) : null;
  const how = at === null ? "truth-ahead-so-far" : "truth-ahead-checked";
  return `${who} ${words(how, { time: at === null ? "" : timeOf(at, language) })}`;
}

/** Beside a name: what was found out about it, and by whom if not here. */
export function checkWord(check: Check | null, { words, language }: Stagehand): string {
  if (!check) return words("check-not-yet");
  const { outcome, at, by } = check;
  const key = by && isGood(check) ? `check-${outcome}-by` : `check-${outcome}`;
  return words(key, { time: timeOf(at, language), by: by ?? "" });
}

/** The six digits: both compare, each for their own page. Nothing hurries. */
export function codeCard(hand: Stagehand): View {
  const { words } = hand;
  const title = h("h2", { tabindex: -1 });
  const digits = h("p", { class: "digits" });
  const spoken = h("span", { class: "unseen" });
  const shown = h("span", { "aria-hidden": "true" });
  digits.append(spoken, shown);
  const text = h("p", { class: "soft" });
  const tries = h("p", { class: "soft small" });
  let code: Code | null = null;
  const answer = (outcome: "matches" | "mismatch" | "skipped") => () =>
    code && hand.press({ on: "compared", key: code.key, outcome });
  const skip = button(words("code-skip"), "link code-skip", answer("skipped"));
  const row = h(
    "div",
    { class: "row code-row" },
    button(words("code-matches"), "primary code-matches", answer("matches"), "check"),
    button(words("code-mismatch"), "danger code-mismatch", answer("mismatch"), "x"),
    skip,
  );
  const large = button(words("code-large"), "link code-large", askFor(hand, { kind: "digits" }));
  const label = words("code-title");
  const parts = [title, digits, large, text, tries, row];
  const element = h("section", { class: "code", "aria-label": label }, ...parts);
  return {
    element,
    update(state) {
      code = state.secrecy.code;
      show(element, code !== null);
      if (!code) return;
      const { hosting, name, check } = code;
      const over = isOver(code);
      set(element, "data-over", over);
      // Whoever pressed is told what came of it, and does not lose their place on the page.
      if (over && row.contains(document.activeElement)) title.focus();
      show(digits, !over);
      show(large, !over);
      show(text, !over);
      const time = check ? timeOf(check.at, hand.language) : "";
      say(title, over ? words(`code-was-${check?.outcome}`, { name, time }) : titleOf(code, hand));
      say(tries, words("code-tries", { count: code.tries }));
      show(tries, code.tries > 1 && !over);
      say(shown, grouped(code.digits));
      say(spoken, [...code.digits].join(" "));
      say(text, words(hosting ? "code-why-host" : "code-why-guest", { name }));
      show(row, !over);
      // The host's word goes to everybody; the own page needs nobody to note what was heard here.
      const quiet = hosting && state.link !== "open" ? "true" : null;
      for (const one of row.children) set(one as HTMLElement, "aria-disabled", quiet);
      show(skip, check === null);
    },
  };
}

function titleOf(code: Code, { words, language }: Stagehand): string {
  const { hosting, name, said } = code;
  const check = code.check ?? said;
  if (asksHere(code)) return words("code-ask-here", { name });
  if (check?.outcome === "skipped")
    return words("code-was-skipped", { name, time: timeOf(check.at, language) });
  return words(hosting ? "code-ask" : "code-read", { name });
}

/**
 * Somebody says that the digits did not match at their end, or who was checked before comes with another key:
 * said in words, beside the ways to go on.
 */
export function deviceCard(hand: Stagehand): View {
  const text = h("p", {});
  const element = h("section", { class: "stop", "data-tone": "warn" }, icon("triangle-alert"), text);
  return {
    element,
    update(state) {
      const { members, stage, doubted } = state.secrecy;
      const changed = members.find(({ you, device }) => !you && device === "changed");
      const doubts = members.find(({ key }) => doubted.includes(key));
      const about = doubts ?? changed;
      show(element, about !== undefined && stage === "sealed");
      if (about) say(text, hand.words(doubts ? "digits-doubted" : "device-is-changed", { name: about.name }));
    },
  };
}

/** Who leads by now was checked by nobody this page has checked: new digits, at a press. */
export function unmetCard(hand: Stagehand): View {
  const { words } = hand;
  const text = h("p", {});
  const none = h("p", { role: "status" });
  let key: string | null = null;
  const ask = button(
    words("unmet-compare"),
    "quiet unmet-compare",
    () => key && hand.press({ on: "compared", key, outcome: "again" }),
    "shield-check",
  );
  const said = h("div", {}, text, none);
  const element = h("section", { class: "stop unmet", "data-tone": "warn" }, icon("info"), said, ask);
  return {
    element,
    update(state) {
      const { unmet, unheard } = state.secrecy;
      key = unmet?.key ?? null;
      show(element, unmet !== null);
      if (unmet) say(text, words("unmet", { name: unmet.name }));
      say(none, unmet && unheard ? words("unmet-unheard", { name: unmet.name }) : "");
      show(none, unheard);
      set(ask, "aria-disabled", state.link === "open" ? null : "true");
    },
  };
}

/** What people compare who trust no short code: the same thirty digits on every page of the room. */
export function auditors(hand: Stagehand): View {
  const { words } = hand;
  const digits = h("p", { class: "long-code" });
  const element = h(
    "details",
    { class: "card auditors" },
    h("summary", {}, words("auditors")),
    h("p", { class: "soft small" }, words("auditors-why")),
    digits,
  );
  return {
    element,
    update(state) {
      const { longCode } = state.secrecy;
      show(element, longCode !== null);
      say(digits, longCode ?? "");
    },
  };
}

/** Heartbeat trouble and full stops, with the way out. */
export function stopCard(hand: Stagehand): View {
  const { words } = hand;
  const text = h("p", {});
  const call = h("p", { class: "soft" });
  const on = button(words("truth-go-on"), "primary", () => hand.press({ on: "go_on" }));
  let suspect: string | null = null;
  let doubts: string | null = null;
  const again = button(
    words("code-once-more"),
    "quiet code-once-more",
    () => doubts && hand.press({ on: "compared", key: doubts, outcome: "again" }),
    "undo-2",
  );
  const back = button(
    words("to-lobby"),
    "quiet",
    () => suspect && hand.press({ on: "back_to_lobby", participant: suspect }),
    "undo-2",
  );
  const element = h(
    "section",
    { class: "stop", role: "status" },
    icon("triangle-alert"),
    h("div", {}, text, call),
    on,
    back,
    again,
  );
  return {
    element,
    update(state) {
      const { stage, why, truth } = state.secrecy;
      suspect = state.secrecy.suspect;
      const key = stage === "stopped" ? `stopped-${why}` : truth === "live" ? null : `truth-${truth}`;
      show(element, key !== null);
      if (!key) return;
      set(element, "data-tone", stage === "stopped" ? "bad" : "warn");
      say(text, words(key));
      const phone = state.visit?.phone ?? "";
      show(call, stage === "stopped" && phone !== "" && !holdsTheDoor(state));
      sayNumber(call, phone ? words("call-instead", { phone }) : "", phone);
      show(on, truth === "paused" && stage !== "stopped");
      show(back, suspect !== null);
      // Pressed by mistake, or misheard: the own word can be taken back, whoever leads by now.
      doubts = why === "mismatch" ? state.secrecy.doubts : null;
      show(again, doubts !== null);
    },
  };
}

/** People in the room without keys: they saw the door before this page did. */
export function askingList(hand: Stagehand): View {
  const { words } = hand;
  const element = h("ul", { class: "queue asking", role: "list" });
  let drawn = "";
  return {
    element,
    update(state) {
      const { asking } = state.secrecy;
      const text = JSON.stringify(asking);
      if (text === drawn) return;
      drawn = text;
      show(element, asking.length > 0);
      fill(element, ...asking.map((one) => askingRow(one, hand, words)));
    },
  };
}

function askingRow(one: State["secrecy"]["asking"][number], hand: Stagehand, words: Words): HTMLElement {
  const press = button(
    words("admit"),
    "admit",
    () => hand.press({ on: "let_in", participant: one.participant }),
    "door-open",
  );
  set(press, "aria-label", words("admit-label", { name: one.name }));
  const who = h("p", {}, h("strong", {}, one.name));
  const said = one.inGroup ? "asking-no-digits" : one.spent ? "door-spent" : "asking-keys";
  const why = h("p", { class: "soft small" }, words(said));
  show(press, !one.spent);
  return h("li", { class: "waiting" }, h("div", { class: "waiting-who" }, who, why), press);
}
