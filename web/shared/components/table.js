import { attrs, html, listen, render } from "../js/html.js";
import { countOf, formatMoment, formatNumber } from "../js/format.js";
import { saveFile } from "../js/save-file.js";
import { button } from "./button.js";
import { icon } from "./icon.js";
import { Menu } from "./menu.js";
import { emptyView } from "./states.js";
import { sortRows, toCsv } from "./table-data.js";

/**
 * @template R
 * @typedef {object} TableModel
 * @property {string} label what the rows are, for screen readers and the file's name
 * @property {[one: string, many: string]} noun "code", "codes"
 * @property {(row: R) => string} idOf
 * @property {(row: R) => string} [nameOf] what a row is called where it is picked, its id when absent
 * @property {import("./table-data.js").Column<R>[]} columns
 * @property {readonly R[]} rows
 * @property {{ key: string, label: string, test: (row: R) => boolean }[]} [filters] chips; a row must pass all that are on
 * @property {{ id: string, label: string, icon?: string, danger?: boolean }[]} [bulk] actions on the selection
 * @property {(() => void) | null} [onCsv] gives the file instead of the rows shown here; null where there is none to give
 */

/**
 * A table with sorting, filter chips, column choice, keyboard rows, selection and CSV.
 * Arrow keys move between rows, Space selects, Enter opens. Fires `row-open` (`detail.id`) and
 * `bulk-action` (`detail.action`, `detail.ids`), and `table-change` with the view so that an address can keep it.
 */
export class Table extends HTMLElement {
  /** @type {TableModel<any> | null} */
  #model = null;
  /** @type {import("./table-data.js").Sort | null} */
  #sort = null;
  /** @type {Set<string>} */
  #filters = new Set();
  /** @type {Set<string>} */
  #hidden = new Set();
  /** @type {Set<string>} */
  #selected = new Set();
  #current = 0;

  /** @param {TableModel<any>} model */
  set model(model) {
    this.#model = model;
    // What has left the list is not acted on unseen.
    const known = new Set(model.rows.map(model.idOf));
    this.#selected = new Set([...this.#selected].filter((id) => known.has(id)));
    this.#render();
  }

