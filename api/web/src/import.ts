// The drop zone: files are dragged or picked, named before they are sent, and a bar shows how far the sending is.
// Without scripts the same form is a plain one.

interface Progress {
  state: string;
  progress?: { done: number; of: number } | null;
}

const WAITING = ["reading", "checking"];
const PAUSE = 1000;

function size(bytes: number): string {
  return bytes < 1048576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

class DropForm {
  private readonly files: HTMLInputElement;
  private readonly zone: HTMLElement;
  private readonly picked: HTMLElement;
  private readonly told: HTMLElement;

  constructor(private readonly form: HTMLFormElement) {
    this.files = form.querySelector<HTMLInputElement>('input[type="file"]')!;
    this.zone = form.querySelector<HTMLElement>("[data-zone]")!;
    this.picked = form.querySelector<HTMLElement>("[data-picked]")!;
    this.told = form.querySelector<HTMLElement>("[data-progress]")!;
  }

  start(): void {
    this.zone.classList.add("scripted");
    this.form.querySelectorAll<HTMLElement>(".with-scripts").forEach((one) => (one.hidden = false));
    this.files.addEventListener("change", () => this.name());
    for (const kind of ["dragenter", "dragover"]) {
      this.zone.addEventListener(kind, (event) => this.hover(event as DragEvent, true));
    }
    for (const kind of ["dragleave", "drop"]) {
      this.zone.addEventListener(kind, (event) => this.hover(event as DragEvent, false));
    }
    this.zone.addEventListener("drop", (event) => this.drop(event));
    this.form.addEventListener("submit", (event) => this.send(event));
  }

  private hover(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.zone.classList.toggle("over", over);
  }

  private drop(event: DragEvent): void {
    if (!event.dataTransfer?.files.length) return;
    this.files.files = event.dataTransfer.files;
    this.name();
  }

  /** Name the files that were picked. */
  private name(): void {
    const listed = [...(this.files.files ?? [])].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} (${size(file.size)})`;
      return item;
    });
    this.picked.replaceChildren(...listed);
    this.picked.hidden = listed.length === 0;
  }

  private send(event: Event): void {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) this.tell("sending", (100 * sent.loaded) / sent.total);
    });
    request.upload.addEventListener("load", () => this.tell("working"));
    request.addEventListener("load", () => this.arrived(request));
    request.addEventListener("error", () => this.failed(this.told.dataset.failed ?? ""));
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "text/html");
    this.lock(true);
    this.tell("sending", 0);
    request.send(new FormData(this.form));
  }

  private arrived(request: XMLHttpRequest): void {
    if (request.status < 400) {
      location.assign(request.responseURL);
      return;
    }
    // The answer is a page that says what is wrong: its words are shown here.
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const alert = answer.querySelector('[role="alert"]') ?? answer.querySelector("main");
    const parts = [...(alert?.querySelectorAll("h1, h2, p, li") ?? [])];
    this.failed(parts.map((part) => part.textContent?.trim()).filter(Boolean).join("\n"));
  }

  private tell(what: "sending" | "working", done?: number): void {
    this.told.hidden = false;
    this.said.textContent = this.told.dataset[what] ?? "";
    const bar = this.told.querySelector("progress")!;
    bar.hidden = false;
    if (done === undefined) bar.removeAttribute("value");
    else bar.value = done;
  }

  private failed(words: string): void {
    this.told.hidden = false;
    this.told.querySelector("progress")!.hidden = true;
    this.said.textContent = words;
    this.lock(false);
  }

  private get said(): HTMLElement {
    return this.told.querySelector<HTMLElement>("[data-said]")!;
  }

  private lock(busy: boolean): void {
    this.form.querySelectorAll("button").forEach((button) => (button.disabled = busy));
  }
}

/** Show how far the work on an import is, and its page when it is done. */
async function watch(shown: HTMLElement): Promise<void> {
  const said = shown.querySelector<HTMLElement>("[data-said]")!;
  const bar = shown.querySelector("progress")!;
  for (;;) {
    await new Promise((wake) => setTimeout(wake, PAUSE));
    const answer = await fetch(shown.dataset.watch ?? "", { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer) continue;
    const { state, progress } = answer.ok ? ((await answer.json()) as Progress) : { state: "" };
    if (!WAITING.includes(state)) {
      location.reload();
      return;
    }
    said.textContent = said.dataset[state] ?? said.textContent;
    if (progress?.of) bar.value = (100 * progress.done) / progress.of;
    else bar.removeAttribute("value");
  }
}

document.querySelectorAll<HTMLFormElement>("form[data-drop]").forEach((form) => new DropForm(form).start());
document.querySelectorAll<HTMLElement>("[data-watch]").forEach((shown) => void watch(shown));
