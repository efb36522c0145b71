/**
 * Images in boxes: backgrounds, image layers, logos, QR codes.
 */
import { paintFilled } from "./shapes.js";
import { ellipse, roundedRect } from "./paths.js";
import { resampled } from "./resample.js";
import { surface } from "./surface.js";

/**
 * @typedef {import("./surface.js").Box} Box
 * @typedef {import("./surface.js").Context} Context
 */

/** The sizes in which each image was drawn: the next picture mostly wants one of them. @type {WeakMap<ImageBitmap, Map<string, Context>>} */
const scaledImages = new WeakMap();
const MOST_SIZES = 4;

/**
 * Scaled to cover the box and cut at its centre, or to be contained in it. First brought to its size in whole pixels,
 * then laid in its place, as the server does.
 * @param {Context} context @param {ImageBitmap} image @param {Box} box @param {"cover" | "contain"} fit
 */
export function paintFitted(context, image, box, fit) {
  if (box.width <= 0 || box.height <= 0) return;
  const place = fit === "contain" ? contained(image, box) : box;
  const { a, b } = context.getTransform();
  const scale = Math.hypot(a, b);
  const width = Math.max(1, Math.round(place.width * scale));
  const height = Math.max(1, Math.round(place.height * scale));
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(covering(image, width, height).canvas, place.x, place.y, place.width, place.height);
}

/** @param {ImageBitmap} image @param {Box} box @returns {Box} */
function contained(image, { x, y, width, height }) {
  const factor = Math.min(width / image.width, height / image.height);
  const [wide, high] = [image.width * factor, image.height * factor];
  return { x: x + (width - wide) / 2, y: y + (height - high) / 2, width: wide, height: high };
}

/** @param {ImageBitmap} image @param {number} width @param {number} height */
function covering(image, width, height) {
  const held = scaledImages.get(image) ?? new Map();
  scaledImages.set(image, held);
  const key = `${width} ${height}`;
  const found = held.get(key) ?? scaledTo(image, width, height);
  held.delete(key);
  held.set(key, found);
  if (held.size > MOST_SIZES) held.delete(held.keys().next().value);
  return found;
}

/** @param {ImageBitmap} image @param {number} width @param {number} height */
function scaledTo(image, width, height) {
  const whole = surface(image.width, image.height);
  whole.drawImage(image, 0, 0);
  if (image.width === width && image.height === height) return whole;
  const factor = Math.max(width / image.width, height / image.height);
  const [wide, high] = [width / factor, height / factor];
  const [x, y] = [Math.max(0, (image.width - wide) / 2), Math.max(0, (image.height - high) / 2)];
  const box = { x, y, width: Math.min(image.width, wide), height: Math.min(image.height, high) };
  const scaled = surface(width, height);
  scaled.putImageData(resampled(whole.getImageData(0, 0, image.width, image.height), box, width, height), 0, 0);
  return scaled;
}

/** @param {Context} context @param {any} layer @param {ImageBitmap} image */
export function paintImage(context, layer, image) {
  clipped(context, layer.radius > 0 ? roundedRect(layer, layer.radius) : null, () =>
    paintFitted(context, image, layer, layer.fit),
  );
}

/** @param {Context} context @param {any} layer @param {ImageBitmap} image */
export function paintLogo(context, layer, image) {
  if (layer.shape === "free") return paintFitted(context, image, layer, "contain");
  const box = squareIn(layer);
  clipped(context, ellipse(box), () => paintFitted(context, image, box, "cover"));
}

/** @param {Context} context @param {Path2D | null} path @param {() => void} paint */
function clipped(context, path, paint) {
  context.save();
  if (path) context.clip(path);
  paint();
  context.restore();
}

/** @param {Box} box @returns {Box} */
function squareIn({ x, y, width, height }) {
  const side = Math.min(width, height);
  return { x: x + (width - side) / 2, y: y + (height - side) / 2, width: side, height: side };
}

/**
 * A module is a whole number of format pixels when the box has room for one pixel a module.
 * @param {Context} context @param {any} layer @param {number[][]} matrix
 */
export function paintQr(context, layer, matrix) {
  const ground = squareIn(layer);
  const count = matrix.length;
  let module = ground.width / (count + 2 * layer.quiet);
  if (module >= 1) module = Math.floor(module);
  const size = module * count;
  const x = Math.floor(ground.x + (ground.width - size) / 2);
  const y = Math.floor(ground.y + (ground.width - size) / 2);
  if (layer.light) paintFilled(context, roundedRect(ground, layer.radius), layer.light, ground);
  const { a, b } = context.getTransform();
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(modules(matrix, layer.dark, Math.round(size * Math.hypot(a, b))).canvas, x, y, size, size);
}

/** Sharp modules on so many pixels, at least one each. @param {number[][]} matrix @param {string} dark @param {number} pixels */
function modules(matrix, dark, pixels) {
  const count = matrix.length;
  const small = surface(count, count);
  small.fillStyle = dark;
  matrix.forEach((row, y) => row.forEach((bit, x) => bit && small.fillRect(x, y, 1, 1)));
  if (pixels <= count) return small;
  const large = surface(pixels, pixels);
  large.imageSmoothingEnabled = false;
  large.drawImage(small.canvas, 0, 0, pixels, pixels);
  return large;
}
