import { attrs, html, listen } from "../js/html.js";
import { icon } from "./icon.js";

/**
 * @typedef {object} FieldOptions
 * @property {string} id
 * @property {string} label stands above
 * @property {string} [name] defaults to the id
 * @property {string} [help] stands below
 * @property {string | null} [error] in words; stands below, beside the field it is about
 * @property {string} [value]
 * @property {string} [type]
 * @property {boolean} [optional]
 * @property {Record<string, string | number | boolean | null | undefined>} [attributes] of the input: maxlength, pattern, dir …
 */

/** A labelled input. @param {FieldOptions} options */
export function field({ id, label, name = id, help, error = null, value = "", type = "text", optional = false, attributes = {} }) {
  const describedBy = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return html`
    <div class="field" data-key="field-${id}">
      <label class="field-label" for="${id}">${label}${optional && html` <span class="optional">(optional)</span>`}</label>
      <input class="input"${attrs({
        id,
        name,
        type,
        value,
        "aria-invalid": error ? "true" : null,
        "aria-describedby": describedBy || null,
        ...attributes,
      })}>
      ${error && html`<p class="field-error" id="${id}-error">${icon("circle-alert")}<span>${error}</span></p>`}
      ${help && html`<p class="field-help" id="${id}-help">${help}</p>`}
    </div>`;
}

/**
 * A labelled choice of a few.
 * @param {{ id: string, label: string, value: string, options: { value: string, label: string }[], help?: string, disabled?: boolean }} options
 */
export function selectField({ id, label, value, options, help, disabled = false }) {
  return html`
    <div class="field" data-key="field-${id}">
      <label class="field-label" for="${id}">${label}</label>
      <select class="input"${attrs({ id, name: id, disabled, "aria-describedby": help ? `${id}-help` : null })}>
        ${options.map((option) => html`<option${attrs({ value: option.value, selected: option.value === value })}>${option.label}</option>`)}
      </select>
      ${help && html`<p class="field-help" id="${id}-help">${help}</p>`}
    </div>`;
}

/** A labelled text of several lines. @param {{ id: string, label: string, help?: string, rows?: number, maxlength?: number }} options */
export function textField({ id, label, help, rows = 3, maxlength }) {
  return html`
    <div class="field" data-key="field-${id}">
      <label class="field-label" for="${id}">${label}</label>
      <textarea class="input"${attrs({ id, name: id, rows, maxlength, "aria-describedby": help ? `${id}-help` : null })}></textarea>
      ${help && html`<p class="field-help" id="${id}-help">${help}</p>`}
    </div>`;
}

/** @typedef {HTMLInputElement | HTMLTextAreaElement} TextControl */

/**
 * Validates on blur and on submit: shows each field's problem in words beside it and focuses the first on submit.
 * @param {HTMLFormElement} form
 * @param {{ problemOf: (input: TextControl) => string | null, onValid: () => void }} rules
 */
export function watchForm(form, { problemOf, onValid }) {
  form.noValidate = true;
  listen(form, "focusout", "input, textarea", (event, input) => {
    // A line that appears between press and release would move the button away from under the pointer.
    const next = /** @type {FocusEvent} */ (event).relatedTarget;
    if (next instanceof HTMLButtonElement && form.contains(next)) return;
    showProblem(/** @type {TextControl} */ (input), problemOf);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const controls = /** @type {TextControl[]} */ ([...form.querySelectorAll("input, textarea")]);
    const wrong = controls.filter((control) => !showProblem(control, problemOf));
    if (wrong.length) wrong[0].focus();
    else onValid();
  });
}

/** @param {TextControl} input @param {(input: TextControl) => string | null} problemOf */
function showProblem(input, problemOf) {
  return showFieldError(input, problemOf(input));
}

/**
 * Puts a problem beside its field, or takes it away; tells whether there is none.
 * @param {TextControl} input @param {string | null} problem
 */
export function showFieldError(input, problem) {
  const box = input.closest(".field");
  if (!box) return true;
  box.querySelector(".field-error")?.remove();
  input.toggleAttribute("aria-invalid", false);
  if (!problem) return true;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${input.id}-error ${input.id}-help`);
  const line = document.createElement("template");
  line.innerHTML = html`<p class="field-error" id="${input.id}-error">${icon("circle-alert")}<span>${problem}</span></p>`.toString();
  input.after(line.content);
  return false;
}
