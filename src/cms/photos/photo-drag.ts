import type { PointerEvent } from 'react';

/** Position and size of a card on the screen, in CSS pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Point {
  x: number;
  y: number;
}

function beyond(value: number, from: number, length: number): number {
  return Math.max(from - value, 0, value - (from + length));
}

/** Returns the position of the box that contains a point, or else of the nearest one; -1 if there are no boxes. */
export function nearestBox(boxes: readonly Box[], { x, y }: Point): number {
  const distances = boxes.map(({ left, top, width, height }) =>
    Math.hypot(beyond(x, left, width), beyond(y, top, height)),
  );
  return distances.indexOf(Math.min(...distances));
}

/** The control whose cards are dragged. */
export interface DragOwner {
  /** Returns the cards in their order. */
  cards(): readonly HTMLElement[];
  /** Moves the card at the position `from` to the position `to`. */
  move(from: number, to: number): void;
  /** Called after each change, so that the control is rendered again. */
  changed(): void;
}

interface Drag {
  pointer: number;
  from: number;
  to: number;
  /** Where the pointer went down. */
  start: Point;
  /** The same, from the top left corner of the card. */
  grab: Point;
  /** Whether the pointer has moved further than `STILL`. */
  moved: boolean;
  /** How far the card is drawn from its place. */
  by: Point;
}

/** Distance in CSS pixels that a pointer may move without dragging: a finger is never quite still. */
const STILL = 5;

/** Distance in CSS pixels that a dragged card reaches at least beyond the pointer. */
const MARGIN = 22;

/** Event handlers of the handle of a card. */
export interface HandleEvents {
  onPointerDown(event: PointerEvent): void;
  onPointerMove(event: PointerEvent): void;
  onPointerUp(event: PointerEvent): void;
  onPointerCancel(event: PointerEvent): void;
}

/**
 * The order of cards, changed by dragging a handle with mouse, pen or finger. Escape lets the card fall back. While one
 * is dragged, the control makes all cards small, so that their places are near each other.
 */
export class PhotoDrag {
  readonly #owner: DragOwner;
  #drag: Drag | undefined;

  constructor(owner: DragOwner) {
    this.#owner = owner;
  }

  get isDragging(): boolean {
    return this.#drag?.moved === true;
  }

  /** Returns how far a card is drawn from its place; undefined if it is not dragged. */
  offsetOf(index: number): Point | undefined {
    return this.#drag?.moved && this.#drag.from === index ? this.#drag.by : undefined;
  }

  /** Returns whether the dragged card would be put where this card is. */
  isTarget(index: number): boolean {
    return this.#drag?.to === index && this.#drag.from !== index;
  }

  handle(index: number): HandleEvents {
    return {
      onPointerDown: (event) => this.#begin(index, event),
      onPointerMove: (event) => this.#follow(event),
      onPointerUp: (event) => {
        if (event.pointerId === this.#drag?.pointer) this.#end(true);
      },
      onPointerCancel: (event) => {
        if (event.pointerId === this.#drag?.pointer) this.#end(false);
      },
    };
  }

  /** Lets a dragged card fall back. */
  stop(): void {
    this.#end(false);
  }

  readonly #onKey = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') this.#end(false);
  };

  #begin(index: number, event: PointerEvent): void {
    if (event.button !== 0) return;
    // A drag whose end was missed, because its handle was removed.
    this.#end(false);
    // Keeps a mouse from selecting text.
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const start = { x: event.clientX, y: event.clientY };
    const card = this.#owner.cards()[index]?.getBoundingClientRect();
    const grab = { x: start.x - (card?.left ?? start.x), y: start.y - (card?.top ?? start.y) };
    this.#drag = { pointer: event.pointerId, from: index, to: index, start, grab, moved: false, by: { x: 0, y: 0 } };
    window.addEventListener('keydown', this.#onKey);
  }

  #follow({ pointerId, clientX: x, clientY: y }: PointerEvent): void {
    const drag = this.#drag;
    if (pointerId !== drag?.pointer) return;
    if (!drag.moved) {
      if (Math.hypot(x - drag.start.x, y - drag.start.y) < STILL) return;
      // The cards become small; their places are known with the next movement.
      this.#drag = { ...drag, moved: true };
      this.#owner.changed();
      return;
    }
    const boxes = this.#owner.cards().map((card, index): Box => {
      const { left, top, width, height } = card.getBoundingClientRect();
      const by = index === drag.from ? drag.by : { x: 0, y: 0 };
      return { left: left - by.x, top: top - by.y, width, height };
    });
    const own = boxes[drag.from];
    if (!own) return;
    const by = {
      x: x - own.left - Math.min(drag.grab.x, own.width - MARGIN),
      y: y - own.top - Math.min(drag.grab.y, own.height - MARGIN),
    };
    this.#drag = { ...drag, to: nearestBox(boxes, { x, y }), by };
    this.#owner.changed();
  }

  #end(isDropped: boolean): void {
    const drag = this.#drag;
    if (!drag) return;
    this.#drag = undefined;
    window.removeEventListener('keydown', this.#onKey);
    this.#owner.changed();
    if (isDropped && drag.to !== drag.from) this.#owner.move(drag.from, drag.to);
  }
}
