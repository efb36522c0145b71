import { attrs, html } from "../js/html.js";
import { icon } from "./icon.js";

/**
 * @typedef {object} ButtonOptions
 * @property {string} label
 * @property {"primary" | "secondary" | "outline" | "ghost" | "danger"} [variant]
 * @property {"small" | "medium"} [size]
 * @property {string} [icon] before the label
 * @property {boolean} [iconOnly] the label is read out and shown as a tooltip
 * @property {boolean} [busy] keeps its width and says so to screen readers
 * @property {boolean} [disabled]
 * @property {"button" | "submit"} [type]
 * @property {string} [href] makes it a link
 * @property {Record<string, string | number | boolean | null | undefined>} [attributes] like `{"data-action": "save"}`
 */

/** @param {ButtonOptions} options */
export function button({ label, variant = "secondary", size = "medium", icon: name, iconOnly = false, busy = false, ...rest }) {
  const { disabled = false, type = "button", href, attributes = {} } = rest;
  const shared = attrs({
    class: "btn",
    "data-variant": variant === "secondary" ? null : variant,
    "data-size": size === "medium" ? null : size,
    "data-icon-only": iconOnly,
    "aria-label": iconOnly ? label : null,
    "data-tooltip": iconOnly ? label : null,
    "aria-busy": busy ? "true" : null,
    ...attributes,
  });
  const shown = busy ? "loader-circle" : name;
  const inside = html`${shown && icon(shown, { spin: busy })}${!iconOnly && html`<span>${label}</span>`}`;
  if (href !== undefined) return html`<a${shared}${attrs({ href })}>${inside}</a>`;
  return html`<button${shared}${attrs({ type, disabled: disabled || busy })}>${inside}</button>`;
}
