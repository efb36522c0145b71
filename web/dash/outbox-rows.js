/** Messages and updates as rows of a table. */

import { button } from "../shared/components/button.js";
import { countOf, formatMoment } from "../shared/js/format.js";
import { attrs, html } from "../shared/js/html.js";
import { KINDS } from "./outbox-filters.js";

/**
 * @typedef {{ id: string, bot: string, chat_id: number, chat: string | null, kind: string, method: string, text: string,
 *   has_picture: boolean, source: string | null, state: keyof typeof STATES, why: string, next: string, may_requeue: boolean,
 *   may_cancel: boolean, may_arrive_twice: boolean, tries: number, due_at: string, created_at: string, finished_at: string | null }} Letter
 */
/**
 * @typedef {{ id: string, bot: string, kind: keyof typeof ASKED, person: number | null, name: string | null, text: string, why: string,
 *   next: string, tries: number, may_retry: boolean, received_at: string }} Parked
 */
/** @template R @typedef {import("../shared/components/table-data.js").Column<R>} Column */

const STATES = {
  waiting: { label: "Waiting", tone: null },
  sending: { label: "Being sent", tone: null },
  sent: { label: "Sent", tone: "success" },
  failed: { label: "Failed", tone: "danger" },
  ambiguous: { label: "No answer", tone: "warning" },
  cancelled: { label: "Cancelled", tone: null },
};
const ASKED = {
  message: "Message",
  tap: "Tap on a button",
  inline: "Search in another chat",
  membership: "Change of membership",
  channel: "News of a channel",
  other: "Something else",
};
const CALLS = /** @type {[RegExp, string][]} */ ([
  [/^edit/, "Change of a message"],
  [/^delete/, "Deletion"],
  [/^answerInline/, "Pictures to choose from"],
  [/^answer/, "Answer to a tap"],
  [/^sendDocument/, "File"],
]);

/** What the call is, in words. @param {Letter} letter */
export function callName({ method, has_picture }) {
  return CALLS.find(([pattern]) => pattern.test(method))?.[1] ?? (has_picture ? "Picture" : "Text");
}

/** @param {Letter} letter */
export const recipientOf = ({ chat, chat_id }) => chat ?? `chat ${chat_id}`;

/** @typedef {{ mayWrite: boolean, mayRead: boolean }} Rights `mayRead`: what stands in chats */

/** @param {Rights} rights @returns {Column<Letter>[]} */
export function letterColumns({ mayWrite, mayRead }) {
  return [
    { key: "what", label: "Message", fixed: true, value: (row) => row.text || callName(row), show: message },
    { key: "state", label: "State", value: (row) => STATES[row.state].label, show: (row) => html`<span class="tag"${attrs({ "data-tone": STATES[row.state].tone })}>${STATES[row.state].label}</span>` },
    { key: "why", label: "Why", value: (row) => [row.why, row.next].filter(Boolean).join(" ") || null, show: reason },
    { key: "chat", label: "To", value: recipientOf, show: (row) => byBot(row.chat_id > 0 ? personLink(row.chat_id, String(row.chat_id), mayRead) : recipientOf(row), row.bot) },
    { key: "at", label: "When", value: (row) => new Date(row.finished_at ?? row.due_at), show: moment },
    ...(mayWrite ? [{ key: "act", label: "Actions", fixed: true, control: true, align: /** @type {const} */ ("end"), value: () => null, show: actions }] : []),
  ];
}

/** @param {Rights} rights @returns {Column<Parked>[]} */
export function parkedColumns({ mayWrite, mayRead }) {
  return [
    { key: "what", label: "What came in", fixed: true, value: (row) => row.text || ASKED[row.kind], show: (row) => twoLines(row.text || ASKED[row.kind], ASKED[row.kind]) },
    { key: "who", label: "From", value: (row) => row.name ?? row.person, show: (row) => byBot(row.person === null ? "–" : personLink(row.person, row.name ? `${row.name} (${row.person})` : String(row.person), mayRead), row.bot) },
    { key: "why", label: "Why", value: (row) => `${row.why} ${row.next}`, show: reason },
    { key: "at", label: "When", value: (row) => new Date(row.received_at) },
    ...(mayWrite ? [{ key: "act", label: "Actions", fixed: true, control: true, align: /** @type {const} */ ("end"), value: () => null, show: retry }] : []),
  ];
}

/** @param {Letter} row */
function message(row) {
  const kind = KINDS[row.kind] ?? row.kind;
  return twoLines(row.text || callName(row), row.text ? `${callName(row)} · ${kind}` : kind);
}

/** @param {string} first @param {string} second */
const twoLines = (first, second) => html`<span class="two-lines letter-text"><strong class="clip" dir="auto">${first}</strong><span class="muted small">${second}</span></span>`;

/** @param {{ why: string, next: string }} row */
function reason({ why, next }) {
  if (!why && !next) return "–";
  return html`<span class="two-lines letter-why"><span>${why}</span>${next && html`<span class="muted small">${next}</span>`}</span>`;
}

/** His chat, or for who may not read it what he did. @param {number} id @param {string} label @param {boolean} mayRead */
const personLink = (id, label, mayRead) => html`<a href="#/telegram/${mayRead ? "bots/chats" : "analytics/people"}/${id}">${label}</a>`;

/** @param {import("../shared/js/html.js").Html | string} chat @param {string} bot */
const byBot = (chat, bot) => html`<span class="two-lines letter-chat"><span dir="auto">${chat}</span><span class="muted small">@${bot}</span></span>`;

/** @param {Letter} row */
function moment({ finished_at, due_at, state, tries }) {
  const at = formatMoment(new Date(finished_at ?? due_at));
  return html`<span class="two-lines"><span>${state === "waiting" ? `due ${at}` : at}</span>${tries > 1 && html`<span class="muted small">${countOf(tries, "try", "tries")}</span>`}</span>`;
}

const SMALL = /** @type {const} */ ({ size: "small", iconOnly: true, variant: "ghost" });

/** @param {Letter} row */
function actions(row) {
  const named = `${callName(row).toLowerCase()} to ${recipientOf(row)}`;
  return html`<span class="row-actions">
    ${row.may_requeue && button({ label: `Send the ${named} again`, icon: "refresh-cw", ...SMALL, attributes: { "data-act": "requeue", "data-id": row.id } })}
    ${row.may_cancel && button({ label: `Cancel the ${named}`, icon: "circle-x", ...SMALL, attributes: { "data-act": "cancel", "data-id": row.id } })}
  </span>`;
}

/** @param {Parked} row */
function retry(row) {
  return html`<span class="row-actions">${row.may_retry && button({ label: `Answer it after all: ${row.text || ASKED[row.kind]}`, icon: "refresh-cw", ...SMALL, attributes: { "data-act": "retry", "data-id": row.id } })}</span>`;
}
