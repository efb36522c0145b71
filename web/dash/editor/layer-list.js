import { button } from "../../shared/components/button.js";
import { icon } from "../../shared/components/icon.js";
import { attrs, html } from "../../shared/js/html.js";
import { iconOf, nameOf, TOOLS } from "./document.js";

/** @typedef {import("./document.js").Layer} Layer */

/**
 * The layers, the uppermost first, as one lies on the other; the background last.
 * @param {{ layers: Layer[], selected: string[], mayWrite: boolean, warnings: import("./words.js").Warning[], faulty: Set<string> }} shown
 */
export function layerList({ layers, selected, mayWrite, warnings, faulty }) {
  const small = /** @type {const} */ ({ size: "small", iconOnly: true, variant: "ghost" });
  return html`<ul class="layer-list" aria-label="Layers">
    ${layers.toReversed().map((layer) => {
      const own = warnings.filter((warning) => warning.layer === layer.id);
      const isSelected = selected.includes(layer.id);
      const name = nameOf(layer);
      return html`<li data-key="layer-${layer.id}"${attrs({ "data-selected": isSelected })}>
        <button type="button" class="layer-name" data-layer="${layer.id}"${attrs({ "aria-pressed": String(isSelected) })}>${icon(iconOf(layer))}<span>${name}</span>
          ${faulty.has(layer.id) && html`<span class="mark-danger" role="img" aria-label="has a problem">${icon("circle-alert")}</span>`}
          ${own.length > 0 && html`<span class="mark-warning" role="img" aria-label="has a warning">${icon("triangle-alert")}</span>`}</button>
        ${isSelected && selected.length === 1 && mayWrite && html`<span class="row layer-acts" data-key="acts">
            ${button({ label: `Raise ${layer.id}`, icon: "arrow-up", ...small, attributes: { "data-act": "raise" } })}
            ${button({ label: `Lower ${layer.id}`, icon: "arrow-down", ...small, attributes: { "data-act": "lower" } })}
            ${button({ label: `Duplicate ${layer.id}`, icon: "copy", ...small, attributes: { "data-act": "duplicate" } })}
            ${button({ label: `Remove ${layer.id}`, icon: "trash", ...small, attributes: { "data-act": "remove" } })}</span>`}
        ${own.map((warning, at) => html`<p class="layer-warning" data-key="warning-${at}">${warning.text}</p>`)}
      </li>`;
    })}
    <li data-key="background"${attrs({ "data-selected": !selected.length })}><button type="button" class="layer-name" data-layer=""${attrs({ "aria-pressed": String(!selected.length) })}>${icon("image")}<span>Background and fields</span></button></li>
  </ul>`;
}

/** @param {string | null} tool @param {boolean} choosesMany */
export function toolBar(tool, choosesMany) {
  return html`<div class="tool-bar" role="group" aria-label="Add a layer">
    ${Object.entries(TOOLS).map(
      ([name, { label, icon: drawing }]) => html`<button type="button" class="btn" data-variant="ghost" data-size="small" data-icon-only data-key="${name}" data-tool="${name}" aria-label="Add: ${label}" data-tooltip="${label}: draw its box, or press Enter"${attrs({ "aria-pressed": String(tool === name) })}>${icon(drawing)}</button>`,
    )}
    <button type="button" class="btn" data-variant="ghost" data-size="small" data-icon-only data-key="picture" data-act="picture" aria-label="Add: Picture" data-tooltip="Picture">${icon("image")}</button>
    <button type="button" class="btn" data-variant="ghost" data-size="small" data-icon-only data-key="many" data-act="many" aria-label="Choose several layers" data-tooltip="Choose several: tap each, or drag around them"${attrs({ "aria-pressed": String(choosesMany) })}>${icon("square-dashed-mouse-pointer")}</button>
  </div>`;
}
