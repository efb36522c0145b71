/**
 * The largest size at which text fits, and its breaking into lines (0004 §6, §7). Pure: lines are asked by number.
 *
 * @typedef {import("./line.js").Line} Line
 *
 * @typedef {object} Problem
 * @property {number} boundaries     how many places there are, both ends included
 * @property {(i: number, j: number) => Line | null} line  the line between two places; null across paragraphs
 * @property {number} paragraphs
 * @property {number} maxLines
 * @property {number} aw  available width, px
 * @property {number} ah  available height, px
 * @property {number} lineHeight em
 * @property {number} firstBase em, baseline of the first line below the block's top
 * @property {(i: number, j: number) => boolean} isLone  whether that line is one word, left over at a paragraph's end
 *
 * @typedef {{from: number, to: number, line: Line, lone: boolean}} Candidate
 *
 * @typedef {{size: number, ends: number[], hasLone: boolean}} Fit  `ends`: for each line the number of the boundary
 *   that ends it
 */

const STEP = 0.25;
const HOPELESS = 2;

/** @param {number} value em @param {number} size px @param {number} available px */
export function fits(value, size, available) {
  return value * size <= available + 1e-6;
}

/** @param {number} value */
export function grid(value) {
  return Math.floor(4 * value) / 4;
}

/**
 * The largest size in [low, high] (multiples of 0.25).
 * @param {Problem} problem @param {number} low @param {number} high
 * @returns {Fit | null}
 */
export function fit(problem, low, high) {
  const candidates = candidatesOf(problem, low);
  /** @type {Fit | null} */
  let best = null;
  const most = Math.min(problem.maxLines, problem.boundaries - 1);
  for (let count = problem.paragraphs; count <= most; count++) {
    const found = bestWith(problem, candidates, count, low, high);
    if (found && isBetter(found, best)) best = found;
  }
  return best;
}

/** Larger, or as large without a lone word. @param {Fit} found @param {Fit | null} best */
function isBetter(found, best) {
  if (!best || found.size !== best.size) return !best || found.size > best.size;
  return best.hasLone && !found.hasLone;
}

/**
 * All lines, by start, then end. Lines far too wide at the lowest size are left out with all longer ones: text added
 * never halves a width.
 * @param {Problem} problem @param {number} lowest
 */
function candidatesOf({ boundaries, line, isLone, aw }, lowest) {
  /** @type {Candidate[]} */
  const found = [];
  for (let from = 0; from < boundaries - 1; from++) {
    for (let to = from + 1; to < boundaries; to++) {
      const candidate = line(from, to);
      if (!candidate) continue;
      if (candidate.width * lowest > HOPELESS * aw) break;
      found.push({ from, to, line: candidate, lone: isLone(from, to) });
    }
  }
  return found;
}

/**
 * @param {Problem} problem @param {Candidate[]} candidates @param {number} count @param {number} low
 * @param {number} high @returns {Fit | null}
 */
function bestWith(problem, candidates, count, low, high) {
  const upper = upperSize(problem, narrowestWidest(problem, candidates, count), count, high);
  if (upper < low) return null;
  let best = arrange(problem, candidates, count, upper) ?? arrange(problem, candidates, count, low);
  let bad = upper;
  while (best && bad - best.size > STEP) {
    const middle = grid((best.size + bad) / 2);
    const found = arrange(problem, candidates, count, middle);
    if (found) best = found;
    else bad = middle;
  }
  return best;
}

/**
 * No size above it can fit; 0 when none can.
 * @param {Problem} problem @param {number} widest @param {number} count @param {number} high
 */
function upperSize({ aw, ah, lineHeight }, widest, count, high) {
  if (widest === Infinity) return 0;
  const tall = count * lineHeight;
  const fitsAt = (/** @type {number} */ size) => fits(widest, size, aw) && fits(tall, size, ah);
  let upper = Math.min(high, grid(ah / tall));
  if (widest > 0) upper = Math.min(upper, grid(aw / widest));
  while (upper + STEP <= high && fitsAt(upper + STEP)) upper += STEP;
  while (upper > 0 && !fitsAt(upper)) upper -= STEP;
  return upper;
}

