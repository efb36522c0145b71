/**
 * Colour glyphs painted step by step.
 */
import { colourSteps } from "../text/colour-steps.js";
import { colourGradient } from "./colour-gradient.js";
import { trace } from "./paths.js";
import { boundsOf, lay, surface, surfaceOver, wholePixels } from "./surface.js";

/**
 * @typedef {import("./surface.js").Context} Context
 * @typedef {import("../text/line.js").PlacedGlyph} PlacedGlyph
 */

/** Beyond any glyph, in font units of 1/64. */
const EVERYWHERE = 1e7;
/** By HarfBuzz's number of the composite mode. */
const MODES = [
  "clear",
  "copy",
  "destination",
  "source-over",
  "destination-over",
  "source-in",
  "destination-in",
  "source-out",
  "destination-out",
  "source-atop",
  "destination-atop",
  "xor",
  "lighter",
  "screen",
  "overlay",
  "darken",
  "lighten",
  "color-dodge",
  "color-burn",
  "hard-light",
  "soft-light",
  "difference",
  "exclusion",
  "multiply",
  "hue",
  "saturation",
  "color",
  "luminosity",
];

/** @param {Context} target @param {PlacedGlyph} glyph @param {number} size px */
export function paintColourGlyph(target, { font, id, x, y }, size) {
  const ink = font.ink(id);
  if (!ink) return;
  const k = size / font.unit;
  const box = { x: x + ink.left * k, y: y - ink.top * k, width: (ink.right - ink.left) * k, height: (ink.top - ink.bottom) * k };
  const area = wholePixels(boundsOf(target, box), target.canvas);
  if (!area) return;
  const picture = surfaceOver(target, area);
  picture.transform(k, 0, 0, -k, x, y);
  replay(picture, colourSteps(font.font, id));
  lay(target, picture, area.x, area.y);
}

/** @param {Context} context @param {import("../text/colour-steps.js").Step[]} steps */
function replay(context, steps) {
  const groups = [context];
  for (const step of steps) {
    const top = groups[groups.length - 1];
    if (step.kind === "group") groups.push(groupOn(top));
    else if (step.kind === "merge") merge(/** @type {Context} */ (groups.pop()), groups[groups.length - 1], step.mode);
    else take(top, step);
  }
}

/** @param {Context} context @param {import("../text/colour-steps.js").Step} step */
function take(context, step) {
  if (step.kind === "pop") return context.restore();
  if (step.kind === "transform" || step.kind === "clip-glyph" || step.kind === "clip-box") return push(context, step);
  if (step.kind === "colour") return flood(context, step.color);
  if ("line" in step) flood(context, colourGradient(context, step));
}

/** @param {Context} context @param {import("../text/colour-steps.js").Step} step */
function push(context, step) {
  context.save();
  if (step.kind === "transform") {
    const [a, b, c, d, e, f] = step.matrix;
    context.transform(a, b, c, d, e, f);
  } else if (step.kind === "clip-glyph") {
    const path = new Path2D();
    trace(path, step.outline, { x: 0, y: 0, scaleX: 1, scaleY: 1 });
    context.clip(path);
  } else if (step.kind === "clip-box") {
    const [x, y, width, height] = step.box;
    const path = new Path2D();
    path.rect(x, y, width, height);
    context.clip(path);
  }
}

/** @param {Context} context @param {string | CanvasGradient} fill */
function flood(context, fill) {
  context.fillStyle = fill;
  context.fillRect(-EVERYWHERE, -EVERYWHERE, 2 * EVERYWHERE, 2 * EVERYWHERE);
}

/** @param {Context} context */
function groupOn(context) {
  const group = surface(context.canvas.width, context.canvas.height);
  group.setTransform(context.getTransform());
  return group;
}

/** @param {Context} group @param {Context} below @param {number} mode */
function merge(group, below, mode) {
  const operation = MODES[mode];
  if (operation === "destination") return;
  below.save();
  below.resetTransform();
  if (operation === "clear") below.clearRect(0, 0, below.canvas.width, below.canvas.height);
  else {
    below.globalCompositeOperation = /** @type {GlobalCompositeOperation} */ (operation);
    below.drawImage(group.canvas, 0, 0);
  }
  below.restore();
}
