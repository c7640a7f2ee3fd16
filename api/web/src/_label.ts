// Names as lines of text: broken where Chinese and Latin text may break, measured in the font that draws them.

const CHINESE = "\\p{Script=Han}\\u3000-\\u303f\\uff00-\\uffef";
const PIECE = new RegExp(`\\s+|[${CHINESE}]|[^\\s${CHINESE}]+`, "gu");
/** What must not begin a line. */
const CLOSING = /^[、。，．；：？！）》」』】〕”’…%,.;:?!)\]}]+$/u;
const MORE = "…";

export type Measure = (text: string) => number;

/** How wide a text is in a font, such as "12px sans-serif"; asked again it is known. */
export function measureIn(font: string): Measure {
  const context = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
  const known = new Map<string, number>();
  context.font = font;
  return (text) => {
    let width = known.get(text);
    if (width === undefined) known.set(text, (width = context.measureText(text).width));
    return width;
  };
}

/** A text in lines of like length, no wider than asked; what is beyond the last line is told by an ellipsis. */
export function wrapped(text: string, width: number, measure: Measure, most = 4): string[] {
  const parts = [...pieces(text.trim(), width, measure)];
  let lines = filled(parts, width, measure);
  for (let narrower = 0.9 * width; narrower > 0.4 * width; narrower -= 0.1 * width) {
    const even = filled(parts, narrower, measure);
    if (even.length > lines.length) break;
    lines = even;
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), shortened(lines[most - 1] ?? "", width, measure)];
}

function filled(parts: string[], width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const part of parts) {
    const wide = measure(part);
    if (line && used + wide > width && !CLOSING.test(part)) {
      lines.push(line.trimEnd());
      [line, used] = ["", 0];
    }
    if (!line && part === " ") continue;
    line += part;
    used += wide;
  }
  return [...lines, line];
}

function* pieces(text: string, width: number, measure: Measure): Generator<string> {
  for (const [piece] of text.matchAll(PIECE)) {
    if (measure(piece) <= width) yield /\s/.test(piece) ? " " : piece;
    else yield* piece.trim() ? piece : " ";
  }
}

function shortened(line: string, width: number, measure: Measure): string {
  const signs = [...line];
  while (signs.length && measure(signs.join("") + MORE) > width) signs.pop();
  return signs.join("") + MORE;
}
