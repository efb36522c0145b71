/**
 * Gradients of colour glyphs (OpenType COLR) as canvas gradients.
 *
 * @typedef {import("../text/colour-steps.js").Colour} Colour
 * @typedef {{offset: number, color: Colour}} Stop
 */

const PAD = 0;
const REFLECT = 2;
/** Repeated and mirrored gradients are written out this many times to each side. */
const PERIODS = 8;
const MIXTURES = 16;

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
  addStops(gradient, stops.map(({ offset, color }) => ({ offset: (offset - from) / (to - from), color })));
  return gradient;
}

/**
 * A canvas mixes colours with straight alpha, HarfBuzz with multiplied: between stops of unequal alpha the mixture is
 * written out.
 * @param {CanvasGradient} gradient @param {Stop[]} stops
 */
function addStops(gradient, stops) {
  stops.forEach((stop, i) => {
    const next = stops[i + 1];
    gradient.addColorStop(stop.offset, css(stop.color));
    if (!next || next.color.alpha === stop.color.alpha) return;
    for (let n = 1; n < MIXTURES; n++) {
      const t = n / MIXTURES;
      gradient.addColorStop(stop.offset + (next.offset - stop.offset) * t, css(mixed(stop.color, next.color, t)));
    }
  });
}

/** @param {Colour} one @param {Colour} other @param {number} t @returns {Colour} */
function mixed(one, other, t) {
  const alpha = one.alpha * (1 - t) + other.alpha * t;
  const of = (/** @type {"red" | "green" | "blue"} */ name) =>
    alpha ? (one[name] * one.alpha * (1 - t) + other[name] * other.alpha * t) / alpha : 0;
  return { red: of("red"), green: of("green"), blue: of("blue"), alpha };
}

/** @param {Colour} colour */
export function css({ red, green, blue, alpha }) {
  return `rgba(${red},${green},${blue},${alpha / 255})`;
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
  addStops(gradient, stops.map(({ offset, color }) => ({ offset: Math.min(1, Math.max(0, offset * share)), color })));
  return gradient;
}
