// Forms marked data-auto are sent as soon as a choice changes; where the reader was is found again on the next page.

const KEPT = "list-place";
const EARLIEST = "1900"; // a year before it is still being typed

type Field = HTMLInputElement | HTMLSelectElement;

interface Place {
  path: string;
  id: string;
  top: number;
  open: string[];
}

/** Send forms when their choices change, and bring the reader back to the choice. */
export function auto(): void {
  if (matchMedia("(max-width: 900px)").matches) {
    document.querySelectorAll("details[data-wide]").forEach((one) => one.removeAttribute("open"));
  }
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-auto]")) {
    for (const field of fields(form)) {
      if (field.type !== "search") field.addEventListener("change", () => sendFrom(form, field));
    }
    form.addEventListener("submit", () => leaveOutTheUsual(form));
  }
  restore();
}

function fields(form: HTMLFormElement): Field[] {
  return [...form.elements].filter(
    (one): one is Field => one instanceof HTMLInputElement || one instanceof HTMLSelectElement,
  );
}

function sendFrom(form: HTMLFormElement, field: Field): void {
  if (field.type === "date" && field.value && field.value < EARLIEST) return;
  const open = [...document.querySelectorAll("details[id][open]")].map((one) => one.id);
  const place: Place = { path: location.pathname, id: field.id, top: scrollY, open };
  sessionStorage.setItem(KEPT, JSON.stringify(place));
  form.requestSubmit();
}

/** Keep what says nothing out of the address. */
function leaveOutTheUsual(form: HTMLFormElement): void {
  const silent = fields(form).filter((one) => one.value === (one.dataset.usual ?? "") && one.type !== "checkbox");
  for (const one of silent) one.disabled = true;
  // The page may be shown again as it was left.
  addEventListener("pageshow", () => silent.forEach((one) => (one.disabled = false)), { once: true });
}

function restore(): void {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!kept) return;
  const { path, id, top, open } = JSON.parse(kept) as Place;
  if (path !== location.pathname) return;
  for (const one of open) document.getElementById(one)?.setAttribute("open", "");
  document.getElementById(id)?.focus({ preventScroll: true });
  scrollTo(0, top);
}
