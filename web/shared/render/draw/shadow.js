/**
 * Shadows: what is painted, in one colour, moved and blurred.
 */
import { surface } from "./surface.js";

/** @typedef {import("./surface.js").Context} Context */

/**
 * @param {Context} target
 * @param {{dx: number, dy: number, blur: number, color: string}} shadow in user space; σ is half of `blur`
 * @param {(context: Context) => void} paint draws the shape in any opaque colour
 */
export function paintShadow(target, shadow, paint) {
  const { width, height } = target.canvas;
  const matrix = target.getTransform();
  const shape = surface(width, height);
  shape.setTransform(matrix);
  paint(shape);
  target.save();
  target.resetTransform();
  // The shape itself is drawn outside the picture; shadows ignore the transform.
  target.shadowColor = shadow.color;
  target.shadowBlur = shadow.blur * Math.hypot(matrix.a, matrix.b);
  target.shadowOffsetX = width + matrix.a * shadow.dx + matrix.c * shadow.dy;
  target.shadowOffsetY = matrix.b * shadow.dx + matrix.d * shadow.dy;
  target.drawImage(shape.canvas, -width, 0);
  target.restore();
}
