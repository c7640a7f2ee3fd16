// Takes the parts of the page that follow its address from a page that was fetched. What people were doing stays:
// the focus, what they typed, what they opened and how far they scrolled.

const PARTS = "[data-swap][id]";
const FRAME_LINKS = "header.site a, footer.site a";

/** The page at an address; nothing in it runs.
 *
 * @throws TypeError when there is no answer; Error when it is not such a page.
 */
export async function pageAt(address: string, signal: AbortSignal): Promise<Document> {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.getElementById("explore")) throw new Error(`${answer.status}`);
  return page;
}

/** Replaces each part by the one of the same name. */
export function swap(page: Document): void {
  const before = document.activeElement;
  for (const part of document.querySelectorAll<HTMLElement>(PARTS)) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.isEqualNode(part) || part instanceof HTMLImageElement) continue;
    const back = keptOf(part, before);
    // An element that announces what changes in it must stay the same element.
    if (part.getAttribute("role") === "status") part.replaceChildren(...document.importNode(fresh, true).childNodes);
    else part.replaceWith(document.adoptNode(fresh));
    back();
  }
  document.title = page.title;
  freshenFrame(page);
}

/** Lets the links and the search box around the page keep what the new address keeps: language, only what is real. */
function freshenFrame(page: Document): void {
  const [now, then] = [document, page].map((one) => [...one.querySelectorAll<HTMLAnchorElement>(FRAME_LINKS)]);
  if (now?.length === then?.length) now?.forEach((link, index) => (link.href = then?.[index]?.href ?? link.href));
  const form = document.querySelector("header.site form");
  form?.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
  form?.append(...page.querySelectorAll("header.site form input[type=hidden]"));
}

/** Remembers what is to stay in a part; the answer brings it back. */
function keptOf(part: HTMLElement, focused: Element | null): () => void {
  const opened = new Map([...part.querySelectorAll<HTMLDetailsElement>("details[id]")].map((one) => [one.id, one.open]));
  const scrolled = [part, ...part.querySelectorAll(".scroll, .options, .relations")].map((one) => [one.scrollTop, one.scrollLeft] as const);
  const refocus = focused && part.contains(focused) ? focusOf(part, focused) : () => undefined;
  return () => {
    const now = document.getElementById(part.id);
    if (!now) return;
    opened.forEach((open, id) => {
      const details = document.getElementById(id);
      if (details instanceof HTMLDetailsElement) details.open = open;
    });
    [now, ...now.querySelectorAll(".scroll, .options, .relations")].forEach((one, index) => {
      [one.scrollTop, one.scrollLeft] = scrolled[index] ?? [0, 0];
    });
    refocus();
  };
}

function focusOf(part: HTMLElement, focused: Element): () => void {
  const sameKind = focused.localName;
  const selectors = [
    focused.id && `#${CSS.escape(focused.id)}`,
    ...["data-key", "data-do", "value", "name", "href"].map((name) => chosenBy(focused, sameKind, name)),
    inRow(focused, sameKind),
  ].filter(Boolean) as string[];
  const typed = typedIn(focused);
  return () => {
    const now = document.getElementById(part.id);
    const found = selectors.map((one) => now?.querySelector<HTMLElement>(one)).find(Boolean);
    if (found instanceof HTMLInputElement && typed !== null && document.activeElement !== found) found.value = typed;
    (found ?? focusable(now))?.focus({ preventScroll: true });
  };
}

/** What somebody is typing; what was sent is done with. */
function typedIn(focused: Element): string | null {
  if (!(focused instanceof HTMLInputElement) || /^(checkbox|radio|date)$/.test(focused.type)) return null;
  return focused.form?.dataset.sent === undefined ? focused.value : null;
}

function chosenBy(element: Element, kind: string, name: string): string {
  const value = element.getAttribute(name);
  if (!value) return "";
  const both = name === "value" ? `[name="${CSS.escape(element.getAttribute("name") ?? "")}"]` : "";
  return `${kind}${both}[${name}="${CSS.escape(value)}"]`;
}

/** The same place in the row of the same key. */
function inRow(element: Element, kind: string): string {
  const key = element.closest("[data-key]")?.getAttribute("data-key");
  return key ? `[data-key="${CSS.escape(key)}"] ${kind}` : "";
}

function focusable(part: HTMLElement | null): HTMLElement | null {
  if (part && part.tabIndex < 0) part.tabIndex = -1;
  return part;
}
