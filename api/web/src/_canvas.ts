// The drawing: the one place that knows cytoscape. It draws views, moves about in them and says what people did;
// what is to follow from that is decided elsewhere.

/*! Contains Cytoscape.js. Copyright (c) 2016-2026, The Cytoscape Consortium. MIT License: https://js.cytoscape.org */
import cytoscape from "cytoscape";
import type { Core, ElementDefinition, EventObject, NodeCollection, NodeSingular } from "cytoscape";

import { drawnAt, elementsOf, placeOf } from "./_elements";
import { coloursOf, FONT_SIZE, looks } from "./_looks";
import type { Point } from "./_state";
import type { View } from "./_view";

/** Lines carry their names only when there are so few of them: more would hide each other. */
const MOST_NAMED = 25;
/** More than so many things do not glide to their new places: they are there. */
const MOST_GLIDING = 400;
/** From so many things on, lines are left out while the picture is moved. */
const HEAVY = 500;
const GLIDE = 300;
/** What is in the middle, selected or pointed at has its name written at least so large (pixels of the screen). */
const LEGIBLE = 11;
/** On a screen narrower than this the picture begins at its middle, large enough to read. */
const NARROW = 480;
const READABLE = 0.65;
const MARGIN = 12;
const LARGEST_FIT = 1.2;
/** The room that a thing and its name take about where it is drawn. */
const [ASIDE, ABOVE, BELOW] = [64, 40, 64];

/** What people can do to the drawing. A key is that of a thing, group or line. */
export interface Wishes {
  select(key: string | null): void;
  expand(key: string): void;
  pin(key: string, at: Point): void;
  hint(key: string | null): void;
}

/** A thing or group as it is drawn. */
export interface Drawn {
  label: string;
  isGroup: boolean;
  isExpanded: boolean;
  isPinned: boolean;
  place: Point;
}

export type Direction = "left" | "right" | "up" | "down";

export class Canvas {
  readonly #place: HTMLElement;
  readonly #cy: Core;
  readonly #mark: string;
  readonly #covered: () => number;
  readonly #drawn = new Map<string, string>();
  #enlarged: NodeCollection;
  #layout = "";
  #selected: string | null = null;

  /** Begins in an element that is shown already.
   *
   * @param place - the element to draw in.
   * @param mark - what the name of an invented thing says.
   * @param covered - how much of it tools cover at its right edge.
   * @param wishes - who is told what people did.
   */
  constructor(place: HTMLElement, mark: string, covered: () => number, wishes: Wishes) {
    [this.#place, this.#mark, this.#covered] = [place, mark, covered];
    keepStyleSheetOut();
    // It would complain of lines between things that lie on each other, which is where new things come from.
    cytoscape.warnings(false);
    this.#cy = cytoscape({
      container: place,
      style: looks(coloursOf(place), fontOf(place)),
      layout: { name: "preset" },
      minZoom: 0.05,
      maxZoom: 3,
      autounselectify: true,
      boxSelectionEnabled: false,
      textureOnViewport: false,
    });
    this.#enlarged = this.#cy.nodes();
    this.#listen(wishes);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }

  /** Takes the colours from the style sheet anew. */
  repaint(): void {
    this.#cy.style(looks(coloursOf(this.#place), fontOf(this.#place)));
  }

  /** Draws a view over the one before: what stays moves to its new place, the rest goes and comes. */
  draw(view: View): void {
    const cy = this.#cy;
    const before = cy.nodes().length;
    const fresh = view.nodes.filter((node) => !this.#drawn.has(node.key));
    const isNew = view.layout !== this.#layout || (view.nodes.length - fresh.length) * 2 < before || !before;
    this.#layout = view.layout;
    const glides = !isNew && view.nodes.length <= MOST_GLIDING && isMotionWelcome();
    const origins = glides ? this.#origins(view) : new Map<string, Point>();
    const places = new Map(view.nodes.map((node) => [node.key, drawnAt(node)]));
    cy.nodes().stop();
    cy.batch(() => this.#replace(elementsOf(view, this.#mark, fontOf(this.#place)), origins));
    this.#setPace(view.nodes.length);
    this.select(view.selected);
    this.#move(places, glides);
    if (isNew) this.begin();
    else if (this.#areMostlyUnseen(fresh)) this.fit(places);
    else this.showSelected(places.get(view.selected ?? ""));
  }

  /** Ends once the drawing has been painted. */
  painted(): Promise<unknown> {
    return new Promise((resolve) => {
      this.#cy.one("render", () => requestAnimationFrame(resolve));
      (this.#cy as unknown as { forceRender(): void }).forceRender();
    });
  }

  /** Marks what is selected, shows what it is related to, and steps the rest back. */
  select(key: string | null): void {
    this.#selected = key;
    this.#cy.batch(() => this.#emphasise(key));
    this.#enlarge();
  }

  /** Marks what somebody points at. */
  hint(key: string | null): void {
    this.#cy.elements(".hinted").removeClass("hinted");
    if (key) this.#cy.getElementById(key).addClass("hinted");
    this.#enlarge();
  }

  /** Moves the picture when what is selected is out of sight, or will be at the place it glides to. */
  showSelected(at?: Point): void {
    const selected = this.#cy.getElementById(this.#selected ?? "");
    const there = at ?? (selected.isNode() ? selected.position() : null);
    if (there) this.#bringIntoSight(there);
  }

  get selected(): string | null {
    return this.#selected;
  }

  /** The thing or group of a key. */
  node(key: string | null): Drawn | null {
    const found = this.#cy.getElementById(key ?? "");
    if (!found.isNode()) return null;
    return {
      label: found.data("name"),
      isGroup: found.hasClass("group"),
      isExpanded: found.hasClass("expanded"),
      isPinned: found.hasClass("pinned"),
      place: placeOf(found.position(), found.hasClass("group")),
    };
  }

  /** The node nearest to the selected one in a direction, or where to begin when none is. */
  next(direction: Direction): string | null {
    const from = this.#cy.getElementById(this.#selected ?? "");
    if (!from.isNode()) return this.#first();
    const { x, y } = from.position();
    let best: string | null = null;
    let least = Infinity;
    this.#cy.nodes().forEach((node) => {
      const way = distance(node.position().x - x, node.position().y - y, direction);
      if (node.id() !== from.id() && way < least) [best, least] = [node.id(), way];
    });
    return best;
  }

  zoomBy(factor: number): void {
    const cy = this.#cy;
    const middle = { x: cy.width() / 2, y: cy.height() / 2 };
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: middle });
  }

