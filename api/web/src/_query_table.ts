// The rows of an answer: sorted and paged here, since all of them are here; things by name, with their pages.

import { copyText } from "./_clipboard";
import { type Answer, type Cell, isNumber, type Row } from "./_query_answer";
import { button, counted, language, made, word } from "./_query_words";

export const PAGE = 100;
const MOST_NAMES = 500;
const SHORT = 400;

interface Name {
  iri: string;
  labels: Record<string, string>;
  href: string;
  described: boolean;
  illustrative: boolean;
}

/** How the rows stand: by which column ("-name" downwards), and which page. */
export interface Order {
  sort: string;
  page: number;
}

const names = new Map<string, Name>();
const collator = new Intl.Collator([language === "zh" ? "zh-u-co-pinyin" : "en"], { numeric: true });

export class Table {
  readonly element = made("div", "answer-table");
  #rows: Row[] = [];
  #isNamed = true;

  constructor(
    private readonly answer: Answer,
    private readonly order: Order,
    private readonly moved: () => void,
  ) {
    this.#sort();
    this.#draw();
  }

  #sort(): void {
    const name = this.order.sort.replace(/^-/, "");
    const place = this.answer.columns.indexOf(name);
    this.#rows = place < 0 ? this.answer.rows : [...this.answer.rows].sort((one, other) => compared(one[place], other[place]));
    // What has no value stays at the end either way.
    if (place >= 0 && this.order.sort.startsWith("-")) {
      this.#rows = [...this.#rows.filter((row) => row[place]).reverse(), ...this.#rows.filter((row) => !row[place])];
    }
    this.order.page = Math.min(Math.max(1, this.order.page), this.#pages);
  }

  get #pages(): number {
    return Math.max(1, Math.ceil(this.#rows.length / PAGE));
  }

  /** Which columns are shown: next to things by name no column that says but their names (thing, thingZh, thingEn). */
  get #places(): number[] {
    const { columns } = this.answer;
    const places = columns.map((_, place) => place);
    if (!this.#isNamed) return places;
    const hold = (name: string): boolean => {
      const place = columns.indexOf(name);
      return place >= 0 && this.#rows.every((row) => !row[place] || row[place]?.type === "uri");
    };
    return places.filter((place) => {
      const thing = /^(.+)(Zh|En)$/.exec(columns[place] ?? "")?.[1];
      return !thing || !hold(thing);
    });
  }

  #draw(): void {
    const start = (this.order.page - 1) * PAGE;
    const shown = this.#rows.slice(start, start + PAGE);
    const scroll = made("div", "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-labelledby", "result");
    const table = made("table", "answer-rows");
    table.append(this.#head(), this.#body(shown));
    scroll.append(table);
    this.element.replaceChildren(this.#tools(), scroll, ...(this.#pages > 1 ? [this.#pager(start, shown.length)] : []));
    table.addEventListener("keydown", (event) => pressed(event, table));
    table.addEventListener("click", (event) => clicked(event));
    void this.#name(shown);
  }

  #tools(): HTMLElement {
    const tools = made("p", "table-tools");
    const merged = this.#isNamed ? this.answer.columns.filter((_, place) => !this.#places.includes(place)) : [];
    const label = made("label");
    const box = made("input");
    box.type = "checkbox";
    box.checked = this.#isNamed;
    box.addEventListener("change", () => {
      this.#isNamed = box.checked;
      this.#draw();
      this.element.querySelector<HTMLInputElement>("input[type=checkbox]")?.focus();
    });
    label.append(box, ` ${word("names")}`);
    tools.append(label);
    if (merged.length) tools.append(made("span", "other", word("merged", { columns: merged.join(", ") })));
    tools.append(made("span", "other", word("cells")));
    return tools;
  }

  #head(): HTMLElement {
    const [head, row] = [made("thead"), made("tr")];
    const number = made("th", "place", "#");
    number.scope = "col";
    row.append(number);
    for (const place of this.#places) {
      const name = this.answer.columns[place] ?? "";
      const cell = made("th");
      cell.scope = "col";
      const direction = this.order.sort === name ? "ascending" : this.order.sort === `-${name}` ? "descending" : "";
      if (direction) cell.setAttribute("aria-sort", direction);
      const sorting = button(name, () => this.#sortBy(name), "sorting");
      sorting.title = word("sort", { name });
      sorting.dataset.column = name;
      cell.append(sorting);
      row.append(cell);
    }
    head.append(row);
    return head;
  }

  #sortBy(name: string): void {
    const next = this.order.sort === name ? `-${name}` : this.order.sort === `-${name}` ? "" : name;
    Object.assign(this.order, { sort: next, page: 1 });
    this.#sort();
    this.#draw();
    this.element.querySelector<HTMLElement>(`[data-column="${CSS.escape(name)}"]`)?.focus();
    this.moved();
  }

  #body(shown: Row[]): HTMLElement {
    const body = made("tbody");
    shown.forEach((row, index) => {
      const line = made("tr");
      line.append(made("td", "place", String((this.order.page - 1) * PAGE + index + 1)));
      for (const column of this.#places) line.append(this.#cell(row[column] ?? null));
      body.append(line);
    });
    const first = body.querySelector<HTMLElement>("td:not(.place)");
    if (first) first.tabIndex = 0;
    return body;
  }

