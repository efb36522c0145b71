import { button } from "../../shared/components/button.js";
import { html } from "../../shared/js/html.js";
import { areaControl, choiceControl, colourControl, numberControl, radioControl, switchControl, textControl } from "./controls.js";
import { unknownFields, valueAt } from "./document.js";
import { fillControls, gradientControls } from "./fill-controls.js";

/** @typedef {import("../../shared/js/html.js").Html} Html */
/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/**
 * What a panel is drawn from. `errorOf` gives what the server, or the control itself, says of a path.
 * @typedef {{ document: TemplateDocument, fonts: FontFamily[], errorOf: (path: string) => string | null, disabled: boolean, assetUrl: (key: string) => string }} Scene
 * @typedef {{ family: string, weights: [number, number], key?: string, id?: string }} FontFamily `key` and `id`: of one of the workspace's own
 */

const choices = (/** @type {string[]} */ ...values) => values.map((value) => ({ value, label: value[0].toUpperCase() + value.slice(1) }));
const NEW_STROKE = { color: "#000000", width: 4 };
const NEW_SHADOW = { dx: 0, dy: 8, blur: 24, color: "#00000080" };
const NEW_PILL = { color: "#000000B3", radius: 24, padding: [24, 12], fit: "text" };
const NEW_CONTRAST = { least: 4.5, fix: "scrim", width: 6 };

/** What a layer is shown through when that is chosen; of a picture, when one is picked. @type {Record<string, any>} */
export const NEW_MASKS = {
  rect: { kind: "rect", radius: 24 },
  ellipse: { kind: "ellipse" },
  gradient: { kind: "gradient", gradient: { kind: "linear", angle: 180, stops: [{ at: 0, color: "#000000" }, { at: 1, color: "#00000000" }] } },
};

/** What a switch turns on, by the last part of its path. @type {Record<string, any>} */
export const NEW_PARTS = { stroke: NEW_STROKE, shadow: NEW_SHADOW, background: NEW_PILL, contrast: NEW_CONTRAST, fill: "#6C5CFF", light: "#FFFFFF", mask: { kind: "ellipse" } };

/** @param {Layer} layer @param {Scene} scene @returns {Html} */
export function layerPanel(layer, scene) {
  const at = createAt(layer, scene);
  return html`${KINDS[layer.type]?.(layer, at, scene)}
    ${section("Position", html`${alignButtons(1, scene)}<div class="control-grid">
        ${numberControl({ ...at("x", "X"), unit: "px" })}${numberControl({ ...at("y", "Y"), unit: "px" })}
        ${numberControl({ ...at("width", "Width"), unit: "px", min: 1 })}${numberControl({ ...at("height", "Height"), unit: "px", min: 1 })}
        ${numberControl({ ...at("rotation", "Turned", 0), unit: "°" })}${numberControl({ ...at("opacity", "Opacity", 1), min: 0, max: 1, step: 0.05 })}
      </div>`)}
    ${section("Layer", html`${textControl({ ...at("id", "Name"), maxlength: 64 })}${maskControls(layer, at, scene)}${conditionControls(layer, at, scene)}`)}`;
}

/** Several layers at once: what all of them can do. @param {Layer[]} layers @param {Scene} scene @returns {Html} */
export function manyPanel(layers, scene) {
  return section(`${layers.length} layers`, html`${alignButtons(layers.length, scene)}<p class="field-help">Drag or use the arrow keys to move them together. Delete removes them, Escape lets go of them.</p>`);
}

const SIDES = { left: ["Left", "align-start-vertical"], centre: ["Centre", "align-center-vertical"], right: ["Right", "align-end-vertical"], top: ["Top", "align-start-horizontal"], middle: ["Middle", "align-center-horizontal"], bottom: ["Bottom", "align-end-horizontal"] };

