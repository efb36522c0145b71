/**
 * Layout of all text layers of a format: each on its own, then once more with the size that its group shares (0004 §7).
 *
 * @typedef {object} TextLayout
 * @property {import("./place.js").Placed | null} placed  null: the layer draws nothing
 * @property {import("./flow.js").Outcome} outcome
 * @property {string[]} missing  characters that no font has
 * @property {boolean} isCut  an ellipsis stands for a part, or nothing had room
 *
 * @typedef {(layer: any, values: Record<string, string>, fonts: import("./fonts.js").FontBook, size?: number | null) => TextLayout} LayOut
 *   `size`: the largest one that the layer's group allows
 */
import { isVisible } from "../document.js";
import { contentOf } from "./content.js";
import { grid } from "./fit.js";
import { flow } from "./flow.js";
import { place, roomOf } from "./place.js";
import { graphemeBoundaries } from "../unicode/graphemes.js";

/** @param {any} layer @param {Record<string, string>} values */
function contentOfLayer(layer, values) {
  return contentOf(layer.spans, values, { upper: layer.case === "upper", lines: layer.lines });
}

/**
 * Brings the fonts that the layers' texts need.
 * @param {any[]} layers @param {Record<string, string>} values @param {import("./fonts.js").FontBook} fonts
 */
export async function prepareFonts(layers, values, fonts) {
  for (const layer of layers) {
    await fonts.load(layer.font.family);
    const { codes, spans } = contentOfLayer(layer, values);
    const ends = graphemeBoundaries(codes);
    for (const number of new Set(spans)) {
      const graphemes = ends
        .slice(1)
        .map((end, i) => codes.slice(ends[i], end))
        .filter((_, i) => spans[ends[i]] === number);
      await fonts.prepare(layer.spans[number].font.family, graphemes);
    }
    if (layer.overflow === "ellipsis") await fonts.prepare(layer.font.family, [[0x2026]]);
  }
}

/**
 * @param {any[]} layers complete text layers of one format
 * @param {Record<string, string>} values
 * @param {import("./fonts.js").FontBook} fonts
 * @param {LayOut} [layOut]
 * @returns {Map<string, TextLayout>} by layer id, of the visible ones
 */
export function layoutTexts(layers, values, fonts, layOut = layoutText) {
  const visible = layers.filter((layer) => isVisible(layer, values));
  const layouts = new Map(visible.map((layer) => [layer.id, layOut(layer, values, fonts)]));
  const sizes = groupSizes(visible, layouts);
  for (const layer of visible) {
    const size = sizes.get(layer.size_group);
    const own = layouts.get(layer.id)?.placed?.size;
    if (size === undefined || own === undefined || own === size) continue;
    layouts.set(layer.id, layOut(layer, values, fonts, size));
  }
  return layouts;
}

/** The smallest size of each group. @param {any[]} layers @param {Map<string, TextLayout>} layouts */
function groupSizes(layers, layouts) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const { id, size_group: group } of layers) {
    const size = layouts.get(id)?.placed?.size;
    if (group && size !== undefined) sizes.set(group, Math.min(size, sizes.get(group) ?? Infinity));
  }
  return sizes;
}

/** @type {LayOut} */
export function layoutText(layer, values, fonts, size = null) {
  const [most, least] = size === null ? [layer.max_size, layer.min_size] : [size, Math.min(size, layer.min_size)];
  const content = contentOfLayer(layer, values);
  if (content.codes.length === 0) return { placed: null, outcome: "nothing", missing: [], isCut: false };
  const metrics = fonts.at(layer.font.family, layer.font.weight).font.typeface.metrics;
  const setting = {
    chooseFont: (/** @type {number[]} */ grapheme, /** @type {number} */ span) =>
      fonts.choose(layer.spans[span].font, grapheme),
    metrics,
    lines: layer.lines,
    lineHeight: layer.line_height,
    letterSpacing: layer.letter_spacing,
    overflow: layer.overflow,
  };
  const range = { low: Math.ceil(4 * least) / 4, high: grid(most) };
  const { fitted, outcome, missing } = flow(content, setting, roomOf(layer), range);
  const isCut = outcome === "ellipsis" || !fitted;
  return { placed: fitted && place(layer, fitted, metrics), outcome, missing, isCut };
}
