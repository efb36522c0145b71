/** Lining layers up and spreading them: pure, in format pixels. */

import { tenth } from "./document.js";
import { boundsOf } from "./geometry.js";

/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").Box} Box */
/** @typedef {import("./working-copy.js").Patches} Patches */

/** Which share of the frame and of each box come to lie on each other. @type {Record<string, ["x" | "y", number]>} */
const SIDES = { left: ["x", 0], centre: ["x", 0.5], right: ["x", 1], top: ["y", 0], middle: ["y", 0.5], bottom: ["y", 1] };
const SIZES = /** @type {const} */ ({ x: "width", y: "height" });

/** @param {Box[]} boxes at least one @returns {Box} the least box around all */
export function unionOf(boxes) {
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  return { x, y, width: Math.max(...boxes.map((box) => box.x + box.width)) - x, height: Math.max(...boxes.map((box) => box.y + box.height)) - y };
}

/**
 * Several layers along what is around them all; one along the format.
 * @param {Layer[]} layers at least one @param {string} side left, centre, right, top, middle or bottom @param {{ width: number, height: number }} format
 * @returns {Patches}
 */
export function aligned(layers, side, { width, height }) {
  const [axis, share] = SIDES[side];
  const size = SIZES[axis];
  const bounds = layers.map(boundsOf);
  const frame = layers.length > 1 ? unionOf(bounds) : { x: 0, y: 0, width, height };
  const wanted = frame[axis] + frame[size] * share;
  return new Map(layers.map((layer, at) => [layer.id, { [axis]: tenth(layer[axis] + wanted - (bounds[at][axis] + bounds[at][size] * share)) }]));
}

/** Equal gaps between the outermost two, which stay. @param {Layer[]} layers at least three @param {"x" | "y"} axis @returns {Patches} */
export function spread(layers, axis) {
  const size = SIZES[axis];
  const held = layers.map((layer) => ({ layer, box: boundsOf(layer) })).sort((a, b) => a.box[axis] - b.box[axis]);
  const frame = unionOf(held.map(({ box }) => box));
  const gap = (frame[size] - held.reduce((sum, { box }) => sum + box[size], 0)) / (held.length - 1);
  let next = frame[axis];
  return new Map(
    held.map(({ layer, box }) => {
      const by = next - box[axis];
      next += box[size] + gap;
      return [layer.id, { [axis]: tenth(layer[axis] + by) }];
    }),
  );
}
