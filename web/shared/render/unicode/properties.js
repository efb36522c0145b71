/**
 * Unicode properties of code points, from the table that is generated of the server's own library.
 *
 * @typedef {object} Properties
 * @property {string} line        line-break class after rule LB1, "AL" …
 * @property {string} grapheme    grapheme-cluster-break class
 * @property {string} conjunct    Indic conjunct break: "Consonant", "Linker", "Extend" or ""
 * @property {boolean} wide       East Asian width F, W or H
 * @property {boolean} initial    general category Pi
 * @property {boolean} final      general category Pf
 * @property {boolean} pictographic
 * @property {boolean} unassigned general category Cn
 */
import { CLASSES, RANGES } from "./table.js";

const classes = CLASSES.split(" ").map(parse);
const starts = /** @type {number[]} */ ([]);
const numbers = /** @type {number[]} */ ([]);
unpack();

/**
 * @param {string} text one class of the table
 * @returns {Properties}
 */
function parse(text) {
  const [line, grapheme, conjunct, flags] = text.split(",");
  return {
    line,
    grapheme,
    conjunct,
    wide: flags.includes("E"),
    initial: flags.includes("I"),
    final: flags.includes("F"),
    pictographic: flags.includes("P"),
    unassigned: flags.includes("U"),
  };
}

function unpack() {
  const fields = RANGES.split(/\s+/);
  let start = 0;
  for (let i = 0; i < fields.length; i += 2) {
    starts.push(start);
    numbers.push(parseInt(fields[i], 36));
    start += parseInt(fields[i + 1], 36);
  }
}

/**
 * @param {number} code
 * @returns {Properties}
 */
export function propertiesOf(code) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= code) low = middle;
    else high = middle - 1;
  }
  return classes[numbers[low]];
}
