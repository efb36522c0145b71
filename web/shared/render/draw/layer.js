/**
 * One layer with its rotation, opacity and mask, in its place.
 */
import { fillStyle } from "./fill.js";
import { ellipse, roundedRect } from "./paths.js";
import { paintFitted, paintImage, paintLogo, paintQr } from "./picture.js";
import { paintShape } from "./shapes.js";
import { withShadow } from "./shadow.js";
import { boundsOf, grown, lay, surfaceOver, wholePixels } from "./surface.js";
import { paintText } from "./text.js";

/**
 * @typedef {import("./surface.js").Context} Context
 *
 * @typedef {object} Scene
 * @property {number} scale
 * @property {Map<string, import("../text/layout.js").TextLayout>} layouts
 * @property {(key: string) => ImageBitmap} imageOf
 * @property {(layer: any) => string | null} keyOf  asset of an image layer
 * @property {(layer: any) => number[][] | null} matrixOf  of a QR layer
 * @property {ImageBitmap | null} logo
 * @property {Map<string, ReturnType<typeof paintText>>} found  how texts stand out, by layer
 */

/** @param {Context} target @param {any} layer @param {Scene} scene */
export function paintLayer(target, layer, scene) {
  if (!layer.mask && (layer.opacity === 1 || isOnePaint(layer))) {
    target.save();
    target.globalAlpha = layer.opacity;
    turn(target, layer, scene.scale);
    paintKind(target, layer, scene, target);
    target.restore();
    return;
  }
  target.save();
  turn(target, layer, scene.scale);
  const area = wholePixels(grown(boundsOf(target, withShadow(layer, layer.shadow)), 1), target.canvas);
  if (area) {
    const group = surfaceOver(target, area);
    paintKind(group, layer, scene, target);
    if (layer.mask) keepMasked(group, surfaceOver(target, area), layer, scene);
    target.globalAlpha = layer.opacity;
    lay(target, group, area.x, area.y);
  }
  target.restore();
}

/** Whether no part of the layer lies over another, so that its opacity may be each part's. @param {any} layer */
function isOnePaint(layer) {
  if (layer.type === "text") return !(layer.stroke || layer.shadow || layer.background);
  if (layer.type === "rect" || layer.type === "ellipse") return !(layer.stroke || layer.shadow);
  return layer.type !== "qr";
}

/** Format pixels to output pixels, turned clockwise about the layer's centre. @param {Context} context @param {any} layer */
function turn(context, layer, /** @type {number} */ scale) {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  if (layer.rotation % 360 === 0) return;
  const [x, y] = [layer.x + layer.width / 2, layer.y + layer.height / 2];
  context.translate(x, y);
  context.rotate((layer.rotation * Math.PI) / 180);
  context.translate(-x, -y);
}

/** @param {Context} context @param {any} layer @param {Scene} scene @param {Context} ground what the layer comes to lie on */
function paintKind(context, layer, scene, ground) {
  if (layer.type === "text") {
    const placed = scene.layouts.get(layer.id)?.placed;
    if (placed) scene.found.set(layer.id, paintText(context, layer, placed, { ground, scale: scene.scale }));
  } else if (layer.type === "rect" || layer.type === "ellipse") {
    paintShape(context, layer);
  } else if (layer.type === "image") {
    const key = scene.keyOf(layer);
    if (key) paintImage(context, layer, scene.imageOf(key));
  } else if (layer.type === "logo") {
    if (scene.logo) paintLogo(context, layer, scene.logo);
  } else {
    const matrix = scene.matrixOf(layer);
    if (matrix && layer.width > 0 && layer.height > 0) paintQr(context, layer, matrix);
  }
}

/** @param {Context} group @param {Context} cover empty, as large @param {any} layer @param {Scene} scene */
function keepMasked(group, cover, layer, scene) {
  const { mask } = layer;
  if (mask.kind === "asset") {
    paintStretched(cover, scene.imageOf(mask.asset), layer);
  } else {
    cover.fillStyle = mask.kind === "gradient" ? fillStyle(cover, mask.gradient, layer) : "#000";
    cover.fill(mask.kind === "ellipse" ? ellipse(layer) : roundedRect(layer, mask.kind === "rect" ? mask.radius : 0));
  }
  group.globalCompositeOperation = "destination-in";
  lay(group, cover, 0, 0);
}

/** @param {Context} context @param {ImageBitmap} image @param {import("./surface.js").Box} box */
function paintStretched(context, image, { x, y, width, height }) {
  context.imageSmoothingQuality = "high";
  context.drawImage(image, x, y, width, height);
}

/** @param {Context} context @param {any} format @param {Scene} scene */
export function paintBackground(context, { background, width, height }, scene) {
  const box = { x: 0, y: 0, width, height };
  context.setTransform(scene.scale, 0, 0, scene.scale, 0, 0);
  if (background.asset) return paintFitted(context, scene.imageOf(background.asset), box, "cover");
  context.fillStyle = fillStyle(context, background.color ?? background.gradient, box);
  context.fillRect(0, 0, width, height);
}
