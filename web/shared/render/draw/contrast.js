/**
 * How well a text stands out: WCAG contrast with what lies behind it, and the least that brings it up to a wanted one
 * (0004 §10). The same as the server's `contrast.py`.
 *
 * @typedef {import("./surface.js").Context} Context
 * @typedef {import("../text/place.js").Placed} Placed
 * @typedef {number[]} Rgb  0 to 255
 * @typedef {{rgb: Rgb, alpha: number}} Paint
 * @typedef {{contrast: number | null, scrim?: any, stroke?: any}} Finding  with the correction; null where not known
 */
import { boundsOf } from "./surface.js";

const PASSED_OVER_PER_CENT = 5;
const SMALLEST_CELL_PX = 8;
const SCRIM_STEPS = 20;
const HALO_EM = 1 / 16;
const NEGLIGIBLE_PX = 0.01;
const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];

/**
 * @param {Context} ground  painted up to the layer's pill, or (`hasPill` false) up to the layer; its transform is the layer's
 * @param {any} layer @param {Placed} placed @param {number} scale @param {boolean} hasPill
 * @returns {Finding}
 */
export function judge(ground, layer, placed, scale, hasPill) {
  const paints = paintsOfText(layer, placed);
  let cells = cellsOf(ground, placed, scale);
  if (paints.length === 0 || cells.length === 0) return { contrast: null };
  if (layer.background && !hasPill) {
    const below = cells;
    cells = paintsOf(layer.background.color, layer.opacity).flatMap((paint) => below.map((cell) => mixed(cell, paint)));
  }
  let found = typical(cells, paints);
  const halo = layer.stroke && paintsOf(layer.stroke.color, 1)[0];
  if (halo?.alpha === 1 && layer.stroke.width >= placed.size * HALO_EM) found = Math.max(found, typical([halo.rgb], paints));
  if (!layer.contrast || found >= layer.contrast.least) return { contrast: hundredths(found) };
  return corrected(found, cells, paints, placed.size, layer.contrast);
}

/**
 * Whether ink, stroke included, lies outside the picture.
 * @param {Context} context with the layer's transform @param {Placed} placed @param {number} pen px
 */
export function reachesBeyond(context, placed, pen) {
  const reach = pen * Math.hypot(context.getTransform().a, context.getTransform().b) - NEGLIGIBLE_PX;
  return inkBoxes(placed).some((box) => {
    const { x, y, width, height } = boundsOf(context, box);
    return Math.min(x, y) < reach || x + width + reach > context.canvas.width || y + height + reach > context.canvas.height;
  });
}

/** By black or white, whichever stands out more. @param {number} found @param {Rgb[]} cells @param {Paint[]} paints @param {number} size @param {any} wish @returns {Finding} */
function corrected(found, cells, paints, size, wish) {
  const [black, white] = [typical([BLACK], paints), typical([WHITE], paints)];
  const [shade, digits] = black >= white ? [BLACK, "#000000"] : [WHITE, "#FFFFFF"];
  if (wish.fix === "stroke") {
    const best = Math.max(black, white);
    if (best <= found) return { contrast: hundredths(found) };
    return { contrast: hundredths(best), stroke: { color: digits, width: wish.width } };
  }
  let [alpha, reached] = [0, found];
  for (let step = 1; step <= SCRIM_STEPS && reached < wish.least; step++) {
    const after = typical(cells.map((cell) => mixed(cell, { rgb: shade, alpha: step / SCRIM_STEPS })), paints);
    if (after > reached) [alpha, reached] = [step, after];
  }
  if (alpha === 0) return { contrast: hundredths(found) };
  const veil = Math.floor((255 * alpha) / SCRIM_STEPS + 0.5).toString(16).padStart(2, "0");
  const scrim = { color: `${digits}${veil}`, radius: size / 4, padding: [size / 4, size / 4], fit: "text", stroke: null };
  return { contrast: hundredths(reached), scrim };
}

/** @param {Placed} placed */
function inkBoxes({ lines }) {
  return lines.flatMap(({ box }) => box ?? []);
}

