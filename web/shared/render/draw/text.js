/**
 * Text layers: pill, shadow, stroke, fill, colour glyphs.
 */
import { Coverage } from "./coverage.js";
import { judge, reachesBeyond } from "./contrast.js";
import { paintColourGlyph } from "./colour-glyph.js";
import { fillStyle } from "./fill.js";
import { glyphPath } from "./paths.js";
import { paintShadow } from "./shadow.js";
import { paintPill } from "./shapes.js";
import { pillOf } from "../text/place.js";
import { FINER, boundsOf, grown, lay, paintFinely, surfaceOver } from "./surface.js";

/**
 * @typedef {import("./surface.js").Box} Box
 * @typedef {import("./surface.js").Context} Context
 * @typedef {import("../text/place.js").Placed} Placed
 * @typedef {import("../text/line.js").PlacedGlyph} PlacedGlyph
 */

/**
 * @param {Context} context @param {any} layer @param {Placed} placed
 * @param {{ground: Context, scale: number}} place  what the layer comes to lie on: `context`, or what it is laid over later
 * @returns {{contrast: number | null, corrected: string | null, clipped: boolean}}
 */
export function paintText(context, layer, placed, { ground, scale }) {
  if (placed.pill) paintPill(context, layer.background, placed.pill);
  const { contrast, scrim, stroke } = judge(ground, layer, placed, scale, ground === context);
  const veil = scrim && pillOf({ ...layer, background: scrim }, placed.ink);
  if (veil) paintPill(context, scrim, veil);
  paintGlyphs(context, stroke ? { ...layer, stroke } : layer, placed);
  const pen = ((stroke ?? layer.stroke)?.width ?? 0) / 2;
  return { contrast, corrected: scrim || stroke ? layer.contrast.fix : null, clipped: reachesBeyond(ground, placed, pen) };
}

/** @param {Context} context @param {any} layer @param {Placed} placed */
function paintGlyphs(context, layer, placed) {
  const glyphs = placed.lines.flatMap((line) => line.glyphs).filter(({ font, id }) => font.ink(id));
  const plain = glyphs.filter(({ font }) => !font.typeface.isColour);
  const coloured = glyphs.filter(({ font }) => font.typeface.isColour);
  const outline = glyphPath(plain, placed.size, layer.stroke?.width);
  const box = inkBox(layer, placed);
  const area = grown(boundsOf(context, box), 1); // edges are soft
  const paint = (/** @type {(context: Context) => void} */ draw) => paintFinely(context, area, FINER, draw);
  if (layer.shadow) paintTextShadow(context, layer, box, placed.size, outline, coloured);
  if (layer.stroke?.width > 0) paint((fine) => strokeOutline(fine, outline, layer.stroke));
  for (const run of runsOf(plain)) {
    const fill = layer.spans[run[0].span].fill;
    fillGlyphs(context, wholeArea(area), run, placed.size, (part) => {
      part.fillStyle = fillStyle(part, fill, layer);
      part.fillRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
    });
  }
  if (coloured.length > 0) paint((fine) => coloured.forEach((glyph) => paintColourGlyph(fine, glyph, placed.size)));
}

/** Around all that is painted of the glyphs. @param {any} layer @param {Placed} placed */
function inkBox({ stroke }, { ink }) {
  const box = { x: ink.left, y: ink.top, width: ink.right - ink.left, height: ink.bottom - ink.top };
  return grown(box, (stroke?.width ?? 0) / 2);
}

/** @param {Box} box in pixels, which may reach beyond the canvas @returns {Box} */
function wholeArea({ x, y, width, height }) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  return { x: left, y: top, width: Math.ceil(x + width) - left, height: Math.ceil(y + height) - top };
}

/**
 * Lays what `flood` paints over the target, through the coverage of the glyphs' outlines.
 * @param {Context} target @param {Box} area whole pixels @param {PlacedGlyph[]} glyphs @param {number} size px
 * @param {(part: Context) => void} flood
 */
function fillGlyphs(target, area, glyphs, size, flood) {
  const { a, b, c, d, e, f } = target.getTransform();
  const coverage = new Coverage(area.width, area.height);
  for (const { font, id, x, y } of glyphs) {
    const k = size / font.unit;
    const [left, top] = [a * x + c * y + e - area.x, b * x + d * y + f - area.y];
    coverage.add(font.outline(id), { a: a * k, b: b * k, c: -c * k, d: -d * k, e: left, f: top });
  }
  const part = surfaceOver(target, area);
  part.putImageData(coverage.picture(), 0, 0);
  part.globalCompositeOperation = "source-in";
  flood(part);
  lay(target, part, area.x, area.y);
}

/** @param {Context} context @param {Path2D} outline @param {{width: number, color: string}} stroke */
function strokeOutline(context, outline, stroke) {
  context.lineJoin = "round";
  context.lineCap = "round";
  context.lineWidth = stroke.width;
  context.strokeStyle = stroke.color;
  context.stroke(outline);
}

/**
 * @param {Context} context @param {any} layer @param {Box} box @param {number} size
 * @param {Path2D} outline @param {PlacedGlyph[]} coloured
 */
function paintTextShadow(context, layer, box, size, outline, coloured) {
  paintShadow(context, layer.shadow, box, (shape) => {
    shape.fillStyle = "#000";
    shape.fill(outline);
    if (layer.stroke?.width > 0) strokeOutline(shape, outline, { ...layer.stroke, color: "#000" });
    coloured.forEach((glyph) => paintColourGlyph(shape, glyph, size));
  });
}

/** Neighbours of one span. @param {PlacedGlyph[]} glyphs */
function runsOf(glyphs) {
  /** @type {PlacedGlyph[][]} */
  const runs = [];
  for (const glyph of glyphs) {
    const last = runs.at(-1);
    if (last && last[0].span === glyph.span) last.push(glyph);
    else runs.push([glyph]);
  }
  return runs;
}
