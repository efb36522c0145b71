/** A list of conditions that can be added, changed and taken away; each kind brings its own fields. */

import { button } from "../shared/components/button.js";
import { field, selectField } from "../shared/components/field.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { read, shown } from "./signals-words.js";

/** @typedef {import("./signals-words.js").Parameter} Parameter */
/** @typedef {import("./signals-words.js").Option} Option */
/** @typedef {{ id: number, kind: string, typed: Record<string, string> }} Row `typed`: what stands in its fields */

/** The parameter stands in `data-parameter`, the conditions in `data-value`, both as JSON; names of fields begin with `data-path`. */
export class Conditions extends HTMLElement {
  /** @type {Parameter | null} */
  #parameter = null;
  /** @type {Row[]} */
  #rows = [];
  #made = 0;

  connectedCallback() {
    if (this.#parameter) return;
    this.#parameter = /** @type {Parameter} */ (JSON.parse(this.dataset.parameter ?? "{}"));
    this.#rows = JSON.parse(this.dataset.value ?? "[]").map((/** @type {Record<string, any>} */ each) => this.#row(each.kind, each));
    listen(this, "change", "select", (_event, control) => this.#turn(Number(control.closest("li")?.dataset.at), /** @type {HTMLSelectElement} */ (control).value));
    listen(this, "click", "[data-action=add]", () => this.#add());
    listen(this, "click", "[data-remove]", (_event, control) => this.#remove(Number(control.dataset.remove)));
    this.#show();
  }

  /** The conditions as the server takes them. */
  get value() {
    this.#note();
    return this.#rows.map(({ kind, typed }) => ({ kind, ...Object.fromEntries(this.#option(kind).parameters.map((parameter) => [parameter.name, read(typed[parameter.name], parameter)])) }));
  }

  get #options() {
    return this.#parameter?.options ?? [];
  }

  /** @param {string} kind @returns {Option} */
  #option(kind) {
    return this.#options.find((option) => option.kind === kind) ?? this.#options[0];
  }

  /** @param {string} wanted @param {Record<string, any>} values @returns {Row} */
  #row(wanted, values) {
    const { kind, parameters } = this.#option(wanted);
    const typed = Object.fromEntries(parameters.map((parameter) => [parameter.name, shown(values[parameter.name] ?? parameter.default, parameter.kind)]));
    return { id: ++this.#made, kind, typed };
  }

  /** Keeps what was typed. */
  #note() {
    for (const [at, row] of this.#rows.entries()) {
      for (const name of Object.keys(row.typed)) row.typed[name] = find(this, `[name="${this.#name(at, name)}"]`, HTMLInputElement).value;
    }
  }

  /** @param {number} at @param {string} name */
  #name(at, name) {
    return `${this.dataset.path}.${at}.${name}`;
  }

  #add() {
    this.#note();
    const free = this.#options.find(({ kind }) => !this.#rows.some((row) => row.kind === kind)) ?? this.#options[0];
    this.#rows = [...this.#rows, this.#row(free.kind, {})];
    this.#show();
    find(this, "li:last-child select", HTMLSelectElement).focus();
  }

  /** @param {number} at @param {string} kind */
  #turn(at, kind) {
    this.#note();
    this.#rows = this.#rows.map((row, place) => (place === at ? { ...this.#row(kind, {}), id: row.id } : row));
    this.#show();
  }

  /** @param {number} at */
  #remove(at) {
    this.#note();
    this.#rows = this.#rows.filter((_row, place) => place !== at);
    this.#show();
    find(this, "[data-action=add]", HTMLButtonElement).focus();
  }

  #show() {
    if (!this.#parameter) return;
    const { title, help, least, count } = this.#parameter;
    render(
      this,
      html`
        <fieldset class="stack">
          <legend class="field-label">${title}</legend>
          ${help && html`<p class="field-help">${help}</p>`}
          <ol class="stack plain" role="list">${this.#rows.map((row, at) => this.#line(row, at, this.#rows.length <= (least ?? 0), title))}</ol>
          <div class="row">${button({ label: "Add a condition", icon: "plus", variant: "outline", size: "small", disabled: this.#rows.length >= count, attributes: { "data-action": "add", "aria-label": `Add a condition: ${title}` } })}</div>
        </fieldset>`,
    );
  }

  /** @param {Row} row @param {number} at @param {boolean} isNeeded @param {string} title */
  #line(row, at, isNeeded, title) {
    const { help, parameters } = this.#option(row.kind);
    const choices = this.#options.map((option) => ({ value: option.kind, label: option.title }));
    return html`
      <li class="condition stack" data-key="row-${row.id}" data-at="${at}">
        <div class="condition-head">
          ${selectField({ id: this.#name(at, "kind"), label: `Condition ${at + 1}`, value: row.kind, options: choices, help })}
          ${button({ label: `Take away condition ${at + 1}: ${title}`, icon: "x", iconOnly: true, variant: "ghost", disabled: isNeeded, attributes: { "data-remove": at } })}
        </div>
        ${parameters.length > 0 && html`<div class="pair">${parameters.map((parameter) => this.#field(parameter, at, row.typed[parameter.name]))}</div>`}
      </li>`;
  }

  /** @param {Parameter} parameter @param {number} at @param {string} value */
  #field({ name, title, help, least, most }, at, value) {
    const bounds = least !== null && most !== null ? `${least} to ${most}.` : "";
    return field({ id: this.#name(at, name), label: title, help: `${help} ${bounds}`.trim(), value, attributes: { inputmode: "decimal", autocomplete: "off" } });
  }
}

customElements.define("ps-conditions", Conditions);
