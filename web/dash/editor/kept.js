/**
 * What a canvas shows, kept: of the next picture only layers that differ are laid out, and only where they lie is painted
 * anew. Pixel for pixel the same as painting all of it. For documents that are never changed in place, as the editor's; a
 * page that draws a picture once does not load it.
 *
 * @typedef {import("../../shared/render/draw/surface.js").Box} Box
 * @typedef {import("../../shared/render/draw/surface.js").Context} Context
 * @typedef {import("../../shared/render/draw/layer.js").Scene} Scene
 * @typedef {import("../../shared/render/text/layout.js").TextLayout} TextLayout
 * @typedef {{layer: any, inputs: unknown[], area: Box}} Step  `inputs`: what it is painted from, beside the layer; `area`: pixels
 * @typedef {{ground: unknown[], steps: Step[], found: Scene["found"], below: {at: number, picture: Context} | null}} Shown
 *   `below`: what lies under the step that changed last
 */
import { completeLayer } from "../../shared/render/document.js";
import { paintBackground, paintLayer } from "../../shared/render/draw/layer.js";
import { withShadow } from "../../shared/render/draw/shadow.js";
import { grown, lay, surface } from "../../shared/render/draw/surface.js";
import { fill } from "../../shared/render/text/content.js";
import { layoutText } from "../../shared/render/text/layout.js";

const MOST_LAYOUTS = 4;
/** Beside the ink: soft edges, and cells of the contrast that are cut off at whole format pixels. */
const MARGIN_PX = 3;

/** @type {WeakMap<object, any>} */
const completed = new WeakMap();
/** @type {WeakMap<object, Map<string, TextLayout>>} */
const laidOut = new WeakMap();
/** @type {WeakMap<object, Shown>} */
const shownOn = new WeakMap();

/** The canvas is empty. @param {HTMLCanvasElement | OffscreenCanvas} canvas */
function forget(canvas) {
  shownOn.delete(canvas);
}

/** Like `completeLayer`, the same object for the same layer. @param {any} layer */
function completeOnce(layer) {
  const found = completed.get(layer) ?? completeLayer(layer);
  completed.set(layer, found);
  return found;
}

/** @param {any} layer complete @param {Record<string, string>} values @param {number | null} [size] */
function hasLayout(layer, values, size = null) {
  return laidOut.get(layer)?.has(contentKey(layer, values, size)) ?? false;
}

/** @type {import("../../shared/render/text/layout.js").LayOut} */
function layOutOnce(layer, values, fonts, size = null) {
  const held = laidOut.get(layer) ?? new Map();
  laidOut.set(layer, held);
  const key = contentKey(layer, values, size);
  const found = held.get(key) ?? layoutText(layer, values, fonts, size);
  held.delete(key);
  held.set(key, found);
  if (held.size > MOST_LAYOUTS) held.delete(held.keys().next().value ?? "");
  return found;
}

/** Equal for equal texts of a layer at an equal size of its group. @param {any} layer @param {Record<string, string>} values @param {number | null} size */
function contentKey(layer, values, size) {
  return [size ?? "", ...layer.spans.map((/** @type {any} */ { text }) => fill(text, values))].join("\n\0");
}

/**
 * @param {Context} context of a canvas that has its size already @param {any} format @param {any[]} layers complete and visible, the lowest first
 * @param {Record<string, string>} values @param {Scene} scene
 */
function paint(context, format, layers, values, scene) {
  const { canvas } = context;
  const ground = [format.background, format.background.asset && scene.imageOf(format.background.asset), scene.scale, canvas.width, canvas.height];
  const steps = layers.map((layer) => ({ layer, inputs: inputsOf(layer, values, scene), area: areaOf(layer, scene) }));
  const before = shownOn.get(canvas);
  // Painting may fail; then nothing is known of the canvas.
  shownOn.delete(canvas);
  const isSameStack = before && isSame(before.ground, ground) && before.steps.length === steps.length;
  const changed = isSameStack ? steps.flatMap((step, at) => (isSameStep(step, before.steps[at]) ? [] : [at])) : [];
  let below = before?.below ?? null;
  if (!isSameStack || (changed.length && below?.at !== changed[0])) {
    below = paintAll(context, format, steps, scene, isSameStack ? changed[0] : null);
  } else {
    for (const [id, found] of before.found) if (!changed.some((at) => steps[at].layer.id === id)) scene.found.set(id, found);
    if (below && changed.length) paintChanged(context, below, steps, scene, changed.flatMap((at) => [before.steps[at].area, steps[at].area]));
  }
  shownOn.set(canvas, { ground, steps, found: scene.found, below });
}

