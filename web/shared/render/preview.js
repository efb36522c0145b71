/**
 * The preview engine: the picture that the server would make, drawn on a canvas.
 *
 * `createPreview({assetBase})` reads the font manifest; `draw` fetches what the picture needs and has not got yet,
 * so that after `load` (or a first `draw`) the same fonts and pictures need no network.
 *
 * @typedef {object} DrawOptions
 * @property {string} format
 * @property {Record<string, string>} [fields]  over the samples of the document
 * @property {string} [code]
 * @property {string} [link]          the referral link, for QR codes
 * @property {string | null} [logoUrl]
 * @property {boolean} [showLogo]     default true
 * @property {number} [scale]         output pixels per format pixel, default 1
 * @property {Keeper} [keeper]        makes anew only what differs from its last picture on this canvas
 *
 * @typedef {object} Keeper
 * @property {typeof completeLayer} completeLayer
 * @property {(layer: any, values: Record<string, string>) => boolean} hasLayout
 * @property {import("./text/layout.js").LayOut} layoutText
 * @property {(context: import("./draw/surface.js").Context, format: any, layers: any[], values: Record<string, string>, scene: import("./draw/layer.js").Scene) => void} paint
 * @property {(canvas: HTMLCanvasElement | OffscreenCanvas) => void} forget  it is empty
 *
 * @typedef {object} TextReport
 * @property {string} id
 * @property {number} size
 * @property {string[]} lines
 * @property {string} outcome
 * @property {string[]} missing        characters that no font has
 * @property {boolean} clipped         not all of it is seen
 * @property {number | null} contrast  by WCAG 2.2 with what lies behind it; null where that is not known
 * @property {string | null} corrected by what it was raised
 * @typedef {{width: number, height: number, texts: TextReport[], missing: string[]}} Report
 *
 * @typedef {object} Preview
 * @property {(canvas: HTMLCanvasElement | OffscreenCanvas, document: any, options: DrawOptions) => Promise<Report | null>} draw
 *   null when a later draw on the same canvas came before; rejects with AssetUnavailable
 * @property {(document: any, options?: LoadOptions) => Promise<void>} load
 *
 * @typedef {object} LoadOptions
 * @property {string[]} [formats]    default all
 * @property {string | null} [logoUrl]
 * @property {boolean} [everyFont]   also fonts that only other scripts or emoji need
 */
import { Assets, fetchOk } from "./assets.js";
import { completeLayer, isVisible, valuesOf } from "./document.js";
import { paintBackground, paintLayer } from "./draw/layer.js";
import { contextOf } from "./draw/surface.js";
import { fill } from "./text/content.js";
import { FontBook } from "./text/fonts.js";
import { layoutTexts, prepareFonts } from "./text/layout.js";

/** Overlays by the format's size: the same object for the same picture. @type {Map<string, any>} */
const overlays = new Map();

/** The code that previews show when none is typed. */
const SAMPLE_CODE = "WELCOME-30";

/**
 * @param {{assetBase: string}} options where object keys are found
 * @returns {Promise<Preview>}
 */
export async function createPreview({ assetBase }) {
  const assets = new Assets(assetBase);
  const manifest = await (await fetchOk("fonts/fonts.json", assets.url("fonts/fonts.json"))).json();
  const fonts = new FontBook(manifest, async (file) => {
    const key = file.includes("/") ? file : `fonts/${file}`;
    return (await fetchOk(key, assets.url(key))).arrayBuffer();
  });
  const studio = { assets, fonts, turns: new WeakMap() };
  return {
    draw: (canvas, document, options) => draw(studio, canvas, document, options),
    load: (document, options = {}) => load(studio, document, options),
  };
}

/**
 * @typedef {{assets: Assets, fonts: FontBook, turns: WeakMap<object, number>}} Studio
 * @typedef {{format: any, layers: any[], values: Record<string, string>, logoUrl: string | null, keeper?: Keeper, ownFonts: Record<string, string>}} Order
 */

/**
 * @param {Studio} studio @param {HTMLCanvasElement | OffscreenCanvas} canvas @param {any} document
 * @param {DrawOptions} options
 * @returns {Promise<Report | null>}
 */
async function draw(studio, canvas, document, options) {
  const turn = (studio.turns.get(canvas) ?? 0) + 1;
  studio.turns.set(canvas, turn);
  const order = orderOf(document, options);
  const encoder = await gather(studio, order);
  if (studio.turns.get(canvas) !== turn) return null;
  const scale = options.scale ?? 1;
  const [width, height] = [order.format.width, order.format.height].map((side) => Math.max(1, Math.round(side * scale)));
  resize(canvas, width, height, order.keeper);
  const texts = order.layers.filter(({ type }) => type === "text");
  const layouts = layoutTexts(texts, order.values, studio.fonts, order.keeper?.layoutText);
  const found = paint(contextOf(canvas), studio, order, { layouts, scale, encoder });
  return report(canvas, texts, layouts, found);
}

