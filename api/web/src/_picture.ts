// The picture as a file: what is in sight, with a heading above and the legend below.

import { coloursOf, OTHER_COLOUR, SHAPES, type Colours } from "./_looks";
import type { Kind, View } from "./_view";

const SCALE = 2; // like the picture itself
const PAD = 16;
const LINE = 24;

/** What the heading and the legend say. */
export interface Words {
  title: string;
  mark: string;
  unknown: string;
}

type Entry = { label: string; draw: (context: CanvasRenderingContext2D, x: number, y: number) => void; width: number };

/** The picture with heading and legend, as a PNG. */
export async function framed(inner: Blob, view: View, words: Words, place: Element): Promise<Blob> {
  const image = await createImageBitmap(inner);
  const colours = coloursOf(place);
  const font = getComputedStyle(place).fontFamily;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.font = `13px ${font}`;
  const width = image.width / SCALE;
  const rows = inRows(entriesOf(view, words, colours), width - 2 * PAD, context);
  const [above, below] = [PAD * 2 + 8, rows.length * LINE + PAD];
  canvas.width = image.width;
  canvas.height = image.height + (above + below) * SCALE;
  context.scale(SCALE, SCALE);
  context.fillStyle = colours.sheet;
  context.fillRect(0, 0, width, canvas.height);
  context.drawImage(image, 0, above, width, image.height / SCALE);
  context.textBaseline = "middle";
  context.fillStyle = colours.ink;
  context.font = `16px ${font}`;
  context.fillText(words.title, PAD, PAD + 6, width - 2 * PAD);
  context.font = `13px ${font}`;
  rows.forEach((row, index) => write(row, above + image.height / SCALE + PAD / 2 + (index + 0.5) * LINE, context, colours));
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture")))),
  );
}

/** Hands a file to the browser's downloads. */
export function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function entriesOf(view: View, words: Words, colours: Colours): Entry[] {
  const isInvented = view.nodes.some((node) => node.illustrative);
  const isUnknown = view.edges.some((edge) => edge.held === "unknown");
  return [
    ...view.kinds.filter((kind) => kind.count).map(thing),
    ...view.relations.filter((kind) => kind.count && kind.name !== "group").map((kind) => line(kind.label, kind.colour, [])),
    ...(isInvented ? [line(words.mark, colours.soft, [6, 4])] : []),
    ...(isUnknown ? [line(words.unknown, colours.soft, [1, 5])] : []),
  ];
}

function thing(kind: Kind): Entry {
  return {
    label: kind.label,
    width: 18,
    draw: (context, x, y) => {
      const [shape] = SHAPES[kind.shape ?? ""] ?? ["ellipse"];
      context.fillStyle = kind.colour || OTHER_COLOUR;
      context.beginPath();
      outline(context, kind.shape === "triangleDown" ? "triangleDown" : shape, x, y);
      context.fill();
    },
  };
}

function line(label: string, colour: string, dashes: number[]): Entry {
  return {
    label,
    width: 30,
    draw: (context, x, y) => {
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.lineCap = dashes[0] === 1 ? "round" : "butt";
      context.setLineDash(dashes);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + 24, y);
      context.stroke();
    },
  };
}

/** The points of shapes in a square of 14, clockwise from the upper left. */
const CORNERS: Record<string, number[]> = {
  rectangle: [1, 1, 13, 1, 13, 13, 1, 13],
  "round-rectangle": [0, 3, 14, 3, 14, 11, 0, 11],
  hexagon: [3.5, 1, 10.5, 1, 14, 7, 10.5, 13, 3.5, 13, 0, 7],
  diamond: [7, 0, 14, 7, 7, 14, 0, 7],
  triangle: [7, 1, 14, 13, 0, 13],
  triangleDown: [0, 1, 14, 1, 7, 13],
  star: [7, 0, 9, 5, 14, 5.3, 10.2, 8.6, 11.4, 14, 7, 11, 2.6, 14, 3.8, 8.6, 0, 5.3, 5, 5],
};

function outline(context: CanvasRenderingContext2D, shape: string, x: number, y: number): void {
  const corners = CORNERS[shape];
  if (!corners) return context.arc(x + 7, y, 6.5, 0, 2 * Math.PI);
  for (let at = 0; at < corners.length; at += 2) context.lineTo(x + corners[at]!, y - 7 + corners[at + 1]!);
  context.closePath();
}

function inRows(entries: Entry[], width: number, context: CanvasRenderingContext2D): [Entry, number][][] {
  const rows: [Entry, number][][] = [];
  let x = Infinity;
  for (const entry of entries) {
    const wide = entry.width + context.measureText(entry.label).width + PAD;
    if (x + wide > width) {
      rows.push([]);
      x = 0;
    }
    rows[rows.length - 1]?.push([entry, x]);
    x += wide;
  }
  return rows;
}

function write(row: [Entry, number][], y: number, context: CanvasRenderingContext2D, colours: Colours): void {
  for (const [entry, x] of row) {
    entry.draw(context, PAD + x, y);
    context.fillStyle = colours.ink;
    context.fillText(entry.label, PAD + x + entry.width, y + 1);
  }
}
