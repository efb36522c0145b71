/** Undo and redo. Changes of one gesture, or of one control within a second, are one step. */

const SAME_STEP_MS = 1_000;
const MOST_STEPS = 200;

/** @template T */
export class History {
  /** @type {T[]} */
  #past = [];
  /** @type {T[]} */
  #future = [];
  /** @type {T} */
  #now;
  #key = "";
  #at = -Infinity;
  #clock;

  /** @param {T} first @param {() => number} [clock] milliseconds */
  constructor(first, clock = () => performance.now()) {
    this.#now = first;
    this.#clock = clock;
  }

  get now() {
    return this.#now;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** @param {T} next @param {string} [key] what changes; the same one again soon belongs to the same step */
  change(next, key = "") {
    if (next === this.#now) return;
    const at = this.#clock();
    const isSameStep = key !== "" && key === this.#key && at - this.#at < SAME_STEP_MS;
    if (!isSameStep) this.#past = [...this.#past.slice(-MOST_STEPS + 1), this.#now];
    this.#future = [];
    this.#now = next;
    this.#key = key;
    this.#at = at;
  }

  /** What comes next is a step of its own. */
  endStep() {
    this.#key = "";
  }

  undo() {
    const last = this.#past.pop();
    if (last === undefined) return false;
    this.#future.push(this.#now);
    this.#now = last;
    this.endStep();
    return true;
  }

  redo() {
    const next = this.#future.pop();
    if (next === undefined) return false;
    this.#past.push(this.#now);
    this.#now = next;
    this.endStep();
    return true;
  }
}
