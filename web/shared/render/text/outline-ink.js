/**
 * The exact box of an outline's ink: of the curves themselves, not of their control points (0004 §5).
 *
 * @typedef {import("./shaper.js").OutlineStep} OutlineStep
 * @typedef {import("./shaper.js").Ink} Ink
 */

/** @param {OutlineStep[]} outline @returns {Ink | null} null without an area */
export function inkOfOutline(outline) {
  const ink = { left: Infinity, right: -Infinity, top: -Infinity, bottom: Infinity };
  let before = [0, 0];
  for (const [kind, ...values] of outline) {
    if (kind === "Z") continue;
    // A contour's start counts with the first segment; one without segments has no ink.
    if (kind !== "M") {
      for (const x of reach(before[0], along(values, 0))) [ink.left, ink.right] = [Math.min(ink.left, x), Math.max(ink.right, x)];
      for (const y of reach(before[1], along(values, 1))) [ink.bottom, ink.top] = [Math.min(ink.bottom, y), Math.max(ink.top, y)];
    }
    before = values.slice(-2);
  }
  return ink.left < ink.right && ink.bottom < ink.top ? ink : null;
}

/** @param {number[]} values pairs of coordinates @param {number} axis */
function along(values, axis) {
  return values.filter((_, i) => i % 2 === axis);
}

/** Both ends of a curve along one axis, and its turning points between them. @param {number} first @param {number[]} others */
function reach(first, others) {
  const last = others[others.length - 1];
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  const [p1, p2] = others;
  const controls = others.slice(0, -1);
  if (controls.every((value) => low <= value && value <= high)) return [first, last];
  return [first, last, ...(others.length === 2 ? [onConic(first, p1, p2)] : onCubic(first, p1, p2, last))];
}

/** @param {number} p0 @param {number} p1 @param {number} p2 */
function onConic(p0, p1, p2) {
  const t = (p0 - p1) / (p0 - 2 * p1 + p2);
  const u = 1 - t;
  return u * u * p0 + 2 * u * t * p1 + t * t * p2;
}

/** @param {number} p0 @param {number} p1 @param {number} p2 @param {number} p3 */
function onCubic(p0, p1, p2, p3) {
  return roots(p3 - 3 * p2 + 3 * p1 - p0, 2 * (p2 - 2 * p1 + p0), p1 - p0)
    .filter((t) => t > 0 && t < 1)
    .map((t) => {
      const u = 1 - t;
      return u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3;
    });
}

/** @param {number} a @param {number} b @param {number} c */
function roots(a, b, c) {
  if (a === 0) return b ? [-c / b] : [];
  const square = b * b - 4 * a * c;
  if (square < 0) return [];
  const root = Math.sqrt(square);
  return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
}
