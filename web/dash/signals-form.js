/** A strategy's parameters as a form. An input's name is the path by which the server names it in a refusal. */

import { field, selectField } from "../shared/components/field.js";
import { switchField } from "../shared/components/switch.js";
import { titleCase } from "../shared/js/format.js";
import { find, html } from "../shared/js/html.js";
import { Conditions } from "./signals-conditions.js";
import { read, shown } from "./signals-words.js";

/** @typedef {import("./signals-words.js").Parameter} Parameter */

const ROOT = "params";

/** @param {Parameter[]} parameters @param {Record<string, any>} kept @param {string} [path] @returns {import("../shared/js/html.js").Html} */
export function parameterFields(parameters, kept, path = ROOT) {
  return html`${parameters.map((parameter) => parameterField(parameter, kept[parameter.name], `${path}.${parameter.name}`))}`;
}

/** What was typed, by the parameters' names. @param {HTMLFormElement} form @param {Parameter[]} parameters @param {string} [path] @returns {Record<string, any>} */
export function paramsOf(form, parameters, path = ROOT) {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, valueOf(form, parameter, `${path}.${parameter.name}`)]));
}

/** @param {Parameter} parameter @param {any} kept @param {string} path */
function parameterField(parameter, kept, path) {
  const { title, help, kind, least, most, choices, default: usual } = parameter;
  const value = kept === undefined ? usual : kept;
  if (kind === "group") return html`<fieldset class="stack"><legend class="field-label">${title}</legend>${parameterFields(parameter.parts, value ?? {}, path)}</fieldset>`;
  if (kind === "conditions") return html`<ps-conditions data-key="${path}" data-path="${path}" data-parameter="${JSON.stringify(parameter)}" data-value="${JSON.stringify(value)}"></ps-conditions>`;
  if (kind === "switch") return switchField({ name: path, label: title, help, checked: Boolean(value) });
  if (kind === "choice") return selectField({ id: path, label: title, help, value, options: choices.map((each) => ({ value: each, label: titleCase(each) })) });
  const bounds = least !== null && most !== null ? ` ${least} to ${most}.` : "";
  const how = kind === "numbers" ? " Separated by a slash." : kind === "pairs" ? " Like 7–10, 12–16." : "";
  return field({ id: path, label: title, help: `${help}${bounds}${how}`.trim(), value: shown(value, kind), attributes: { inputmode: kind === "whole" || kind === "number" ? "decimal" : null, autocomplete: "off" } });
}

/** @param {HTMLFormElement} form @param {Parameter} parameter @param {string} path @returns {any} */
function valueOf(form, parameter, path) {
  if (parameter.kind === "group") return paramsOf(form, parameter.parts, path);
  if (parameter.kind === "conditions") return find(form, `ps-conditions[data-path="${path}"]`, Conditions).value;
  const control = form.elements.namedItem(path);
  if (control instanceof HTMLInputElement && control.type === "checkbox") return control.checked;
  if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) return read(control.value, parameter);
  return parameter.default;
}
