// Owns the side panel: for everybody who is inside and what was found out about them; for whoever holds the
// door also who waits, the door, and a word to the waiting room. On a phone, and for guests, it is a sheet.

import { speakable } from "../room/presses.ts";
import { type State, holdsTheDoor, mayAdmit } from "../room/state.ts";
import { type Badge, type Person, SAY_CHARS, type Waiting } from "../wire/wire.ts";
import { Rows, fill, h, icon, say, set, show } from "./dom.ts";
import { type Stagehand, type View, button, roleWord } from "./parts.ts";
import { type AtDoor, memberOf } from "../room/secrecy_view.ts";
import { askingList, auditors, checkWord } from "./secrecy.ts";

export function panel(hand: Stagehand): View {
  const { words } = hand;
  const close = button(
    words("close"),
    "quiet small panel-close",
    () => hand.press({ on: "sheet", open: false }),
    "x",
  );
  // Its own tab, so that the visit goes on beside it: one press for whoever leads (R89).
  const emergency = h(
    "a",
    { class: "button quiet small", target: "alcove-emergency" },
    icon("siren"),
    words("emergency"),
  );
  const waiting = waitingCard(hand);
  const inside = insideCard(hand);
  const door = doorCard(hand);
  const note = sayCard(hand);
  const audit = auditors(hand);
  const element = h(
    "aside",
    { class: "panel", id: "panel", "aria-label": words("panel") },
    close,
    emergency,
    waiting.element,
    inside.element,
    note.element,
    door.element,
    audit.element,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hand.press({ on: "sheet", open: false });
  });
  return {
    element,
    update(state) {
      set(element, "data-open", state.sheet);
      set(emergency, "href", state.visit ? `/visits/${state.visit.id}/emergency` : null);
      show(emergency, holdsTheDoor(state));
      for (const part of [inside, audit]) part.update(state);
      for (const part of [waiting, door, note]) {
        const host = holdsTheDoor(state);
        show(part.element, host);
        if (host) part.update(state);
      }
    },
  };
}

function waitingCard(hand: Stagehand): View {
  const { words } = hand;
  const list = h("ul", { class: "queue", role: "list" });
  const none = h("p", { class: "soft" }, words("waiting-none"));
  const later = h("p", { class: "soft small" }, words("waiting-deputy"));
  const rows = new Rows<{ one: Waiting; state: State }>(
    list,
    (shown) => shown.one.id,
    () => waitingRow(hand),
  );
  const asking = askingList(hand);
  return {
    element: h(
      "section",
      { class: "card" },
      h("h2", {}, words("waiting-title")),
      none,
      later,
      asking.element,
      list,
    ),
    update(state) {
      asking.update(state);
      rows.update(state.waiting.map((one) => ({ one, state })));
      show(none, state.waiting.length + state.secrecy.asking.length === 0);
      show(list, state.waiting.length > 0);
      show(later, !mayAdmit(state));
      [...list.children].forEach((row, index) =>
        set(row.querySelector(".button") ?? row, "data-first", index === 0),
      );
    },
  };
}

function waitingRow(hand: Stagehand) {
  const { words } = hand;
  const name = h("strong", {});
  const role = h("span", { class: "soft" });
  const list = h("p", { class: "small door-list" });
  const device = h("p", { class: "soft small" });
  const waited = h("p", { class: "soft small waited" });
  const badges = h("ul", { class: "badges", role: "list" });
  let id = "";
  const admit = button(
    words("admit"),
    "admit",
    () => hand.press({ on: "admit", participant: id }),
    "door-open",
  );
  const element = h(
    "li",
    { class: "waiting" },
    h("div", { class: "waiting-who" }, h("p", {}, name, " ", role), list, device, waited, badges),
    admit,
  );
  return {
    element,
    update({ one, state }: { one: Waiting; state: State }) {
      id = one.id;
      const signed = state.secrecy.door[one.id];
      say(name, signed?.name ?? words("door-someone"));
      say(role, signed ? roleWord(signed.role, words) : "");
      const told = { name: one.name, role: roleWord(one.role, words) };
      const agrees = signed?.name === one.name && signed.role === one.role;
      say(list, words(signed ? "door-differs" : "door-list-says", told));
      show(list, !agrees);
      set(list, "data-bad", signed !== undefined);
      say(device, signed ? deviceAtDoor(signed, hand) : "");
      show(device, signed !== undefined);
      say(waited, words("waiting-for", { minutes: Math.floor(one.waited_ms / 60_000) }));
      updateBadges(badges, one.badges);
      const busy = state.pending[one.id] === "admit";
      say(admit.lastElementChild ?? admit, words(busy ? "admitting" : "admit"));
      set(admit, "aria-label", busy ? null : words("admit-label", { name: calledAtDoor(state, one, hand) }));
      const may = mayAdmit(state) && state.link === "open" && !state.locked;
      set(admit, "aria-disabled", busy || !may ? "true" : null);
    },
  };
}

