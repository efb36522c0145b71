import { button } from "../../shared/components/button.js";
import { html } from "../../shared/js/html.js";
import { choiceControl, colourControl, numberControl } from "./controls.js";

/** @typedef {import("./properties.js").At} At */

/**
 * A colour or a gradient.
 * @param {string} path @param {string} label @param {any} fill @param {At} at
 */
export function fillControls(path, label, fill, at) {
  const kind = typeof fill === "string" ? "plain" : (fill.kind ?? "linear");
  const options = [{ value: "plain", label: "One colour" }, { value: "linear", label: "Gradient" }, { value: "radial", label: "Gradient from a point" }];
  return html`${choiceControl({ ...at(`${path}.kind`, "Fill"), value: kind, options })}${kind === "plain" ? colourControl(at(path, label)) : gradientControls(path, fill, at)}`;
}

/** @param {string} path @param {any} gradient @param {At} at */
export function gradientControls(path, gradient, at) {
  const canDrop = gradient.stops.length > 2;
  return html`<div class="gradient" data-key="gradient-${path}">
    ${
      gradient.kind === "radial"
        ? html`<div class="control-grid">${numberControl({ ...at(`${path}.center.0`, "Centre across", 0.5), min: 0, max: 1, step: 0.05 })}${numberControl({ ...at(`${path}.center.1`, "Centre down", 0.5), min: 0, max: 1, step: 0.05 })}${numberControl({ ...at(`${path}.radius`, "Radius", 1), min: 0.01, max: 4, step: 0.05 })}</div>`
        : numberControl({ ...at(`${path}.angle`, "Angle", 180), unit: "°" })
    }
    ${gradient.stops.map(
      (/** @type {any} */ _stop, /** @type {number} */ number) => html`<div class="control-row" data-key="stop-${number}">${colourControl(at(`${path}.stops.${number}.color`, `Colour ${number + 1}`))}
        ${numberControl({ ...at(`${path}.stops.${number}.at`, "At"), min: 0, max: 1, step: 0.05 })}
        ${canDrop && button({ label: `Remove colour ${number + 1}`, icon: "x", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-drop-stop": `${path}.stops.${number}` } })}</div>`,
    )}
    ${gradient.stops.length < 16 && button({ label: "Add a colour", icon: "plus", size: "small", variant: "ghost", attributes: { "data-add-stop": `${path}.stops` } })}
  </div>`;
}

/** What a fill becomes when another kind is chosen; colours are kept. @param {any} fill @param {string} kind */
export function refilled(fill, kind) {
  const colours = typeof fill === "string" ? [fill, "#22D3EE"] : fill.stops.map((/** @type {any} */ stop) => stop.color);
  if (kind === "plain") return colours[0];
  const stops = typeof fill === "string" ? colours.map((/** @type {string} */ color, /** @type {number} */ at) => ({ at, color })) : fill.stops;
  return kind === "radial" ? { kind, stops } : { kind, angle: 180, stops };
}

/** One stop more, halfway to the last. @param {{ at: number, color: string }[]} stops */
export function withStop(stops) {
  const [before, last] = stops.slice(-2);
  return [...stops.slice(0, -1), { at: Math.round((before.at + last.at) * 50) / 100, color: last.color }, last];
}
