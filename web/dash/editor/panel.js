import { listen, render } from "../../shared/js/html.js";
import { fillAreas, readControl, sixDigits } from "./controls.js";
import { put, valueAt, withFonts } from "./document.js";
import { refilled, withStop } from "./fill-controls.js";
import { formatPanel, regrounded } from "./format-panel.js";
import { layerPanel, manyPanel, NEW_MASKS, NEW_PARTS } from "./properties.js";

/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/**
 * @typedef {object} PanelOwner
 * @property {() => { document: TemplateDocument, format: string, layers: Layer[], fonts: import("./properties.js").FontFamily[], mayWrite: boolean, assetUrl: (key: string) => string }} shown
 * @property {(path: string) => string | null} faultAt what the server says of a path of the document, with dots
 * @property {(document: TemplateDocument, key: string) => void} change
 * @property {(id: string) => void} renamed the selected layer has another id from now on
 * @property {(what: import("./commands.js").Picked) => void} pick
 * @property {() => Promise<string | null>} addFont gives its family, which is known from then on
 */

/** What is selected, as controls. Typing changes the document at once, and leaves the controls alone. */
export class Panel {
  #root;
  #owner;
  /** What a control itself says of its text, by path. @type {Map<string, string>} */
  #problems = new Map();
  #shownFor = "";
  #isRendering = false;

