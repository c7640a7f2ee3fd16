// Queries that are being written, each in a tab with a name, and queries that were run. Both stay in this browser only.

import { button, counted, language, made, word } from "./_query_words";

export interface Tab {
  id: number;
  name: string;
  text: string;
  view: string;
}

export interface Run {
  text: string;
  at: string;
  rows: number | null;
  milliseconds: number;
  /** The title of the problem, empty when it was answered. */
  fault: string;
}

const TABS = "query-tabs";
const RUNS = "query-runs";
const MOST_TABS = 20;
const MOST_RUNS = 100;
const MOST_KEPT = 400_000;

function kept<T>(key: string, otherwise: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as T | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // No room, or a browser that keeps nothing: the page works without.
  }
}

export class Tabs {
  readonly element = made("div", "query-tabs");
  #tabs: Tab[];
  #active: number;

  constructor(private readonly shown: (tab: Tab) => void) {
    const held = kept<{ tabs: Tab[]; active: number }>(TABS, { tabs: [], active: 0 });
    this.#tabs = held.tabs.filter((tab) => typeof tab.text === "string").slice(0, MOST_TABS);
    this.#active = held.active;
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", word("tabs"));
  }

  get active(): Tab {
    const found = this.#tabs.find((tab) => tab.id === this.#active) ?? this.#tabs[0];
    return found ?? this.#added("", "");
  }

  get isEmpty(): boolean {
    return !this.#tabs.length;
  }

  /** Shows a text in the tab that has it, else in a new one; a tab that nobody wrote in is used again. */
  open(text: string, name = "", untouched = ""): void {
    const same = this.#tabs.find((tab) => tab.text === text);
    const free = this.#tabs.find((tab) => tab.id === this.#active && (tab.text === untouched || !tab.text.trim()));
    if (same) this.#active = same.id;
    else if (free) Object.assign(free, { text, name: name || free.name });
    else this.#added(text, name);
    this.#changed();
  }

  /** Keeps what is written in the tab that is shown. */
  write(text: string, view: string): void {
    Object.assign(this.active, { text, view });
    this.#keep();
  }

  draw(): void {
    const list = made("ul");
    for (const tab of this.#tabs) list.append(this.#item(tab));
    const add = button("+", () => this.#addEmpty(), "add");
    add.title = word("new tab");
    add.setAttribute("aria-label", word("new tab"));
    this.element.replaceChildren(list, add);
  }

  #item(tab: Tab): HTMLElement {
    const item = made("li");
    const open = button(tab.name, () => this.#activate(tab.id), "open");
    if (tab.id === this.active.id) open.setAttribute("aria-current", "true");
    open.title = word("rename");
    open.addEventListener("dblclick", () => this.#rename(tab, open));
    open.addEventListener("keydown", (event) => {
      if (event.key === "F2") this.#rename(tab, open);
      else if (event.key === "Delete") this.#close(tab);
    });
    const close = button("×", () => this.#close(tab), "close");
    close.setAttribute("aria-label", word("close tab", { name: tab.name }));
    item.append(open, close);
    return item;
  }

  #rename(tab: Tab, open: HTMLElement): void {
    const field = made("input");
    field.value = tab.name;
    field.maxLength = 60;
    field.setAttribute("aria-label", word("tab name"));
    let isOver = false;
    const end = (isKept: boolean): void => {
      if (isOver) return;
      isOver = true;
      if (isKept && field.value.trim()) tab.name = field.value.trim();
      this.#keep();
      this.draw();
      this.element.querySelector<HTMLElement>(".open[aria-current]")?.focus();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) end(true);
      else if (event.key === "Escape") end(false);
    });
    field.addEventListener("blur", () => end(true));
    open.replaceWith(field);
    field.select();
  }

  #addEmpty(): void {
    this.#added("", "");
    this.#changed();
  }

  #added(text: string, name: string): Tab {
    if (this.#tabs.length >= MOST_TABS) this.#tabs.shift();
    const id = Math.max(0, ...this.#tabs.map((tab) => tab.id)) + 1;
    const tab = { id, name: name || word("query number", { number: String(id) }), text, view: "table" };
    this.#tabs.push(tab);
    this.#active = id;
    return tab;
  }

  #activate(id: number): void {
    if (id === this.#active) return;
    this.#active = id;
    this.#changed();
  }

  #close(tab: Tab): void {
    const place = this.#tabs.indexOf(tab);
    this.#tabs.splice(place, 1);
    if (!this.#tabs.length) this.#added("", "");
    if (tab.id === this.#active) this.#active = (this.#tabs[place] ?? this.#tabs[place - 1] ?? this.active).id;
    this.#changed();
    this.element.querySelector<HTMLElement>(".open[aria-current]")?.focus();
  }

  #changed(): void {
    this.#keep();
    this.draw();
    this.shown(this.active);
  }

  #keep(): void {
    keep(TABS, { tabs: this.#tabs, active: this.#active });
  }
}

const times = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short" });

export class Past {
  readonly element = made("section", "past");
  readonly #list = made("ul", "listed");
  #runs = kept<Run[]>(RUNS, []);

  constructor(private readonly chosen: (run: Run) => void) {
    const head = made("h2", "", word("history"));
    head.id = "past";
    this.element.setAttribute("aria-labelledby", "past");
    this.element.append(head, made("p", "other", word("history stays")), this.#list);
    this.draw();
  }

  add(run: Run): void {
    this.#runs = [run, ...this.#runs.filter((one) => one.text !== run.text)].slice(0, MOST_RUNS);
    while (JSON.stringify(this.#runs).length > MOST_KEPT) this.#runs.pop();
    keep(RUNS, this.#runs);
    this.draw();
  }

  draw(): void {
    const items = this.#runs.map((run) => {
      const item = made("li");
      const open = button(run.text.replace(/^\s*(PREFIX|BASE)\b[^\n]*\n|^\s*#[^\n]*\n/gim, "").trim().slice(0, 160), () => this.chosen(run), "run");
      open.title = run.text.slice(0, 1500);
      const told = [times.format(new Date(run.at)), run.fault || (run.rows === null ? "" : counted("rows", run.rows)), word("ms", { number: run.milliseconds })];
      item.append(open, made("span", run.fault ? "other failed" : "other", told.filter(Boolean).join(" · ")));
      return item;
    });
    this.#list.replaceChildren(...items);
    this.element.querySelector(".clear")?.remove();
    if (items.length) this.element.append(button(word("clear history"), () => this.#clear(), "quiet clear"));
    else this.#list.append(made("li", "other", word("no history")));
  }

  #clear(): void {
    if (!confirm(word("clear history?"))) return;
    this.#runs = [];
    keep(RUNS, []);
    this.draw();
  }
}
