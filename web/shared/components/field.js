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
 * Validates on blur and on submit: shows each field's problem in words beside it and focuses the first on submit.
 * @param {HTMLFormElement} form
 * @param {{ problemOf: (input: HTMLInputElement) => string | null, onValid: () => void }} rules
 */
export function watchForm(form, { problemOf, onValid }) {
  form.noValidate = true;
  listen(form, "focusout", "input", (event, input) => {
    // A line that appears between press and release would move the button away from under the pointer.
    const next = /** @type {FocusEvent} */ (event).relatedTarget;
    if (next instanceof HTMLButtonElement && form.contains(next)) return;
    showProblem(/** @type {HTMLInputElement} */ (input), problemOf);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = [...form.querySelectorAll("input")].filter((input) => !showProblem(input, problemOf));
    if (wrong.length) wrong[0].focus();
    else onValid();
  });
}

/** @param {HTMLInputElement} input @param {(input: HTMLInputElement) => string | null} problemOf */
function showProblem(input, problemOf) {
  const problem = problemOf(input);
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
