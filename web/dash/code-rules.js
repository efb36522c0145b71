/** A code's terms between the form and the server. The server checks all of it again. */

/**
 * @typedef {{ code: string, note: string, is_active: boolean, starts_at: string | null, ends_at: string | null,
 *   most_total: number | null, most_per_customer: number | null, budget_minor: number | null, currency: string | null,
 *   redeemed: number, spent_minor: number, created_at: string, refusal: string | null }} OwnCode
 */

/** @type {Record<string, { label: string, tone: string | null }>} */
const STATES = {
  switched_off: { label: "Switched off", tone: null },
  not_started: { label: "Not started", tone: null },
  expired: { label: "Ended", tone: "warning" },
  used_up: { label: "Used up", tone: "warning" },
  budget_spent: { label: "Budget spent", tone: "warning" },
};

/** @param {OwnCode} code */
export const stateOf = ({ refusal }) => (refusal ? (STATES[refusal] ?? { label: refusal, tone: "warning" }) : { label: "Usable", tone: "success" });

/** Minor units of one whole, as the currency has them. @param {string} currency */
function digitsOf(currency) {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** @param {number} minor @param {string | null} currency */
export function formatMoney(minor, currency) {
  const whole = minor / 10 ** digitsOf(currency ?? "");
  if (!currency) return String(whole);
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(whole);
}

/** @param {string} amount like `12.50` @param {string | null} currency @returns {number | null} null for what is no amount */
export function minorOf(amount, currency) {
  const text = amount.trim().replace(",", ".");
  const digits = digitsOf(currency ?? "");
  const [, decimals = ""] = text.split(".");
  return /^\d{1,12}(\.\d+)?$/.test(text) && decimals.length <= digits ? Math.round(Number(text) * 10 ** digits) : null;
}

/** As a date field of this device wants it. @param {string | null} at */
export function localOf(at) {
  if (!at) return "";
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** As the budget field wants it. @param {OwnCode | null} code */
export const amountOf = (code) => (code?.budget_minor && code.currency ? String(code.budget_minor / 10 ** digitsOf(code.currency)) : "");

/** What is wrong with one field, in words. @param {HTMLFormElement} form @param {string} name @param {string} value */
export function problemOf(form, name, value) {
  const other = (/** @type {string} */ field) => String(new FormData(form).get(field) ?? "").trim();
  const text = value.trim();
  if (name === "code") return /[a-z0-9]/i.test(text.normalize("NFKC")) ? null : "Type a code with letters A–Z or digits.";
  if (/^most_/.test(name)) return !text || (/^\d{1,9}$/.test(text) && Number(text) > 0) ? null : "Type a whole number from 1, or nothing.";
  if (name === "ends_at") return text && other("starts_at") && text <= other("starts_at") ? "The end comes after the start." : null;
  if (name === "budget") {
    if (!text) return other("currency") ? "A budget is an amount and its currency." : null;
    return minorOf(text, other("currency").toUpperCase()) ? null : "Type an amount like 500 or 12.50.";
  }
  if (name === "currency") {
    if (!text) return other("budget") ? "Type the budget's currency, like EUR." : null;
    return /^[a-z]{3}$/i.test(text) ? null : "Type three letters, like EUR.";
  }
  return null;
}

/** What the server takes. @param {HTMLFormElement} form */
export function termsOf(form) {
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  const moment = (/** @type {string} */ name) => (text(name) ? new Date(text(name)).toISOString() : null);
  const count = (/** @type {string} */ name) => (text(name) ? Number(text(name)) : null);
  const currency = text("currency").toUpperCase() || null;
  return {
    note: text("note"),
    is_active: data.get("is_active") !== null,
    starts_at: moment("starts_at"),
    ends_at: moment("ends_at"),
    most_total: count("most_total"),
    most_per_customer: count("most_per_customer"),
    budget_minor: text("budget") ? minorOf(text("budget"), currency) : null,
    currency,
  };
}
