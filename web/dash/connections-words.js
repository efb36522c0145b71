/** Connections in words. */

import { formatRelative } from "../shared/js/format.js";

/** @typedef {"stripe" | "funderpro" | "twelve_data" | "openai"} VendorKind */
/**
 * @typedef {{ kind: VendorKind, name: string, is_connected: boolean, last4: string, connected_at: string | null, checked_at: string | null,
 *   status: "ok" | "attention" | "broken" | null, problem: string | null, next: string | null, mode: "live" | "test" | null, account: string | null,
 *   product_ids: string[] }} Vendor
 */
/** @typedef {import("./onboarding-words.js").BotFacts} BotFacts */

/** @type {Record<VendorKind, string>} */
export const PURPOSES = {
  stripe: "Checks promotion codes of your own Stripe account.",
  funderpro: "Checks discount codes of the CRM.",
  twelve_data: "Prices of gold from your own account. Signals use the platform's; the key is kept and looked at.",
  openai: "A line of text for signals from your own account. Nothing is written with it yet; the key is kept and looked at.",
};
/** @type {Record<string, string>} */
export const ROLES = { coupons: "Coupon bot", signals: "Signal bot" };

/** @param {Vendor} vendor @returns {{ label: string, tone: "success" | "warning" | "danger" | null }} */
export function stateOfVendor({ is_connected, status }) {
  if (!is_connected) return { label: "Not connected", tone: null };
  if (status === "broken") return { label: "Not working", tone: "danger" };
  return status === "attention" ? { label: "Needs a look", tone: "warning" } : { label: "Working", tone: "success" };
}

/** @param {BotFacts} bot @returns {{ label: string, tone: "success" | "warning" | "danger" }} */
export function stateOfBot({ is_ready, problem }) {
  if (!is_ready) return { label: "Not working", tone: "danger" };
  return problem ? { label: "Needs a look", tone: "warning" } : { label: "Working", tone: "success" };
}

/** What is known of it, short. @param {Vendor} vendor */
export function factsOfVendor({ last4, mode, account, product_ids, checked_at }) {
  return [
    last4 && `Key …${last4}`,
    mode && (mode === "test" ? "Test mode" : "Live mode"),
    account,
    product_ids.length > 0 && `Products ${product_ids.join(", ")}`,
    checked_at ? `Looked at ${formatRelative(new Date(checked_at))}` : "Not looked at yet",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** How many of them want something done. @param {BotFacts[]} bots @param {{ can_post: boolean }[]} channels @param {Vendor[]} vendors */
export function countIll(bots, channels, vendors) {
  return (
    bots.filter((bot) => stateOfBot(bot).tone !== "success").length +
    channels.filter(({ can_post }) => !can_post).length +
    vendors.filter(({ status }) => status === "broken" || status === "attention").length
  );
}
