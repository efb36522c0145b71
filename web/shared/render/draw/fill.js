/**
 * Colours and gradients as a canvas takes them.
 *
 * @typedef {import("./surface.js").Box} Box
 * @typedef {import("./surface.js").Context} Context
 */

/**
 * @param {Context} context @param {any} fill a colour or a gradient of the document
 * @param {Box} box what a gradient is spread over
 * @returns {string | CanvasGradient}
 */
export function fillStyle(context, fill, box) {
  if (typeof fill === "string") return fill;
  const gradient = fill.kind === "radial" ? radial(context, fill, box) : linear(context, fill, box);
  for (const { at, color } of fill.stops) gradient.addColorStop(at, color);
  return gradient;
}

/** As CSS: the line is just long enough for the corners to get the end colours. @param {Context} context */
function linear(context, /** @type {any} */ { angle = 180 }, /** @type {Box} */ { x, y, width, height }) {
  const sin = Math.sin((angle * Math.PI) / 180);
  const cos = Math.cos((angle * Math.PI) / 180);
  const reach = (Math.abs(width * sin) + Math.abs(height * cos) || 1) / 2;
  const [cx, cy] = [x + width / 2, y + height / 2];
  return context.createLinearGradient(cx - sin * reach, cy + cos * reach, cx + sin * reach, cy - cos * reach);
}

/** Radius 1 is half of the diagonal. @param {Context} context */
function radial(context, /** @type {any} */ { center = [0.5, 0.5], radius = 1 }, /** @type {Box} */ box) {
  const [cx, cy] = [box.x + center[0] * box.width, box.y + center[1] * box.height];
  const reach = (radius * Math.hypot(box.width, box.height)) / 2 || 1;
  return context.createRadialGradient(cx, cy, 0, cx, cy, reach);
}