  /** @param {HTMLElement} root @param {PanelOwner} owner */
  constructor(root, owner) {
    this.#root = root;
    this.#owner = owner;
    listen(root, "input", "[data-kind]", (event, control) => this.#onInput(event, control));
    listen(root, "change", "[data-kind]", (event, control) => this.#onChange(event, control));
    listen(root, "click", "[data-pick]", (_event, { dataset }) => owner.pick(/** @type {import("./commands.js").Picked} */ (dataset.pick)));
    listen(root, "click", "[data-insert]", (_event, { dataset }) => this.#insert(`{${dataset.insert}}`));
    listen(root, "click", "[data-new-field]", (_event, { dataset }) => this.#addField(dataset.newField ?? ""));
    listen(root, "click", "[data-add-field]", () => this.#addField(""));
    listen(root, "click", "[data-drop-field]", (_event, { dataset }) => this.#write(`fields.${dataset.dropField}`, undefined, true));
    listen(root, "click", "[data-drop-stop]", (_event, { dataset }) => this.#write(dataset.dropStop ?? "", undefined));
    listen(root, "click", "[data-add-stop]", (_event, { dataset }) => this.#write(dataset.addStop ?? "", withStop(this.#valueAt(dataset.addStop ?? ""))));
    listen(root, "click", "[data-add-font]", () => void this.#addFont());
    listen(root, "click", "[data-drop]", (_event, { dataset }) => void this.#pickFromScreen(dataset.drop ?? ""));
  }

  /** @param {{ isForced?: boolean }} [options] forced: also what is being typed in shows the document again */
  show({ isForced = false } = {}) {
    const { document, format, layers, fonts, mayWrite, assetUrl } = this.#owner.shown();
    const layer = this.#layer();
    const shownFor = `${format}/${layers.map(({ id }) => id).join()}`;
    if (shownFor !== this.#shownFor || isForced) this.#problems.clear();
    this.#shownFor = shownFor;
    const base = this.#base();
    const errorOf = (/** @type {string} */ path) => this.#problems.get(path) ?? this.#owner.faultAt(base + path);
    const scene = { document, fonts, errorOf, disabled: !mayWrite, assetUrl };
    this.#isRendering = true;
    render(this.#root, layers.length > 1 ? manyPanel(layers, scene) : layer ? layerPanel(layer, scene) : formatPanel(format, scene));
    this.#isRendering = false;
    fillAreas(this.#root, { isForced });
    for (const control of this.#root.querySelectorAll("input[data-path]:not([type=checkbox])")) {
      const input = /** @type {HTMLInputElement} */ (control);
      const isBusy = input === input.ownerDocument.activeElement && !isForced;
      if (!isBusy && !this.#problems.has(input.dataset.path ?? "")) input.value = input.getAttribute("value") ?? "";
    }
  }

  /** Puts the caret into the selected layer’s text. */
  focusText() {
    const area = this.#root.querySelector("textarea, [data-path='spans.0.text'], input.input");
    if (!(area instanceof HTMLTextAreaElement) && !(area instanceof HTMLInputElement)) return;
    area.focus();
    area.select();
  }

  /** The layer that the panel is about. */
  #layer() {
    const { layers } = this.#owner.shown();
    return layers.length === 1 ? layers[0] : null;
  }

  /** The path of what the panel is about, with a dot at its end; empty for the document. */
  #base() {
    const { document, format } = this.#owner.shown();
    const layer = this.#layer();
    return layer ? `formats.${format}.layers.${document.formats[format].layers.indexOf(layer)}.` : "";
  }

  /** @param {string} path */
  #valueAt(path) {
    return valueAt(this.#owner.shown().document, this.#base() + path);
  }

  /** @param {Event} event @param {HTMLElement} element */
  #onInput(event, element) {
    const control = /** @type {HTMLInputElement} */ (event.target);
    if (!/^(number|text|area|colour)$/.test(element.dataset.kind ?? "")) return;
    const path = element.dataset.path ?? "";
    const read = readControl(control, this.#valueAt(path));
    if ("problem" in read) return void this.#problems.set(path, read.problem);
    this.#problems.delete(path);
    if (element.dataset.kind === "colour") this.#matchColours(element, path, read.value);
    this.#write(path, valueOf(path, read.value), false);
  }

  /** @param {Event} event @param {HTMLElement} element */
  #onChange(event, element) {
    // A control that goes with its focus says so while the panel is being changed.
    if (this.#isRendering) return;
    const control = /** @type {HTMLInputElement} */ (event.target);
    const { path = "", kind } = element.dataset;
    if (kind === "choice" || kind === "radio") return this.#choose(path, control.value);
    if (kind === "switch") return this.#switch(path, control.checked);
    this.show();
  }

  /** The picker and the text of one colour show the same. @param {HTMLElement} changed @param {string} path @param {string} value */
  #matchColours(changed, path, value) {
    for (const other of this.#root.querySelectorAll(`[data-kind=colour][data-path="${CSS.escape(path)}"]`)) {
      if (other !== changed && other instanceof HTMLInputElement) other.value = "picks" in other.dataset ? sixDigits(value) : value;
    }
  }

  /** @param {string} path @param {boolean} isOn */
  #switch(path, isOn) {
    const part = path.split(".").at(-1) ?? "";
    if (part === "public") return this.#write(path, isOn);
    this.#write(path, isOn ? NEW_PARTS[part] : part === "light" ? null : undefined);
  }

  /** @param {string} path @param {string} value */
  #choose(path, value) {
    const owner = path.replace(/\.[^.]+$/, "");
    if (path === "visible_if.field") return this.#write("visible_if", value ? { field: value, present: true } : undefined);
    if (path === "visible_if.how") {
      const { field } = this.#valueAt("visible_if");
      return this.#write("visible_if", value === "equals" ? { field, equals: "" } : { field, present: value === "filled" });
    }
    if (path === "mask.kind" && value === "asset") return this.#owner.pick("mask"), this.show();
    if (path === "mask.kind") return this.#write("mask", NEW_MASKS[value]);
    if (path.endsWith(".background.kind")) {
      if (value === "asset") return this.#owner.pick("background"), this.show();
      return this.#write(owner, regrounded(this.#valueAt(owner), value));
    }
    if (path.endsWith(".kind")) return this.#write(owner, refilled(this.#valueAt(owner) ?? "#FFFFFF", value));
    this.#write(path, path === "font.weight" ? Number(value) : value);
  }

  /** @param {string} path @param {any} value @param {boolean} [isStructural] the controls change with it */
  #write(path, value, isStructural = true) {
    const { document } = this.#owner.shown();
    const layer = this.#layer();
    const base = this.#base();
    let next = /** @type {TemplateDocument} */ (put(document, base + whole(path), wholeValue(path, value, this.#valueAt(whole(path)))));
    if (layer && path === "font.family") next = this.#inFamily(next, base, value);
    this.#owner.change(next, isStructural ? "" : `type:${base}${path}`);
    if (path === "id" && layer) this.#owner.renamed(value);
    if (isStructural) this.show();
  }

  /** A family brings its file along, and has its own weights. @param {TemplateDocument} document @param {string} base @param {string} family */
  #inFamily(document, base, family) {
    const { fonts } = this.#owner.shown();
    const [least, most] = fonts.find((font) => font.family === family)?.weights ?? [400, 400];
    const weight = valueAt(document, `${base}font.weight`) ?? 400;
    return withFonts(put(document, `${base}font.weight`, Math.min(Math.max(weight, least), most)), fonts);
  }

  /** @param {string} text */
  #insert(text) {
    const area = this.#root.querySelector("textarea[data-path=text]");
    if (!(area instanceof HTMLTextAreaElement)) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    this.#write("text", area.value);
  }

  /** @param {string} wanted */
  #addField(wanted) {
    const { document } = this.#owner.shown();
    let name = wanted || "field";
    for (let number = 2; name in (document.fields ?? {}); number++) name = `field_${number}`;
    const next = put(document, `fields.${name}`, { sample: wanted ? `Your ${wanted.replaceAll("_", " ")}` : "Sample", public: true, max: 80 });
    this.#owner.change(next, "");
    this.show();
  }

  async #addFont() {
    const family = await this.#owner.addFont();
    if (family && this.#layer()) this.#write("font.family", family);
  }

  /** @param {string} path */
  async #pickFromScreen(path) {
    // A browser that has no eyedropper shows no button for it.
    const dropper = new /** @type {any} */ (window).EyeDropper();
    const picked = await dropper.open().catch(() => null);
    if (picked) this.#write(path, picked.sRGBHex.toUpperCase());
  }
}

/** Numbers that are whole, and texts whose absence is said by leaving them out. @param {string} path @param {any} value */
function valueOf(path, value) {
  if (typeof value === "number" && /(^lines|\.width|\.height|\.max)$/.test(path) && !/^(stroke|shadow)\./.test(path)) return Math.round(value);
  if (value === "" && /(^size_group|\.pattern|\.fill)$/.test(path)) return undefined;
  return value;
}

const PAIRS = /\.(padding|center)\.([01])$/;
const STANDARDS = /** @type {Record<string, number[]>} */ ({ padding: [0, 0], center: [0.5, 0.5] });

/** A pair is written as a whole: a part of it alone is none. @param {string} path */
const whole = (path) => path.replace(PAIRS, ".$1");

/** @param {string} path @param {any} value @param {any} before */
function wholeValue(path, value, before) {
  const [, name, at] = PAIRS.exec(path) ?? [];
  if (!name) return value;
  const pair = Array.isArray(before) ? before : typeof before === "number" ? [before, before] : STANDARDS[name];
  return pair.with(Number(at), value);
}