/** A canvas that gets a size, be it the same, is empty. @param {HTMLCanvasElement | OffscreenCanvas} canvas @param {number} width @param {number} height @param {Keeper} [keeper] */
function resize(canvas, width, height, keeper) {
  if (keeper && canvas.width === width && canvas.height === height) return;
  keeper?.forget(canvas);
  canvas.width = width;
  canvas.height = height;
}

/** @param {Studio} studio @param {any} document @param {LoadOptions} options */
async function load(studio, document, { formats, logoUrl = null, everyFont = false }) {
  const orders = (formats ?? Object.keys(document.formats)).map((format) =>
    orderOf(document, { format, code: SAMPLE_CODE, logoUrl }),
  );
  await Promise.all([everyFont && studio.fonts.loadAll(), ...orders.map((order) => gather(studio, order))]);
}

/** @param {any} document @param {DrawOptions} options @returns {Order} */
function orderOf(document, options) {
  const format = document.formats[options.format];
  if (!format) throw new RangeError(`This template has no format "${options.format}"`);
  const logoUrl = options.showLogo === false ? null : (options.logoUrl ?? null);
  const { keeper } = options;
  const layers = format.layers.map(keeper?.completeLayer ?? completeLayer);
  if (logoUrl && !layers.some((/** @type {any} */ { type }) => type === "logo")) layers.push(logoOverlay(format));
  return { format, layers, values: valuesOf(document, options), logoUrl, keeper, ownFonts: document.fonts ?? {} };
}

/** A circle top left: margin 4 % of the shorter side, at least 20; diameter 12 %, at least 32. @param {any} format */
function logoOverlay({ width, height }) {
  const key = [width, height].join();
  if (!overlays.has(key)) {
    const shorter = Math.min(width, height);
    const margin = Math.max(20, (shorter * 4) / 100);
    const diameter = Math.max(32, (shorter * 12) / 100);
    const box = { x: margin, y: margin, width: diameter, height: diameter };
    overlays.set(key, completeLayer({ type: "logo", id: "logo", ...box, shape: "circle" }));
  }
  return overlays.get(key);
}

/** Brings every font and picture of the order, and the QR encoder if it needs one. @param {Studio} studio @param {Order} order */
async function gather({ assets, fonts }, { format, layers, values, logoUrl, keeper, ownFonts }) {
  for (const [family, key] of Object.entries(ownFonts)) fonts.add(family, key);
  const shown = layers.filter((layer) => isVisible(layer, values));
  // Only templates with a code need the encoder.
  const encoder = layers.some(({ type }) => type === "qr") ? import("./qr.js") : null;
  const keys = [format.background.asset, ...shown.map((layer) => keyOf(layer, values)), ...shown.map((layer) => layer.mask?.asset)];
  const texts = shown.filter((layer) => layer.type === "text" && !keeper?.hasLayout(layer, values));
  await Promise.all([
    ...keys.filter(Boolean).map((key) => assets.load(key)),
    logoUrl && assets.loadUrl(logoUrl, logoUrl),
    prepareFonts(texts, values, fonts),
    encoder,
  ]);
  return encoder;
}

/** The asset of an image layer. @param {any} layer @param {Record<string, string>} values */
function keyOf(layer, values) {
  return layer.type === "image" ? (layer.asset ?? (values[layer.field] || null)) : null;
}

/**
 * @param {import("./draw/surface.js").Context} context @param {Studio} studio @param {Order} order
 * @param {{layouts: Map<string, import("./text/layout.js").TextLayout>, scale: number,
 *   encoder: typeof import("./qr.js") | null}} made
 */
function paint(context, { assets }, { format, layers, values, logoUrl, keeper }, { layouts, scale, encoder }) {
  const scene = {
    scale,
    layouts,
    imageOf: (/** @type {string} */ key) => assets.get(key),
    keyOf: (/** @type {any} */ layer) => keyOf(layer, values),
    matrixOf: (/** @type {any} */ layer) => {
      const text = fill(layer.data, values);
      return text && encoder ? encoder.qrMatrix(text, layer.level) : null;
    },
    logo: logoUrl ? assets.get(logoUrl) : null,
    found: new Map(),
  };
  const visible = layers.filter((layer) => isVisible(layer, values));
  if (keeper) {
    keeper.paint(context, format, visible, values, scene);
  } else {
    paintBackground(context, format, scene);
    for (const layer of visible) paintLayer(context, layer, scene);
  }
  return scene.found;
}

/**
 * @param {{width: number, height: number}} canvas @param {any[]} layers
 * @param {Map<string, import("./text/layout.js").TextLayout>} layouts
 * @param {import("./draw/layer.js").Scene["found"]} found
 * @returns {Report}
 */
function report({ width, height }, layers, layouts, found) {
  const texts = layers.flatMap(({ id }) => {
    const layout = layouts.get(id);
    if (!layout) return [];
    const { placed, outcome, missing, isCut } = layout;
    const { contrast = null, corrected = null, clipped = false } = found.get(id) ?? {};
    const lines = placed?.lines.map(({ text }) => text) ?? [];
    return [{ id, size: placed?.size ?? 0, lines, outcome, missing, clipped: isCut || clipped, contrast, corrected }];
  });
  return { width, height, texts, missing: [...new Set(texts.flatMap(({ missing }) => missing))] };
}
