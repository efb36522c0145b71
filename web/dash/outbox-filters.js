/** What the outbox is asked for: it stands in the address, so that back, reload and a shared link show the same. */

import { button } from "../shared/components/button.js";
import { field, selectField } from "../shared/components/field.js";
import { segmented } from "../shared/components/segmented.js";
import { formatNumber } from "../shared/js/format.js";
import { html } from "../shared/js/html.js";

/** @typedef {"dead" | "open" | "sent" | "cancelled" | "all" | "parked"} Show */
/** @typedef {{ show: Show, kind: string, bot: string, chat: string, source: string }} Filters */
/** @typedef {{ id: string, username: string, state: string }} Bot */
/**
 * @typedef {{ waiting: number, later: number, sending: number, failed: number, ambiguous: number, parked: number, counted_to: number,
 *   bots: Bot[] }} Counts
 */

const SHOWS = /** @type {Record<Show, string>} */ ({
  dead: "Needs you",
  open: "Waiting",
  sent: "Sent",
  cancelled: "Cancelled",
  all: "All",
  parked: "Not answered",
});
export const KINDS = /** @type {Record<string, string>} */ ({
  interactive: "Answer",
  journey: "Journey",
  post: "Channel post",
  signal: "Signal",
  broadcast: "Broadcast",
});
const CHAT = /^-?\d{1,15}$/;

/** What the address says, the usual where it says nothing or nonsense. @param {URLSearchParams} query @returns {Filters} */
export function filtersOf(query) {
  const [show, kind, chat] = [query.get("show") ?? "", query.get("kind") ?? "", query.get("chat") ?? ""];
  return {
    show: show in SHOWS ? /** @type {Show} */ (show) : "dead",
    kind: kind in KINDS ? kind : "",
    bot: query.get("bot") ?? "",
    chat: CHAT.test(chat) ? chat : "",
    source: query.get("source") ?? "",
  };
}

/** As the address keeps it: the usual is left out. @param {Filters} filters @returns {Record<string, string | null>} */
export function addressOf({ show, kind, bot, chat, source }) {
  return { show: show === "dead" ? null : show, kind: kind || null, bot: bot || null, chat: chat || null, source: source || null };
}

/** What the server is asked. @param {Filters} filters @returns {Record<string, string | null>} */
export function queryOf({ show, kind, bot, chat, source }) {
  if (show === "parked") return { bot: bot || null };
  return { state: show === "all" ? null : show, kind: kind || null, bot: bot || null, chat: chat || null, source: source || null };
}

/** @param {Filters} filters */
export const isNarrowed = ({ show, kind, bot, chat, source }) => Boolean(bot || (show !== "parked" && (kind || chat || source)));

/** What keeps a text from being a chat's number, in words. @param {string} text */
export const problemOfChat = (text) => (!text || CHAT.test(text) ? null : "Type the chat's number, like 5400000000 or -1001234567890.");

/** @param {Filters} filters @param {Counts | null} counts */
export function filterBar(filters, counts) {
  const bots = counts?.bots ?? [];
  const isLetters = filters.show !== "parked";
  return html`
    <div class="filter-bar">
      ${segmented({ name: "show", label: "What to show", value: filters.show, options: Object.entries(SHOWS).map(([value, label]) => ({ value, label: `${label}${numberOf(/** @type {Show} */ (value), counts)}` })) })}
    </div>
    <div class="filter-bar letter-filters">
      ${bots.length > 1 && selectField({ id: "bot", label: "Bot", value: filters.bot, options: [{ value: "", label: "All bots" }, ...bots.map(({ id, username }) => ({ value: id, label: `@${username}` }))] })}
      ${isLetters && selectField({ id: "kind", label: "What it is for", value: filters.kind, options: [{ value: "", label: "Everything" }, ...Object.entries(KINDS).map(([value, label]) => ({ value, label }))] })}
      ${isLetters && html`<form data-form="chat">${field({ id: "chat", label: "Chat", value: filters.chat, attributes: { inputmode: "numeric", placeholder: "Every chat", autocomplete: "off", size: 18 } })}</form>`}
      ${isNarrowed(filters) && button({ label: "Show everything again", icon: "x", variant: "ghost", attributes: { "data-action": "widen" } })}
    </div>`;
}

/** @param {Show} show @param {Counts | null} counts */
function numberOf(show, counts) {
  if (!counts) return "";
  const numbers = /** @type {Partial<Record<Show, number>>} */ ({ dead: counts.failed + counts.ambiguous, open: counts.waiting + counts.later + counts.sending, parked: counts.parked });
  const number = numbers[show];
  if (!number) return "";
  return ` · ${formatNumber(Math.min(number, counts.counted_to))}${number >= counts.counted_to ? "+" : ""}`;
}