/** @param {number} count @param {Scene} scene */
function alignButtons(count, { disabled }) {
  const small = /** @type {const} */ ({ size: "small", iconOnly: true, variant: "ghost" });
  return html`<div class="row align-row" role="group" aria-label="${count > 1 ? "Line up" : "Line up with the format"}">
    ${Object.entries(SIDES).map(([side, [label, icon]]) => button({ label, icon, ...small, disabled, attributes: { "data-align": side } }))}
    ${count > 2 && button({ label: "Equal gaps across", icon: "align-horizontal-space-between", ...small, disabled, attributes: { "data-spread": "x" } })}
    ${count > 2 && button({ label: "Equal gaps down", icon: "align-vertical-space-between", ...small, disabled, attributes: { "data-spread": "y" } })}
  </div>`;
}

/** @typedef {(path: string, label: string, standard?: any) => import("./controls.js").Basics} At */

/** @param {Layer} layer @param {Scene} scene @returns {At} */
function createAt(layer, { errorOf, disabled }) {
  return (path, label, standard) => ({ path, label, value: valueAt(layer, path) ?? standard, error: errorOf(path), disabled });
}

/** @param {string} title @param {Html} inside */
export function section(title, inside) {
  return html`<section class="panel-part" data-key="part-${title}"><h3>${title}</h3>${inside}</section>`;
}

/** @type {Record<string, (layer: Layer, at: At, scene: Scene) => Html>} */
const KINDS = {
  text: (layer, at, scene) => html`
    ${section("Text", html`${layer.spans ? spanControls(layer, at) : areaControl(at("text", "Text"))}${fieldButtons(layer, scene)}`)}
    ${section("Type", html`${fontControls(layer, at, scene)}
      <div class="control-grid">${numberControl({ ...at("max_size", "Largest", 96), unit: "px", min: 1 })}${numberControl({ ...at("min_size", "Smallest", 12), unit: "px", min: 1 })}
      ${numberControl({ ...at("lines", "Lines", 1), min: 1, max: 20 })}${numberControl({ ...at("line_height", "Line height", 1.15), min: 0.5, max: 4, step: 0.05 })}
      ${numberControl({ ...at("letter_spacing", "Spacing", 0), unit: "em", min: -0.5, max: 4, step: 0.01 })}${choiceControl({ ...at("case", "Case", "none"), options: [{ value: "none", label: "As typed" }, { value: "upper", label: "UPPER" }] })}</div>
      ${radioControl({ ...at("align", "Across", "center"), options: choices("left", "center", "right") })}
      ${radioControl({ ...at("valign", "Down", "middle"), options: choices("top", "middle", "bottom") })}
      ${choiceControl({ ...at("overflow", "When it does not fit", "shrink"), options: [{ value: "shrink", label: "Shrink below the smallest" }, { value: "ellipsis", label: "End with …" }] })}
      ${textControl({ ...at("size_group", "Same size as all of group", ""), help: "Texts of one group get one size." })}`)}
    ${section("Colour", html`${fillControls("fill", "Colour", layer.fill ?? "#FFFFFF", at)}${readableControls(layer, at)}`)}
    ${section("Effects", html`${strokeControls(layer, at)}${shadowControls(layer, at)}${pillControls(layer, at)}`)}`,
  image: (layer, at, scene) =>
    section("Picture", html`${layer.asset ? html`<img class="picked-picture" src="${scene.assetUrl(layer.asset)}" alt="The chosen picture">` : textControl(at("field", "From the field"))}
      ${button({ label: layer.asset ? "Choose another picture" : "Choose a picture", icon: "images", size: "small", variant: "outline", disabled: scene.disabled, attributes: { "data-pick": "layer" } })}
      ${errorLine(at("asset", "").error)}
      ${radioControl({ ...at("fit", "Fit", "cover"), options: choices("cover", "contain") })}${numberControl({ ...at("radius", "Corners", 0), unit: "px", min: 0 })}`),
  logo: (_layer, at) => section("Logo", radioControl({ ...at("shape", "Shape", "free"), options: choices("free", "circle") })),
  qr: (layer, at) =>
    section("QR code", html`${areaControl(at("data", "Holds", "{link}"))}${colourControl(at("dark", "Dark", "#000000"))}
      ${switchControl({ ...at("light", "Ground"), value: layer.light !== null })}${layer.light !== null && colourControl(at("light", "Light", "#FFFFFF"))}
      <div class="control-grid">${numberControl({ ...at("quiet", "Quiet zone", 4), min: 0, max: 16 })}${choiceControl({ ...at("level", "Correction", "m"), options: choices("l", "m", "q", "h") })}${numberControl({ ...at("radius", "Corners", 0), unit: "px", min: 0 })}</div>`),
  rect: (layer, at) => section("Shape", html`${shapeFill(layer, at)}${numberControl({ ...at("radius", "Corners", 0), unit: "px", min: 0 })}${strokeControls(layer, at)}${shadowControls(layer, at)}`),
  ellipse: (layer, at) => section("Shape", html`${shapeFill(layer, at)}${strokeControls(layer, at)}${shadowControls(layer, at)}`),
};