/**
 * The smallest possible widest line over breakings into `count` lines.
 * @param {Problem} problem @param {Candidate[]} candidates @param {number} count
 */
function narrowestWidest({ boundaries }, candidates, count) {
  let reached = Array(boundaries).fill(Infinity);
  reached[0] = 0;
  for (let row = 0; row < count; row++) {
    const next = Array(boundaries).fill(Infinity);
    for (const { from, to, line } of candidates) {
      if (reached[from] < Infinity) next[to] = Math.min(next[to], Math.max(reached[from], line.width));
    }
    reached = next;
  }
  return reached[boundaries - 1];
}

/**
 * The most even breaking into `count` lines that fits at `size`, without lone words if there is one.
 * @param {Problem} problem @param {Candidate[]} candidates @param {number} count @param {number} size
 * @returns {Fit | null}
 */
function arrange(problem, candidates, count, size) {
  const narrow = candidates.filter(({ line }) => fits(line.width, size, problem.aw));
  const kept = narrow.filter(({ lone }) => !lone);
  let ends = mostEven(problem, kept, count, size);
  if (ends) return { size, ends, hasLone: false };
  ends = kept.length < narrow.length ? mostEven(problem, narrow, count, size) : null;
  return ends && { size, ends, hasLone: true };
}

/**
 * The breaking with the least Σ width², however far its lines rise above the block; null when there is none.
 * @param {Problem} problem @param {Candidate[]} narrow @param {number} count @param {number} size
 * @returns {number[] | null}
 */
function mostEven(problem, narrow, count, size) {
  const { lineHeight, ah } = problem;
  let best = /** @type {{cost: number, ends: number[]} | null} */ (null);
  for (const rise of rises(problem, narrow, count)) {
    if (!fits(count * lineHeight + rise, size, ah)) break;
    const found = leastRagged(problem, narrow, count, size, rise);
    if (found && (!best || found.cost < best.cost)) best = found;
  }
  return best && best.ends;
}

/**
 * How far lines rise above the block, ascending, 0 first.
 * @param {Problem} problem @param {Candidate[]} candidates @param {number} count
 */
function rises(problem, candidates, count) {
  const found = new Set([0]);
  for (const { line } of candidates) {
    for (let row = 0; row < count; row++) found.add(above(problem, line, row));
  }
  return [...found].sort((a, b) => a - b);
}

/** @param {Problem} problem @param {Line} line @param {number} row */
function above({ firstBase, lineHeight }, line, row) {
  return Math.max(0, line.top - (firstBase + row * lineHeight));
}

/** @param {Problem} problem @param {Line} line @param {number} row @param {number} count */
function below({ firstBase, lineHeight }, line, row, count) {
  return Math.max(0, firstBase + row * lineHeight - line.bottom - count * lineHeight);
}

/**
 * Dynamic programming forward; on equal cost the earlier break stays.
 * @param {Problem} problem @param {Candidate[]} candidates @param {number} count @param {number} size
 * @param {number} rise how far a line may rise above the block
 */
function leastRagged(problem, candidates, count, size, rise) {
  const { boundaries, lineHeight, ah } = problem;
  const tall = count * lineHeight + rise;
  const mayStand = (/** @type {Line} */ line, /** @type {number} */ row) =>
    above(problem, line, row) <= rise && fits(tall + below(problem, line, row, count), size, ah);
  /** @type {number[][]} */
  const origins = [];
  let costs = Array(boundaries).fill(Infinity);
  costs[0] = 0;
  for (let row = 0; row < count; row++) {
    const next = Array(boundaries).fill(Infinity);
    const origin = Array(boundaries).fill(-1);
    for (const { from, to, line } of candidates) {
      const cost = costs[from] + line.width * line.width;
      if (cost < next[to] && mayStand(line, row)) [next[to], origin[to]] = [cost, from];
    }
    costs = next;
    origins.push(origin);
  }
  const cost = costs[boundaries - 1];
  return cost === Infinity ? null : { cost, ends: trace(origins, boundaries - 1) };
}

/** @param {number[][]} origins @param {number} last */
function trace(origins, last) {
  const ends = [];
  for (let row = origins.length - 1, end = last; row >= 0; end = origins[row][end], row--) ends.unshift(end);
  return ends;
}
