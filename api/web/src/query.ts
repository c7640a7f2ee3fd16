// The query page in the browser: an editor that completes, tabs, a history, and the answer in five views, which the
// page holds and need not ask for again. Without scripts the same page is a plain form.

import { copyText } from "./_clipboard";
import { download } from "./_picture";
import { type Answer, ask, type Problem, read, Refused, type Row, sent, type Shape } from "./_query_answer";
import { Editor } from "./_query_editor";
import { type Order, Table } from "./_query_table";
import { Past, type Tab, Tabs } from "./_query_tabs";
import { button, counted, language, made, word } from "./_query_words";

const VIEWS = ["table", "graph", "map", "chart", "raw"];
const FORMATS: Record<Shape, Record<string, [string, string]>> = {
  rows: {
    json: ["JSON", "application/sparql-results+json"],
    csv: ["CSV", "text/csv"],
    tsv: ["TSV", "text/tab-separated-values"],
    xml: ["XML", "application/sparql-results+xml"],
  },
  boolean: { json: ["JSON", "application/sparql-results+json"], xml: ["XML", "application/sparql-results+xml"] },
  graph: {
    turtle: ["Turtle", "text/turtle"],
    nt: ["N-Triples", "application/n-triples"],
    jsonld: ["JSON-LD", "application/ld+json"],
    rdf: ["RDF/XML", "application/rdf+xml"],
    trig: ["TriG", "application/trig"],
  },
};
/** Rows that are sent to be drawn; pictures hold no more. */
const DRAWN = 5000;
const MOST_TEXT = 200_000;
/** Characters of an address that every browser and proxy takes. */
const LONG = 8000;
const KEPT = ["lang", "real"];

class QueryPage {
  readonly #editor: Editor;
  readonly #tabs: Tabs;
  readonly #past: Past;
  readonly #outcome = document.getElementById("outcome") as HTMLElement;
  readonly #said = made("p", "running");
  readonly #note = made("p", "share-note");
  readonly #ask = document.getElementById("ask") as HTMLButtonElement;
  readonly #cancel = button(word("cancel"), () => this.#stop(), "quiet");
  #running: AbortController | null = null;
  #answer: Answer | null = null;
  /** The query that the answer belongs to. */
  #answered = "";
  #view = "table";
  #format = "";
  #order: Order = { sort: "", page: 1 };
  #pictures = new Map<string, HTMLElement>();
  #programs = "";

