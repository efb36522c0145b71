/**
 * Line-break opportunities (UAX #14), a port of `line_break_boundaries` of uniseg 0.10.1 (MIT, Masaaki Shibata), rule by
 * rule and in its order. Thai, Lao and Khmer letters count as alphabetic: their text breaks at spaces and ZWSP only.
 */
import { Run, boundaries, includes, pairIndicators } from "./run.js";

/** @typedef {(run: Run) => (boolean | null)} Rule true breaks before the place, false forbids it, null passes */

const HARD = ["BK", "CR", "LF", "NL"];
const JAMO = ["JL", "JV", "JT", "H2", "H3"];
const LETTERS = ["AL", "HL"];
const AKSARAS = ["AK", "AS"];
const DOTTED_CIRCLE = 0x25cc;
const HYPHEN = 0x2010;

/** @param {Run} run */
const beforeSpaces = (run) => run.over(["SP"], { greedy: true });
/** @param {Run} run */
const beforeSeparators = (run) => run.over(["SY", "IS"], { greedy: true });
/** @param {Run} run @param {number} offset */
const isWide = (run, offset) => run.propertiesAt(offset)?.wide === true;
/** @param {Run} run @param {number} offset */
const isCircle = (run, offset) => run.codeAt(offset) === DOTTED_CIRCLE;
/** @param {Run} run @param {number} offset */
const isAksara = (run, offset) => includes(AKSARAS, run.at(offset)) || isCircle(run, offset);

/** LB4 to LB8a: before combining marks are attached. @type {Rule} */
function forced(run) {
  if (run.prev === "BK") return true;
  if (run.prev === "CR" && run.curr === "LF") return false;
  if (includes(HARD, run.prev)) return true;
  if (includes(HARD, run.curr)) return false;
  if (run.curr === "SP" || run.curr === "ZW") return false;
  if (beforeSpaces(run).prev === "ZW") return true;
  if (run.prev === "ZWJ") return false;
  return null;
}

/** LB11 to LB14: joiners, glue, closing and opening punctuation. @type {Rule} */
function glue(run) {
  if (run.curr === "WJ" || run.prev === "WJ") return false;
  if (run.prev === "GL") return false;
  if (!includes(["SP", "BA", "HY"], run.prev) && run.curr === "GL") return false;
  if (includes(["CL", "CP", "EX", "SY"], run.curr)) return false;
  if (beforeSpaces(run).prev === "OP") return false;
  return null;
}

/** LB15a to LB19a: quotation marks and what follows spaces. @type {Rule} */
function quotes(run) {
  if (opensQuote(run) || closesQuote(run)) return false;
  if (run.prev === "SP" && run.curr === "IS" && run.next === "NU") return true;
  if (run.curr === "IS") return false;
  const before = beforeSpaces(run).prev;
  if (includes(["CL", "CP"], before) && run.curr === "NS") return false;
  if (before === "B2" && run.curr === "B2") return false;
  if (run.prev === "SP") return true;
  if (run.curr === "QU" && !run.propertiesAt(0)?.initial) return false;
  if (run.prev === "QU" && !run.propertiesAt(-1)?.final) return false;
  return touchesNarrow(run) ? false : null;
}

/** LB15a. @param {Run} run */
function opensQuote(run) {
  const spaces = beforeSpaces(run);
  if (!spaces.valid || !spaces.propertiesAt(-1)?.initial) return false;
  const quote = spaces.over(["QU"]);
  return includes([...HARD, "OP", "QU", "GL", "SP", "ZW"], quote.prev) || quote.isStart();
}

/** LB15b. @param {Run} run */
function closesQuote(run) {
  if (run.curr !== "QU" || !run.propertiesAt(0)?.final) return false;
  const after = ["SP", "GL", "WJ", "CL", "QU", "CP", "EX", "IS", "SY", ...HARD, "ZW"];
  return run.over(after, { step: 1 }).valid || run.isEnd();
}

/** LB19a. @param {Run} run */
function touchesNarrow(run) {
  if (run.curr === "QU" && (!isWide(run, -1) || !isWide(run, 1) || run.isEnd())) return true;
  if (run.prev === "QU" && !isWide(run, 0)) return true;
  const quote = run.over(["QU"]);
  return quote.valid && (!isWide(quote, -1) || quote.isStart());
}