/** @param {string | null | undefined} error */
const errorLine = (error) => error && html`<p class="field-error" role="alert">${error}</p>`;

/** @param {Layer} layer @param {At} at */
function spanControls({ spans }, at) {
  return html`${spans.map((/** @type {any} */ span, /** @type {number} */ number) => html`<div class="control-row" data-key="span-${number}">
      ${textControl({ ...at(`spans.${number}.text`, `Run ${number + 1}`), maxlength: 500 })}
      ${typeof (span.fill ?? "") === "string" && colourControl(at(`spans.${number}.fill`, "Colour", ""))}</div>`)}
    <p class="field-help">This text has runs of their own style.</p>`;
}

/** @param {Layer} layer @param {Scene} scene */
function fieldButtons(layer, { document, disabled }) {
  if (layer.spans) return null;
  const missing = unknownFields(document, layer.text ?? "");
  const known = ["code", "link", ...Object.keys(document.fields ?? {}).filter((name) => document.fields?.[name].kind !== "image")];
  return html`<div class="chips" role="group" aria-label="Put in a field">${known.map((name) => html`<button type="button" class="chip" data-key="${name}" data-insert="${name}" ${disabled ? "disabled" : ""}>{${name}}</button>`)}
    ${missing.map((name) => html`<button type="button" class="chip" data-key="new-${name}" data-new-field="${name}">Make a field “${name}”</button>`)}</div>`;
}

/** @param {Layer} layer @param {At} at @param {Scene} scene */
function fontControls(layer, at, { fonts, disabled }) {
  const family = layer.font?.family ?? "Inter";
  const [least, most] = fonts.find((font) => font.family === family)?.weights ?? [400, 400];
  const weights = least === most ? [least] : [100, 200, 300, 400, 500, 600, 700, 800, 900].filter((weight) => weight >= least && weight <= most);
  const weight = layer.font?.weight ?? 400;
  const shown = weights.includes(weight) ? weights : [...weights, weight];
  const families = fonts.some((font) => font.family === family) ? fonts : [...fonts, { family, weights: [400, 400] }];
  return html`<div class="control-grid">${choiceControl({ ...at("font.family", "Font", "Inter"), options: families.map((font) => ({ value: font.family, label: font.family })) })}
    ${choiceControl({ ...at("font.weight", "Weight", 400), options: shown.map((each) => ({ value: String(each), label: String(each) })) })}</div>
    ${button({ label: "Add a font", icon: "upload", size: "small", variant: "ghost", disabled, attributes: { "data-add-font": true } })}`;
}

/** @param {Layer} layer @param {At} at */
function readableControls({ contrast, stroke }, at) {
  return html`${switchControl({ ...at("contrast", "Keep readable"), value: contrast, help: "Adds a plate or an outline where the ground asks for it." })}
    ${contrast && html`<div class="control-grid" data-key="readable">${numberControl({ ...at("contrast.least", "Least contrast", 4.5), min: 1, max: 21, step: 0.1 })}
      ${choiceControl({ ...at("contrast.fix", "By", "scrim"), options: [{ value: "scrim", label: "A plate" }, ...(stroke ? [] : [{ value: "stroke", label: "An outline" }])] })}</div>`}`;
}

/** @param {Layer} layer @param {At} at */
function strokeControls({ stroke }, at) {
  return html`${switchControl({ ...at("stroke", "Outline"), value: stroke })}
    ${stroke && html`<div class="control-grid" data-key="stroke">${colourControl(at("stroke.color", "Outline colour"))}${numberControl({ ...at("stroke.width", "Width"), unit: "px", min: 0, max: 512 })}</div>`}`;
}