  #cell(cell: Cell | null): HTMLElement {
    const place = made("td", isNumber(cell) ? "number" : "");
    place.tabIndex = -1;
    if (!cell) {
      place.append(made("span", "unknown", "–"));
      return place;
    }
    place.dataset.value = cell.value;
    place.append(cell.type === "uri" ? this.#link(cell.value) : textOf(cell));
    const kind = kindOf(cell);
    if (kind) place.append(" ", made("span", "kind", kind));
    const copy = button("⧉", () => copied(place), "copy-cell");
    copy.tabIndex = -1;
    copy.title = word("copy cell");
    copy.setAttribute("aria-label", word("copy cell"));
    place.append(copy);
    return place;
  }

  #link(iri: string): HTMLElement {
    const link = made("a", "", iri);
    link.dataset.iri = iri;
    link.title = iri;
    link.tabIndex = -1;
    link.href = `/resource?iri=${encodeURIComponent(iri)}`;
    if (this.#isNamed) named(link);
    return link;
  }

  async #name(shown: Row[]): Promise<void> {
    if (!this.#isNamed) return;
    const wanted = new Set(shown.flat().filter((cell) => cell?.type === "uri" && !names.has(cell.value)).map((cell) => cell?.value ?? ""));
    const listed = [...wanted];
    for (let at = 0; at < listed.length; at += MOST_NAMES) await read(listed.slice(at, at + MOST_NAMES));
    for (const link of this.element.querySelectorAll<HTMLAnchorElement>("a[data-iri]")) named(link);
  }

  #pager(start: number, count: number): HTMLElement {
    const pager = made("nav", "pager");
    pager.setAttribute("aria-label", word("pages"));
    const turn = (to: number, text: string, isOff: boolean): HTMLButtonElement => {
      const turning = button(text, () => this.#turn(to));
      turning.disabled = isOff;
      return turning;
    };
    const { page } = this.order;
    pager.append(
      turn(1, word("first"), page === 1),
      turn(page - 1, word("before"), page === 1),
      made("span", "", word("rows of", { from: start + 1, to: start + count, all: this.#rows.length })),
      turn(page + 1, word("after"), page === this.#pages),
      turn(this.#pages, word("last"), page === this.#pages),
    );
    return pager;
  }

  #turn(page: number): void {
    this.order.page = page;
    this.#draw();
    this.element.querySelector(".scroll")?.scrollIntoView({ block: "nearest" });
    this.element.querySelector<HTMLElement>(".scroll")?.focus({ preventScroll: true });
    this.moved();
  }
}

async function read(iris: string[]): Promise<void> {
  const answer = await fetch(`/api/v1/names?lang=${language}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ iris }),
  }).catch(() => null);
  if (!answer?.ok) return; // their addresses are shown instead
  for (const name of ((await answer.json()) as { items: Name[] }).items) names.set(name.iri, name);
}

function named(link: HTMLAnchorElement): void {
  const name = names.get(link.dataset.iri ?? "");
  if (!name) return;
  const { labels } = name;
  link.textContent = labels[language] ?? labels[""] ?? Object.values(labels)[0] ?? name.iri;
  link.href = name.href;
  if (name.illustrative && !link.nextElementSibling?.classList.contains("invented")) {
    link.after(" ", made("span", "badge invented", word("invented")));
  }
}

function textOf(cell: Cell): HTMLElement {
  const text = made("span", "text", cell.value.length > SHORT ? `${cell.value.slice(0, SHORT)}…` : cell.value);
  if (cell["xml:lang"]) text.lang = cell["xml:lang"];
  if (cell.value.length > SHORT) text.title = counted("characters", cell.value.length);
  return text;
}

function kindOf(cell: Cell): string {
  if (cell["xml:lang"]) return `@${cell["xml:lang"]}`;
  if (cell.type === "bnode") return "_:";
  return cell.datatype && !isNumber(cell) ? (cell.datatype.split(/[#/]/).pop() ?? "") : "";
}

function compared(one: Cell | null | undefined, other: Cell | null | undefined): number {
  if (!one || !other) return Number(!one) - Number(!other);
  if (isNumber(one) && isNumber(other)) return Number(one.value) - Number(other.value);
  return collator.compare(spoken(one), spoken(other));
}

/** What a cell sorts by: the name that is shown, where there is one. */
function spoken(cell: Cell): string {
  const labels = cell.type === "uri" ? names.get(cell.value)?.labels : undefined;
  return labels?.[language] ?? labels?.[""] ?? cell.value;
}

function clicked(event: Event): void {
  const place = (event.target as Element).closest("td[data-value]");
  const table = place?.closest("table");
  if (!(place instanceof HTMLElement) || !table) return;
  table.querySelectorAll<HTMLElement>("td[tabindex='0']").forEach((one) => (one.tabIndex = -1));
  place.tabIndex = 0;
}

/** The arrow keys go from cell to cell; Enter opens what is there, and copying copies its whole value. */
function pressed(event: KeyboardEvent, table: HTMLTableElement): void {
  const place = (event.target as Element).closest("td");
  if (!place) return;
  const row = place.parentElement as HTMLTableRowElement;
  const steps: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const step = steps[event.key];
  if (step) {
    const next = table.rows[row.rowIndex + step[0]]?.cells[place.cellIndex + step[1]];
    if (!(next instanceof HTMLTableCellElement) || next.tagName !== "TD" || next.className === "place") return;
    place.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  } else if (event.key === "Enter" && event.target === place) place.querySelector("a")?.click();
  else if (event.key === "c" && (event.ctrlKey || event.metaKey) && !String(getSelection())) void copied(place);
  else return;
  event.preventDefault();
}

async function copied(place: HTMLElement): Promise<void> {
  await copyText(place.dataset.value ?? "", null);
  place.classList.add("copied-cell");
  setTimeout(() => place.classList.remove("copied-cell"), 900);
}
