import { button } from "../../shared/components/button.js";
import { html } from "../../shared/js/html.js";
import { choiceControl, colourControl, numberControl, switchControl, textControl } from "./controls.js";
import { valueAt } from "./document.js";
import { gradientControls } from "./fill-controls.js";
import { section } from "./properties.js";

/** @typedef {import("./properties.js").Scene} Scene */

/** What is shown while no layer is selected: the format, its background, and the template’s name and fields. Paths are the document’s. @param {string} format @param {Scene} scene */
export function formatPanel(format, scene) {
  const { document, errorOf, disabled } = scene;
  /** @type {import("./properties.js").At} */
  const at = (path, label, standard) => ({ path, label, value: valueAt(document, path) ?? standard, error: errorOf(path), disabled });
  const own = `formats.${format}`;
  return html`
    ${section("Template", textControl({ ...at("name", "Name"), maxlength: 80 }))}
    ${section(`Format ${format}`, html`<div class="control-grid">${numberControl({ ...at(`${own}.width`, "Width"), unit: "px", min: 16, max: 4096 })}${numberControl({ ...at(`${own}.height`, "Height"), unit: "px", min: 16, max: 4096 })}</div>
      ${Object.keys(document.formats).length > 1 && button({ label: "Remove this format", icon: "trash", size: "small", variant: "ghost", disabled, attributes: { "data-act": "drop-format" } })}`)}
    ${section("Background", backgroundControls(`${own}.background`, document.formats[format].background, at, scene))}
    ${section("Fields", fieldControls(at, scene))}`;
}

/** @param {string} path @param {Record<string, any>} background @param {import("./properties.js").At} at @param {Scene} scene */
function backgroundControls(path, background, at, { assetUrl, disabled }) {
  const kind = background.asset ? "asset" : background.gradient ? background.gradient.kind ?? "linear" : "plain";
  const options = [{ value: "asset", label: "A picture" }, { value: "plain", label: "One colour" }, { value: "linear", label: "Gradient" }, { value: "radial", label: "Gradient from a point" }];
  return html`${choiceControl({ ...at(`${path}.kind`, "Background is"), value: kind, options })}
    ${background.asset && html`<img class="picked-picture" src="${assetUrl(background.asset)}" alt="The background">${button({ label: "Choose another picture", icon: "images", size: "small", variant: "outline", disabled, attributes: { "data-pick": "background" } })}`}
    ${background.color && colourControl(at(`${path}.color`, "Background colour"))}
    ${background.gradient && gradientControls(`${path}.gradient`, background.gradient, at)}
    ${at(`${path}.asset`, "").error && html`<p class="field-error" role="alert">${at(`${path}.asset`, "").error}</p>`}`;
}

/** @param {import("./properties.js").At} at @param {Scene} scene */
function fieldControls(at, { document, disabled, errorOf }) {
  const fields = Object.entries(document.fields ?? {});
  return html`<p class="field-help">Texts that a picture is made with. Public ones are asked for on the coupon page.</p>
    ${fields.map(
      ([name, rule]) => html`<details class="field-rule" data-key="rule-${name}"><summary>{${name}}</summary>
        ${textControl({ ...at(`fields.${name}.sample`, "Sample", ""), maxlength: 500 })}
        ${errorOf(`fields.${name}`) && html`<p class="field-error" role="alert">${errorOf(`fields.${name}`)}</p>`}
        ${numberControl({ ...at(`fields.${name}.max`, "Most characters", 80), min: 1, max: 500 })}
        ${textControl({ ...at(`fields.${name}.pattern`, "Must match (regular expression)", ""), maxlength: 200 })}
        ${rule.kind !== "image" && switchControl({ ...at(`fields.${name}.public`, "Public", false) })}
        ${button({ label: `Remove ${name}`, icon: "trash", size: "small", variant: "ghost", disabled, attributes: { "data-drop-field": name } })}</details>`,
    )}
    ${button({ label: "Add a field", icon: "plus", size: "small", variant: "outline", disabled: disabled || fields.length >= 32, attributes: { "data-add-field": true } })}`;
}

/** What a background becomes when another kind is chosen; a picture is chosen before. @param {Record<string, any>} background @param {string} kind */
export function regrounded(background, kind) {
  const stops = background.gradient?.stops ?? [{ at: 0, color: background.color ?? "#0B1739" }, { at: 1, color: "#6C5CFF" }];
  if (kind === "plain") return { color: stops[0].color };
  return { gradient: kind === "radial" ? { kind, stops } : { kind, angle: 180, stops } };
}
