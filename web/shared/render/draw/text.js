/**
 * Text layers: pill, shadow, stroke, fill, colour glyphs.
 */
import { paintColourGlyph } from "./colour-glyph.js";
import { fillStyle } from "./fill.js";
import { glyphPath } from "./paths.js";
import { paintShadow } from "./shadow.js";
import { paintPill } from "./shapes.js";
import { FINER, boundsOf, grown, paintFinely } from "./surface.js";

/**
 * @typedef {import("./surface.js").Context} Context
 * @typedef {import("../text/place.js").Placed} Placed
 * @typedef {import("../text/line.js").PlacedGlyph} PlacedGlyph
 */

/** Below this size browsers' coverage of outlines is too coarse. */
const FINE_BELOW_PX = 200;

/** @param {Context} context @param {any} layer @param {Placed} placed */
export function paintText(context, layer, placed) {
  if (placed.pill) paintPill(context, layer.background, placed.pill);
  const glyphs = placed.lines.flatMap((line) => line.glyphs).filter(({ font, id }) => font.ink(id));
  const plain = glyphs.filter(({ font }) => !font.typeface.isColour);
  const coloured = glyphs.filter(({ font }) => font.typeface.isColour);
  const outline = glyphPath(plain, placed.size);
  const box = inkBox(layer, placed);
  const paint = finely(context, box, placed.size);
  if (layer.shadow) paintTextShadow(context, layer, box, placed.size, outline, coloured);
  if (layer.stroke?.width > 0) paint((fine) => strokeOutline(fine, outline, layer.stroke));
  for (const run of runsOf(plain)) {
    const fill = layer.spans[run[0].span].fill;
    const path = glyphPath(run, placed.size);
    paint((fine) => {
      fine.fillStyle = fillStyle(fine, fill, layer);
      fine.fill(path);
    });
  }
  if (coloured.length > 0) paint((fine) => coloured.forEach((glyph) => paintColourGlyph(fine, glyph, placed.size)));
}

/** Around all that is painted of the glyphs. @param {any} layer @param {Placed} placed */
function inkBox({ stroke }, { ink }) {
  const box = { x: ink.left, y: ink.top, width: ink.right - ink.left, height: ink.bottom - ink.top };
  return grown(box, (stroke?.width ?? 0) / 2);
}

/**
 * @param {Context} context @param {import("./surface.js").Box} box @param {number} size
 * @returns {(paint: (context: Context) => void) => void}
 */
function finely(context, box, size) {
  const { a, b } = context.getTransform();
  const factor = size * Math.hypot(a, b) < FINE_BELOW_PX ? FINER : 1;
  const area = grown(boundsOf(context, box), 1); // edges are soft
  return (paint) => paintFinely(context, area, factor, paint);
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
 * @param {Context} context @param {any} layer @param {import("./surface.js").Box} box @param {number} size
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
