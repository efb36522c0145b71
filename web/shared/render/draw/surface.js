/**
 * Canvases behind the picture. All are drawn by the processor, not the graphics card: its anti-aliasing differs from
 * machine to machine.
 *
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

/** Browsers' coverage of small outlines is coarse: they are drawn so many times as large and averaged. */
export const FINER = 4;
const MOST_PIXELS = 24e6;

/** @param {number} width @param {number} height @returns {Context} */
export function surface(width, height) {
  const canvas = "OffscreenCanvas" in globalThis ? new OffscreenCanvas(width, height) : element(width, height);
  return contextOf(canvas);
}

/** @param {number} width @param {number} height */
function element(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** @param {HTMLCanvasElement | OffscreenCanvas} canvas @returns {Context} */
export function contextOf(canvas) {
  const context = /** @type {Context | null} */ (canvas.getContext("2d", { willReadFrequently: true }));
  if (!context) throw new Error("The browser cannot draw on a canvas of this size");
  return context;
}

/**
 * A see-through surface over a part of the target, with the target's transform.
 * @param {Context} target @param {Box} area whole pixels of the target @param {number} [factor] how much larger
 */
export function surfaceOver(target, area, factor = 1) {
  const part = surface(area.width * factor, area.height * factor);
  const { a, b, c, d, e, f } = target.getTransform();
  part.setTransform(factor, 0, 0, factor, -area.x * factor, -area.y * factor);
  part.transform(a, b, c, d, e, f);
  return part;
}

/** Lays a surface over the target's pixels. @param {Context} target @param {Context} part @param {number} x @param {number} y */
export function lay(target, part, x, y) {
  target.save();
  target.resetTransform();
  target.drawImage(part.canvas, x, y);
  target.restore();
}

/**
 * Paints a part of the target `factor` times as large and lays its box average over the target.
 * @param {Context} target  its transform and opacity are used
 * @param {Box} area  in the target's pixels
 * @param {number} factor 1, 2 or 4
 * @param {(context: Context) => void} paint
 */
export function paintFinely(target, area, factor, paint) {
  const clipped = wholePixels(area, target.canvas);
  if (!clipped) return;
  while (factor > 1 && clipped.width * clipped.height * factor * factor > MOST_PIXELS) factor /= 2;
  if (factor === 1) return paint(target);
  const large = surfaceOver(target, clipped, factor);
  paint(large);
  lay(target, halved(large, factor), clipped.x, clipped.y);
}

/** Halves until 1:1; bilinear samples between four pixels are their mean. @param {Context} image @param {number} factor */
function halved(image, factor) {
  let result = image;
  for (; factor > 1; factor /= 2) {
    const [width, height] = [result.canvas.width / 2, result.canvas.height / 2];
    const small = surface(width, height);
    small.imageSmoothingQuality = "low";
    small.drawImage(result.canvas, 0, 0, width, height);
    result = small;
  }
  return result;
}

/** The whole pixels of a part; null when it lies outside. @param {Box} area @param {{width: number, height: number}} limits @returns {Box | null} */
export function wholePixels({ x, y, width, height }, limits) {
  const left = Math.max(0, Math.floor(x));
  const top = Math.max(0, Math.floor(y));
  const right = Math.min(limits.width, Math.ceil(x + width));
  const bottom = Math.min(limits.height, Math.ceil(y + height));
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

/**
 * The smallest upright box, in the context's pixels, around a box in its user space.
 * @param {Context} context @param {Box} box @returns {Box}
 */
export function boundsOf(context, { x, y, width, height }) {
  const matrix = context.getTransform();
  const corners = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ].map(([px, py]) => [matrix.a * px + matrix.c * py + matrix.e, matrix.b * px + matrix.d * py + matrix.f]);
  const xs = corners.map(([px]) => px);
  const ys = corners.map(([, py]) => py);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** @param {Box} box @param {number} by @returns {Box} */
export function grown({ x, y, width, height }, by) {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}
