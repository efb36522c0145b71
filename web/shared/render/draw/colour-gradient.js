/**
 * Gradients of colour glyphs (OpenType COLR) as canvas gradients.
 *
 * @typedef {{offset: number, color: string}} Stop
 */

const PAD = 0;
const REFLECT = 2;
/** Repeated and mirrored gradients are written out this many times to each side. */
const PERIODS = 8;

/**
 * @param {import("./surface.js").Context} context
 * @param {{kind: "linear" | "radial" | "sweep", line: import("../text/colour-steps.js").ColourLine, points: number[]}} step
 */
export function colourGradient(context, { kind, line, points }) {
  if (kind === "sweep") return sweep(context, line.stops, points);
  const { stops, from, to } = spread(line);
  const at = (/** @type {number} */ t, /** @type {number} */ p, /** @type {number} */ q) => p + (q - p) * t;
  let gradient;
  if (kind === "linear") {
    const [x0, y0, x1, y1] = alongNormal(points);
    gradient = context.createLinearGradient(at(from, x0, x1), at(from, y0, y1), at(to, x0, x1), at(to, y0, y1));
  } else {
    const [x0, y0, r0, x1, y1, r1] = points;
    const radius = (/** @type {number} */ t) => Math.max(0, at(t, r0, r1));
    gradient = context.createRadialGradient(
      at(from, x0, x1),
      at(from, y0, y1),
      radius(from),
      at(to, x0, x1),
      at(to, y0, y1),
      radius(to),
    );
  }
  for (const { offset, color } of stops) gradient.addColorStop((offset - from) / (to - from), color);
  return gradient;
}

/** The end of the line at right angles to the rotation point (COLR: p2). @param {number[]} points */
function alongNormal([x0, y0, x1, y1, x2, y2]) {
  const [nx, ny] = [y2 - y0, x0 - x2];
  const length = nx * nx + ny * ny;
  if (length === 0) return [x0, y0, x1, y1];
  const share = ((x1 - x0) * nx + (y1 - y0) * ny) / length;
  return [x0, y0, x0 + share * nx, y0 + share * ny];
}

/** Stops over one stretch, the repeats written out. @param {import("../text/colour-steps.js").ColourLine} line */
function spread({ extend, stops }) {
  const from = stops[0].offset;
  const period = stops[stops.length - 1].offset - from;
  if (period === 0) return { stops, from: from - 1, to: from + 1 };
  if (extend === PAD) return { stops, from, to: from + period };
  /** @type {Stop[]} */
  const all = [];
  for (let n = -PERIODS; n < PERIODS; n++) {
    const mirrored = extend === REFLECT && n % 2 !== 0;
    const part = mirrored ? stops.map(({ offset, color }) => ({ offset: 2 * from + period - offset, color })).reverse() : stops;
    all.push(...part.map(({ offset, color }) => ({ offset: offset + n * period, color })));
  }
  return { stops: all, from: from - PERIODS * period, to: from + PERIODS * period };
}

/** @param {import("./surface.js").Context} context @param {Stop[]} stops @param {number[]} points */
function sweep(context, stops, [x, y, start, end]) {
  const gradient = context.createConicGradient(start, x, y);
  const share = (end - start) / (2 * Math.PI);
  for (const { offset, color } of stops) gradient.addColorStop(Math.min(1, Math.max(0, offset * share)), color);
  return gradient;
}
