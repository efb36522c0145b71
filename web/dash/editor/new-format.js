/** Another format made of one that is there. Pure, in format pixels. */

import { unionOf } from "./arranging.js";
import { tenth } from "./document.js";
import { boundsOf } from "./geometry.js";

/** @typedef {import("./document.js").Format} Format */
/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").Box} Box */
/** @typedef {{ width: number, height: number }} Size */

/** Layers with a gap of less than this share of the side belong together. */
const TOGETHER = 0.04;
/** With margins of at most this share on both sides a layer goes from edge to edge. */
const MARGIN = 0.13;
/** A plate or picture that leaves less than this share free down the format fills it. */
const FULL = 0.01;
/** Margins that differ by at most this share keep something in the middle; else it keeps to the nearer edge. */
const EVEN = 0.15;
const SIDES = /** @type {const} */ ({ x: "width", y: "height" });

/**
 * Everything is scaled alike, so that nothing is distorted; neighbours stay together and keep to the edge they are near,
 * or to the middle; what goes from edge to edge still does.
 * @param {Format} format @param {Size} size @returns {Format}
 */
export function formatOf(format, size) {
  const factor = Math.min(size.width / format.width, size.height / format.height);
  const across = placesOf(format, size, factor, "x");
  const down = placesOf(format, size, factor, "y");
  const layers = format.layers.map((layer, at) => {
    const box = { ...across[at], ...down[at] };
    return /** @type {Layer} */ ({ ...scaled(layer, factor), ...box });
  });
  return { ...format, ...size, layers };
}

/** @param {Format} format @param {Size} size @param {number} factor @param {"x" | "y"} axis @returns {Partial<Box>[]} for each layer */
function placesOf(format, size, factor, axis) {
  const side = SIDES[axis];
  const [old, now] = [format[side], size[side]];
  const boxes = format.layers.map(boundsOf);
  const isStretched = format.layers.map((layer) => goesThrough(layer, axis, old));
  const groups = groupsOf(boxes, { gap: old * TOGETHER, without: isStretched });
  return format.layers.map((layer, at) => {
    if (isStretched[at]) {
      const margins = [layer[axis] * factor, (old - layer[axis] - layer[side]) * factor];
      return { [axis]: tenth(margins[0]), [side]: tenth(now - margins[0] - margins[1]) };
    }
    const group = /** @type {number[]} */ (groups.find((each) => each.includes(at)));
    const frame = unionOf(group.map((member) => boxes[member]));
    const start = placed(frame[axis], frame[side], { old, now, factor });
    const inside = layer[axis] - frame[axis];
    return { [axis]: tenth(start + inside * factor), [side]: tenth(layer[side] * factor) };
  });
}

/** @param {number} start @param {number} length @param {{ old: number, now: number, factor: number }} sides @returns {number} where it starts now */
function placed(start, length, { old, now, factor }) {
  const [before, behind] = [start, old - start - length];
  if (Math.abs(before - behind) <= old * EVEN) return ((start + length / 2) / old) * now - (length * factor) / 2;
  return before < behind ? before * factor : now - (behind + length) * factor;
}

/** From edge to edge: a text or a plate across, and down what fills all of it. @param {Layer} layer @param {"x" | "y"} axis @param {number} whole */
function goesThrough(layer, axis, whole) {
  if (!["text", "rect", "image"].includes(layer.type) || (layer.rotation ?? 0) % 180) return false;
  const margin = axis === "x" ? whole * MARGIN : layer.type === "text" ? -Infinity : whole * FULL;
  return layer[axis] <= margin && whole - layer[axis] - layer[SIDES[axis]] <= margin;
}

/** Numbers of the boxes that are neighbours, or neighbours of neighbours. @param {Box[]} boxes @param {{ gap: number, without: boolean[] }} options */
function groupsOf(boxes, { gap, without }) {
  /** @type {number[][]} */
  let groups = [];
  boxes.forEach((box, at) => {
    if (without[at]) return;
    const isNear = (/** @type {number[]} */ group) => group.some((member) => areNear(box, boxes[member], gap));
    groups = [...groups.filter((group) => !isNear(group)), [at, ...groups.filter(isNear).flat()]];
  });
  return groups;
}

/** @param {Box} a @param {Box} b @param {number} gap */
function areNear(a, b, gap) {
  const near = (/** @type {"x" | "y"} */ axis) => a[axis] <= b[axis] + b[SIDES[axis]] + gap && b[axis] <= a[axis] + a[SIDES[axis]] + gap;
  return near("x") && near("y");
}

/** Everything of a layer that is a length, beside its box. @param {Layer} layer @param {number} factor */
function scaled(layer, factor) {
  const by = (/** @type {number} */ value) => tenth(value * factor);
  const size = (/** @type {number} */ value) => Math.max(1, Math.round(value * factor * 4) / 4);
  const next = { ...layer };
  for (const key of ["max_size", "min_size"]) if (next[key] !== undefined) next[key] = size(next[key]);
  if (next.radius) next.radius = by(next.radius);
  if (next.stroke) next.stroke = { ...next.stroke, width: by(next.stroke.width) };
  if (next.shadow) next.shadow = { ...next.shadow, ...Object.fromEntries(["dx", "dy", "blur"].map((key) => [key, by(next.shadow[key] ?? 0)])) };
  if (next.background) next.background = { ...next.background, radius: by(next.background.radius ?? 0), padding: [next.background.padding ?? 0].flat().map(by) };
  if (next.mask?.radius) next.mask = { ...next.mask, radius: by(next.mask.radius) };
  return next;
}
