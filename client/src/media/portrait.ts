// Draws the test picture: a calm person in a quiet light who sways a little, and a clock hand that shows it
// moves. Runs in a worker or on a page; knows nothing about tracks.

type Canvas = HTMLCanvasElement | OffscreenCanvas;
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export class Portrait {
  #canvas: Canvas;
  #context: Context;
  #look: Look;

  constructor(canvas: Canvas, name: string) {
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.#canvas = canvas;
    const context = canvas.getContext("2d") as Context | null;
    if (!context) throw new Error("a fresh canvas has a 2d context");
    this.#context = context;
    this.#look = LOOKS[sum(name) % LOOKS.length] ?? LOOK;
  }

  draw(seconds: number): void {
    const { width, height } = this.#canvas;
    const pen = this.#context;
    const look = this.#look;
    const wall = pen.createLinearGradient(0, 0, 0, height);
    wall.addColorStop(0, look.wall[0]);
    wall.addColorStop(1, look.wall[1]);
    pen.fillStyle = wall;
    pen.fillRect(0, 0, width, height);
    const sway = Math.sin(seconds * 0.9) * width * 0.012;
    const breath = Math.sin(seconds * 1.7) * height * 0.006;
    const x = width / 2 + sway;
    oval(pen, look.shirt, width / 2 + sway * 0.4, height * 1.12 + breath, width * 0.24, height * 0.62);
    oval(pen, look.hair, x, height * 0.41 + breath, height * 0.235, height * 0.25);
    oval(pen, look.skin, x, height * 0.47 + breath, height * 0.17, height * 0.185);
    this.#hand(seconds);
  }

  #hand(seconds: number): void {
    const pen = this.#context;
    const radius = HEIGHT * 0.06;
    // Inside the part that every frame shows: a phone cuts the sides, an arch the upper corners.
    const x = WIDTH / 2 + HEIGHT * 0.2;
    const y = HEIGHT * 0.8;
    oval(pen, "#ffffffcc", x, y, radius, radius);
    const turn = (seconds / 4) * Math.PI * 2;
    pen.strokeStyle = "#0e6a5b";
    pen.lineWidth = 4;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + Math.sin(turn) * radius * 0.75, y - Math.cos(turn) * radius * 0.75);
    pen.stroke();
  }
}

interface Look {
  wall: [string, string];
  shirt: string;
  hair: string;
  skin: string;
}

function oval(pen: Context, colour: string, x: number, y: number, across: number, down: number): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.ellipse(x, y, across, down, 0, 0, Math.PI * 2);
  pen.fill();
}

function sum(text: string): number {
  return [...text].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
}

const WIDTH = 640;
const HEIGHT = 480;
const LOOK: Look = { wall: ["#d9e4de", "#bfd0c7"], shirt: "#3e6f92", hair: "#3b2a24", skin: "#f1c7a8" };
const LOOKS: Look[] = [
  LOOK,
  { wall: ["#eadfd0", "#d3c4ae"], shirt: "#f4f6f5", hair: "#1a1414", skin: "#8f5d3f" },
  { wall: ["#dcdce8", "#bdbdd2"], shirt: "#7d4e80", hair: "#6a4a2c", skin: "#e2b08c" },
  { wall: ["#dfe6ea", "#bccad3"], shirt: "#8a5a34", hair: "#4a4a4a", skin: "#c99873" },
];
