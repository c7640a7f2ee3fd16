// What every page does in the browser: copy buttons, suggestions below search boxes, forms that send themselves.
// The pages are complete without it.

import { auto } from "./_auto";
import { suggest } from "./_suggest";

function copied(button: HTMLButtonElement): void {
  const before = button.textContent;
  button.textContent = button.dataset.done ?? before;
  setTimeout(() => {
    button.textContent = before;
  }, 2000);
}

/** The text of an element without that of the buttons in it. */
function textOf(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  copy.querySelectorAll("button").forEach((button) => button.remove());
  const text = (copy.textContent ?? "").trim();
  return element.matches("pre") ? text : text.replace(/\s+/g, " ");
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!source) return;
  try {
    await navigator.clipboard.writeText(textOf(source));
  } catch {
    // No clipboard without HTTPS: select the text, so that one key copies it.
    getSelection()?.selectAllChildren(source);
    return;
  }
  copied(button);
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => void copy(button));
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

auto();
suggest();

// The explorer and the query page are ready when they have drawn; they say so themselves.
if (!document.querySelector("#canvas, #query-page")) document.documentElement.dataset.ready = "";
