/** Two fingers on the canvas: how much farther apart they are, and how far the point between them has gone. */

/** @typedef {import("./geometry.js").Point} Point */

export class Pinch {
  /** @type {Map<number, Point>} */
  #fingers = new Map();

  /** Until both have left, the finger that stays draws nothing. */
  isOn = false;

  /** @param {PointerEvent} event @returns {number} fingers that are down */
  down(event) {
    if (event.pointerType === "touch") this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#fingers.size === 2) this.isOn = true;
    return this.#fingers.size;
  }

  /** None is down, whatever was told. */
  clear() {
    this.#fingers.clear();
    this.isOn = false;
  }

  /** @param {PointerEvent} event */
  up({ pointerId }) {
    this.#fingers.delete(pointerId);
    if (this.#fingers.size === 0) this.isOn = false;
  }

  /** @param {PointerEvent} event @returns {{ factor: number, by: Point, centre: Point } | null} since the last move; null for anything but two fingers */
  move({ pointerId, clientX, clientY }) {
    if (!this.isOn || !this.#fingers.has(pointerId)) return null;
    const before = this.#state();
    this.#fingers.set(pointerId, { x: clientX, y: clientY });
    const after = this.#state();
    if (!before || !after) return null;
    return { factor: after.apart / before.apart, by: { x: after.centre.x - before.centre.x, y: after.centre.y - before.centre.y }, centre: after.centre };
  }

  #state() {
    const [first, second] = this.#fingers.values();
    if (!second) return null;
    return { apart: Math.max(1, Math.hypot(first.x - second.x, first.y - second.y)), centre: { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 } };
  }
}
