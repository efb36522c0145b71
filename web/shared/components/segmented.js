import { attrs, html } from "../js/html.js";
import { icon } from "./icon.js";

/**
 * One choice of a few, as native radio buttons: arrow keys and forms work by themselves.
 * @param {{ name: string, label: string, value: string, wide?: boolean,
 *           options: { value: string, label: string, icon?: string, shape?: string, disabled?: boolean }[] }} options
 *   `shape` draws the outline of a format: square, story, feed, wide
 */
export function segmented({ name, label, value, wide = false, options }) {
  return html`
    <fieldset class="segmented"${attrs({ "data-wide": wide, "aria-label": label })}>
      ${options.map(
        (option) => html`
          <label data-key="${option.value}">
            <input type="radio"${attrs({ name, value: option.value, checked: option.value === value, disabled: option.disabled })}>
            ${option.shape && html`<span class="ratio" data-shape="${option.shape}" aria-hidden="true"></span>`}
            ${option.icon && icon(option.icon)}
            <span>${option.label}</span>
          </label>`,
      )}
    </fieldset>`;
}

/** @param {{ width: number, height: number }} format @returns {string} the outline that is nearest */
export function shapeOf({ width, height }) {
  const ratio = width / height;
  if (ratio > 1.15) return "wide";
  if (ratio > 0.9) return "square";
  return ratio > 0.7 ? "feed" : "story";
}
