// A view as cytoscape's elements: what each thing and line is called there, how large it is and which marks it bears.

import type { EdgeDefinition, ElementDefinition, NodeDefinition } from "cytoscape";

import { measureIn, wrapped, type Measure } from "./_label";
import { FONT_SIZE, LABEL_WIDTH, OTHER_COLOUR, SHAPES } from "./_looks";
import type { Point } from "./_state";
import type { Kind, Line, Thing, View } from "./_view";

/** The elements of a view by key, in a font; what is invented is called so. */
export function elementsOf(view: View, mark: string, font: string): Map<string, ElementDefinition> {
  const made = new Elements(view, mark, font).all();
  return new Map(made.map((element) => [element.data.id as string, element]));
}

/** How far a shape stands above its place, so that shape and name together are in the middle of it. */
const LIFT = 22;

/** Where a thing is drawn: the place that the server gives is the middle of the thing with its name. */
export function drawnAt({ x, y, kind }: Pick<Thing, "x" | "y" | "kind">): Point {
  return kind === "group" ? { x, y } : { x, y: y - LIFT };
}

/** The place of what is drawn somewhere. */
export function placeOf({ x, y }: Point, isGroup: boolean): Point {
  return isGroup ? { x, y } : { x, y: y + LIFT };
}

class Elements {
  readonly #view: View;
  readonly #mark: string;
  readonly #measure: Measure;
  readonly #large: Measure;
  readonly #kinds: Map<string, Kind>;
  readonly #relations: Map<string, Kind>;
  /** How many lines there are between two things: only those that have company are bent, which takes time. */
  readonly #between = new Map<string, number>();

  constructor(view: View, mark: string, font: string) {
    this.#view = view;
    this.#mark = mark;
    this.#measure = measureIn(`${FONT_SIZE}px ${font}`);
    this.#large = measureIn(`${FONT_SIZE + 1}px ${font}`);
    this.#kinds = byName(view.kinds);
    this.#relations = byName(view.relations);
    for (const edge of view.edges) this.#between.set(pairOf(edge), (this.#between.get(pairOf(edge)) ?? 0) + 1);
  }

  all(): ElementDefinition[] {
    const nodes = this.#view.nodes.map((node) => (node.kind === "group" ? this.#group(node) : this.#node(node)));
    const known = new Set(this.#view.nodes.map((node) => node.key));
    const drawable = this.#view.edges.filter((edge) => known.has(edge.from) && known.has(edge.to));
    return [...nodes, ...drawable.map((edge) => this.#edge(edge))];
  }

  #node(node: Thing): NodeDefinition {
    const kind = this.#kinds.get(node.kind);
    const [shape, width, height] = SHAPES[kind?.shape ?? ""] ?? ["ellipse", 28, 28];
    const size = node.centre ? 1.2 : 1;
    const lines = wrapped(node.label, LABEL_WIDTH, this.#measure);
    if (node.illustrative && this.#mark) lines.push(this.#mark);
    const data = { colour: kind?.colour ?? OTHER_COLOUR, shape, width: width * size, height: height * size };
    return this.#thing(node, { ...data, label: lines.join("\n") });
  }

  #group(group: Thing): NodeDefinition {
    const lines = wrapped(group.label, LABEL_WIDTH, this.#large, 3);
    lines.push(String(group.count ?? ""));
    if (group.illustrative && this.#mark) lines.push(this.#mark);
    const width = Math.max(84, ...lines.map((line) => this.#large(line) + 28));
    const height = lines.length * (FONT_SIZE + 1) * 1.2 + 20;
    return this.#thing(group, { colour: OTHER_COLOUR, shape: "round-rectangle", width, height, label: lines.join("\n") });
  }

  #thing(node: Thing, data: Record<string, string | number>): NodeDefinition {
    return {
      group: "nodes",
      data: { id: node.key, name: node.label, ...data },
      position: drawnAt(node),
      classes: named({
        group: node.kind === "group",
        illustrative: node.illustrative,
        expanded: node.expanded,
        pinned: node.pinned,
        centre: node.centre,
        path: node.on_path,
      }),
    };
  }

  #edge(edge: Line): EdgeDefinition {
    return {
      group: "edges",
      data: {
        id: edge.key,
        source: edge.from,
        target: edge.to,
        label: wrapped(edge.label, LABEL_WIDTH, this.#measure, 2).join("\n"),
        colour: this.#relations.get(edge.kind)?.colour ?? OTHER_COLOUR,
      },
      classes: named({
        group: edge.kind === "group",
        illustrative: edge.illustrative,
        unknown: edge.held === "unknown",
        over: edge.held === "no",
        unsure: edge.unsure,
        path: edge.on_path,
        beside: (this.#between.get(pairOf(edge)) ?? 0) > 1 || edge.from === edge.to,
      }),
    };
  }
}

function pairOf({ from, to }: Line): string {
  return from < to ? `${from} ${to}` : `${to} ${from}`;
}

function byName(kinds: Kind[]): Map<string, Kind> {
  return new Map(kinds.map((kind) => [kind.name, kind]));
}

function named(said: Record<string, boolean>): string[] {
  return Object.keys(said).filter((name) => said[name]);
}
