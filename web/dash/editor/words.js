/** Words of the editor: sizes, faults of the server by their path, warnings of the preview. */

import { formatNumber } from "../../shared/js/format.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */

/** @param {{ width: number, height: number }} format */
export const formatSize = ({ width, height }) => `${formatNumber(width)} × ${formatNumber(height)}`;

/**
 * @typedef {{ path: string, message: string, format: string | null, layer: string | null, inside: string }} Fault
 *   `path` as the server writes it; `inside` the part of it after the layer, the format or the document, with dots
 */

/**
 * Where each of the server's faults belongs.
 * @param {Record<string, string>} fields @param {TemplateDocument} document @returns {Fault[]}
 */
export function placeFaults(fields, document) {
  return Object.entries(fields).map(([path, message]) => {
    const dotted = path.replace(/\[(\d+)\]/g, ".$1");
    const [, format, index, rest = ""] = /^formats\.([^.]+)\.layers\.(\d+)\.?(.*)$/.exec(dotted) ?? [];
    if (format) return { path, message, format, layer: document.formats[format]?.layers[Number(index)]?.id ?? null, inside: rest };
    const [, shape, inner] = /^formats\.([^.]+)\.(.+)$/.exec(dotted) ?? [];
    return { path, message, format: shape ?? null, layer: null, inside: shape ? inner : dotted };
  });
}

/** @typedef {{ layer: string, text: string }} Warning */

const LEAST_CONTRAST = 4.5;
const LARGE_PX = 24;
const LEAST_CONTRAST_LARGE = 3;

/**
 * What a text's report says that its designer should know, with the way to mend it.
 * @param {import("../../shared/render/preview.js").TextReport} report @param {{ isLongest?: boolean }} [options]
 * @returns {Warning[]}
 */
export function warningsOf({ id, size, outcome, missing, clipped, contrast, corrected }, { isLongest = false } = {}) {
  const found = [];
  const whose = isLongest ? "The longest sample" : "The text";
  if (clipped) found.push(`${whose} is cut. Enlarge the box, allow more lines, or lower the smallest size.`);
  else if (outcome === "shrunk") found.push(`${whose} is smaller than the smallest size. Enlarge the box, allow more lines, or shorten it.`);
  if (missing.length) found.push(`No font has ${missing.slice(0, 5).join(" ")}. Choose another text or font.`);
  const least = size >= LARGE_PX ? LEAST_CONTRAST_LARGE : LEAST_CONTRAST;
  if (contrast !== null && contrast < least && !corrected && !isLongest) found.push(`Contrast ${contrast.toFixed(1)}:1 is too low to read, ${least}:1 is needed. Change the colour, or turn on “Keep readable”.`);
  return found.map((text) => ({ layer: id, text }));
}
