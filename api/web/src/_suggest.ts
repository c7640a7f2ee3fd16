// Suggestions below a search box while one types: a combobox with a list, as the ARIA Authoring Practices describe it.
//
// Attributes of the input:
//   data-suggest               the box has suggestions; without scripts it is a plain box of its form
//   data-suggest-kind="a b"    only things of these families (organization, area, …)
//   data-suggest-into="NAME"   choosing fills the form's hidden input NAME with the short name of the thing and sends
//                              the form, instead of opening the thing's page; NAME is made where the form lacks it
//   data-suggest-keep          with data-suggest-into: choosing does not send the form yet
//
// Keys: down and up move, Enter chooses (else it sends the form), Escape closes, Tab leaves. While an input method
// composes a word nothing is asked. The sentences are those of #suggest-words.

type Labels = Record<string, string>;
type Hit = {
  key: string;
  href: string;
  labels: Labels;
  kind: string;
  context: { labels: Labels } | null;
  matched: { text: string; language: string; labels: Labels; way: string };
  illustrative: boolean;
};

const WAIT = 120;
const MOST = 8;
const KEPT = 60;
const KEPT_IN_LINKS = ["lang", "real"];
const WIDE = 440;
const EDGE = 16;
const LANGUAGES = ["zh", "en"];
const answers = new Map<string, Hit[]>();
let boxes = 0;

const language = (): string => document.documentElement.lang.slice(0, 2);
const words = (): DOMStringMap => document.getElementById("suggest-words")?.dataset ?? {};
const filled = (sentence: string | undefined, blanks: Labels): string =>
  (sentence ?? "").replace(/\{(\w+)\}/g, (_, name: string) => blanks[name] ?? "");

function spoken(labels: Labels): string {
  const choices = [language(), "", ...LANGUAGES, ...Object.keys(labels)];
  return choices.map((choice) => labels[choice]).find(Boolean) ?? "";
}

/** What stands below a name: the name that matched where it is another one, else the one in the other language. */
function told(hit: Hit): string[] {
  const { text, labels, way } = hit.matched;
  const shown = spoken(hit.labels);
  const isKnown = Object.values(hit.labels).includes(text);
  const other = LANGUAGES.map((one) => hit.labels[one]).find((name) => name && name !== shown);
  const name = isKnown ? other : `${spoken(labels)}${words().colon ?? ": "}${text}`;
  return [name, words()[way]].filter((part): part is string => Boolean(part));
}

function part(name: string, text: string): HTMLElement {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}

/** One text for all boxes that is read aloud as it changes. */
function said(): HTMLElement {
  const known = document.getElementById("suggest-said");
  if (known) return known;
  const made = part("hidden", "");
  made.id = "suggest-said";
  made.setAttribute("role", "status");
  document.body.append(made);
  return made;
}

async function asked(address: string, signal: AbortSignal): Promise<Hit[]> {
  const known = answers.get(address);
  if (known) return known;
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = ((await answer.json()) as { items: Hit[] }).items;
  if (answers.size >= KEPT) answers.delete(answers.keys().next().value ?? "");
  answers.set(address, found);
  return found;
}

class Box {
  private readonly list = document.createElement("div");
  private readonly anchor: HTMLElement;
  private readonly id = `suggest-${(boxes += 1)}`;
  private hits: Hit[] = [];
  private active = -1;
  private isComposing = false;
  private timer = 0;
  private request = new AbortController();