/** LB20 to LB22: hyphens and the like. @type {Rule} */
function hyphens(run) {
  if (run.curr === "CB" || run.prev === "CB") return true;
  const hyphen = run.over(["HY", "BA"]);
  const begins = includes([...HARD, "SP", "ZW", "CB", "GL"], hyphen.prev) || hyphen.isStart();
  if (hyphen.valid && begins && run.curr === "AL" && (run.prev === "HY" || run.codeAt(-1) === HYPHEN)) return false;
  if (includes(["BA", "HY", "NS"], run.curr) || run.prev === "BB") return false;
  if (hyphen.prev === "HL" && run.curr !== "HL") return false;
  if (run.prev === "SY" && run.curr === "HL") return false;
  return run.curr === "IN" ? false : null;
}

/** LB23 to LB25: numbers. @type {Rule} */
function numbers(run) {
  if (run.isBetween(LETTERS, ["NU"]) || run.isBetween(["NU"], LETTERS)) return false;
  if (run.isBetween(["PR"], ["ID", "EB", "EM"]) || run.isBetween(["ID", "EB", "EM"], ["PO"])) return false;
  if (run.isBetween(["PR", "PO"], LETTERS) || run.isBetween(LETTERS, ["PR", "PO"])) return false;
  return insideNumber(run) ? false : null;
}

/** LB25. @param {Run} run */
function insideNumber(run) {
  const affix = ["PO", "PR"];
  if (includes(affix, run.curr)) {
    if (beforeSeparators(run.over(["CL", "CP"])).prev === "NU") return true;
    if (beforeSeparators(run).prev === "NU") return true;
  }
  if (run.isBetween(affix, ["OP"])) {
    if (run.next === "NU" || (run.next === "IS" && run.at(2) === "NU")) return true;
  }
  if (run.curr !== "NU") return false;
  return includes([...affix, "HY", "IS"], run.prev) || beforeSeparators(run).prev === "NU";
}

/** LB26 to LB28a: Hangul, letters, aksaras. @type {Rule} */
function letters(run) {
  if (run.isBetween(["JL"], ["JL", "JV", "H2", "H3"])) return false;
  if (run.isBetween(["JV", "H2"], ["JV", "JT"]) || run.isBetween(["JT", "H3"], ["JT"])) return false;
  if (run.isBetween(JAMO, ["PO"]) || run.isBetween(["PR"], JAMO)) return false;
  if (run.isBetween(LETTERS, LETTERS)) return false;
  if (run.prev === "AP" && isAksara(run, 0)) return false;
  if (isAksara(run, -1) && includes(["VF", "VI"], run.curr)) return false;
  if (isAksara(run, -2) && run.prev === "VI" && (run.curr === "AK" || isCircle(run, 0))) return false;
  return isAksara(run, -1) && isAksara(run, 0) && run.next === "VF" ? false : null;
}

/** LB29 and LB30. @type {Rule} */
function brackets(run) {
  if (run.isBetween(["IS"], LETTERS)) return false;
  if (run.isBetween([...LETTERS, "NU"], ["OP"]) && !isWide(run, 0)) return false;
  return run.isBetween(["CP"], [...LETTERS, "NU"]) && !isWide(run, -1) ? false : null;
}

/** @type {Rule[]} */
const RULES = [glue, quotes, hyphens, numbers, letters, brackets];

/** LB9 and LB10. @param {Run} run */
function attachMarks(run) {
  run.head();
  const counts = [true];
  while (run.walk()) {
    const base = run.over(["CM", "ZWJ"], { greedy: true }).prev;
    const attached = includes(["CM", "ZWJ"], run.curr) && !includes([...HARD, "SP", "ZW"], base);
    if (attached) run.decide(false);
    counts.push(!attached);
  }
  run.counts = counts;
  run.head();
  do {
    if (includes(["CM", "ZWJ"], run.curr)) run.becomeLetter();
  } while (run.walk());
}

/** LB30b. @param {Run} run */
function bindModifiers(run) {
  run.head();
  while (run.walk()) {
    const base = run.propertiesAt(-1);
    if (run.curr === "EM" && (run.prev === "EB" || (base?.unassigned && base.pictographic))) run.decide(false);
  }
}

/** @param {Run} run @param {Rule[]} rules */
function apply(run, rules) {
  run.head();
  while (run.walk()) {
    for (const rule of rules) {
      const verdict = rule(run);
      if (verdict === null) continue;
      run.decide(verdict);
      break;
    }
  }
}

/**
 * Indices before which a line may begin, and the end of the text.
 * @param {number[]} codes code points
 * @returns {number[]}
 */
export function lineBreaks(codes) {
  if (codes.length === 0) return [];
  const run = new Run(codes, (properties) => properties.line);
  run.decide(false);
  apply(run, [forced]);
  attachMarks(run);
  apply(run, RULES);
  pairIndicators(run);
  bindModifiers(run);
  return boundaries(run);
}
