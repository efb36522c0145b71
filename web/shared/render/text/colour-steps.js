/**
 * Colour glyphs (COLRv1) as a list of painting steps, as HarfBuzz tells them.
 *
 * @typedef {{red: number, green: number, blue: number, alpha: number}} Colour  bytes
 * @typedef {{extend: number, stops: {offset: number, color: Colour}[]}} ColourLine
 *
 * @typedef {{kind: "transform", matrix: number[]} | {kind: "clip-glyph", outline: import("./shaper.js").OutlineStep[]}
 *   | {kind: "clip-box", box: number[]} | {kind: "pop"} | {kind: "colour", color: string}
 *   | {kind: "linear" | "radial" | "sweep", line: ColourLine, points: number[]}
 *   | {kind: "group"} | {kind: "merge", mode: number}} Step
 */
import * as hb from "../../../vendor/harfbuzzjs/index.js";

const recorder = makeRecorder();

/**
 * @param {any} font HarfBuzz font @param {number} id
 * @returns {Step[]}
 */
export function colourSteps(font, id) {
  /** @type {Step[]} */
  const steps = [];
  font.paintGlyph(id, recorder, steps);
  return steps;
}

function makeRecorder() {
  const funcs = new hb.PaintFuncs();
  const pop = (/** @type {any} */ steps) => void steps.push({ kind: "pop" });
  funcs.setPushTransformFunc((xx, yx, xy, yy, dx, dy, steps) => {
    list(steps).push({ kind: "transform", matrix: [xx, yx, xy, yy, dx, dy] });
  });
  funcs.setPopTransformFunc(pop);
  funcs.setPushClipGlyphFunc((glyph, font, steps) => {
    const outline = font.glyphToJson(glyph).map(({ type, values }) => /** @type {any} */ ([type, ...values]));
    list(steps).push({ kind: "clip-glyph", outline });
  });
  funcs.setPushClipRectangleFunc((left, bottom, right, top, steps) => {
    list(steps).push({ kind: "clip-box", box: [left, bottom, right - left, top - bottom] });
  });
  funcs.setPopClipFunc(pop);
  funcs.setColorFunc((_, color, steps) => void list(steps).push({ kind: "colour", color: css(color) }));
  funcs.setLinearGradientFunc((line, x0, y0, x1, y1, x2, y2, steps) => {
    list(steps).push({ kind: "linear", line: lineOf(line), points: [x0, y0, x1, y1, x2, y2] });
  });
  funcs.setRadialGradientFunc((line, x0, y0, r0, x1, y1, r1, steps) => {
    list(steps).push({ kind: "radial", line: lineOf(line), points: [x0, y0, r0, x1, y1, r1] });
  });
  funcs.setSweepGradientFunc((line, x, y, start, end, steps) => {
    list(steps).push({ kind: "sweep", line: lineOf(line), points: [x, y, start, end] });
  });
  funcs.setPushGroupFunc((steps) => void list(steps).push({ kind: "group" }));
  funcs.setPopGroupFunc((mode, steps) => void list(steps).push({ kind: "merge", mode }));
  return funcs;
}

/** @param {unknown} steps @returns {Step[]} */
function list(steps) {
  return /** @type {Step[]} */ (steps);
}

/** @param {{extend: number, colorStops: {offset: number, color: Colour}[]}} line @returns {ColourLine} */
function lineOf({ extend, colorStops }) {
  const stops = colorStops.map(({ offset, color }) => ({ offset, color }));
  return { extend, stops: stops.sort((a, b) => a.offset - b.offset) };
}

/** @param {Colour} colour */
function css({ red, green, blue, alpha }) {
  return `rgba(${red},${green},${blue},${alpha / 255})`;
}
