/**
 * Unicode properties of code points as `table.js` has them; `line` after rule LB1, `grapheme` "" for Other.
 * @typedef {Record<"line" | "grapheme" | "conjunct" | "script" | "bidi", string> & Record<"wide" | "initial" | "final" |
 *   "pictographic" | "emoji" | "unassigned" | "digit" | "separator" | "punctuation" | "opening", boolean>} Properties
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
