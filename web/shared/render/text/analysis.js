/**
 * What is known of a paragraph before it is broken: fonts, scripts, levels (0004 §3) and break opportunities (§4).
 */
import { levelsOf } from "../unicode/bidi.js";
import { graphemeBoundaries } from "../unicode/graphemes.js";
import { lineBreaks } from "../unicode/line-breaks.js";
import { propertiesOf } from "../unicode/properties.js";

/**
 * @typedef {import("./fonts.js").FontChoice} FontChoice
 * @typedef {import("./content.js").Paragraph} Paragraph
 *
 * @typedef {object} Analysis
 * @property {number[]} codes
 * @property {number[]} spans
 * @property {FontChoice[]} fonts  of each character
 * @property {string[]} scripts
 * @property {number[]} levels
 * @property {number[]} graphemes  boundaries, 0 and end included
 */

const QUOTATION_MARK = 0x22;
const SPACE = 0x20;
const ZWJ = 0x200d;
const QUOTES = [0x22, 0x27];
const INFIXES = [...".,:;"].map((char) => char.charCodeAt(0));

/**
 * @param {Paragraph} paragraph
 * @param {(grapheme: number[], span: number) => FontChoice} chooseFont
 * @returns {Analysis}
 */
export function analyse({ codes, spans }, chooseFont) {
  const graphemes = graphemeBoundaries(codes);
  /** @type {FontChoice[]} */
  const fonts = [];
  for (let i = 1; i < graphemes.length; i++) {
    const [start, end] = [graphemes[i - 1], graphemes[i]];
    const choice = chooseFont(codes.slice(start, end), spans[start]);
    for (let place = start; place < end; place++) fonts.push(choice);
  }
  return { codes, spans, fonts, scripts: scriptsOf(codes), levels: levelsOf(codes), graphemes };
}

/** @param {number[]} codes */
function scriptsOf(codes) {
  const own = codes.map((code) => propertiesOf(code).script);
  let current = own.find(isReal) ?? "Latn";
  return own.map((script) => (isReal(script) ? (current = script) : current));
}

/** @param {string} script */
function isReal(script) {
  return script !== "Zyyy";
}

/**
 * Places inside the paragraph where a line may end.
 * @param {Analysis} analysis
 * @returns {number[]}
 */
export function opportunities({ codes, graphemes }) {
  const kinds = codes.map(propertiesOf);
  const asked = codes.map((code, i) => (kinds[i].initial || kinds[i].final ? QUOTATION_MARK : code));
  const whole = new Set(graphemes);
  return lineBreaks(asked).filter(
    (place) => place > 0 && place < codes.length && whole.has(place) && isKept(codes, kinds, place),
  );
}

/**
 * @param {number[]} codes
 * @param {import("../unicode/properties.js").Properties[]} kinds
 * @param {number} place
 */
function isKept(codes, kinds, place) {
  const before = codes[place - 1];
  if (before === ZWJ) return false;
  return before === SPACE ? isKeptAfterSpace(codes, kinds, place) : isKeptInsideWord(codes, kinds, place);
}

/** @param {number[]} codes @param {import("../unicode/properties.js").Properties[]} kinds @param {number} place */
function isKeptInsideWord(codes, kinds, place) {
  const before = codes[place - 1];
  const other = codes[place - 2];
  if (INFIXES.includes(before) && kinds[place].digit) return false;
  if ((before === 0x2d || before === 0x2010) && (other === undefined || kinds[place - 2].separator)) return false;
  const isHyphen = before === 0x2d || before === 0x2010 || before === 0x2013;
  return !(isHyphen && other >= 0x05d0 && other <= 0x05f2);
}

/** @param {number[]} codes @param {import("../unicode/properties.js").Properties[]} kinds @param {number} place */
function isKeptAfterSpace(codes, kinds, place) {
  let word = place - 1;
  while (word >= 0 && codes[word] === SPACE) word--;
  const after = kinds[place + 1];
  const last = kinds[word];
  if (last?.initial) return false;
  if (last && (last.final || QUOTES.includes(codes[word])) && kinds[place].opening) return false;
  if (kinds[place].final && (!after || after.punctuation || after.separator)) return false;
  return !INFIXES.includes(codes[place]);
}
