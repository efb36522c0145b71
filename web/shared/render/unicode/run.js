/**
 * A cursor over a text's break classes: a port of `Run` of the Python library uniseg 0.10.1 (MIT, Masaaki Shibata),
 * kept method for method so that both sides decide alike.
 */
import { propertiesOf } from "./properties.js";

/** @typedef {import("./properties.js").Properties} Properties */

const STRAY_MARK = propertiesOf(0x41);

export class Run {
  /**
   * @param {number[]} codes code points
   * @param {(properties: Properties) => string} classOf
   */
  constructor(codes, classOf) {
    this.codes = codes.slice();
    this.properties = codes.map(propertiesOf);
    this.classes = this.properties.map(classOf);
    this.counts = codes.map(() => true);
    /** @type {(boolean | null)[]} */
    this.breaks = codes.map(() => null);
    this.position = 0;
    this.valid = codes.length > 0;
  }

  get curr() {
    return this.at(0);
  }

  get prev() {
    return this.at(-1);
  }

  get next() {
    return this.at(1);
  }

  /** @param {number} offset */
  indexAt(offset) {
    const step = Math.sign(offset);
    let index = this.position;
    for (let n = Math.abs(offset); n > 0; n--) {
      index += step;
      while (index >= 0 && index < this.codes.length && !this.counts[index]) index += step;
    }
    return index;
  }

  /**
   * The class `offset` counted places away, or null outside the text.
   * @param {number} offset
   */
  at(offset) {
    const index = this.indexAt(offset);
    return this.valid && index >= 0 && index < this.codes.length ? this.classes[index] : null;
  }

  /**
   * @param {number} offset
   * @returns {Properties | null}
   */
  propertiesAt(offset) {
    const index = this.indexAt(offset);
    return this.valid && index >= 0 && index < this.codes.length ? this.properties[index] : null;
  }

  /** @param {number} offset */
  codeAt(offset) {
    const index = this.indexAt(offset);
    return this.valid && index >= 0 && index < this.codes.length ? this.codes[index] : null;
  }

  isStart() {
    return this.position === 0;
  }

  isEnd() {
    return this.position === this.codes.length - 1;
  }

  head() {
    this.position = 0;
    this.valid = true;
  }

  /** Moves on; false (and the run invalid) at the end. @param {number} [offset] */
  walk(offset = 1) {
    if (!this.valid) return false;
    const index = this.indexAt(offset);
    this.valid = index >= 0 && index < this.codes.length;
    this.position = Math.min(Math.max(index, 0), this.codes.length - 1);
    return this.valid;
  }

  /** Makes the current place read as a plain letter (rule LB10). */
  becomeLetter() {
    this.codes[this.position] = 0x41;
    this.properties[this.position] = STRAY_MARK;
    this.classes[this.position] = STRAY_MARK.line;
  }

  /** @returns {Run} */
  copy() {
    return Object.assign(Object.create(Run.prototype), this);
  }

  /**
   * A copy moved by `step` over one place of the given classes (or, greedy, over all that follow each other); it is
   * invalid when there was none.
   * @param {string[]} classes
   * @param {{greedy?: boolean, step?: number}} [options]
   */
  over(classes, { greedy = false, step = -1 } = {}) {
    const run = this.copy();
    let met = true;
    if (greedy) {
      while (includes(classes, run.at(step))) if (!run.walk(step)) break;
    } else {
      met = run.walk(step) && includes(classes, run.curr);
    }
    run.valid = this.valid && met;
    return run;
  }

  /** @param {boolean} value */
  decide(value) {
    if (this.codes.length && this.breaks[this.position] === null) this.breaks[this.position] = value;
  }

  /**
   * @param {string[]} before
   * @param {string[]} after
   */
  isBetween(before, after) {
    return includes(before, this.prev) && includes(after, this.curr);
  }
}

/**
 * @param {string[]} classes
 * @param {string | null} value
 */
export function includes(classes, value) {
  return value !== null && classes.includes(value);
}

/**
 * Binds regional indicators two by two (LB30a, GB12, GB13).
 * @param {Run} run
 */
export function pairIndicators(run, name = "RI") {
  run.head();
  for (;;) {
    while (run.curr !== name) if (!run.walk()) break;
    if (!run.walk()) return;
    while (run.prev === name && run.curr === name) {
      run.decide(false);
      if (!run.walk() || !run.walk()) break;
    }
  }
}

/**
 * Indices before which the text may be divided, and its end.
 * @param {Run} run
 */
export function boundaries(run) {
  const found = [];
  run.breaks.forEach((value, index) => value !== false && found.push(index));
  if (run.codes.length) found.push(run.codes.length);
  return found;
}
