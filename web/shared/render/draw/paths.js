/**
 * Outlines as Path2D.
 *
 * @typedef {import("./surface.js").Box} Box
 */

/** The radius is cut to half of the shorter side. @param {Box} box @param {number} [radius] */
export function roundedRect({ x, y, width, height }, radius = 0) {
  const path = new Path2D();
  const cut = Math.max(0, Math.min(radius, width / 2, height / 2));
  if (cut > 0) path.roundRect(x, y, width, height, cut);
  else path.rect(x, y, width, height);
  return path;
}

/** @param {Box} box */
export function ellipse({ x, y, width, height }) {
  const path = new Path2D();
  path.ellipse(x + width / 2, y + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
  return path;
}

/** A box smaller by `by` on each side. @param {Box} box @param {number} by @returns {Box} */
export function shrunk({ x, y, width, height }, by) {
  return { x: x + by, y: y + by, width: Math.max(0, width - 2 * by), height: Math.max(0, height - 2 * by) };
}

/**
 * Outlines of glyphs in format pixels.
 * @param {import("../text/line.js").PlacedGlyph[]} glyphs
 * @param {number} size px
 */
export function glyphPath(glyphs, size) {
  const path = new Path2D();
  for (const { font, id, x, y } of glyphs) {
    const scale = size / font.unit;
    trace(path, font.outline(id), { x, y, scaleX: scale, scaleY: -scale });
  }
  return path;
}

/**
 * @param {Path2D} path @param {import("../text/shaper.js").OutlineStep[]} outline
 * @param {{x: number, y: number, scaleX: number, scaleY: number}} place
 */
export function trace(path, outline, { x, y, scaleX, scaleY }) {
  for (const [kind, ...values] of outline) {
    const [x1, y1, x2, y2, x3, y3] = values.map((value, i) => (i % 2 ? y + value * scaleY : x + value * scaleX));
    if (kind === "M") path.moveTo(x1, y1);
    else if (kind === "L") path.lineTo(x1, y1);
    else if (kind === "Q") path.quadraticCurveTo(x1, y1, x2, y2);
    else if (kind === "C") path.bezierCurveTo(x1, y1, x2, y2, x3, y3);
    else path.closePath();
  }
}
