// Owns the making of elements. Only createElement and textContent: no markup is ever parsed, so Trusted Types
// has no work.

import icons from "built:icons";

type Child = Node | string | null | false;
type Props = Record<string, string | boolean | number | null | ((event: never) => void)>;

/**
 * `h("button", { class: "quiet", onclick: run }, "Text")`. Functions become properties, the rest
 * attributes.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else set(element, name, value);
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== false));
  return element;
}

/** Sets or takes away one attribute; touches nothing when it is the same. */
export function set(element: Element, name: string, value: string | number | boolean | null): void {
  if (value === null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Writes a text only when it changed, so that live regions and selections stay quiet. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The same for a sentence with a phone number, which stays on one line. */
export function sayNumber(element: Element, text: string, number: string): void {
  if (element.textContent === text) return;
  const [before = "", ...after] = text.split(number);
  if (number === "" || after.length === 0) return say(element, text);
  element.replaceChildren(before, h("span", { class: "whole" }, number), after.join(number));
}

export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) element.hidden = !visible;
}

/** Replaces the children only when they are others. */
export function fill(parent: Element, ...children: (Node | null | false)[]): void {
  const next = children.filter((child): child is Node => child instanceof Node);
  const same =
    next.length === parent.childNodes.length &&
    next.every((child, index) => parent.childNodes[index] === child);
  if (!same) parent.replaceChildren(...next);
}

/** A Lucide icon. Decoration: a word always stands beside it. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  for (const [key, value] of Object.entries(PEN)) svg.setAttribute(key, value);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const [tag, attributes] of icons[name] ?? []) {
    const shape = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return svg;
}

/** The mark: an arch with a door. */
export function mark(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 36");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  const arch = document.createElementNS(SVG, "path");
  arch.setAttribute("d", "M2 36V16a14 14 0 0 1 28 0v20");
  arch.setAttribute("class", "mark-arch");
  const door = document.createElementNS(SVG, "path");
  door.setAttribute("d", "M10 36V18a6 6 0 0 1 12 0v18z");
  door.setAttribute("class", "mark-door");
  svg.append(arch, door);
  return svg;
}

/** A piece of the page that shows a list item and follows it. */
export interface Row<Item> {
  element: HTMLElement;
  update(item: Item): void;
}

/** Keeps one row per key, in order, and leaves the rows that stay untouched (focus and pictures survive). */
export class Rows<Item> {
  #rows = new Map<string, Row<Item>>();
  #parent: HTMLElement;
  #key: (item: Item) => string;
  #make: (item: Item) => Row<Item>;

  constructor(parent: HTMLElement, key: (item: Item) => string, make: (item: Item) => Row<Item>) {
    this.#parent = parent;
    this.#key = key;
    this.#make = make;
  }

  update(items: Item[]): void {
    const next = new Map<string, Row<Item>>();
    for (const item of items) {
      const key = this.#key(item);
      const row = this.#rows.get(key) ?? this.#make(item);
      row.update(item);
      next.set(key, row);
    }
    for (const [key, row] of this.#rows) if (!next.has(key)) row.element.remove();
    let before: ChildNode | null = this.#parent.firstChild;
    for (const { element } of next.values()) {
      if (element === before) before = before.nextSibling;
      else this.#parent.insertBefore(element, before);
    }
    this.#rows = next;
  }
}

const SVG = "http://www.w3.org/2000/svg";
const PEN = {
  fill: "none",
  stroke: "currentColor",
  "stroke-width": "2",
  "stroke-linecap": "round",
  "stroke-linejoin": "round",
};
