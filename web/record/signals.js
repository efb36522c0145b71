/** Every signal of a record: the table's columns, and one signal with its messages. */

import { button } from "../shared/components/button.js";
import { titleCase } from "../shared/js/format.js";
import { attrs, html } from "../shared/js/html.js";
import { eventName, stateOf } from "../shared/js/signal-words.js";
import { inR, momentOf } from "./words.js";

/** @typedef {import("./words.js").PublicSignal} PublicSignal */

export const FILTERS = [
  { key: "published", label: "Published", test: (/** @type {PublicSignal} */ row) => row.result !== null },
  { key: "won", label: "Won", test: (/** @type {PublicSignal} */ row) => Number(row.result?.net_r ?? 0) > 0 },
  { key: "lost", label: "Lost", test: (/** @type {PublicSignal} */ row) => row.result !== null && Number(row.result.net_r) <= 0 },
];

/** @returns {import("../shared/components/table-data.js").Column<PublicSignal>[]} */
export function columns() {
  return [
    { key: "at", label: "Bar closed", fixed: true, value: (row) => new Date(row.bar_closed_at), show: (row) => html`<span class="numbers">${momentOf(row.bar_closed_at)}</span>` },
    { key: "signal", label: "Signal", fixed: true, value: (row) => row.side, show: (row) => button({ label: `${row.side.toUpperCase()} ${row.symbol}`, variant: "ghost", size: "small", attributes: { "data-signal": row.signal } }) },
    { key: "strategy", label: "Strategy", value: (row) => titleCase(row.strategy) },
    { key: "entry", label: "Entry", align: "end", value: (row) => Number(row.entry), show: (row) => html`<span class="numbers">${row.entry}</span>` },
    { key: "net", label: "Net result", align: "end", value: (row) => (row.result ? Number(row.result.net_r) : null), show: (row) => html`<span class="numbers">${row.result ? inR(row.result.net_r) : "–"}</span>` },
    { key: "state", label: "What became of it", value: (row) => became(row).label, show: (row) => html`<span class="tag"${attrs({ "data-tone": became(row).tone })}>${became(row).label}</span>` },
  ];
}

/** @param {PublicSignal} signal */
export function dialogBody(signal) {
  const fact = (/** @type {string} */ label, /** @type {string} */ value) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`
    <div class="stack">
      <p><span class="tag"${attrs({ "data-tone": became(signal).tone })}>${became(signal).label}</span> ${signal.result && html`<span class="numbers">${inR(signal.result.net_r)} after costs</span>`}</p>
      <dl class="signal-levels">${fact("Entry", signal.entry)}${fact("Stop", signal.stop)}${signal.targets.map((price, index) => fact(`TP${index + 1}, ${signal.split[index]} %`, price))}</dl>
      ${signal.events.length > 0 && html`<h3>What happened</h3><ol class="stack" role="list">${signal.events.map((event) => html`<li class="small"><span class="muted">${momentOf(event.at)}</span> ${eventName(event)} <span class="numbers">${event.price}</span></li>`)}</ol>`}
      ${signal.messages.length > 0 && html`<h3>Messages, as the record tells them</h3>${signal.messages.map(({ at, text }) => html`<div><p class="muted small">${momentOf(at)}</p><pre class="sent-text" dir="auto">${plain(text)}</pre></div>`)}`}
    </div>`;
}

/** @param {PublicSignal} signal */
function became({ result, reason }) {
  return stateOf({ state: result ? "closed" : "unpublished", outcome: result?.outcome ?? null, reason, result });
}

/** Telegram's HTML as it reads. @param {string} text */
function plain(text) {
  return new DOMParser().parseFromString(text, "text/html").body.textContent ?? "";
}
