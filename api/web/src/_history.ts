// Undo and redo: the browser's own history, with a number in each of its entries, so that both know where our steps
// begin and end. Undo never leads out of the explorer, and a reload forgets nothing.

type Mark = { step: number; last: number };

export class Steps {
  #step: number;
  #last: number;
  /** Whether the browser is on its way: a second step in haste could lead out of ours. */
  #isMoving = false;

  /** Begins at an address; calls back when the browser went to another one of our steps. */
  constructor(address: string, onMove: (address: string) => void) {
    const mark = history.state as Partial<Mark> | null;
    this.#step = mark?.step ?? 0;
    // Whoever comes back from another page has nothing of ours ahead: that page is.
    const [arrival] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    this.#last = arrival?.type === "reload" ? (mark?.last ?? this.#step) : this.#step;
    this.replace(address);
    addEventListener("popstate", (event) => {
      this.#isMoving = false;
      this.#step = (event.state as Partial<Mark> | null)?.step ?? 0;
      this.#last = Math.max(this.#last, this.#step);
      this.replace(this.#here());
      onMove(this.#here());
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.#last = this.#step;
    });
  }

  get canUndo(): boolean {
    return this.#step > 0;
  }

  get canRedo(): boolean {
    return this.#step < this.#last;
  }

  undo(): void {
    if (this.canUndo) this.#travel(-1);
  }

  redo(): void {
    if (this.canRedo) this.#travel(1);
  }

  #travel(by: number): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    history.go(by);
  }

  push(address: string): void {
    this.#last = ++this.#step;
    history.pushState(this.#mark(), "", address);
  }

  replace(address: string): void {
    history.replaceState(this.#mark(), "", address);
  }

  #mark(): Mark {
    return { step: this.#step, last: this.#last };
  }

  #here(): string {
    return location.pathname + location.search;
  }
}
