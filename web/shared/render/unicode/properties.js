/**
 * Unicode properties of code points, from the table that is generated of the server's own library.
 *
 * @typedef {object} Properties
 * @property {string} line        line-break class after rule LB1, "AL" …
 * @property {string} grapheme    grapheme-cluster-break class, "" for Other
 * @property {string} conjunct    Indic conjunct break: "Consonant", "Linker", "Extend" or ""
 * @property {string} script      ISO 15924 code: "Latn", "Zyyy" …
 * @property {string} bidi        bidirectional class, beyond U+FFFF only
 * @property {boolean} wide       East Asian width F, W or H
 * @property {boolean} initial    general category Pi
 * @property {boolean} final      general category Pf
 * @property {boolean} pictographic extended pictographic
 * @property {boolean} emoji      emoji presentation by default
 * @property {boolean} unassigned general category Cn
 * @property {boolean} digit      general category Nd
 * @property {boolean} separator  general category Z*
 * @property {boolean} punctuation general category P*
 * @property {boolean} opening    general category Ps
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
  const [line, grapheme, conjunct, script, bidi, flags] = text.split(",");
  return {
    line,
    grapheme,
    conjunct,
    script,
    bidi,
    wide: flags.includes("E"),
    initial: flags.includes("I"),
    final: flags.includes("F"),
    pictographic: flags.includes("X"),
    emoji: flags.includes("M"),
    unassigned: flags.includes("U"),
    digit: flags.includes("D"),
    separator: flags.includes("Z"),
    punctuation: flags.includes("P"),
    opening: flags.includes("S"),
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
