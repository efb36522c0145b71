/** Numbers, sizes, dates and durations in the reader's language, by Intl. */

const language = globalThis.navigator?.language ?? "en";

const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
const dates = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" });
const moments = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** @param {number} value */
export const formatNumber = (value) => numbers.format(value);

/** @param {number} share 0.25 → 25 % */
export const formatPercent = (share) => percents.format(share);

/** @param {Date} date */
export const formatDate = (date) => dates.format(date);

/** @param {Date} date */
export const formatMoment = (date) => moments.format(date);

/** @param {number} bytes in steps of 1 000 */
export function formatBytes(bytes) {
  const [unit, size] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  const digits = size < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit: String(unit), maximumFractionDigits: digits }).format(Number(size));
}

const STEPS = /** @type {const} */ ([
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
]);

/** @param {number} seconds 75 → "1 min 15 sec" in the reader's language; the two largest units */
export function formatDuration(seconds) {
  let rest = Math.max(0, Math.round(seconds));
  const parts = [];
  for (const [unit, size] of STEPS) {
    const count = Math.floor(rest / size);
    if (count > 0 && parts.length < 2) parts.push(unitOf(count, unit));
    rest -= count * size;
  }
  return parts.length ? parts.join(" ") : unitOf(0, "second");
}

/** @param {number} count @param {"day" | "hour" | "minute" | "second"} unit */
function unitOf(count, unit) {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count);
}

/** @param {Date} date @param {Date} [now] "in 3 hours", "yesterday" */
export function formatRelative(date, now = new Date()) {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? STEPS[3];
  return relative.format(Math.round(seconds / size), unit);
}

/** @param {number} count @param {string} one @param {string} many */
export function countOf(count, one, many) {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** @param {string} name `late_night` → `Late night` */
export function titleCase(name) {
  const words = name.replace(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
