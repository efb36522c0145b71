import { attrs, html } from "../../shared/js/html.js";
import { button } from "../../shared/components/button.js";
import { icon } from "../../shared/components/icon.js";
import { segmented } from "../../shared/components/segmented.js";

/** @typedef {import("../../shared/js/html.js").Html} Html */
/** @typedef {"number" | "text" | "area" | "colour" | "choice" | "radio" | "switch"} Kind how the text of a control becomes a value */
/** @typedef {{ path: string, label: string, value: any, error?: string | null, help?: string, disabled?: boolean }} Basics */

const HEX = /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** @param {string} path */
export const idOf = (path) => `ed-${path.replaceAll(".", "-")}`;

/** @param {Basics} basics @param {Html} control */
function labelled({ path, label, error, help }, control) {
  const id = idOf(path);
  return html`<div class="field" data-key="f-${path}"><label class="field-label" for="${id}">${label}</label>${control}
    ${error && html`<p class="field-error" data-key="error" id="${id}-error">${icon("circle-alert")}<span>${error}</span></p>`}
    ${help && html`<p class="field-help" data-key="help">${help}</p>`}</div>`;
}

/** @param {Basics} basics @param {Kind} kind */
function shared({ path, error, disabled }, kind) {
  const id = idOf(path);
  return attrs({ id, "data-path": path, "data-kind": kind, disabled, "aria-invalid": error ? "true" : null, "aria-describedby": error ? `${id}-error` : null });
}

/** @param {Basics & { min?: number, max?: number, step?: number, unit?: string }} options */
export function numberControl({ min, max, step = 1, unit, ...basics }) {
  const label = unit ? `${basics.label} (${unit})` : basics.label;
  return labelled({ ...basics, label }, html`<input class="input" type="number" inputmode="decimal"${shared(basics, "number")}${attrs({ value: basics.value, min, max, step: step === 1 ? "any" : step })}>`);
}

/** @param {Basics & { maxlength?: number }} options */
export function textControl({ maxlength, ...basics }) {
  return labelled(basics, html`<input class="input" dir="auto"${shared(basics, "text")}${attrs({ value: basics.value, maxlength })}>`);
}

/** A text of several lines; its value is put in by `fillAreas`, because markup holds none. @param {Basics} basics */
export function areaControl(basics) {
  return labelled(basics, html`<textarea class="input" dir="auto" rows="3" maxlength="500" data-value="${basics.value ?? ""}"${shared(basics, "area")}></textarea>`);
}

/** @param {ParentNode} root @param {{ isForced: boolean }} options forced: also the one that is being typed in */
export function fillAreas(root, { isForced }) {
  for (const area of root.querySelectorAll("textarea[data-value]")) {
    if (!(area instanceof HTMLTextAreaElement)) continue;
    const value = area.dataset.value ?? "";
    if (area.value !== value && (isForced || area !== document.activeElement)) area.value = value;
  }
}

/** @param {Basics & { options: { value: string, label: string }[] }} options */
export function choiceControl({ options, ...basics }) {
  return labelled(
    basics,
    html`<select class="input"${shared(basics, "choice")}>${options.map((option) => html`<option${attrs({ value: option.value, selected: option.value === String(basics.value) })}>${option.label}</option>`)}</select>`,
  );
}

/** @param {Basics & { options: { value: string, label: string }[] }} options */
export function radioControl({ path, label, value, options, disabled }) {
  return html`<div class="field" data-key="f-${path}" data-path="${path}" data-kind="radio"><span class="field-label">${label}</span>
    ${segmented({ name: idOf(path), label, value, wide: true, options: options.map((option) => ({ ...option, disabled })) })}</div>`;
}

/** @param {Basics} basics */
export function switchControl({ path, label, value, help, disabled }) {
  return html`<label class="switch" data-key="f-${path}"><span class="switch-text"><span class="field-label">${label}</span>${help && html`<span class="field-help">${help}</span>`}</span>
    <input type="checkbox" role="switch"${attrs({ id: `${idOf(path)}-on`, "data-path": path, "data-kind": "switch", checked: Boolean(value), disabled })}></label>`;
}

/** A colour by the browser's picker, by its text (with opacity as #RRGGBBAA), and from the screen where the browser can. @param {Basics} basics */
export function colourControl(basics) {
  const { path, label, value, disabled } = basics;
  return labelled(
    basics,
    html`<span class="colour-row">
      <input type="color" aria-label="${label}, picker" data-path="${path}" data-kind="colour" data-picks${attrs({ value: sixDigits(value), disabled })}>
      <input class="input" spellcheck="false" maxlength="9"${shared(basics, "colour")}${attrs({ value })}>
      ${"EyeDropper" in window && button({ label: `${label} from the screen`, icon: "pipette", iconOnly: true, variant: "ghost", size: "small", disabled, attributes: { "data-drop": path } })}
    </span>`,
  );
}

/** @param {unknown} colour @returns {string} what a colour input takes */
export function sixDigits(colour) {
  const text = String(colour ?? "");
  if (!HEX.test(text)) return "#000000";
  if (text.length === 4) return `#${[...text.slice(1)].map((digit) => digit + digit).join("")}`.toLowerCase();
  return text.slice(0, 7).toLowerCase();
}

/**
 * What a control says, as a value of the document.
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} control @param {any} before the value until now
 * @returns {{ value: any } | { problem: string }}
 */
export function readControl(control, before) {
  const kind = control.dataset.kind ?? "radio";
  const text = control.value;
  if (kind === "switch") return { value: /** @type {HTMLInputElement} */ (control).checked };
  if (kind === "number") {
    const number = Number(text);
    return text.trim() && Number.isFinite(number) ? { value: number } : { problem: "Type a number." };
  }
  if (kind !== "colour") return { value: text };
  if ("picks" in control.dataset) return { value: text.toUpperCase() + opacityOf(before) };
  return HEX.test(text.trim()) ? { value: text.trim() } : { problem: "Type a colour like #6C5CFF, with two digits more for opacity." };
}

/** The two digits that a picker cannot choose. @param {unknown} colour */
function opacityOf(colour) {
  return typeof colour === "string" && colour.length === 9 ? colour.slice(7).toUpperCase() : "";
}
