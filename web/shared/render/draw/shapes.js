/**
 * Rectangles, ellipses and the plates behind texts.
 */
import { fillStyle } from "./fill.js";
import { ellipse, roundedRect, shrunk } from "./paths.js";
import { paintShadow } from "./shadow.js";
import { FINER, boundsOf, paintFinely } from "./surface.js";

/**
 * @typedef {import("./surface.js").Box} Box
 * @typedef {import("./surface.js").Context} Context
 */

/** A `rect` or `ellipse` layer. @param {Context} context @param {any} layer */
export function paintShape(context, layer) {
  const outline = (/** @type {Box} */ box, /** @type {number} */ radius) =>
    layer.type === "ellipse" ? ellipse(box) : roundedRect(box, radius);
  const path = outline(layer, layer.radius);
  if (layer.shadow) {
    paintShadow(context, layer.shadow, layer, (shape) => {
      shape.fillStyle = "#000";
      shape.fill(path);
    });
  }
  paintFilled(context, path, layer.fill, layer);
  paintRim(context, path, layer, layer.stroke, layer.radius, outline);
}

/** @param {Context} context @param {any} pill @param {Box} box */
export function paintPill(context, pill, box) {
  const path = roundedRect(box, pill.radius);
  paintFilled(context, path, pill.color, box);
  paintRim(context, path, box, pill.stroke, pill.radius, roundedRect);
}

/** @param {Context} context @param {Path2D} path @param {any} fill @param {Box} box */
export function paintFilled(context, path, fill, box) {
  if (fill === null || fill === undefined) return;
  context.fillStyle = fillStyle(context, fill, box);
  context.fill(path);
}

/**
 * A stroke inside the edge: the shape less the shape shrunk by the stroke's width.
 * @param {Context} context @param {Path2D} outer @param {Box} box @param {any} stroke @param {number} radius
 * @param {(box: Box, radius: number) => Path2D} outline
 */
function paintRim(context, outer, box, stroke, radius, outline) {
  if (!stroke || stroke.width <= 0) return;
  const rim = new Path2D(outer);
  rim.addPath(outline(shrunk(box, stroke.width), radius - stroke.width));
  paintFinely(context, boundsOf(context, box), FINER, (fine) => {
    fine.fillStyle = stroke.color;
    fine.fill(rim, "evenodd");
  });
}
