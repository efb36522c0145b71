/** What a drag makes of layers: each function takes where it began and where it is, and gives patches and guides. */

import { unionOf } from "./arranging.js";
import { rounded, tenth } from "./document.js";
import { HANDLES, angleTowards, boundsOf, resized, upright } from "./geometry.js";
import { linesOf, snap } from "./snapping.js";

/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").Box} Box */
/** @typedef {import("./document.js").Format} Format */
/** @typedef {import("./geometry.js").Handle} Handle */
/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("./snapping.js").Guide} Guide */
/** @typedef {{ patches: import("./working-copy.js").Patches, guides: Guide[] }} Change */
/** @typedef {{ format: Format, reach: number }} Field `reach`: how near a line catches, in format pixels */

const TURN_STEP = 15;
const TURN_SNAP = 3;

/** @param {Format} format @param {Layer[]} except */
function linesBeside(format, except) {
  const ids = new Set(except.map(({ id }) => id));
  return linesOf(format, format.layers.filter(({ id }) => !ids.has(id)).map(boundsOf));
}

/** @param {Layer[]} layers @param {Point} by @param {Field} field @param {{ isStraight: boolean, isFree: boolean }} options @returns {Change} */
export function moved(layers, { x, y }, { format, reach }, { isStraight, isFree }) {
  const [dx, dy] = !isStraight ? [x, y] : Math.abs(x) > Math.abs(y) ? [x, 0] : [0, y];
  const bounds = unionOf(layers.map(boundsOf));
  const caught = isFree ? { dx: 0, dy: 0, guides: [] } : snap({ ...bounds, x: bounds.x + dx, y: bounds.y + dy }, linesBeside(format, layers), reach);
  const patches = new Map(layers.map((layer) => [layer.id, { x: tenth(layer.x + dx + caught.dx), y: tenth(layer.y + dy + caught.dy) }]));
  return { patches, guides: caught.guides };
}

/**
 * The way to the next line in one direction, from where none catches any more.
 * @param {Layer[]} layers @param {[number, number]} way one of them 0, the other 1 or -1 @param {Format} format @returns {Change}
 */
export function movedToLine(layers, [across, down], format) {
  const axis = across ? "x" : "y";
  const sign = across || down;
  const bounds = unionOf(layers.map(boundsOf));
  const size = across ? bounds.width : bounds.height;
  const lines = linesBeside(format, layers);
  const gaps = [0, 0.5, 1].flatMap((share) => lines[axis].map(({ at }) => sign * (at - (bounds[axis] + size * share)))).filter((gap) => gap > 0.05);
  const by = sign * Math.min(...gaps);
  if (!Number.isFinite(by)) return { patches: new Map(), guides: [] };
  const reached = { ...bounds, [axis]: bounds[axis] + by };
  const { guides } = snap(reached, lines, 0.05);
  const patches = new Map(layers.map((layer) => [layer.id, { [axis]: tenth(layer[axis] + by) }]));
  return { patches, guides: guides.filter((guide) => guide.axis === axis) };
}

/** @param {Layer} layer @param {Handle} handle @param {Point} by @param {Field} field @param {{ keepsRatio: boolean, isFree: boolean }} options @returns {Change} */
export function stretched(layer, handle, by, { format, reach }, { keepsRatio, isFree }) {
  const [horizontal, vertical] = HANDLES[handle];
  /** @type {Guide[]} */
  let guides = [];
  if (!isFree && !keepsRatio && !((layer.rotation ?? 0) % 360)) {
    const edges = { x: horizontal ? [(1 + horizontal) / 2] : [], y: vertical ? [(1 + vertical) / 2] : [] };
    const caught = snap(resized(layer, handle, by), linesBeside(format, [layer]), reach, edges);
    by = { x: by.x + caught.dx, y: by.y + caught.dy };
    guides = caught.guides;
  }
  return { patches: new Map([[layer.id, rounded(resized(layer, handle, by, { keepsRatio }))]]), guides };
}

/** @param {Layer} layer @param {Point} point what its upper side turns to @param {boolean} inSteps @returns {Change} */
export function turnedTo(layer, point, inSteps) {
  const angle = angleTowards(layer, point);
  const near = Math.round(angle / 45) * 45;
  const rotation = inSteps ? Math.round(angle / TURN_STEP) * TURN_STEP : Math.abs(angle - near) < TURN_SNAP ? near : tenth(angle);
  return { patches: new Map([[layer.id, { rotation: upright(rotation) }]]), guides: [] };
}

/** The box between two corners, each caught by lines nearby. @param {Point} start @param {Point} end @param {Field} field @param {boolean} isFree @returns {Box} */
export function boxBetween(start, end, { format, reach }, isFree) {
  const lines = linesBeside(format, []);
  const [from, to] = [start, end].map(({ x, y }) => {
    if (isFree) return { x, y };
    const { dx, dy } = snap({ x, y, width: 0, height: 0 }, lines, reach, { x: [0], y: [0] });
    return { x: x + dx, y: y + dy };
  });
  return { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
}

/** Layers that a box touches. @param {Format} format @param {Box} box @returns {string[]} */
export function touched({ layers }, { x, y, width, height }) {
  const meets = (/** @type {Box} */ other) => other.x < x + width && other.x + other.width > x && other.y < y + height && other.y + other.height > y;
  return layers.filter((layer) => meets(boundsOf(layer))).map(({ id }) => id);
}
