// The explorer in the browser: the drawing in place of the still picture, and each step without loading the page anew.
// The address is the state. A step asks the server for the page and the view of another address; the latest step wins.

import { Canvas, type Direction } from "./_canvas";
import { copyText } from "./_clipboard";
import { listenToGestures } from "./_gestures";
import { Steps } from "./_history";
import { download, framed } from "./_picture";
import { differOnlyInSelection, expanding, hiding, opening, pinning, selecting, stepped, type Point } from "./_state";
import { pageAt, swap } from "./_swap";
import type { View } from "./_view";

const PATIENCE = 20_000;
/** The arrow keys ask for the page once they have come to rest. */
const REST = 140;
/** A date that is typed is asked for once nothing more is typed. */
const TYPED = 900;
/** The still picture follows when nothing has happened for so long, and before printing. */
const STILL = 1500;
const ZOOM = 1.35;
/** Where facets stand above or below the picture, not beside it. */
const NARROW = "(max-width: 1179px)";

class Explorer {
  readonly #root: HTMLElement;
  readonly #stage: HTMLElement;
  readonly #place: HTMLElement;
  readonly #canvas: Canvas;
  readonly #steps: Steps;
  readonly #spoken = document.createElement("p");
  #view: View | null = null;
  /** The address of the latest step, which may still be on its way. */
  #wanted: string;
  #running: AbortController | null = null;
  #rest = 0;
  #still = 0;

  constructor(root: HTMLElement, stage: HTMLElement, place: HTMLElement) {
    [this.#root, this.#stage, this.#place] = [root, stage, place];
    root.dataset.live = "";
    place.hidden = false;
    document.getElementById("canvas-tools")?.removeAttribute("hidden");
    const facets = document.getElementById("facets-all");
    if (matchMedia(NARROW).matches) facets?.removeAttribute("open");
    this.#spoken.className = "hidden";
    this.#spoken.setAttribute("role", "status");
    stage.append(this.#spoken);
    this.#canvas = new Canvas(place, root.dataset.mark ?? "", () => this.#covered(), {
      select: (key) => this.#select(key),
      expand: (key) => this.#expand(key),
      pin: (key, at) => this.#pin(key, at),
      hint: (key) => hintRow(key),
    });
    this.#wanted = root.dataset.address ?? location.pathname + location.search;
    this.#steps = new Steps(this.#wanted, (address) => void this.#go(address));
    this.#listen();
  }

  /** Draws what the page shows. */
  async begin(): Promise<void> {
    await this.#go(this.#wanted, true);
    document.documentElement.dataset.ready = "";
  }

