/** The dialogs of the workspace's own codes: add or edit, redeem, give back. */

import { askFor } from "../shared/components/ask.js";
import { field } from "../shared/components/field.js";
import { switchField } from "../shared/components/switch.js";
import { find, html } from "../shared/js/html.js";
import { amountOf, localOf, minorOf, problemOf, termsOf } from "./code-rules.js";

/** @typedef {import("./code-rules.js").OwnCode} OwnCode */
/** @typedef {import("../shared/js/api.js").Api} Api */
/** @typedef {import("../shared/js/html.js").Html} Html */

// The server's names of what stands in another field of the form.
const FIELDS = { budget_minor: "budget" };

/** @param {Api} api @param {OwnCode | null} code null: a new one @returns {Promise<OwnCode | null>} null when nothing was saved */
export function editCode(api, code) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return askFor({
    title: code ? `Edit ${code.code}` : "Add a code",
    verb: code ? "Save" : "Add the code",
    body: html`
      ${!code && field({ id: "code", label: "Code", help: "As it is printed on pictures: letters, digits, - and _.", attributes: { maxlength: 64, autocomplete: "off", autofocus: true } })}
      ${field({ id: "note", label: "Note", optional: true, value: code?.note ?? "", help: "For your own people.", attributes: { maxlength: 200, autocomplete: "off" } })}
      ${field({ id: "starts_at", label: "From", optional: true, type: "datetime-local", value: localOf(code?.starts_at ?? null) })}
      ${field({ id: "ends_at", label: "Until", optional: true, type: "datetime-local", value: localOf(code?.ends_at ?? null), help: `Times of this device: ${zone}.` })}
      <div class="pair">
        ${field({ id: "most_total", label: "Times in total", help: "Empty: no limit.", value: String(code?.most_total ?? ""), attributes: { inputmode: "numeric" } })}
        ${field({ id: "most_per_customer", label: "Times per customer", help: "Empty: no limit.", value: String(code?.most_per_customer ?? ""), attributes: { inputmode: "numeric" } })}
      </div>
      <div class="pair">
        ${field({ id: "budget", label: "Budget", value: amountOf(code), help: "For all orders together. Empty: no limit.", attributes: { inputmode: "decimal" } })}
        ${field({ id: "currency", label: "Currency", help: "Like EUR.", value: code?.currency ?? "", attributes: { maxlength: 3, autocapitalize: "characters" } })}
      </div>
      ${switchField({ name: "is_active", label: "Can be used", checked: code?.is_active ?? true })}`,
    problem: problemOf,
    fields: FIELDS,
    send: (form) => {
      if (code) return api.put(`client/coupons/${encodeURIComponent(code.code)}`, termsOf(form));
      return api.post("client/coupons", { code: find(form, "#code", HTMLInputElement).value, ...termsOf(form) });
    },
  });
}

/** @param {Api} api @param {OwnCode} code @returns {Promise<{ order: string } | null>} */
export function redeemCode(api, code) {
  return askFor({
    title: `Redeem ${code.code}`,
    verb: "Redeem",
    body: html`
      ${orderField("Your own number of it. The same order again counts once.")}
      ${field({ id: "customer", label: "Customer", help: "An e-mail or your own number, for limits per customer.", attributes: { maxlength: 200, autocomplete: "off" } })}
      ${code.currency && field({ id: "amount", label: `Discount in ${code.currency}`, value: "", optional: true, help: "Taken off the code's budget.", attributes: { inputmode: "decimal" } })}`,
    problem: (_form, name, value) => {
      if (name === "order") return value.trim() ? null : "Type the order's number.";
      if (name === "customer") return value.trim() ? null : "Type who redeems the code.";
      return !value.trim() || minorOf(value, code.currency) !== null ? null : "Type an amount like 5 or 12.50.";
    },
    send: (form) => {
      const data = new FormData(form);
      const amount = String(data.get("amount") ?? "").trim();
      const order = { order: String(data.get("order")).trim(), customer: String(data.get("customer")).trim(), amount_minor: amount ? minorOf(amount, code.currency) : 0 };
      return api.post(`client/coupons/${encodeURIComponent(code.code)}/redeem`, order);
    },
  });
}

/** @param {Api} api @param {OwnCode} code @returns {Promise<{ released: boolean, order: string } | null>} */
export function releaseCode(api, code) {
  return askFor({
    title: `Give back an order of ${code.code}`,
    verb: "Give back",
    body: html`${orderField("The code can then be redeemed once more, by another order.")}`,
    problem: (_form, _name, value) => (value.trim() ? null : "Type the order's number."),
    send: async (form) => {
      const order = find(form, "#order", HTMLInputElement).value.trim();
      return { order, ...(await api.post(`client/coupons/${encodeURIComponent(code.code)}/release`, { order })) };
    },
  });
}

/** @param {string} help */
const orderField = (help) => field({ id: "order", label: "Order", help, attributes: { maxlength: 200, autocomplete: "off", autofocus: true } });
