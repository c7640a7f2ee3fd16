// How things and lines look. Colours of kinds come with the view, all others from the style sheet of the pages, so
// that dark mode and print need nothing of their own here.

import type { StylesheetJson } from "cytoscape";

/** The colours that the drawing takes from the style sheet. */
export interface Colours {
  ink: string;
  soft: string;
  sheet: string;
  tint: string;
  line: string;
  accent: string;
  focus: string;
}

export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    soft: colour("soft"),
    sheet: colour("sheet"),
    tint: colour("tint"),
    line: colour("line"),
    accent: colour("accent"),
    focus: colour("focus"),
  };
}

export const FONT_SIZE = 13;
export const LABEL_WIDTH = 124;
/** What has no kind that the view tells of. */
export const OTHER_COLOUR = "#6f7379";

/** Names of shapes as the vocabulary of kinds has them, as cytoscape calls them; with their width and height. */
export const SHAPES: Record<string, [string, number, number]> = {
  star: ["star", 36, 36],
  dot: ["ellipse", 28, 28],
  square: ["rectangle", 25, 25],
  hexagon: ["hexagon", 31, 28],
  diamond: ["diamond", 32, 32],
  triangle: ["triangle", 31, 29],
  triangleDown: ["polygon", 31, 29],
  box: ["round-rectangle", 36, 22],
  ellipse: ["ellipse", 38, 22],
  round: ["round-rectangle", 84, 40],
};

const PIN = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#fff" stroke="#333"/><path d="M6 3.5h4l-.6 4 2.1 2h-7l2.1-2zM8 9.5v4" fill="#333" stroke="#333" stroke-width="1.2"/></svg>',
)}`;

export function looks(colours: Colours, font: string): StylesheetJson {
  const { ink, soft, sheet, tint, line, accent, focus } = colours;
  // Few properties: each costs time for each of a thousand things. Not said is what cytoscape does by itself.
  const text = {
    color: ink,
    "font-family": font,
    "font-size": FONT_SIZE,
    "line-height": 1.2,
    "text-wrap": "wrap",
    "text-background-color": sheet,
    "text-background-opacity": 0.86,
    "text-background-padding": "2px",
    "min-zoomed-font-size": 5,
  };
  return [
    { selector: "core", style: { "active-bg-opacity": 0, "selection-box-opacity": 0 } },
    {
      selector: "node",
      style: {
        ...text,
        label: "data(label)",
        shape: "data(shape)",
        width: "data(width)",
        height: "data(height)",
        "background-color": "data(colour)",
        "text-valign": "bottom",
        "text-margin-y": 4,
      },
    },
    { selector: "node[shape = 'polygon']", style: { "shape-polygon-points": "-1 -1 1 -1 0 1" } },
    {
      selector: "node.illustrative",
      style: {
        "outline-width": 1.5,
        "outline-style": "dashed",
        "outline-color": "data(colour)",
        "outline-offset": 3,
        "text-margin-y": 8,
      },
    },
    {
      selector: "node.group",
      style: {
        "background-color": sheet,
        "border-width": 2,
        "border-color": accent,
        "text-valign": "center",
        "text-margin-y": 0,
        "text-background-opacity": 0,
        "font-size": FONT_SIZE + 1,
        "outline-color": accent,
      },
    },
    { selector: "node.group.expanded", style: { "background-color": tint } },
    {
      selector: ".pinned",
      style: {
        "background-image": PIN,
        "background-width": 13,
        "background-height": 13,
        "background-position-x": "100%",
        "background-position-y": "0%",
        "background-offset-x": 6,
        "background-offset-y": -6,
        "background-clip": "none",
        "background-image-containment": "over",
        "bounds-expansion": 8,
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.6,
        "line-color": "data(colour)",
        "target-arrow-color": "data(colour)",
        "target-arrow-shape": "triangle",
        "curve-style": "straight",
      },
    },
    { selector: "edge.beside", style: { "curve-style": "bezier" } },
    { selector: "edge.labelled", style: { ...text, label: "data(label)", color: soft } },
    { selector: "edge.group", style: { "line-color": line, "target-arrow-shape": "none" } },
    { selector: "edge.illustrative", style: { "line-style": "dashed", "line-dash-pattern": [6, 4] } },
    {
      selector: "edge.unknown",
      style: { "line-style": "dashed", "line-dash-pattern": [1, 5], "line-cap": "round", width: 2.2 },
    },
    { selector: "edge.illustrative.unknown", style: { "line-dash-pattern": [7, 4, 1, 4] } },
    { selector: "edge.over", style: { opacity: 0.45 } },
    { selector: "edge.unsure", style: { "target-arrow-fill": "hollow" } },
    {
      selector: "edge.path",
      style: { width: 4.5, opacity: 1, "line-color": focus, "target-arrow-color": focus, "z-index": 5 },
    },
    { selector: "edge.path.illustrative", style: { "line-dash-pattern": [14, 7] } },
    { selector: "edge.path.unknown", style: { width: 4.5, "line-dash-pattern": [1, 9] } },
    { selector: "edge.path.illustrative.unknown", style: { "line-dash-pattern": [14, 8, 1, 8] } },
    { selector: "node.path", style: { "border-width": 3, "border-color": focus } },
    { selector: ".faded", style: { opacity: 0.28 } },
    {
      selector: "node.hinted, node.selected",
      style: { "underlay-color": focus, "underlay-opacity": 0.28, "underlay-padding": 9, "underlay-shape": "ellipse" },
    },
    { selector: "node.group.hinted, node.group.selected", style: { "underlay-shape": "round-rectangle" } },
    { selector: "node.selected", style: { "border-width": 4, "border-color": focus, "z-index": 9 } },
    { selector: "edge.hinted, edge.selected", style: { width: 4, opacity: 1, "z-index": 8 } },
    { selector: "edge.selected", style: { "line-color": focus, "target-arrow-color": focus } },
  ] as unknown as StylesheetJson;
}