  constructor(private readonly form: HTMLFormElement, field: HTMLTextAreaElement) {
    const first = field.value;
    this.#editor = new Editor(field, {
      run: () => void this.run(),
      cancel: () => this.#stop(),
      changed: () => this.#written(),
    });
    this.#tabs = new Tabs((tab) => this.#show(tab));
    this.#past = new Past((run) => {
      this.#tabs.open(run.text);
      this.#editor.focus();
    });
    form.before(this.#tabs.element);
    this.#furnish();
    this.#begin(first);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.run();
    });
    addEventListener("popstate", () => location.reload());
    addEventListener("beforeprint", () => this.#print());
    document.addEventListener("click", (event) => this.#onClick(event));
    document.getElementById("elsewhere")?.addEventListener("toggle", () => void this.#showPrograms());
  }

  // What the page begins with --------------------------------------------------------------------------------------

  #begin(first: string): void {
    const said = new URLSearchParams(location.search);
    this.#readView(said);
    // What the server has answered already stays.
    if (this.#outcome.querySelector(".problem, .answer")) this.#answered = first;
    const name = document.querySelector("#guided")?.textContent ?? exampleOf(first);
    const isGiven = ["query", "question", "example"].some((one) => said.has(one));
    if (isGiven || this.#tabs.isEmpty) this.#tabs.open(first, name);
    else {
      this.#tabs.draw();
      this.#show(this.#tabs.active);
    }
    const held = document.getElementById("held");
    const problem = this.#outcome.querySelector<HTMLElement>(".problem");
    if (held) this.#take(first, { ...read(JSON.parse(held.textContent ?? '""') as string, held.dataset.shape as Shape), milliseconds: Number(held.dataset.ms) });
    else if (problem) this.#editor.mark({ line: Number(problem.dataset.line ?? 0), column: Number(problem.dataset.column ?? 0) });
    else if (this.#outcome.querySelector(".answer")) return void this.run(false);
    if (!held) document.documentElement.dataset.ready = "";
  }

  #readView(said: URLSearchParams): void {
    const view = said.get("view") ?? "table";
    this.#view = VIEWS.includes(view) ? view : "table";
    this.#format = said.get("format") ?? "";
    this.#order = { sort: said.get("sort") ?? "", page: Number(said.get("page")) || 1 };
  }

  #furnish(): void {
    const tools = this.form.querySelector(".tools") as HTMLElement;
    this.#ask.append(" ", made("kbd", "", /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘↵" : "Ctrl+↵"));
    this.#cancel.hidden = true;
    const file = made("input");
    Object.assign(file, { type: "file", accept: ".rq,.sparql,.txt", hidden: true });
    file.setAttribute("aria-label", word("open"));
    file.addEventListener("change", () => void this.#openFile(file));
    const share = button(word("share"), () => this.#share(share));
    share.dataset.done = word("copied");
    tools.append(this.#cancel, button(word("open"), () => file.click()), button(word("save"), () => this.#save()), share, file);
    this.#said.setAttribute("role", "status");
    this.#note.setAttribute("role", "status");
    this.#note.hidden = true;
    tools.append(made("span", "keys", word("keys")));
    this.form.append(this.#said, this.#note);
    const choices = document.getElementById("choices") as HTMLElement;
    choices.prepend(this.#filter(choices));
    choices.append(this.#past.element);
  }

  /** A box that leaves of questions, examples and history what holds a word. */
  #filter(choices: HTMLElement): HTMLElement {
    const label = made("label", "filter");
    const field = made("input");
    field.type = "search";
    field.placeholder = word("filter");
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      for (const item of choices.querySelectorAll<HTMLElement>(".listed > li")) {
        const text = `${item.textContent ?? ""} ${item.querySelector("button")?.title ?? ""}`;
        item.hidden = !!wanted && !text.toLowerCase().includes(wanted);
      }
      if (wanted) choices.querySelectorAll("details").forEach((one) => (one.open = true));
    });
    label.append(made("span", "hidden", word("filter")), field);
    return label;
  }

  #show(tab: Tab): void {
    this.#editor.text = tab.text;
    if (tab.text !== this.#answered) this.#outcome.replaceChildren();
    if (tab.text === this.#answered && this.#answer) this.#draw();
    if (tab.text && tab.view !== "table" && !new URLSearchParams(location.search).has("view")) this.#view = tab.view;
  }

  #written(): void {
    this.#tabs?.write(this.#editor.text, this.#view);
    this.#note.hidden = true;
    if (document.querySelector<HTMLDetailsElement>("#elsewhere[open]")) void this.#showPrograms();
  }

  // Asking -----------------------------------------------------------------------------------------------------------

  async run(isNew = true): Promise<void> {
    const text = this.#editor.text;
    if (!text.trim()) return this.#editor.focus();
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    this.#editor.mark(null);
    if (isNew) this.#order = { sort: "", page: 1 };
    this.#wait(mine);
    const began = performance.now();
    try {
      const answer = await ask(text, mine.signal, language);
      if (mine !== this.#running) return;
      this.#past.add({ text, at: new Date().toISOString(), rows: answer.shape === "boolean" ? null : answer.rows.length, milliseconds: answer.milliseconds, fault: "" });
      this.#take(text, answer);
    } catch (fault) {
      if (mine !== this.#running) return;
      this.#fail(text, fault, Math.round(performance.now() - began));
    } finally {
      if (mine === this.#running) this.#rest();
    }
    if (isNew) this.#remember(true);
  }

  #wait(mine: AbortController): void {
    this.#cancel.hidden = false;
    this.#outcome.setAttribute("aria-busy", "true");
    this.#said.classList.remove("over");
    const bar = made("progress");
    bar.setAttribute("aria-label", word("running"));
    const began = performance.now();
    const told = made("span");
    const tell = (): void => {
      if (mine !== this.#running) return;
      told.textContent = word("seconds", { seconds: ((performance.now() - began) / 1000).toFixed(1), most: this.form.dataset.seconds ?? "" });
      setTimeout(tell, 100);
    };
    this.#said.replaceChildren(bar, " ", told);
    tell();
  }

  #rest(): void {
    this.#running = null;
    this.#cancel.hidden = true;
    this.#outcome.removeAttribute("aria-busy");
  }

  /** Gives up the query that is running, if one is; the server stops working on it. */
  #stop(): boolean {
    if (!this.#running) return false;
    this.#running.abort();
    this.#running = null;
    this.#rest();
    this.#said.textContent = word("cancelled");
    this.#editor.focus();
    return true;
  }

  #fail(text: string, fault: unknown, milliseconds: number): void {
    const problem: Problem = fault instanceof Refused ? fault.problem : { title: word("no answer"), detail: word("no connection"), status: 0 };
    this.#past.add({ text, at: new Date().toISOString(), rows: null, milliseconds, fault: problem.title });
    this.#answer = null;
    this.#answered = text;
    this.#said.textContent = "";
    const shown = made("section", "problem");
    shown.setAttribute("role", "alert");
    const head = made("h2", "", problem.title);
    head.id = "problem";
    shown.append(head, made("p", "", problem.detail));
    if (problem.line) {
      const place = { line: problem.line, column: problem.column ?? 1 };
      this.#editor.mark(place);
      shown.append(button(word("go to", place), () => (this.#editor.mark(place), this.#editor.focus())));
    }
    this.#outcome.replaceChildren(shown);
    document.documentElement.dataset.ready = "";
  }

  // The answer -------------------------------------------------------------------------------------------------------

  #take(text: string, answer: Answer): void {
    [this.#answer, this.#answered] = [answer, text];
    this.#pictures.clear();
    this.#said.classList.add("over");
    this.#said.textContent = answer.shape === "boolean" ? (answer.boolean ? word("yes") : word("no")) : counted(answer.shape === "graph" ? "statements" : "rows", answer.rows.length);
    this.#draw();
  }

  #draw(): void {
    const answer = this.#answer;
    if (!answer) return;
    if (answer.shape === "boolean" && this.#view !== "raw") this.#view = "table";
    const section = made("section", "answer");
    section.setAttribute("aria-labelledby", "result");
    const body = made("div", "answer-body");
    section.append(this.#head(answer), this.#ways(answer), body, this.#downloads(answer.shape));
    this.#outcome.replaceChildren(section);
    void this.#fill(body, answer).then(() => (document.documentElement.dataset.ready = ""));
  }

  #head(answer: Answer): HTMLElement {
    const head = made("div", "answer-head");
    const title = made("h2", "", word("result"));
    title.id = "result";
    if (answer.shape !== "boolean") title.append(" ", made("span", "count", counted(answer.shape === "graph" ? "statements" : "rows", answer.rows.length)));
    const told = [word("ms", { number: answer.milliseconds })];
    if (answer.engine !== null) told.push(word("engine", { number: Math.round(answer.engine) }));
    told.push(`${(answer.bytes / 1000).toLocaleString(undefined, { maximumFractionDigits: 1 })} kB`, word("limit", { seconds: this.form.dataset.seconds ?? "" }));
    head.append(title, made("p", "told", told.join(" · ")));
    return head;
  }

  #ways(answer: Answer): HTMLElement {
    const ways = made("nav", "ways");
    ways.setAttribute("aria-label", word("ways"));
    for (const view of VIEWS) {
      if (answer.shape === "boolean" && !["table", "raw"].includes(view)) continue;
      const way = made("a", "", word(`view ${view}`));
      way.href = this.#address(this.#answered, view) || "#outcome";
      way.dataset.view = view;
      if (view === this.#view) way.setAttribute("aria-current", "true");
      ways.append(way);
    }
    return ways;
  }

  async #fill(body: HTMLElement, answer: Answer): Promise<void> {
    if (this.#view === "raw") return this.#raw(body, answer.shape);
    if (answer.shape === "boolean") return body.replaceChildren(made("p", "headline", answer.boolean ? word("yes") : word("no")));
    if (!answer.rows.length) return body.replaceChildren(made("p", "nothing", word("nothing")));
    if (this.#view === "table") return body.replaceChildren(new Table(answer, this.#order, () => this.#remember(false)).element);
    body.replaceChildren(this.#pictures.get(this.#view) ?? (await this.#picture(this.#view, answer)));
  }

  async #picture(view: string, answer: Answer): Promise<HTMLElement> {
    const shown = made("div", "drawn");
    const answered = await fetch(`/query/drawing?view=${view}&lang=${language}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asResults(answer)),
    }).catch(() => null);
    if (!answered?.ok) {
      shown.append(made("p", "nothing", word("not drawn")));
      return shown;
    }
    const page = new DOMParser().parseFromString(await answered.text(), "text/html");
    shown.append(...document.adoptNode(page.body).childNodes);
    if (answer.rows.length > DRAWN) shown.append(made("p", "left-out", word("drawn of", { shown: DRAWN, all: answer.rows.length })));
    this.#pictures.set(view, shown);
    return shown;
  }

  async #raw(body: HTMLElement, shape: Shape): Promise<void> {
    const formats = FORMATS[shape];
    if (!(this.#format in formats)) this.#format = Object.keys(formats)[0] ?? "json";
    const links = made("p", "links");
    for (const [name, [said]] of Object.entries(formats)) {
      const link = made("a", "", said);
      link.href = this.#address(this.#answered, "raw", name) || "#outcome";
      link.dataset.format = name;
      if (name === this.#format) link.setAttribute("aria-current", "true");
      links.append(link);
    }
    const scroll = made("div", "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-labelledby", "result");
    const text = made("pre");
    text.lang = "en";
    scroll.append(text);
    body.replaceChildren(links, scroll);
    const content = await this.#content(this.#format, shape).catch((fault: unknown) => (fault instanceof Refused ? fault.problem.detail : word("no connection")));
    text.textContent = content.slice(0, MOST_TEXT);
    if (content.length > MOST_TEXT) body.append(made("p", "left-out", word("goes on")));
  }

  async #content(format: string, shape: Shape): Promise<string> {
    const accept = FORMATS[shape][format]?.[1] ?? "*/*";
    return (await sent(this.#answered, accept, AbortSignal.timeout(60_000), language)).text();
  }

  #downloads(shape: Shape): HTMLElement {
    const links = made("p", "links downloads");
    links.append(made("span", "", word("download")));
    for (const [name, [said, type]] of Object.entries(FORMATS[shape])) {
      const ending = name === "turtle" ? "ttl" : name;
      const link = made("a", "", said);
      link.href = `/sparql?${new URLSearchParams({ query: this.#answered, format: name })}`;
      link.download = `${this.#fileName()}.${ending}`;
      // An address this long is cut off somewhere on the way; the body of a request is not.
      if (link.href.length > LONG) {
        link.href = "#outcome";
        link.addEventListener("click", (event) => {
          event.preventDefault();
          void this.#content(name, shape).then((text) => download(new Blob([text], { type }), link.download));
        });
      }
      links.append(link);
    }
    return links;
  }

  #fileName(): string {
    return this.#tabs.active.name.replace(/[\\/:*?"<>|\s]+/g, "-").slice(0, 60) || "query";
  }

  // The address ------------------------------------------------------------------------------------------------------

  /** The address of a query and a view; empty when it would be too long. */
  #address(text: string, view: string, format = ""): string {
    const said = new URLSearchParams({ query: text });
    if (view !== "table") said.set("view", view);
    if (format) said.set("format", format);
    if (view === "table" && this.#order.sort) said.set("sort", this.#order.sort);
    if (view === "table" && this.#order.page > 1) said.set("page", String(this.#order.page));
    return this.#keeping(said);
  }

  #keeping(said: URLSearchParams): string {
    const now = new URLSearchParams(location.search);
    for (const name of KEPT) if (now.get(name)) said.set(name, now.get(name) ?? "");
    const address = `/query${said.size ? `?${said}` : ""}`;
    return address.length > LONG ? "" : address;
  }

  #remember(isStep: boolean): void {
    const address = this.#address(this.#answered, this.#view, this.#view === "raw" ? this.#format : "");
    this.#note.hidden = !!address;
    if (!address) this.#tell(word("too long", { kilobytes: LONG / 1000 }));
    const wanted = address || this.#keeping(new URLSearchParams());
    if (wanted === location.pathname + location.search) return;
    if (isStep) history.pushState(null, "", wanted);
    else history.replaceState(null, "", wanted);
    freshenLanguages();
  }

  #tell(text: string): void {
    this.#note.hidden = false;
    const copy = button(word("copy query"), () => copyText(this.#editor.text, copy));
    copy.dataset.done = word("copied");
    this.#note.replaceChildren(text, " ", copy, " ", button(word("save"), () => this.#save()));
  }

  #share(pressed: HTMLButtonElement): void {
    const address = this.#address(this.#editor.text, this.#view, this.#view === "raw" ? this.#format : "");
    if (address) void copyText(new URL(`${address}${address.includes("lang=") ? "" : `&lang=${language}`}`, location.origin).href, pressed);
    else this.#tell(word("too long", { kilobytes: LONG / 1000 }));
  }

  async #openFile(field: HTMLInputElement): Promise<void> {
    const file = field.files?.[0];
    field.value = "";
    if (!file) return;
    this.#tabs.open(await file.text(), file.name.replace(/\.\w+$/, ""));
    this.#editor.focus();
  }

  #save(): void {
    download(new Blob([this.#editor.text], { type: "application/sparql-query" }), `${this.#fileName()}.rq`);
  }

  // The rest ---------------------------------------------------------------------------------------------------------

  #onClick(event: MouseEvent): void {
    const at = event.target as Element;
    const copy = at.closest<HTMLButtonElement>("#snippets button.copy");
    if (copy && this.#programs) {
      void copyText(document.getElementById(copy.dataset.copy ?? "")?.textContent ?? "", copy);
      return;
    }
    const way = at.closest<HTMLAnchorElement>(".answer a[data-view], .answer a[data-format]");
    if (!way || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (way.dataset.view) this.#view = way.dataset.view;
    if (way.dataset.format) this.#format = way.dataset.format;
    this.#draw();
    this.#remember(true);
    this.#tabs.write(this.#editor.text, this.#view);
    const chosen = way.dataset.view ? `[data-view="${way.dataset.view}"]` : `[data-format="${way.dataset.format}"]`;
    this.#outcome.querySelector<HTMLElement>(chosen)?.focus();
  }

  async #showPrograms(): Promise<void> {
    const place = document.getElementById("snippets");
    const text = this.#editor.text;
    if (!place || text === this.#programs || !document.querySelector("#elsewhere[open]")) return;
    this.#programs = text;
    const answer = await fetch(`/query/snippets?lang=${language}`, { method: "POST", headers: { "Content-Type": "application/sparql-query" }, body: text }).catch(() => null);
    if (!answer?.ok || text !== this.#programs) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...document.adoptNode(page.body).childNodes);
    place.querySelectorAll<HTMLButtonElement>("button.copy").forEach((one) => (one.hidden = false));
  }

  /** The editor draws only what is in sight; on paper the whole query stands. */
  #print(): void {
    document.getElementById("printed-query")?.remove();
    const text = made("pre", "printed", this.#editor.text);
    text.id = "printed-query";
    this.form.append(text);
  }
}

/** Rows as the results format has them, no more than are drawn. */
function asResults(answer: Answer): object {
  const bindings = answer.rows.slice(0, DRAWN).map((row: Row) => Object.fromEntries(row.map((cell, place) => [answer.columns[place], cell]).filter(([, cell]) => cell)));
  return { head: { vars: answer.columns, graph: answer.shape === "graph" }, results: { bindings } };
}

/** The title of the example that has a text, empty when none has. */
function exampleOf(text: string): string {
  const examples = [...document.querySelectorAll<HTMLAnchorElement>("a[data-example]")];
  return examples.find((one) => new URL(one.href).searchParams.get("query") === text)?.textContent ?? "";
}

/** The links to other languages lead to what is shown. */
function freshenLanguages(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".languages a")) {
    const other = new URLSearchParams(location.search);
    other.set("lang", new URL(link.href).searchParams.get("lang") ?? "");
    link.href = `${location.pathname}?${other}`;
  }
}

/** Brings the choices that fit what is typed into the list below the box. */
function offerChoices(field: HTMLInputElement): void {
  let asked = new AbortController();
  let timer = 0;
  const offer = async (): Promise<void> => {
    asked.abort();
    asked = new AbortController();
    const said = new URLSearchParams({ q: field.value.trim(), limit: "40", lang: language });
    const answer = await fetch(`${field.dataset.choices}?${said}`, { signal: asked.signal, headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return; // a name or a code may be typed all the same
    const { items } = (await answer.json()) as { items: { value: string; labels: Record<string, string> }[] };
    field.list?.replaceChildren(...items.map((item) => Object.assign(made("option", "", item.labels[language] ?? ""), { value: item.value })));
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void offer(), 200);
  });
}

document.querySelectorAll<HTMLInputElement>("input[data-choices]").forEach(offerChoices);

const form = document.getElementById("query-form");
const field = document.getElementById("query");
if (form instanceof HTMLFormElement && field instanceof HTMLTextAreaElement) new QueryPage(form, field);
