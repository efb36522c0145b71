/** What lies over the canvas: outlines, handles, guides, the box being drawn; as SVG in screen pixels. */

import { attrs, html } from "../../shared/js/html.js";
import { nameOf } from "./document.js";
import { HANDLES } from "./geometry.js";

/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").Box} Box */

export const TURN_ARM_PX = 28;

/**
 * @param {{ layers: Layer[], guides: import("./snapping.js").Guide[], rubber: Box | null, zoom: number, mayWrite: boolean }} shown `layers`: those chosen
 */
export function overlay({ layers, guides, rubber, zoom, mayWrite }) {
  const hasHandles = mayWrite && layers.length === 1;
  return html`<svg width="100%" height="100%">${layers.map((layer) => selection(layer, zoom, hasHandles))}${guides.map((guide) => guideLine(guide, zoom))}${rubber && box(rubber, zoom, "rubber")}</svg>`;
}

/** @param {Layer} layer */
export const told = (layer) => `${nameOf(layer)}: x ${layer.x}, y ${layer.y}, ${layer.width} by ${layer.height}, turned by ${layer.rotation ?? 0}°`;

/** @param {Layer} layer @param {number} zoom @param {boolean} hasHandles */
function selection(layer, zoom, hasHandles) {
  const [x, y, width, height] = [layer.x, layer.y, layer.width, layer.height].map((value) => value * zoom);
  const turn = `rotate(${layer.rotation ?? 0} ${x + width / 2} ${y + height / 2})`;
  const key = `selection-${layer.id}`;
  if (!hasHandles) return html`<g data-key="${key}" transform="${turn}">${box(layer, zoom, "outline")}</g>`;
  const knobs = Object.entries(HANDLES).filter(([name]) => hasRoom(name, width, height));
  return html`<g data-key="${key}" transform="${turn}">
    ${box(layer, zoom, "outline")}
    <line class="arm" x1="${x + width / 2}" y1="${y}" x2="${x + width / 2}" y2="${y - TURN_ARM_PX}"/>
    <circle class="grip" data-handle="turn" cx="${x + width / 2}" cy="${y - TURN_ARM_PX}" r="14"/>
    <circle class="knob" cx="${x + width / 2}" cy="${y - TURN_ARM_PX}" r="6"/>
    ${knobs.map(([name, [horizontal, vertical]]) => {
      const [left, top] = [x + (width * (1 + horizontal)) / 2, y + (height * (1 + vertical)) / 2];
      return html`<rect class="grip" data-handle="${name}" x="${left - 12}" y="${top - 12}" width="24" height="24"/><rect class="knob" x="${left - 5}" y="${top - 5}" width="10" height="10" rx="2"/>`;
    })}</g>`;
}

/** Handles of a thin box must not lie on each other, nor on all of what one takes hold of to move it. @param {string} name @param {number} width @param {number} height */
function hasRoom(name, width, height) {
  if (name.length === 2) return height > 24 || width <= 24;
  return height > 40 ? width > 40 || /[ew]/.test(name) : height <= 24 && width > 24 && /[ew]/.test(name);
}

/** @param {Box} shape @param {number} zoom @param {string} name */
function box({ x, y, width, height }, zoom, name) {
  return html`<rect${attrs({ class: name, x: x * zoom, y: y * zoom, width: width * zoom, height: height * zoom })}/>`;
}

/** @param {import("./snapping.js").Guide} guide @param {number} zoom */
function guideLine({ axis, at, from, to }, zoom) {
  const [a, b, c] = [at * zoom, from * zoom, to * zoom];
  return axis === "x" ? html`<line class="guide" x1="${a}" y1="${b}" x2="${a}" y2="${c}"/>` : html`<line class="guide" x1="${b}" y1="${a}" x2="${c}" y2="${a}"/>`;
}
