/**
 * Grapheme clusters (UAX #29), a port of `grapheme_cluster_boundaries` of uniseg 0.10.1 (MIT, Masaaki Shibata).
 */
import { Run, boundaries, includes, pairIndicators } from "./run.js";

const CONTROLS = ["Control", "CR", "LF"];

/**
 * Boundaries of the grapheme clusters, 0 and the end included.
 * @param {number[]} codes code points
 * @returns {number[]}
 */
export function graphemeBoundaries(codes) {
  if (codes.length === 0) return [];
  const conjuncts = bindConjuncts(codes);
  const run = new Run(codes, (properties) => properties.grapheme);
  while (run.walk()) {
    const verdict = decide(run, conjuncts);
    if (verdict !== null) run.decide(verdict);
  }
  pairIndicators(run, "Regional_Indicator");
  return boundaries(run);
}

/** @param {number[]} codes */
function bindConjuncts(codes) {
  const run = new Run(codes, (properties) => properties.conjunct);
  while (run.walk()) {
    if (
      run.curr === "Consonant" &&
      run.over(["Extend", "Linker"], { greedy: true }).prev === "Consonant" &&
      run.over(["Extend"], { greedy: true }).prev !== "Consonant"
    )
      run.decide(false);
  }
  return run.breaks;
}

/**
 * Rules GB3 to GB11 in order; null when none applies.
 * @param {Run} run
 * @param {(boolean | null)[]} conjuncts
 * @returns {boolean | null}
 */
function decide(run, conjuncts) {
  if (run.prev === "CR" && run.curr === "LF") return false;
  if (includes(CONTROLS, run.prev) || includes(CONTROLS, run.curr)) return true;
  if (run.isBetween(["L"], ["L", "V", "LV", "LVT"])) return false;
  if (run.isBetween(["LV", "V"], ["V", "T"])) return false;
  if (run.isBetween(["LVT", "T"], ["T"])) return false;
  if (run.curr === "Extend" || run.curr === "ZWJ") return false;
  if (run.curr === "SpacingMark" || run.prev === "Prepend") return false;
  if (conjuncts[run.position] === false) return false;
  const base = run.over(["ZWJ"]).over(["Extend"], { greedy: true }).propertiesAt(-1);
  if (base?.pictographic && run.propertiesAt(0)?.pictographic) return false;
  return null;
}
