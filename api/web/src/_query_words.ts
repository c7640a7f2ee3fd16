// What the query page says in the reader's language, as the page brings it.

interface Plural {
  one: string;
  many: string;
}

const said = JSON.parse(document.getElementById("query-words")?.textContent ?? "{}") as Record<string, string | Plural>;

const numbers = new Intl.NumberFormat(document.documentElement.lang);

/** A sentence with its blanks filled. */
export function word(key: string, values: Record<string, string | number> = {}): string {
  const sentence = said[key];
  const text = typeof sentence === "string" ? sentence : (sentence?.many ?? "");
  return text.replace(/\{(\w+)\}/g, (blank, name: string) => shown(values[name]) ?? blank);
}

/** A sentence for a number. */
export function counted(key: string, number: number): string {
  const sentence = said[key];
  if (typeof sentence !== "object") return word(key, { number });
  return (number === 1 ? sentence.one : sentence.many).replace("{number}", numbers.format(number));
}

function shown(value: string | number | undefined): string | undefined {
  return typeof value === "number" ? numbers.format(value) : value;
}

export const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";

/** An element of a kind, with a class and a text. */
export function made<K extends keyof HTMLElementTagNameMap>(kind: K, name = "", text = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(kind);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

/** A button that does something. */
export function button(text: string, does: () => unknown, name = "quiet"): HTMLButtonElement {
  const element = made("button", name, text);
  element.type = "button";
  element.addEventListener("click", () => void does());
  return element;
}
