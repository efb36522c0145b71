/** What a table does with its rows, apart from showing them. */

/**
 * @template R
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {(row: R) => string | number | Date | null} value what is sorted by and exported
 * @property {(row: R) => import("../js/html.js").Html | string} [show] how it is shown, the value when absent
 * @property {"start" | "end"} [align] numbers stand at the end
 * @property {boolean} [fixed] cannot be hidden
 * @property {boolean} [control] holds buttons: stays in view, is not sorted by and not in the file
 */

/** @typedef {{ key: string, direction: "ascending" | "descending" }} Sort */

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/**
 * Sorted copy; rows without a value stay last in both directions, equal rows keep their order.
 * @template R
 * @param {readonly R[]} rows
 * @param {Column<R> | undefined} column
 * @param {Sort["direction"]} direction
 */
export function sortRows(rows, column, direction) {
  if (!column) return [...rows];
  const sign = direction === "ascending" ? 1 : -1;
  return [...rows].sort((left, right) => {
    const [a, b] = [column.value(left), column.value(right)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === "string" && typeof b === "string") return sign * collator.compare(a, b);
    return sign * (Number(a) - Number(b));
  });
}

/**
 * RFC 4180 text. Texts that a spreadsheet would run as a formula get a leading apostrophe.
 * @template R
 * @param {readonly R[]} rows
 * @param {readonly Column<R>[]} columns
 */
export function toCsv(rows, columns) {
  const told = columns.filter(({ control }) => !control);
  const line = (/** @type {(string | number | Date | null)[]} */ cells) => cells.map(csvCell).join(",");
  return [line(told.map((column) => column.label)), ...rows.map((row) => line(told.map((column) => column.value(row))))]
    .map((text) => `${text}\r\n`)
    .join("");
}

/** @param {string | number | Date | null} value */
function csvCell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = value instanceof Date ? value.toISOString() : /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