  /** Shows another address; `isHere` when the page is there already and only wants its drawing. */
  async #go(address: string, isHere = false): Promise<void> {
    const mine = new AbortController();
    this.#running?.abort();
    this.#running = mine;
    this.#wanted = address;
    this.#root.setAttribute("aria-busy", "true");
    const late = setTimeout(() => mine.abort(), PATIENCE);
    const answer = await this.#answer(address, isHere, mine.signal).catch(() => null);
    clearTimeout(late);
    if (mine !== this.#running) return;
    this.#fault(!answer);
    if (answer) await this.#show(...answer);
    if (mine === this.#running) this.#root.setAttribute("aria-busy", "false");
  }

  /** What the server says of an address: the page, unless it is here, and the view. */
  async #answer(address: string, isHere: boolean, signal: AbortSignal): Promise<[Document | null, View]> {
    const [page, view] = await Promise.all([
      isHere ? null : pageAt(address, signal),
      viewAt(this.#viewAddress(address), signal),
    ]);
    // A name that was typed leads to another address than the one that was asked for.
    const final = page?.getElementById("explore")?.dataset.address ?? view.address;
    return [page, final === view.address ? view : await viewAt(this.#viewAddress(final), signal)];
  }

  async #show(page: Document | null, view: View): Promise<void> {
    performance.mark("explore-received");
    this.#view = view;
    if (page) this.#take(page);
    this.#canvas.draw(view);
    this.#update();
    await this.#canvas.painted();
    performance.measure("explore-drawn", "explore-received");
  }

  #take(page: Document): void {
    const fresh = page.getElementById("explore") as HTMLElement;
    swap(page);
    for (const name of ["address", "view", "still"]) this.#root.dataset[name] = fresh.dataset[name] ?? "";
    this.#wanted = fresh.dataset.address ?? this.#wanted;
    // A change of the selection alone is no step of its own: undo takes back what changed the picture.
    if (differOnlyInSelection(location.href, this.#wanted)) this.#steps.replace(this.#wanted);
    else this.#steps.push(this.#wanted);
    clearTimeout(this.#still);
    this.#still = setTimeout(() => this.#refreshStill(), STILL);
  }

  #viewAddress(address: string): string {
    const [path] = (this.#root.dataset.view ?? "").split("?");
    return `${path}${new URL(address, location.origin).search}`;
  }

  #refreshStill(): void {
    const still = document.getElementById("still") as HTMLImageElement | null;
    const wanted = this.#root.dataset.still ?? "";
    if (still && wanted && still.getAttribute("src") !== wanted) still.src = wanted;
  }

  #fault(isShown: boolean): void {
    const fault = document.getElementById("canvas-fault");
    if (fault) fault.hidden = !isShown;
  }

  /** Brings buttons and rows in step with what is selected. */
  #update(): void {
    const selected = this.#canvas.selected;
    const node = this.#canvas.node(selected);
    const states: Record<string, boolean> = {
      undo: this.#steps.canUndo,
      redo: this.#steps.canRedo,
      expand: !!node,
      hide: !!node,
      pin: !!node,
    };
    for (const button of this.#root.querySelectorAll<HTMLButtonElement>("button[data-do]")) {
      const does = button.dataset.do ?? "";
      if (does in states) button.disabled = !states[does];
      if (does === "pin") button.setAttribute("aria-pressed", String(!!node?.isPinned));
      if (does === "full") button.setAttribute("aria-pressed", String(this.#isFull()));
    }
    showRow(selected);
  }

  // What people do ---------------------------------------------------------------------------------------------------

  #select(key: string | null, isResting = false): void {
    clearTimeout(this.#rest);
    if (key === this.#canvas.selected) return;
    this.#canvas.select(key);
    this.#update();
    const node = this.#canvas.node(key);
    if (node && document.activeElement === this.#place) this.#spoken.textContent = node.label;
    const ask = () => void this.#go(stepped(this.#wanted, selecting(key)));
    if (isResting) this.#rest = setTimeout(ask, REST);
    else ask();
  }

  #expand(key: string | null): void {
    const node = this.#canvas.node(key);
    if (!node || !key) return;
    clearTimeout(this.#rest);
    const step = node.isGroup ? opening(key, node.isExpanded) : expanding(key, node.isExpanded);
    void this.#go(stepped(this.#wanted, step));
  }

  #hide(key: string | null): void {
    if (!key || !this.#canvas.node(key)) return;
    clearTimeout(this.#rest);
    void this.#go(stepped(this.#wanted, hiding(key)));
  }

  #pin(key: string, at: Point | null): void {
    clearTimeout(this.#rest);
    void this.#go(stepped(this.#wanted, pinning(key, at)));
  }

  #togglePin(key: string | null): void {
    const node = this.#canvas.node(key);
    if (node && key) this.#pin(key, node.isPinned ? null : node.place);
  }

  /** Takes back a step that has not been answered, else the last one. */
  #undo(): void {
    clearTimeout(this.#rest);
    if (new URL(this.#wanted, location.origin).href === location.href) this.#steps.undo();
    else void this.#go(location.pathname + location.search);
  }

  #move(direction: Direction): void {
    const next = this.#canvas.next(direction);
    if (!next) return;
    this.#select(next, true);
    this.#canvas.showSelected();
  }

  /** How much of the drawing its tools cover; on a phone they stand below it. */
  #covered(): number {
    const tools = document.getElementById("canvas-tools");
    const isAbove = tools && getComputedStyle(tools).position === "absolute";
    return isAbove ? tools.offsetWidth + 8 : 0;
  }

  #isFull(): boolean {
    return document.fullscreenElement === this.#stage || this.#stage.classList.contains("is-full");
  }

  async #toggleFull(): Promise<void> {
    if (document.fullscreenElement) return document.exitFullscreen();
    try {
      if (this.#stage.classList.contains("is-full")) throw new Error("shown without the browser's help");
      await this.#stage.requestFullscreen();
    } catch {
      this.#stage.classList.toggle("is-full");
      this.#resized();
    }
  }

  #resized(): void {
    this.#update();
    requestAnimationFrame(() => {
      this.#canvas.resized();
      this.#canvas.fit();
    });
  }

  async #savePicture(): Promise<void> {
    if (!this.#view) return;
    const { title = document.title, mark = "", unknown = "", file = "explorer" } = this.#root.dataset;
    const background = getComputedStyle(this.#place).backgroundColor;
    const picture = await framed(this.#canvas.picture(background), this.#view, { title, mark, unknown }, this.#place);
    download(picture, `${file}-${today()}.png`);
  }

  #do(what: string, button: HTMLButtonElement | null = null): void {
    const selected = this.#canvas.selected;
    const deeds: Record<string, () => unknown> = {
      undo: () => this.#undo(),
      redo: () => this.#steps.redo(),
      in: () => this.#canvas.zoomBy(ZOOM),
      out: () => this.#canvas.zoomBy(1 / ZOOM),
      fit: () => this.#canvas.fit(),
      full: () => this.#toggleFull(),
      png: () => this.#savePicture(),
      expand: () => this.#expand(selected),
      hide: () => this.#hide(selected),
      pin: () => this.#togglePin(selected),
      share: () => copyText(location.href, button),
      retry: () => this.#go(this.#wanted),
      clear: () => this.#select(null),
    };
    void deeds[what]?.();
  }

  // Where it comes from ----------------------------------------------------------------------------------------------

  #listen(): void {
    const root = this.#root;
    document.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("submit", (event) => this.#onSubmit(event));
    root.addEventListener("change", (event) => this.#onChange(event.target as HTMLInputElement));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    for (const name of ["pointerover", "focusin"]) {
      root.addEventListener(name, (event) => {
        const row = (event.target as Element).closest?.("tr[data-key]");
        this.#canvas.hint(row?.getAttribute("data-key") ?? null);
      });
    }
    root.addEventListener("focusin", (event) => makeRoom(event.target as Element));
    listenToGestures(this.#stage, this.#place, this.#canvas, () => this.#isFull());
    this.#stage.addEventListener("fullscreenchange", () => this.#resized());
    addEventListener("beforeprint", () => this.#refreshStill());
  }

  #onClick(event: MouseEvent): void {
    const at = event.target as Element;
    for (const menu of this.#root.querySelectorAll<HTMLDetailsElement>(".menu[open]")) menu.open = menu.contains(at);
    const button = at.closest<HTMLButtonElement>("#explore button[data-do]");
    if (button) return this.#do(button.dataset.do ?? "", button);
    const link = at.closest<HTMLAnchorElement>("a[data-explore]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void this.#go(link.pathname + link.search);
  }

  #onChange(field: HTMLInputElement): void {
    if (field.dataset.auto === undefined) return;
    clearTimeout(this.#rest);
    // A date changes with each digit that is typed.
    this.#rest = setTimeout(() => field.form?.requestSubmit(), field.type === "date" ? TYPED : 0);
  }

  #onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (form.dataset.explore === undefined) return;
    event.preventDefault();
    form.dataset.sent = "";
    const said = [...new FormData(form, event.submitter)].filter(([, value]) => value !== "") as [string, string][];
    void this.#go(`${new URL(form.action).pathname}?${new URLSearchParams(said)}`);
  }

  #onKey(event: KeyboardEvent): void {
    const isTyping = (event.target as Element).closest?.("input:not([type=checkbox],[type=radio]), textarea, select");
    const does = (!isTyping && historyKey(event)) || (event.target === this.#place ? canvasKey(event) : "");
    const menu = (event.target as Element).closest?.<HTMLDetailsElement>(".menu[open]");
    if (event.key === "Escape" && menu) closeMenu(menu);
    else if (event.key === "Escape" && this.#stage.classList.contains("is-full")) void this.#toggleFull();
    else if (does in DIRECTIONS) this.#move(DIRECTIONS[does] as Direction);
    else if (does) this.#do(does);
    else return;
    event.preventDefault();
  }
}

const DIRECTIONS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

function historyKey(event: KeyboardEvent): string {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return "";
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" ? "redo" : "";
}

/** What a key does while the drawing has the focus. */
function canvasKey(event: KeyboardEvent): string {
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  if (event.key in DIRECTIONS) return event.key;
  const deeds: Record<string, string> = {
    Enter: "expand",
    Delete: "hide",
    p: "pin",
    P: "pin",
    "+": "in",
    "=": "in",
    "-": "out",
    "0": "fit",
    Escape: "clear",
  };
  return deeds[event.key] ?? "";
}

async function viewAt(address: string, signal: AbortSignal): Promise<View> {
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as View;
}

function rowOf(key: string): HTMLElement | null {
  return document.querySelector(`#explore-list tr[data-key="${CSS.escape(key)}"]`);
}

function hintRow(key: string | null): void {
  document.querySelectorAll("#explore-list tr.hinted").forEach((row) => row.classList.remove("hinted"));
  if (key) rowOf(key)?.classList.add("hinted");
}

/** Marks the row of what is selected and brings it into sight inside its own list; the page does not move. */
function showRow(key: string | null): void {
  document.querySelectorAll("#explore-list tr[aria-current]").forEach((row) => row.removeAttribute("aria-current"));
  const row = key ? rowOf(key) : null;
  row?.setAttribute("aria-current", "true");
  const list = row?.closest<HTMLElement>(".scroll");
  if (!row || !list) return;
  const head = list.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  const [above, below] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (above.top < below.top + head) list.scrollTop += above.top - below.top - head;
  else if (above.bottom > below.bottom) list.scrollTop += above.bottom - below.bottom;
}

/** Scrolls the panel so that a box that makes suggestions has room below it. */
function makeRoom(box: Element): void {
  const panel = box.matches("[data-suggest]") ? box.closest("#explore-panel") : null;
  const field = box.closest(".field");
  if (panel && field) panel.scrollTop += field.getBoundingClientRect().top - panel.getBoundingClientRect().top - 8;
}

function closeMenu(menu: HTMLDetailsElement): void {
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

const [root, stage, place] = ["explore", "explore-stage", "canvas"].map((id) => document.getElementById(id));
if (root && stage && place) void new Explorer(root, stage, place).begin();