/** What a layer's picture comes from, beside the layer itself. @param {any} layer @param {Record<string, string>} values @param {Scene} scene */
function inputsOf(layer, values, scene) {
  const mask = layer.mask?.asset ? scene.imageOf(layer.mask.asset) : null;
  if (layer.type === "text") return [scene.layouts.get(layer.id), mask];
  if (layer.type === "qr") return [fill(layer.data, values), mask];
  if (layer.type === "logo") return [scene.logo, mask];
  const key = scene.keyOf(layer);
  return [key && scene.imageOf(key), mask];
}

/** @param {Context} context @param {any} format @param {Step[]} steps @param {Scene} scene @param {number | null} keepsBelow the step under which all is kept */
function paintAll(context, format, steps, scene, keepsBelow) {
  const { width, height } = context.canvas;
  let below = null;
  context.resetTransform();
  context.clearRect(0, 0, width, height);
  paintBackground(context, format, scene);
  steps.forEach(({ layer }, at) => {
    if (at === keepsBelow) {
      below = { at, picture: surface(width, height) };
      lay(below.picture, context, 0, 0);
    }
    paintLayer(context, layer, scene);
  });
  return below;
}

/** @param {Context} context @param {NonNullable<Shown["below"]>} below @param {Step[]} steps @param {Scene} scene @param {Box[]} areas where something differs */
function paintChanged(context, { at, picture }, steps, scene, areas) {
  const above = steps.slice(at);
  let dirty = areas.reduce(union);
  // What lies partly in it is painted as a whole, and so is what lies over that.
  for (let size = -1; size !== dirty.width * dirty.height; ) {
    size = dirty.width * dirty.height;
    dirty = above.filter(({ area }) => meets(area, dirty)).reduce((whole, { area }) => union(whole, area), dirty);
  }
  const { x, y, width, height } = dirty;
  if (width > 0 && height > 0) {
    context.resetTransform();
    context.clearRect(x, y, width, height);
    context.drawImage(picture.canvas, x, y, width, height, x, y, width, height);
  }
  for (const { layer, area } of above) if (meets(area, dirty)) paintLayer(context, layer, scene);
}

/** The canvas's whole pixels that a layer may touch. @param {any} layer @param {Scene} scene @returns {Box} */
function areaOf(layer, { scale, layouts }) {
  const reached = withShadow(layer.type === "text" ? textBox(layer, layouts.get(layer.id)) : layer, layer.shadow);
  const angle = (layer.rotation * Math.PI) / 180;
  const [middleX, middleY] = [layer.x + layer.width / 2, layer.y + layer.height / 2];
  const corners = [0, 1].flatMap((across) => [0, 1].map((down) => [reached.x + reached.width * across - middleX, reached.y + reached.height * down - middleY]));
  const xs = corners.map(([x, y]) => scale * (middleX + x * Math.cos(angle) - y * Math.sin(angle)));
  const ys = corners.map(([x, y]) => scale * (middleY + x * Math.sin(angle) + y * Math.cos(angle)));
  const margin = Math.ceil(MARGIN_PX * Math.max(1, scale));
  const [left, top] = [Math.floor(Math.min(...xs)) - margin, Math.floor(Math.min(...ys)) - margin];
  return { x: left, y: top, width: Math.ceil(Math.max(...xs)) + margin - left, height: Math.ceil(Math.max(...ys)) + margin - top };
}

/** Around ink, lines and plates of a text, format pixels. @param {any} layer @param {TextLayout | undefined} layout @returns {Box} */
function textBox({ x, y, stroke, contrast }, layout) {
  const placed = layout?.placed;
  if (!placed) return { x, y, width: 0, height: 0 };
  const { left, top, right, bottom } = placed.ink;
  const boxes = [{ x: left, y: top, width: right - left, height: bottom - top }, ...placed.lines.flatMap(({ box }) => box ?? [])];
  // A plate that makes it readable keeps a quarter of its size free.
  const rim = Math.max((stroke?.width ?? 0) / 2, (contrast?.width ?? 0) / 2, contrast ? placed.size / 4 : 0);
  const inked = grown(boxes.reduce(union), rim);
  return placed.pill ? union(inked, placed.pill) : inked;
}

/** @param {Box} a @param {Box} b @returns {Box} */
function union(a, b) {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

/** @param {Box} a @param {Box} b */
function meets(a, b) {
  return a.x < b.x + b.width && a.x + a.width > b.x && a.y < b.y + b.height && a.y + a.height > b.y;
}

/** @param {Step} step @param {Step} other */
function isSameStep(step, other) {
  return step.layer === other.layer && isSame(step.inputs, other.inputs);
}

/** @param {unknown[]} some @param {unknown[]} others */
function isSame(some, others) {
  return some.length === others.length && some.every((each, at) => each === others[at]);
}

/** @type {import("../../shared/render/preview.js").Keeper} */
export const keeper = { completeLayer: completeOnce, hasLayout, layoutText: layOutOnce, paint, forget };