/** By the credential of the knock; the practice's list is only what the server says. */
function calledAtDoor(state: State, { id }: Waiting, { words }: Stagehand): string {
  return state.secrecy.door[id]?.name ?? words("door-someone");
}

function deviceAtDoor({ device, tries, spent }: AtDoor, { words }: Stagehand): string {
  const known = words(`device-${device ?? "new"}`);
  if (spent) return words("door-spent");
  return tries > 1 ? `${known} ${words("door-tries", { count: tries })}` : known;
}

function updateBadges(list: HTMLElement, badges: Badge[]): void {
  const text = JSON.stringify(badges);
  if (list.dataset["shown"] === text) return;
  list.dataset["shown"] = text;
  fill(
    list,
    ...badges.map((badge) =>
      h("li", { class: "badge", "data-tone": badge.tone }, icon(badgeIcon(badge)), h("span", {}, badge.text)),
    ),
  );
}

/** State is never colour alone: the sign says good or not. */
function badgeIcon(badge: Badge): string {
  if (/lang|interpreter/.test(badge.kind)) return "languages";
  if (badge.tone === "good") return "check";
  if (badge.tone === "bad") return "circle-alert";
  return badge.tone === "warn" ? "triangle-alert" : "info";
}

function insideCard(hand: Stagehand): View {
  const list = h("ul", { class: "inside", role: "list" });
  const rows = new Rows<{ person: Person; state: State }>(
    list,
    (shown) => shown.person.id,
    () => insideRow(hand),
  );
  const element = h("section", { class: "card" }, h("h2", {}, hand.words("inside-title")), list);
  return {
    element,
    update(state) {
      rows.update(state.people.filter((person) => !person.you).map((person) => ({ person, state })));
      show(element, list.children.length > 0);
    },
  };
}

function insideRow(hand: Stagehand) {
  const { words } = hand;
  const name = h("strong", {});
  const role = h("span", { class: "soft" });
  let id = "";
  const back = button(
    words("to-lobby"),
    "quiet small",
    () => hand.press({ on: "back_to_lobby", participant: id }),
    "undo-2",
  );
  const remove = button(
    words("remove"),
    "danger small",
    () => hand.press({ on: "ask", ask: { kind: "remove", participant: id } }),
    "user-x",
  );
  const check = h("p", { class: "soft small" });
  let key = "";
  const compare = button(
    words("code-again"),
    "quiet small code-again",
    () => hand.press({ on: "compared", key, outcome: "again" }),
    "shield-check",
  );
  const acts = h("div", { class: "row" }, back, remove);
  const element = h("li", {}, h("p", {}, name, " ", role), check, compare, acts);
  return {
    element,
    update({ person, state }: { person: Person; state: State }) {
      id = person.id;
      const member = memberOf(state.secrecy, person, state.slots);
      say(name, member?.name ?? words("door-someone"));
      say(role, member ? roleWord(member.role, words) : "");
      show(acts, holdsTheDoor(state) && person.role !== "host");
      say(check, member ? checkWord(member.check, hand) : words("person-no-keys"));
      key = member?.key ?? "";
      show(compare, state.secrecy.leads && member?.own?.outcome === "skipped" && !state.secrecy.again);
      const called = member?.name ?? words("door-someone");
      set(compare, "aria-label", words("code-again-label", { name: called }));
      set(back, "aria-label", words("to-lobby-label", { name: called }));
      set(remove, "aria-label", words("remove-label", { name: called }));
      const busy = state.pending[person.id] !== undefined || state.link !== "open";
      set(back, "aria-disabled", busy ? "true" : null);
      set(remove, "aria-disabled", busy ? "true" : null);
    },
  };
}

