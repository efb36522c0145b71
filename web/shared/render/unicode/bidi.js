/**
 * Embedding levels (UAX #9) per code point.
 */
import bidiFactory from "../../../vendor/bidi-js/bidi.js";
import { propertiesOf } from "./properties.js";

const bidi = bidiFactory();

/** bidi-js classifies UTF-16 units, so a character beyond U+FFFF is stood for by one of its class. */
const STAND_INS = /** @type {Record<string, string>} */ ({
  L: "A",
  R: "\u05d0",
  AL: "\u0627",
  AN: "\u0660",
  EN: "0",
  ES: "+",
  ET: "#",
  CS: ",",
  NSM: "\u0300",
  BN: "\u200b",
  ON: "!",
});

/**
 * @param {number[]} codes one paragraph, its direction is that of its first strong character
 * @returns {number[]}
 */
export function levelsOf(codes) {
  const text = codes.map(standIn).join("");
  return [...bidi.getEmbeddingLevels(text).levels];
}

/** @param {number} code */
function standIn(code) {
  return code <= 0xffff ? String.fromCharCode(code) : (STAND_INS[propertiesOf(code).bidi] ?? "A");
}

/**
 * Rule L2: the order in which items stand from left to right.
 * @template {{level: number}} Item
 * @param {Item[]} items in logical order
 * @returns {Item[]}
 */
export function visualOrder(items) {
  const ordered = items.slice();
  const odd = items.map(({ level }) => level).filter((level) => level % 2);
  if (odd.length === 0) return ordered;
  const lowest = Math.min(...odd);
  for (let level = Math.max(...items.map((item) => item.level)); level >= lowest; level--) {
    for (let start = 0; start < ordered.length; start++) {
      let end = start;
      while (end < ordered.length && ordered[end].level >= level) end++;
      if (end - start > 1) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = Math.max(start, end);
    }
  }
  return ordered;
}