/**
 * Mean colours of squares of a quarter of the size, over the boxes of the lines; none where it is see-through.
 * @param {Context} ground @param {Placed} placed @param {number} scale @returns {Rgb[]}
 */
function cellsOf(ground, placed, scale) {
  const side = Math.max(1, Math.round(scale * Math.max(SMALLEST_CELL_PX, Math.floor(placed.size / 4 + 0.5))));
  /** @type {Rgb[]} */
  const cells = [];
  for (const box of inkBoxes(placed)) {
    const { x, y, width, height } = boundsOf(ground, box);
    const left = Math.max(0, Math.floor(scale * Math.floor(x / scale)));
    const top = Math.max(0, Math.floor(scale * Math.floor(y / scale)));
    const right = Math.min(ground.canvas.width, Math.ceil(scale * Math.ceil((x + width) / scale)));
    const bottom = Math.min(ground.canvas.height, Math.ceil(scale * Math.ceil((y + height) / scale)));
    if (left >= right || top >= bottom) continue;
    const found = means(ground.getImageData(left, top, right - left, bottom - top), side);
    if (!found) return [];
    cells.push(...found);
  }
  return cells;
}

/** Null when a pixel is see-through. @param {ImageData} image @param {number} side @returns {Rgb[] | null} */
function means({ data, width, height }, side) {
  /** @type {Rgb[]} */
  const found = [];
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      const [wide, high] = [Math.min(side, width - left), Math.min(side, height - top)];
      const sum = [0, 0, 0];
      for (let y = top; y < top + high; y++) {
        for (let place = 4 * (y * width + left), end = place + 4 * wide; place < end; place += 4) {
          if (data[place + 3] < 255) return null;
          for (let i = 0; i < 3; i++) sum[i] += data[place + i];
        }
      }
      found.push(sum.map((value) => Math.floor(value / (wide * high) + 0.5)));
    }
  }
  return found;
}

/** What the glyphs are filled with, of gradients each stop. @param {any} layer @param {Placed} placed */
function paintsOfText(layer, { lines }) {
  const glyphs = lines.flatMap((line) => line.glyphs).filter(({ font }) => !font.typeface.isColour);
  const spans = [...new Set(glyphs.map(({ span }) => span))];
  return spans.flatMap((span) => paintsOf(layer.spans[span].fill, layer.opacity));
}

/** @param {any} fill @param {number} opacity @returns {Paint[]} */
function paintsOf(fill, opacity) {
  const colours = typeof fill === "string" ? [fill] : fill.stops.map((/** @type {any} */ { color }) => color);
  return colours.map((/** @type {string} */ colour) => {
    const digits = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit) : colour.slice(1).match(/../g);
    const [red, green, blue, alpha = 255] = (digits ?? []).map((pair) => parseInt(pair, 16));
    return { rgb: [red, green, blue], alpha: (alpha / 255) * opacity };
  });
}

/** The contrast that all but the worst cells reach. @param {Rgb[]} cells @param {Paint[]} paints */
function typical(cells, paints) {
  const ratios = cells.map((cell) => leastRatio(cell, paints)).sort((a, b) => a - b);
  return ratios[Math.floor((ratios.length * PASSED_OVER_PER_CENT) / 100)];
}

/** @param {Rgb} cell @param {Paint[]} paints */
function leastRatio(cell, paints) {
  const ground = luminance(cell);
  return Math.min(
    21,
    ...paints.map((paint) => {
      const ink = luminance(paint.alpha === 1 ? paint.rgb : mixed(cell, paint));
      return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    }),
  );
}

/** Relative luminance by WCAG 2.2. @param {Rgb} rgb */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((value) => linear(value / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {number} value */
function linear(value) {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** @param {Rgb} cell @param {Paint} paint @returns {Rgb} */
function mixed(cell, { rgb, alpha }) {
  return cell.map((under, i) => under + (rgb[i] - under) * alpha);
}

/** @param {number} value */
function hundredths(value) {
  return Math.floor(100 * value + 1e-9) / 100;
}
