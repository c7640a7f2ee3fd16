// Fingers and wheel on the drawing. In the page one finger scrolls and taps, two fingers move and zoom the picture; in
// full screen one finger moves it too. The wheel zooms what has the focus and scrolls the page otherwise.

import type { Canvas } from "./_canvas";

/** A finger that moves so far (pixels) does not tap. */
const TAP = 12;

export function listenToGestures(stage: HTMLElement, place: HTMLElement, canvas: Canvas, isFull: () => boolean): void {
  const fingers = new Fingers(place, canvas, isFull);
  const options = { capture: true, passive: false };
  stage.addEventListener("touchstart", (event) => fingers.down(event), options);
  stage.addEventListener("touchmove", (event) => fingers.move(event), options);
  stage.addEventListener("touchend", (event) => fingers.up(event), options);
  stage.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !isFull() && document.activeElement !== place) event.stopPropagation();
    },
    options,
  );
}

type Pair = { x: number; y: number; apart: number };

class Fingers {
  readonly #place: HTMLElement;
  readonly #canvas: Canvas;
  readonly #isFull: () => boolean;
  #pair: Pair | null = null;
  #start = { x: 0, y: 0 };

  constructor(place: HTMLElement, canvas: Canvas, isFull: () => boolean) {
    this.#place = place;
    this.#canvas = canvas;
    this.#isFull = isFull;
  }

  down(event: TouchEvent): void {
    const [first, second] = event.touches;
    if (!first || !this.#isOurs(event)) return;
    this.#start = { x: first.clientX, y: first.clientY };
    if (!second) return;
    event.stopPropagation();
    this.#letGo();
    this.#pair = this.#pairOf(first, second);
  }

  move(event: TouchEvent): void {
    const [first, second] = event.touches;
    if (!first || !this.#isOurs(event)) return;
    if (this.#pair) {
      event.preventDefault();
      event.stopPropagation();
      if (second) this.#follow(this.#pairOf(first, second));
    } else if (!this.#isFull()) {
      event.stopPropagation();
      if (Math.hypot(first.clientX - this.#start.x, first.clientY - this.#start.y) > TAP) this.#letGo();
    }
  }

  up(event: TouchEvent): void {
    if (!this.#pair) return;
    event.stopPropagation();
    if (!event.touches.length) this.#pair = null;
  }

  #follow(now: Pair): void {
    const before = this.#pair ?? now;
    this.#canvas.pinch({ x: now.x - before.x, y: now.y - before.y }, now.apart / before.apart, now);
    this.#pair = now;
  }

  #pairOf(one: Touch, other: Touch): Pair {
    const { left, top } = this.#place.getBoundingClientRect();
    return {
      x: (one.clientX + other.clientX) / 2 - left,
      y: (one.clientY + other.clientY) / 2 - top,
      apart: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
    };
  }

  /** Tells the drawing that the finger it follows does nothing more. */
  #letGo(): void {
    dispatchEvent(new Event("touchcancel"));
  }

  #isOurs(event: TouchEvent): boolean {
    return event.target instanceof Node && this.#place.contains(event.target);
  }
}