  connectedCallback() {
    listen(this, "click", ".sort", (_event, control) => this.#sortBy(String(control.dataset.key)));
    listen(this, "click", "[data-filter]", (_event, chip) => this.#toggleFilter(String(chip.dataset.filter)));
    listen(this, "click", "[data-bulk]", (_event, control) => this.#act(String(control.dataset.bulk)));
    listen(this, "click", "[data-action=csv]", () => this.#export());
    listen(this, "click", "[data-action=clear]", () => this.#select([]));
    listen(this, "change", "[data-pick]", (_event, box) => this.#pick(String(box.dataset.pick)));
    listen(this, "change", "[data-pick-all]", (_event, box) =>
      this.#select(/** @type {HTMLInputElement} */ (box).checked ? this.#shown().map((row) => this.#id(row)) : []),
    );
    listen(this, "dblclick", "tbody tr", (_event, row) => this.#tell("row-open", { id: row.dataset.key }));
    listen(this, "keydown", "tbody tr", (event, row) => this.#onKey(/** @type {KeyboardEvent} */ (event), row));
    this.addEventListener("menu-select", (event) => {
      if (event instanceof CustomEvent) this.#toggleColumn(event.detail.id);
    });
    this.#render();
  }

  /** @param {any} row */
  #id(row) {
    return this.#model ? this.#model.idOf(row) : "";
  }

  #shown() {
    if (!this.#model) return [];
    const { rows, filters = [], columns } = this.#model;
    const tests = filters.filter(({ key }) => this.#filters.has(key));
    const kept = rows.filter((row) => tests.every(({ test }) => test(row)));
    const column = columns.find(({ key }) => key === this.#sort?.key);
    return sortRows(kept, column, this.#sort?.direction ?? "ascending");
  }

  #render() {
    if (!this.isConnected || !this.#model) return;
    const rows = this.#shown();
    render(this, html`${this.#tools(rows.length)}${this.#selected.size > 0 && this.#bulkBar()}${rows.length ? this.#grid(rows) : this.#none()}`);
    const menu = this.querySelector("ps-menu");
    if (menu instanceof Menu) {
      menu.trigger = { icon: "columns-3", size: "small", variant: "outline" };
      menu.items = this.#model.columns
        .filter(({ fixed }) => !fixed)
        .map(({ key, label }) => ({ id: key, label, checked: !this.#hidden.has(key) }));
    }
    const all = this.querySelector("[data-pick-all]");
    if (all instanceof HTMLInputElement) all.indeterminate = this.#selected.size > 0 && this.#selected.size < rows.length;
  }

  /** @param {number} count */
  #tools(count) {
    const { filters = [], noun, rows, onCsv } = /** @type {TableModel<any>} */ (this.#model);
    return html`
      <div class="table-tools">
        ${filters.map(
          ({ key, label }) => html`<button type="button" class="chip" data-filter="${key}" aria-pressed="${String(this.#filters.has(key))}">${label}</button>`,
        )}
        <span class="table-count numbers" role="status">
          ${count === rows.length ? countOf(count, ...noun) : `${formatNumber(count)} of ${countOf(rows.length, ...noun)}`}
        </span>
        <span class="row push">
          <ps-menu label="Columns"></ps-menu>
          ${onCsv !== null && button({ label: "CSV", icon: "download", size: "small", variant: "outline", attributes: { "data-action": "csv" } })}
        </span>
      </div>`;
  }

  #bulkBar() {
    const { bulk = [], noun } = /** @type {TableModel<any>} */ (this.#model);
    return html`
      <div class="bulk-bar" role="region" aria-label="Selection">
        <strong class="numbers">${countOf(this.#selected.size, ...noun)} selected</strong>
        <span class="row push">
          ${bulk.map(({ id, label, icon: name, danger }) =>
            button({ label, icon: name, size: "small", variant: danger ? "danger" : "secondary", attributes: { "data-bulk": id } }),
          )}
          ${button({ label: "Clear", size: "small", variant: "ghost", attributes: { "data-action": "clear" } })}
        </span>
      </div>`;
  }

  /** @param {any[]} rows */
  #grid(rows) {
    const { label, columns, bulk } = /** @type {TableModel<any>} */ (this.#model);
    const shown = columns.filter(({ key }) => !this.#hidden.has(key));
    const isAll = rows.every((row) => this.#selected.has(this.#id(row)));
    return html`
      <div class="table-scroll" tabindex="-1">
        <table class="table" aria-label="${label}">
          <thead><tr>
            ${bulk && html`<th class="pick"><input type="checkbox" data-pick-all aria-label="Select all"${attrs({ checked: isAll })}></th>`}
            ${shown.map((column) => this.#headCell(column))}
          </tr></thead>
          <tbody>${rows.map((row, index) => this.#row(row, index, shown))}</tbody>
        </table>
      </div>`;
  }

  /** @param {import("./table-data.js").Column<any>} column */
  #headCell({ key, label, align, control = false }) {
    if (control) return html`<th scope="col" data-control${attrs({ "data-align": align })}>${label}</th>`;
    const direction = this.#sort?.key === key ? this.#sort.direction : "none";
    const arrow = { ascending: "arrow-up", descending: "arrow-down", none: "arrow-up-down" }[direction];
    return html`<th scope="col" aria-sort="${direction}"${attrs({ "data-align": align })}>
      <button type="button" class="sort" data-key="${key}">${label}${icon(arrow)}</button></th>`;
  }

  /** @param {any} row @param {number} index @param {import("./table-data.js").Column<any>[]} columns */
  #row(row, index, columns) {
    const id = this.#id(row);
    const isSelected = this.#selected.has(id);
    return html`
      <tr data-key="${id}" tabindex="${index === this.#current ? 0 : -1}"${attrs({ "aria-selected": isSelected ? "true" : null })}>
        ${
          this.#model?.bulk &&
          html`<td class="pick"><input type="checkbox" tabindex="-1" data-pick="${id}" aria-label="Select ${this.#model.nameOf?.(row) ?? id}"${attrs({ checked: isSelected })}></td>`
        }
        ${columns.map(({ label, value, show, align, control = false }) => {
          const shown = show ? show(row) : cellText(value(row));
          return html`<td data-label="${label}"${attrs({ "data-align": align, "data-control": control })}>${shown}</td>`;
        })}
      </tr>`;
  }

  #none() {
    return emptyView({ icon: "list-filter", title: `No ${this.#model?.noun[1]} match`, text: "Take a filter off to see more." });
  }

  /** @param {string} key */
  #sortBy(key) {
    const isAscending = this.#sort?.key === key && this.#sort.direction === "ascending";
    this.#sort = { key, direction: isAscending ? "descending" : "ascending" };
    this.#changed();
  }

  /** @param {string} key */
  #toggleFilter(key) {
    if (!this.#filters.delete(key)) this.#filters.add(key);
    this.#current = 0;
    this.#changed();
  }

  /** @param {string} key */
  #toggleColumn(key) {
    if (!this.#hidden.delete(key)) this.#hidden.add(key);
    this.#changed();
  }

  #changed() {
    this.#render();
    this.#tell("table-change", { sort: this.#sort, filters: [...this.#filters], hidden: [...this.#hidden] });
  }

  /** @param {string} id */
  #pick(id) {
    if (!this.#selected.delete(id)) this.#selected.add(id);
    this.#render();
  }

  /** @param {string[]} ids */
  #select(ids) {
    this.#selected = new Set(ids);
    this.#render();
  }

  /** @param {string} action */
  #act(action) {
    this.#tell("bulk-action", { action, ids: [...this.#selected] });
  }

  #export() {
    if (!this.#model) return;
    if (this.#model.onCsv) return this.#model.onCsv();
    const shown = this.#model.columns.filter(({ key }) => !this.#hidden.has(key));
    // The mark lets spreadsheets read it as UTF-8.
    const text = `\ufeff${toCsv(this.#shown(), shown)}`;
    saveFile(new Blob([text], { type: "text/csv;charset=utf-8" }), `${this.#model.label.toLowerCase().replace(/\W+/g, "-")}.csv`);
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} row */
  #onKey(event, row) {
    if (event.target !== row) return;
    const rows = [...this.querySelectorAll("tbody tr")].filter((node) => node instanceof HTMLElement);
    const at = rows.indexOf(row);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (next !== undefined) {
      this.#current = Math.max(0, Math.min(rows.length - 1, next));
      this.#render();
      rows[this.#current].focus();
    } else if (event.key === " " && this.#model?.bulk) this.#pick(String(row.dataset.key));
    else if (event.key === "Enter") this.#tell("row-open", { id: row.dataset.key });
    else return;
    event.preventDefault();
  }

  /** @param {string} type @param {object} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}

/** @param {string | number | Date | null} value */
function cellText(value) {
  if (value === null) return "–";
  if (typeof value === "number") return formatNumber(value);
  return value instanceof Date ? formatMoment(value) : value;
}

customElements.define("ps-table", Table);
