/** What connecting asks for: a bot's token, a channel's name, a service's key. Each is tried before the dialog closes. */

import { askFor } from "../shared/components/ask.js";
import { field } from "../shared/components/field.js";
import { ApiError } from "../shared/js/api.js";
import { find, html } from "../shared/js/html.js";
import { problemOfChannel, problemOfToken } from "./onboarding-telegram.js";
import { wordsOf } from "./onboarding-words.js";

/** @typedef {import("../shared/js/api.js").Api} Api */
/** @typedef {import("./connections-words.js").Vendor} Vendor */

// Vendors are called several times, and may be slow.
export const TIMEOUT_MS = 35_000;
const SECRET = { maxlength: 300, autocomplete: "off", spellcheck: "false", autofocus: true };

/** @param {Api} api @returns {Promise<{ username: string } | null>} */
export function connectBot(api) {
  return askFor({
    title: "Connect a bot",
    verb: "Connect the bot",
    body: html`
      <p>Open <a href="https://t.me/BotFather" target="_blank" rel="noopener">@BotFather</a> in Telegram, send <code>/newbot</code> and choose a name, or <code>/mybots</code> for one that you have; copy its token.</p>
      ${field({ id: "token", label: "Token", type: "password", help: "It is tried with Telegram, kept sealed, and never shown again.", attributes: SECRET })}`,
    problem: (_form, _name, value) => problemOfToken(value),
    send: (form) => tried(() => api.post("client/connections/bots", { token: valueOf(form, "token") }, { timeoutMs: TIMEOUT_MS })),
  });
}

/** @param {Api} api @param {{ id: string, username: string }} bot @returns {Promise<{ title: string } | null>} */
export function connectChannel(api, { id, username }) {
  return askFor({
    title: `Connect a channel to @${username}`,
    verb: "Connect this channel",
    body: field({ id: "channel", label: "Channel", help: `One of which @${username} is an administrator with the right “Post messages”: its name like @deals, its address, or its number like -1001234567890.`, attributes: { maxlength: 200, autocomplete: "off", spellcheck: "false", autofocus: true } }),
    problem: (_form, _name, value) => problemOfChannel(value),
    send: (form) => tried(() => api.post("client/connections/channels", { bot: id, channel: valueOf(form, "channel") }, { timeoutMs: TIMEOUT_MS })),
  });
}

const HOW = {
  stripe: { label: "Restricted key", help: "In Stripe: Developers, API keys, Create restricted key. Give it “Read” for promotion codes, coupons, products and prices, and nothing else." },
  twelve_data: { label: "API key", help: "In Twelve Data: API keys. It is tried with the price of gold, which costs one credit." },
  openai: { label: "API key", help: "In OpenAI: API keys, with “Models: Read”. It is tried with the list of models, which costs nothing." },
};

/** Connects a service, or gives it another key. @param {Api} api @param {Vendor} vendor @returns {Promise<Vendor | null>} */
export function connectVendor(api, { kind, name, is_connected, product_ids }) {
  if (kind === "funderpro") return connectFunderPro(api, product_ids);
  const { label, help } = HOW[kind];
  return askFor({
    title: is_connected ? `Replace the key for ${name}` : `Connect ${name}`,
    verb: is_connected ? "Replace the key" : `Connect ${name}`,
    body: html`
      ${field({ id: "key", label, type: "password", help: `${help} It is kept sealed and never shown again.`, attributes: SECRET })}
      ${kind === "stripe" ? html`<label class="row"><input type="checkbox" name="test"><span>It may be a key of test mode, whose codes are worth nothing</span></label>` : ""}`,
    problem: (_form, field, value) => (field === "test" || value.trim() ? null : "Paste the key."),
    send: (form) => {
      const test = kind === "stripe" ? { test: new FormData(form).has("test") } : {};
      return tried(() => api.put(`client/vendors/${kind}`, { key: valueOf(form, "key"), ...test }, { timeoutMs: TIMEOUT_MS }));
    },
  });
}

/** @param {Api} api @param {string[]} products @returns {Promise<Vendor | null>} */
function connectFunderPro(api, products) {
  return askFor({
    title: "Check codes at FunderPro",
    verb: "Check codes there",
    body: field({ id: "product_ids", label: "Product numbers", optional: true, value: products.join(", "), help: "Separated by commas; empty: those of the platform. No key is needed.", attributes: { maxlength: 500, autocomplete: "off", autofocus: true } }),
    problem: (_form, _name, value) => (listOf(value).every((each) => /^[\w-]{1,100}$/.test(each)) ? null : "Type numbers or names with letters, digits, - and _."),
    send: (form) => tried(() => api.put("client/vendors/funderpro", { product_ids: listOf(valueOf(form, "product_ids")) }, { timeoutMs: TIMEOUT_MS })),
  });
}

/** @param {string} text */
const listOf = (text) => text.split(/[\s,]+/).filter(Boolean);

/** @param {HTMLFormElement} form @param {string} id */
const valueOf = (form, id) => find(form, `#${id}`, HTMLInputElement).value;

/** A vendor that is away says so in its own words. @param {() => Promise<any>} ask */
async function tried(ask) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.code.endsWith("_unavailable")) throw new ApiError(wordsOf(error), { code: error.code, status: 409, requestId: error.requestId });
    throw error;
  }
}