/** @param {Layer} layer @param {At} at */
function shadowControls({ shadow }, at) {
  return html`${switchControl({ ...at("shadow", "Shadow"), value: shadow })}
    ${shadow && html`<div class="control-grid" data-key="shadow">${colourControl(at("shadow.color", "Shadow colour", "#00000080"))}${numberControl({ ...at("shadow.blur", "Blur", 0), unit: "px", min: 0, max: 512 })}
      ${numberControl({ ...at("shadow.dx", "Right by", 0), unit: "px" })}${numberControl({ ...at("shadow.dy", "Down by", 0), unit: "px" })}</div>`}`;
}

/** @param {Layer} layer @param {At} at */
function pillControls({ background }, at) {
  if (!background) return switchControl({ ...at("background", "Plate behind the text"), value: false });
  return html`${switchControl({ ...at("background", "Plate behind the text"), value: true })}
    <div data-key="pill">${fillControls("background.color", "Plate colour", background.color, at)}
      <div class="control-grid">${numberControl({ ...at("background.radius", "Corners", 0), unit: "px", min: 0 })}${choiceControl({ ...at("background.fit", "Covers", "box"), options: [{ value: "box", label: "The box" }, { value: "text", label: "The text" }] })}
      ${numberControl({ ...at("background.padding.0", "Beside the text", 0), unit: "px", min: 0 })}${numberControl({ ...at("background.padding.1", "Above and below", 0), unit: "px", min: 0 })}</div></div>`;
}

/** @param {Layer} layer @param {At} at */
function shapeFill({ fill }, at) {
  return html`${switchControl({ ...at("fill", "Filled"), value: fill })}${fill && fillControls("fill", "Colour", fill, at)}`;
}

const MASKS = Object.entries({ "": "The whole layer", rect: "A rectangle", ellipse: "An ellipse", gradient: "What a gradient lets through", asset: "What a picture lets through" }).map(([value, label]) => ({ value, label }));

/** @param {Layer} layer @param {At} at @param {Scene} scene */
function maskControls({ mask }, at, { assetUrl, disabled }) {
  const ways = [{ value: "linear", label: "Along a line" }, { value: "radial", label: "From a point" }];
  return html`${choiceControl({ ...at("mask.kind", "Shows", ""), options: MASKS })}
    ${mask?.kind === "rect" && numberControl({ ...at("mask.radius", "Its corners", 0), unit: "px", min: 0 })}
    ${mask?.kind === "gradient" && html`<div class="stack" data-key="mask-gradient">${choiceControl({ ...at("mask.gradient.kind", "Fades", "linear"), options: ways })}${gradientControls("mask.gradient", mask.gradient, at)}<p class="field-help">Only how opaque the colours are counts: #00000000 hides, #000000 shows.</p></div>`}
    ${mask?.kind === "asset" && html`<div class="stack" data-key="mask-picture"><img class="picked-picture" src="${assetUrl(mask.asset)}" alt="The mask">${button({ label: "Choose another mask", icon: "images", size: "small", variant: "outline", disabled, attributes: { "data-pick": "mask" } })}${errorLine(at("mask.asset", "").error)}</div>`}`;
}

/** @param {Layer} layer @param {At} at @param {Scene} scene */
function conditionControls({ visible_if: condition }, at, { document }) {
  const names = ["code", "link", ...Object.keys(document.fields ?? {})];
  const how = !condition ? "" : condition.equals !== undefined && condition.equals !== null ? "equals" : condition.present ? "filled" : "empty";
  return html`${choiceControl({ ...at("visible_if.field", "Shown", ""), options: [{ value: "", label: "Always" }, ...names.map((name) => ({ value: name, label: `By ${name}` }))] })}
    ${condition && choiceControl({ ...at("visible_if.how", "If the field is"), value: how, options: [{ value: "filled", label: "Filled in" }, { value: "empty", label: "Empty" }, { value: "equals", label: "Equal to …" }] })}
    ${how === "equals" && textControl(at("visible_if.equals", "This value"))}`;
}
