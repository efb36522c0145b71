/**
 * Shadows: what is painted, in one colour, moved and blurred.
 */
import { boundsOf, grown, surfaceOver, wholePixels } from "./surface.js";

/**
 * @typedef {import("./surface.js").Context} Context
 * @typedef {import("./surface.js").Box} Box
 * @typedef {{dx: number, dy: number, blur: number, color: string}} Shadow in user space; σ is half of `blur`
 */

/** Beyond three σ nothing is seen. */
const REACH = 1.5;

/** The part that a box's shadow may darken, in user space. @param {Box} box @param {Shadow | null} shadow @returns {Box} */
export function withShadow(box, shadow) {
  if (!shadow) return box;
  return grown(box, REACH * shadow.blur + Math.max(Math.abs(shadow.dx), Math.abs(shadow.dy)));
}

/**
 * @param {Context} target
 * @param {Shadow} shadow
 * @param {Box} box  around the shape, in user space
 * @param {(context: Context) => void} paint draws the shape in any opaque colour
 */
export function paintShadow(target, shadow, box, paint) {
  const matrix = target.getTransform();
  const scale = Math.hypot(matrix.a, matrix.b);
  const rim = Math.ceil(REACH * shadow.blur * scale) + 1;
  const { width, height } = target.canvas;
  // What lies outside the picture may still cast its shadow into it.
  const around = { width: width + 2 * rim, height: height + 2 * rim };
  const bounds = grown(boundsOf(target, box), rim);
  const area = wholePixels({ ...bounds, x: bounds.x + rim, y: bounds.y + rim }, around);
  if (!area) return;
  const [x, y] = [area.x - rim, area.y - rim];
  const shape = surfaceOver(target, { ...area, x, y });
  paint(shape);
  target.save();
  target.resetTransform();
  // The shape itself is drawn beside the picture; shadows ignore the transform.
  const aside = x + area.width;
  target.shadowColor = shadow.color;
  target.shadowBlur = shadow.blur * scale;
  target.shadowOffsetX = aside + matrix.a * shadow.dx + matrix.c * shadow.dy;
  target.shadowOffsetY = matrix.b * shadow.dx + matrix.d * shadow.dy;
  target.drawImage(shape.canvas, x - aside, y);
  target.restore();
}
