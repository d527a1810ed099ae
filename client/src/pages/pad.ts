// Owns the pad to sign by hand: strokes of a finger, a pen or a mouse become one bounded SVG path in a hidden
// field of the form. Without script the pad stays hidden; typing the name signs all the same.

/** Units of the pad. The server reads the same (`before/consent/drawn.rs`) and refuses everything else. */
export const WIDTH = 320;
export const HEIGHT = 120;
/** Longer than this the server refuses, so the pen stops before. */
export const BYTES_MAX = 6 * 1024;
/** Points closer than this add nothing that can be seen. */
const STEP = 2;

/** The strokes so far, as `M12 34 L56 78`. Knows no page, so that a test can draw. */
export class Strokes {
  path = "";
  private last: [number, number] | undefined;

  constructor(path = "") {
    this.path = path;
  }

  /** The pen touches the pad; `x` and `y` in units, from the upper left corner. */
  begin(x: number, y: number): void {
    this.last = undefined;
    this.add("M", x, y);
  }

  /** The pen goes on. Before it has touched the pad, nothing. */
  go(x: number, y: number): void {
    if (this.last === undefined) return;
    const [a, b] = inside(x, y);
    if (Math.abs(a - this.last[0]) + Math.abs(b - this.last[1]) < STEP) return;
    this.add("L", x, y);
  }

  lift(): void {
    this.last = undefined;
  }

  clear(): void {
    this.path = "";
    this.last = undefined;
  }

  private add(letter: "M" | "L", x: number, y: number): void {
    const point = inside(x, y);
    const next = `${this.path === "" ? "" : `${this.path} `}${letter}${point[0]} ${point[1]}`;
    if (next.length > BYTES_MAX) return;
    this.path = next;
    this.last = point;
  }
}

/** Rounded to whole units, and never outside: a finger that slips off draws along the edge. */
function inside(x: number, y: number): [number, number] {
  const within = (value: number, max: number): number => Math.min(max, Math.max(0, Math.round(value)));
  return [within(x, WIDTH), within(y, HEIGHT)];
}

/** Makes the pad of a page work, if it has one. */
export function pad(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-pad]")) upgrade(place);
}

function upgrade(place: HTMLElement): void {
  const drawing = place.querySelector("svg");
  const line = place.querySelector("path");
  const field = place.querySelector<HTMLInputElement>("input[name=drawn]");
  const again = place.querySelector<HTMLButtonElement>("button");
  const said = place.querySelector<HTMLElement>("[role=status]");
  if (!drawing || !line || !field || !again || !said) return;
  const strokes = new Strokes(field.value);
  const show = (): void => {
    line.setAttribute("d", strokes.path);
    field.value = strokes.path;
    again.hidden = strokes.path === "";
    said.hidden = strokes.path === "";
  };
  const at = (event: PointerEvent): [number, number] => {
    const box = drawing.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return [(x / box.width) * WIDTH, (y / box.height) * HEIGHT];
  };
  let pen: number | undefined;
  drawing.addEventListener("pointerdown", (event) => {
    // One pen at a time; the right button opens the browser's own menu.
    if (pen !== undefined || event.button !== 0) return;
    event.preventDefault();
    pen = event.pointerId;
    drawing.setPointerCapture(pen);
    strokes.begin(...at(event));
    show();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pen) return;
    strokes.go(...at(event));
    show();
  });
  const lift = (event: PointerEvent): void => {
    if (event.pointerId !== pen) return;
    pen = undefined;
    strokes.lift();
  };
  drawing.addEventListener("pointerup", lift);
  drawing.addEventListener("pointercancel", lift);
  again.addEventListener("click", () => {
    strokes.clear();
    show();
    // The button goes away, so the focus goes on to where one can type instead.
    place.closest("form")?.querySelector<HTMLInputElement>("input[name=name]")?.focus();
  });
  place.hidden = false;
  show();
}
