/** Outlines as Path2D. @typedef {import("./surface.js").Box} Box */

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
 * Outlines of glyphs in format pixels. @param {import("../text/line.js").PlacedGlyph[]} glyphs
 * @param {number} size px @param {number} [pen]
 */
export function glyphPath(glyphs, size, pen) {
  const path = new Path2D();
  for (const { font, id, x, y } of glyphs) {
    const scale = size / font.unit;
    trace(path, font.outline(id), { x, y, scaleX: scale, scaleY: -scale }, pen);
  }
  return path;
}

/**
 * A contour smaller than the pen gets a dot inside, where a stroker leaves a hole.
 * @param {Path2D} path @param {import("../text/shaper.js").OutlineStep[]} outline
 * @param {{x: number, y: number, scaleX: number, scaleY: number}} place @param {number} [pen]
 */
export function trace(path, outline, { x, y, scaleX, scaleY }, pen = 0) {
  /** @type {number[][]} */
  let sides = [[], []];
  for (const [kind, ...values] of outline) {
    const points = values.map((value, i) => (i % 2 ? y + value * scaleY : x + value * scaleX));
    points.forEach((value, i) => sides[i % 2].push(value));
    const [x1, y1, x2, y2, x3, y3] = points;
    if (kind === "M") path.moveTo(x1, y1);
    else if (kind === "L") path.lineTo(x1, y1);
    else if (kind === "Q") path.quadraticCurveTo(x1, y1, x2, y2);
    else if (kind === "C") path.bezierCurveTo(x1, y1, x2, y2, x3, y3);
    else {
      path.closePath();
      const [[left, right], [top, bottom]] = sides.map((all) => [Math.min(...all), Math.max(...all)]);
      sides = [[], []];
      if (Math.max(right - left, bottom - top) < pen) path.rect((left + right) / 2, (top + bottom) / 2, 1e-3, 0);
    }
  }
}
