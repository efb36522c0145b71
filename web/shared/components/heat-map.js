import { html } from "../js/html.js";
import { formatNumber } from "../js/format.js";

const LEVELS = 5;

/**
 * Numbers by row and column as a real table; darker means more, and every number can be read.
 * @param {{ label: string, rows: string[], columns: string[], values: number[][], unit: [one: string, many: string] }} options
 */
export function heatMap({ label, rows, columns, values, unit }) {
  const most = Math.max(1, ...values.flat());
  const level = (/** @type {number} */ value) => (value ? Math.ceil((value / most) * LEVELS) : 0);
  return html`
    <div class="heat-scroll" tabindex="0" role="region" aria-label="${label}">
      <table class="heat">
        <thead><tr><th scope="col"><span class="visually-hidden">Day</span></th>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>
          ${rows.map(
            (row, at) => html`<tr><th scope="row">${row}</th>${values[at].map(
              (value) => html`<td data-level="${level(value)}">${value ? formatNumber(value) : ""}</td>`,
            )}</tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="heat-key small muted">
      <span>0 ${unit[1]}</span>${[0, 1, 2, 3, 4, 5].map((each) => html`<span class="heat-swatch" data-level="${each}" aria-hidden="true"></span>`)}<span>${formatNumber(most)} ${most === 1 ? unit[0] : unit[1]}</span>
    </p>`;
}