function doorCard(hand: Stagehand): View {
  const { words } = hand;
  let locked = false;
  const toggle = h(
    "button",
    {
      type: "button",
      class: "switch",
      role: "switch",
      onclick: () => hand.press({ on: "lock", locked: !locked }),
    },
    h("span", { class: "switch-words" }, h("strong", {}, words("lock")), h("span", { class: "soft small" })),
    h("span", { class: "knob", "aria-hidden": "true" }),
  );
  const detail = toggle.querySelector(".soft") ?? toggle;
  const title = h("h2", { class: "quiet-title" }, words("door-title"));
  const element = h("section", { class: "card" }, title, toggle);
  return {
    element,
    update(state) {
      locked = state.locked;
      show(element, !state.secrecy.ahead); // a room that is open for one person locks by itself
      set(toggle, "aria-checked", locked ? "true" : "false");
      set(toggle, "aria-disabled", mayAdmit(state) && state.link === "open" ? null : "true");
      say(detail, words(locked ? "lock-on" : "lock-off"));
    },
  };
}

function sayCard(hand: Stagehand): View {
  const { words } = hand;
  const field = h("textarea", { id: "say", rows: 2, maxlength: SAY_CHARS, "aria-describedby": "say-hint" });
  const count = h("span", { class: "soft small" });
  const send = h(
    "button",
    { type: "submit", class: "button quiet small" },
    icon("send"),
    h("span", {}, words("say-send")),
  );
  const late = button(
    words("say-quick-late"),
    "chip",
    () => ((field.value = words("say-quick-late")), changed(), field.focus()),
  );
  const changed = () => {
    const left = SAY_CHARS - field.value.length;
    say(count, left <= 80 ? words("say-letters", { count: left }) : words("say-hint"));
    set(send, "aria-disabled", speakable(field.value) && online ? null : "true");
    show(late, field.value === "");
  };
  let online = true;
  field.addEventListener("input", changed);
  const form = h(
    "form",
    {},
    h("h2", {}, h("label", { for: "say" }, words("say-title"))),
    h("p", { class: "soft small", id: "say-hint" }, words("say-label")),
    field,
    late,
    h("div", { class: "row between" }, count, send),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!speakable(field.value)) return;
    hand.press({ on: "say", text: field.value });
    // What nobody hears now stays written.
    if (online) field.value = "";
    changed();
  });
  const element = h("section", { class: "card" }, form);
  changed();
  return {
    element,
    update(state) {
      show(element, state.waiting.length > 0 || field.value !== "");
      if (online === (state.link === "open")) return;
      online = !online;
      changed();
    },
  };
}

/** The strip over the controls on a phone: somebody waits, one press lets them in. */
export function knock(hand: Stagehand): View {
  const { words } = hand;
  const text = h("span", {});
  let id = "";
  const admit = button(
    words("admit"),
    "primary small",
    () => hand.press({ on: "admit", participant: id }),
    "door-open",
  );
  const element = h("div", { class: "knock" }, text, admit);
  return {
    element,
    update(state) {
      const first = state.waiting[0];
      show(element, first !== undefined && !state.sheet);
      if (!first) return;
      id = first.id;
      const name = calledAtDoor(state, first, hand);
      say(text, words("toast-waiting", { name }));
      set(admit, "aria-label", words("admit-label", { name }));
      const may = mayAdmit(state) && state.link === "open";
      set(admit, "aria-disabled", state.pending[id] || !may ? "true" : null);
    },
  };
}
