// Owns the pictures: one tile per person in the room, the most important one large, the own one small.

import type { State } from "../room/state.ts";
import { holdsTheDoor } from "../room/state.ts";
import { besideOf, CROWD, mainOf, mayEnlarge, peopleOf } from "../room/places.ts";
import type { Person } from "../wire/wire.ts";
import { Rows, h, icon, say, set, show } from "./dom.ts";
import { own } from "./own.ts";
import { memberOf } from "../room/secrecy_view.ts";
import { checkWord } from "./secrecy.ts";
import { type Stagehand, type View, button, initials, picture, roleWord } from "./parts.ts";

interface Shown {
  person: Person;
  state: State;
}

export function tiles(hand: Stagehand): View {
  const list = h("ul", { class: "tiles", role: "list" });
  const alone = aloneNote(hand);
  const rows = new Rows<Shown>(
    list,
    (shown) => shown.person.id,
    (shown) => (shown.person.you ? ownTile(hand) : tile(hand)),
  );
  return {
    element: h("div", { class: "tiles-box" }, list, alone.element),
    update(state) {
      const main = mainOf(state);
      const people = peopleOf(state);
      const beside = besideOf(state, main);
      rows.update(people.map((person) => ({ person, state })));
      set(list, "data-count", people.length);
      // Five and more stand in rows: the speaker, with the interpreter beside, and everybody else below.
      set(list, "data-below", people.length >= CROWD ? people.length - (beside ? 2 : 1) : null);
      [...list.children].forEach((element, index) => {
        const id = people[index]?.id;
        set(element, "data-place", id === main ? "main" : id === beside ? "beside" : "side");
      });
      alone.update(state);
    },
  };
}

function tile(hand: Stagehand) {
  const { words } = hand;
  const video = picture(false);
  const letters = h("span", { class: "letters", "aria-hidden": "true" });
  const blankText = h("span", {});
  const blank = h("div", { class: "blank" }, letters, h("p", { class: "blank-text" }, blankText));
  const name = h("span", { class: "tag-name" });
  const role = h("span", { class: "tag-role" });
  const talk = h("span", { class: "tag-mark" }, icon("languages"));
  const muted = h("span", { class: "tag-muted" }, icon("mic-off"), h("span", {}, words("person-muted")));
  const check = h("span", { class: "tag-check" });
  const away = h("p", { class: "away" }, icon("wifi-off"), h("span", {}));
  let id = "";
  const press = () => hand.press({ on: "large", participant: id });
  const large = button(words("tile-large"), "quiet small enlarge", press, "maximize-2");
  const element = h(
    "li",
    { class: "tile" },
    h("div", { class: "frame" }, video.element, blank, away),
    h("p", { class: "tag" }, name, talk, role, check, muted),
    large,
  );
  return {
    element,
    update({ person, state }: Shown) {
      id = person.id;
      const slot = state.slots.find((one) => one.kind === "video" && one.participant === person.id);
      const stream = slot ? (hand.streams().video[slot.slot] ?? null) : null;
      video.stream(stream);
      const seen = person.camera && person.connected && stream !== null;
      show(video.element, seen);
      show(blank, !seen);
      // The name is the one that the frames were sealed under, never the server's alone.
      const member = memberOf(state.secrecy, person, state.slots);
      const called = member?.name ?? words("person-no-keys");
      say(letters, member ? initials(member.name) : "");
      say(blankText, words(person.camera ? "person-joining" : "person-no-picture"));
      say(name, called);
      say(role, member ? roleWord(member.role, words) : "");
      show(check, member !== null);
      say(check, member ? checkWord(member.check, hand) : "");
      set(check, "data-good", member?.check?.outcome === "matches");
      show(talk, member?.role === "interpreter");
      show(muted, !person.mic);
      show(away, !person.connected);
      say(away.lastElementChild ?? away, words("person-away", { name: called }));
      set(video.element, "aria-label", called);
      show(large, mayEnlarge(state, person));
      set(large, "aria-label", words("tile-large-label", { name: called }));
      set(large, "aria-pressed", String(state.large === person.id));
    },
  };
}

function ownTile(hand: Stagehand) {
  const self = own(hand);
  const muted = h("span", { class: "tag-muted" }, icon("mic-off"), h("span", {}, hand.words("person-muted")));
  const element = h(
    "li",
    { class: "tile self" },
    self.element,
    h("p", { class: "tag" }, h("span", { class: "tag-name" }, hand.words("you")), muted),
  );
  return {
    element,
    update({ state }: Shown) {
      self.update(state);
      show(muted, state.devices.asked === "on" && !(state.devices.mic && state.devices.has.mic));
    },
  };
}

function aloneNote(hand: Stagehand): View {
  const { words } = hand;
  const title = h("h2", {});
  const text = h("p", {});
  const element = h("div", { class: "alone" }, title, text);
  return {
    element,
    update(state) {
      const alone = state.people.length > 0 && state.people.every((person) => person.you);
      show(element, alone);
      if (!alone) return;
      const host = holdsTheDoor(state);
      const name = state.visit?.clinician ?? "";
      say(title, words(host ? "alone-host" : name ? "alone-guest" : "alone-guest-plain", { name }));
      say(text, host ? words("alone-host-text") : "");
      show(text, host);
    },
  };
}