  constructor(private readonly input: HTMLInputElement) {
    this.list.className = "suggestions";
    this.list.id = this.id;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words().list ?? "");
    // A box of the type "search" may not be a combobox.
    if (input.type === "search") input.type = "text";
    input.enterKeyHint = "search";
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    // Not inside a label: the options would become part of the name of the box.
    this.anchor = input.closest("label") ?? input;
    this.anchor.after(this.list);
    this.anchor.parentElement?.classList.add("suggesting");
    this.listen();
  }

  private listen(): void {
    const { input, list } = this;
    input.addEventListener("compositionstart", () => {
      this.isComposing = true;
      this.stop();
    });
    input.addEventListener("compositionend", () => {
      this.isComposing = false;
      this.typed();
    });
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest("[role=option]");
      if (option) this.choose([...list.children].indexOf(option), event.ctrlKey || event.metaKey);
    });
  }

  private get into(): string {
    return this.input.dataset.suggestInto ?? "";
  }

  private get text(): string {
    return this.input.value.trim();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.request.abort();
  }

  private typed(): void {
    if (this.isComposing) return;
    this.hidden(false)?.remove();
    this.stop();
    if (this.text) this.timer = window.setTimeout(() => void this.look(), WAIT);
    else this.close();
  }

  private async look(): Promise<void> {
    const request = new AbortController();
    this.request = request;
    const query = new URLSearchParams({ q: this.text, limit: String(MOST) });
    for (const kind of (this.input.dataset.suggestKind ?? "").split(" ")) if (kind) query.append("kind", kind);
    const kept = new URLSearchParams(location.search);
    for (const name of KEPT_IN_LINKS) if (kept.get(name)) query.set(name, kept.get(name) ?? "");
    try {
      const found = await asked(`/api/v1/search?${query}`, request.signal);
      if (!request.signal.aborted && document.activeElement === this.input) this.show(found);
    } catch {
      if (!request.signal.aborted) this.close(); // the form still works
    }
  }

  private show(found: Hit[]): void {
    this.hits = found;
    const options = found.map((hit) => this.option(hit));
    if (!this.into) {
      const all = document.createElement("div");
      all.className = "all";
      all.textContent = filled(found.length ? words().all : words().none, { text: this.text });
      options.push(all);
    }
    options.forEach((option, place) => {
      option.id = `${this.id}-${place}`;
      option.setAttribute("role", "option");
    });
    this.list.replaceChildren(...options);
    said().textContent = filled(found.length ? words().count : words().none, {
      number: String(found.length),
      text: this.text,
    });
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.setAttribute("aria-controls", this.id);
    this.place();
    this.mark(this.into && found.length ? 0 : -1);
  }

  /** Puts the list below the box, as wide as names need and inside the window. */
  private place(): void {
    const { anchor, list } = this;
    const width = Math.max(anchor.offsetWidth, Math.min(WIDE, innerWidth - 2 * EDGE));
    const over = Math.max(0, anchor.getBoundingClientRect().left + width + EDGE - document.documentElement.clientWidth);
    list.style.width = `${width}px`;
    list.style.left = `${anchor.offsetLeft - over}px`;
    list.style.top = `${anchor.offsetTop + anchor.offsetHeight + 4}px`;
  }

  private option(hit: Hit): HTMLElement {
    const made = document.createElement("div");
    made.className = `of-${hit.kind}`;
    const name = part("name", spoken(hit.labels));
    if (hit.illustrative) name.append(" ", part("badge invented", words().invented ?? ""));
    made.append(name);
    if (hit.context) made.append(part("badge kind", spoken(hit.context.labels)));
    const below = told(hit);
    if (below.length) made.append(part("told", below.join(" · ")));
    return made;
  }

  private mark(place: number): void {
    this.active = place;
    [...this.list.children].forEach((option, other) => {
      option.setAttribute("aria-selected", String(other === place));
      if (other === place) option.scrollIntoView({ block: "nearest" });
    });
    if (place < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.id}-${place}`);
  }

  private pressed(event: KeyboardEvent): void {
    // An input method has these keys to itself; some browsers tell so by the code 229 only.
    if (this.isComposing || event.isComposing || event.keyCode === 229) return;
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) this.move(event.key === "ArrowDown" ? 1 : -1);
      else if (this.text) void this.look();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active, event.ctrlKey || event.metaKey);
    }
  }

  /** Moves to another option; before the first and after the last one comes the box itself. */
  private move(by: number): void {
    const places = this.list.children.length + 1;
    this.mark(((this.active + 1 + by + places) % places) - 1);
  }

  private choose(place: number, isElsewhere: boolean): void {
    const hit = this.hits[place];
    this.close();
    if (!hit) this.input.form?.requestSubmit();
    else if (this.into) this.fill(hit);
    else if (isElsewhere) window.open(hit.href, "_blank", "noopener");
    else location.assign(hit.href);
  }

  private fill(hit: Hit): void {
    this.input.value = spoken(hit.labels);
    const hidden = this.hidden(true);
    if (hidden) hidden.value = hit.key;
    if (this.input.dataset.suggestKeep !== undefined) return;
    this.input.disabled = true; // what was typed is not sent beside what was chosen
    this.input.form?.requestSubmit();
    this.input.disabled = false;
    this.input.focus();
  }

  /** The hidden input that takes what is chosen. */
  private hidden(isWanted: boolean): HTMLInputElement | null {
    const form = this.input.form;
    if (!this.into || !form) return null;
    const known = form.querySelector<HTMLInputElement>(`input[type=hidden][data-suggested="${this.into}"]`);
    if (known || !isWanted) return known;
    const made = document.createElement("input");
    Object.assign(made, { type: "hidden", name: this.into });
    made.dataset.suggested = this.into;
    form.append(made);
    return made;
  }

  private close(): void {
    this.stop();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-controls");
    this.mark(-1);
    said().textContent = "";
  }
}

const known = new WeakSet<HTMLInputElement>();

function begin(input: HTMLInputElement): void {
  if (known.has(input)) return;
  known.add(input);
  new Box(input);
}

/** Gives every box that has suggestions its list, also boxes that come into the page later. */
export function suggest(): void {
  document.querySelectorAll<HTMLInputElement>("input[data-suggest]").forEach(begin);
  document.addEventListener("focusin", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.dataset.suggest !== undefined) begin(input);
  });
}