  /** Moves the picture along with two fingers: by so much, and zoomed about a point of the element. */
  pinch(by: Point, factor: number, about: Point): void {
    this.#cy.panBy(by);
    this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition: about });
  }

  /** Shows all there is: each thing with room for its name, which costs less than measuring what is drawn. */
  fit(at?: Map<string, Point>): void {
    const cy = this.#cy;
    const places = at ? [...at.values()] : cy.nodes().map((node) => node.position());
    if (!places.length) return;
    const [x1, x2] = rangeOf(places.map((place) => place.x), ASIDE, ASIDE);
    const [y1, y2] = rangeOf(places.map((place) => place.y), ABOVE, BELOW);
    const [width, height] = [cy.width() - this.#covered(), cy.height()];
    const zoom = Math.min(LARGEST_FIT, (width - 2 * MARGIN) / (x2 - x1), (height - 2 * MARGIN) / (y2 - y1));
    const pan = { x: (width - zoom * (x1 + x2)) / 2, y: (height - zoom * (y1 + y2)) / 2 };
    if (at && isMotionWelcome()) cy.animate({ zoom, pan }, { duration: GLIDE });
    else cy.viewport({ zoom, pan });
  }

  /** Shows all there is; on a screen too small to read it then, its middle. */
  begin(): void {
    this.fit();
    const cy = this.#cy;
    if (cy.zoom() >= READABLE || cy.width() > NARROW) return;
    const [middle] = [...cy.nodes(".selected"), ...cy.nodes(".centre")];
    cy.zoom(READABLE);
    cy.center(middle);
  }

  resized(): void {
    this.#cy.resize();
  }

  /** The part that is in sight, as a picture on a background, at twice the size of the screen. */
  picture(background: string): Blob {
    return this.#cy.png({ output: "blob", full: false, scale: 2, bg: background }) as unknown as Blob;
  }

  #listen({ select, expand, pin, hint }: Wishes): void {
    const cy = this.#cy;
    const focused = () => this.#place.focus({ preventScroll: true });
    this.#place.addEventListener("mousedown", focused);
    cy.on("tap", (event: EventObject) => {
      focused();
      select(event.target === cy ? null : event.target.id());
    });
    cy.on("zoom", () => this.#enlarge());
    cy.on("dbltap", "node", (event) => expand(event.target.id()));
    cy.on("dragfree", "node", ({ target }) => pin(target.id(), placeOf(target.position(), target.hasClass("group"))));
    const point = (key: string | null) => {
      this.#place.classList.toggle("on-something", key !== null);
      this.hint(key);
      hint(key);
    };
    cy.on("mouseover", "node, edge", (event) => point(event.target.id()));
    cy.on("mouseout", "node, edge", () => point(null));
  }

  #replace(made: Map<string, ElementDefinition>, origins: Map<string, Point>): void {
    const cy = this.#cy;
    const gone = cy.elements().filter((element) => !made.has(element.id()));
    gone.forEach((element) => void this.#drawn.delete(element.id()));
    gone.remove();
    const added: ElementDefinition[] = [];
    for (const [key, element] of made) {
      const said = JSON.stringify([element.data, element.classes]);
      const before = this.#drawn.get(key);
      this.#drawn.set(key, said);
      if (before === undefined) added.push({ ...element, position: origins.get(key) ?? element.position });
      else if (before !== said) cy.getElementById(key).data(element.data).classes(element.classes as string[]);
    }
    cy.add(added);
  }

  /** Where new things come from: the place of one they are tied to and that is drawn already. */
  #origins(view: View): Map<string, Point> {
    const found = new Map<string, Point>();
    for (const { from, to } of view.edges) {
      for (const [known, fresh] of [[from, to], [to, from]] as const) {
        if (!this.#drawn.has(known) || this.#drawn.has(fresh) || found.has(fresh)) continue;
        found.set(fresh, { ...this.#cy.getElementById(known).position() });
      }
    }
    return found;
  }

  #move(places: Map<string, Point>, glides: boolean): void {
    const cy = this.#cy;
    const moved = cy.nodes().filter((node) => {
      const to = places.get(node.id());
      return !!to && (to.x !== node.position().x || to.y !== node.position().y);
    });
    if (!glides) moved.positions((node) => places.get((node as NodeSingular).id()) as Point);
    else moved.forEach((node) => void node.animate({ position: places.get(node.id()) as Point }, { duration: GLIDE }));
  }

  #emphasise(key: string | null): void {
    const cy = this.#cy;
    const isFew = cy.edges().length <= MOST_NAMED;
    cy.elements(".selected, .faded").removeClass("selected faded");
    cy.edges().toggleClass("labelled", isFew);
    const one = cy.collection().union(cy.getElementById(key ?? ""));
    if (one.empty()) return;
    const near = one.closedNeighborhood().union(one.edges().connectedNodes());
    one.addClass("selected");
    cy.elements().not(near).not(".path").addClass("faded");
    const lines = near.edges();
    if (lines.length <= MOST_NAMED) lines.addClass("labelled");
  }

  /** Keeps the names that matter most legible, however small the picture is. */
  #enlarge(): void {
    const cy = this.#cy;
    const factor = LEGIBLE / FONT_SIZE / cy.zoom();
    const middle = cy.nodes(".centre");
    const marked = cy.nodes(".selected, .hinted").union(middle.length === 1 ? middle : []);
    const wanted = marked.filter(() => factor > 1) as NodeCollection;
    cy.batch(() => {
      this.#enlarged.not(wanted).filter((node) => node.inside()).removeStyle();
      wanted.forEach((node) => {
        const size = { "font-size": FONT_SIZE * factor, "min-zoomed-font-size": 0, "z-index": 20 };
        const box = { width: node.data("width") * factor, height: node.data("height") * factor };
        node.style(node.hasClass("group") ? { ...size, ...box } : size);
      });
    });
    this.#enlarged = wanted;
  }

  #isInSight({ x, y }: Point): boolean {
    const { x1, x2, y1, y2 } = this.#cy.extent();
    return x > x1 && x < x2 && y > y1 && y < y2;
  }

  #areMostlyUnseen(things: Point[]): boolean {
    return things.filter((thing) => !this.#isInSight(thing)).length * 2 > things.length;
  }

  #bringIntoSight(at: Point): void {
    const cy = this.#cy;
    if (this.#isInSight(at)) return;
    const pan = { x: cy.width() / 2 - at.x * cy.zoom(), y: cy.height() / 2 - at.y * cy.zoom() };
    if (isMotionWelcome()) cy.animate({ pan }, { duration: GLIDE });
    else cy.pan(pan);
  }

  #setPace(things: number): void {
    const renderer = (this.#cy as unknown as { renderer(): Record<string, boolean> }).renderer();
    renderer.hideEdgesOnViewport = things > HEAVY;
    renderer.textureOnViewport = things > HEAVY;
  }

  /** Where the arrow keys begin: the first centre, or what is nearest to the middle of the screen. */
  #first(): string | null {
    const { x1, x2, y1, y2 } = this.#cy.extent();
    const centre = this.#cy.nodes(".centre").first();
    if (centre.nonempty()) return centre.id();
    const nearest = this.#cy.nodes().min((node) => {
      const at = (node as NodeSingular).position();
      return Math.hypot(at.x - (x1 + x2) / 2, at.y - (y1 + y2) / 2);
    });
    return nearest.ele?.id() ?? null;
  }
}

function rangeOf(values: number[], before: number, after: number): [number, number] {
  return [Math.min(...values) - before, Math.max(...values) + after];
}

/** How far it is in a direction; what lies aside is farther, what lies behind is not there. */
function distance(dx: number, dy: number, direction: Direction): number {
  const [ahead, aside] = { left: [-dx, dy], right: [dx, dy], up: [-dy, dx], down: [dy, dx] }[direction] as [number, number];
  return ahead > 0 && ahead >= Math.abs(aside) / 2 ? ahead + 2 * Math.abs(aside) : Infinity;
}

function fontOf(element: Element): string {
  return getComputedStyle(element).fontFamily;
}

export function isMotionWelcome(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** cytoscape writes a style element unless there is an element of this name; its one rule is in our style sheet. */
function keepStyleSheetOut(): void {
  const name = "__________cytoscape_stylesheet";
  if (document.getElementById(name)) return;
  const stand = document.createElement("template");
  stand.id = name;
  document.head.append(stand);
}
