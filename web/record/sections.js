/** The record's page as markup. Chart and table get their models afterwards. */

import { button } from "../shared/components/button.js";
import { emptyView } from "../shared/components/states.js";
import { countOf, formatNumber } from "../shared/js/format.js";
import { html } from "../shared/js/html.js";
import { dayOf, inPercent, inR, interval, momentOf, NONE } from "./words.js";

/** @typedef {import("./words.js").Record_} Record_ */

/** @param {Record_} record */
export const titleOf = ({ tenant }) => `Record of ${tenant.name}`;

/** @param {Record_} record @param {string} address of the export */
export function sections(record, address) {
  if (!record.signals.length) {
    return html`${head(record)}${emptyView({ icon: "chart-candlestick", title: "No signal has ended yet", text: "A signal is public once its life is over: subscribers get it first. Until then only the hash of the record is told." })}${proof(record, address)}`;
  }
  return html`
    ${head(record)}
    ${figures(record)}
    <section class="card chart-card">
      <div class="card-head"><div><h2>Net result so far, in R</h2><p class="muted small">After each closed signal; 1 R is the distance from entry to first stop. Costs are taken off.</p></div></div>
      ${record.equity_r.length > 1 ? html`<ps-series-chart></ps-series-chart>` : html`<p class="muted">A line needs two closed signals.</p>`}
    </section>
    ${versus(record)}
    <section class="card">
      <div class="card-head"><div><h2>Every signal</h2><p class="muted small">Also plans that were kept back, with the reason. Open one to read its messages.</p></div></div>
      <ps-table></ps-table>
    </section>
    ${proof(record, address)}`;
}

/** @param {Record_} record */
function head({ tenant, statistics, since, equity_r: points, plans, kept_back: kept }) {
  const last = points.at(-1)?.[0];
  const lead = last
    ? html`${countOf(statistics.n, "signal", "signals")} closed from ${dayOf(since ?? last)} to ${dayOf(last)}: ${inR(statistics.net_r)} after costs, on average ${inR(statistics.expectancy_r)} a signal (${interval(statistics.expectancy_r_95, inR)}). ${countOf(plans, "plan was", "plans were")} made, ${formatNumber(kept)} of them not published.`
    : html`No signal has closed yet.`;
  return html`
    <header class="record-words stack">
      <h1>Gold signals of <span dir="auto">${tenant.name}</span></h1>
      <p class="record-lead">${lead}</p>
      <p class="record-lead muted">No advice and no promise: past results say little about the next one. How to check every number stands <a href="#proof">below</a>.</p>
    </header>`;
}

/** @param {Record_} record */
function figures({ statistics: s }) {
  const tile = (/** @type {string} */ label, /** @type {string} */ value, /** @type {string} */ note) => html`<div class="card"><p class="muted small">${label}</p><p class="figure numbers">${value}</p><p class="muted small">${note}</p></div>`;
  return html`
    <div class="figures record-figures">
      ${tile("Signals closed", formatNumber(s.n), `${formatNumber(s.wins)} won, net R above zero after the spread`)}
      ${tile("Net result", inR(s.net_r), `best ${inR(s.best_r)}, worst ${inR(s.worst_r)}`)}
      ${tile("Expectancy", inR(s.expectancy_r), `a signal; ${interval(s.expectancy_r_95, inR)}`)}
      ${tile("Win rate", inPercent(s.win_rate), interval(s.win_rate_95, inPercent))}
      ${tile("First target reached", inPercent(s.tp1_rate), `TP1 rate, no win rate; ${interval(s.tp1_rate_95, inPercent)}`)}
      ${tile("Profit factor", s.profit_factor === null ? NONE : formatNumber(Number(s.profit_factor)), s.profit_factor === null ? "no loss so far" : "won over lost, in R")}
      ${tile("Deepest drawdown", `${formatNumber(Number(s.max_drawdown_r))} R`, "from the highest point before it")}
      ${tile("Read against us", formatNumber(s.ambiguous), `bars whose order is not known; ${countOf(s.gap_fills, "fill", "fills")} beyond the level at an open`)}
    </div>`;
}

/** @param {Record_} record */
function versus({ statistics: own, random_entries: chance }) {
  if (!chance) return html`<section class="card"><div class="card-head"><h2>Beside random entries</h2></div><p class="muted">The comparison is made once a day; it has not been made yet.</p></section>`;
  const row = (/** @type {string} */ label, /** @type {string} */ ours, /** @type {string} */ theirs) => html`<tr><th scope="row">${label}</th><td>${ours}</td><td>${theirs}</td></tr>`;
  const factor = (/** @type {string | null} */ value) => (value === null ? NONE : formatNumber(Number(value)));
  return html`
    <section class="card">
      <div class="card-head"><div><h2>Beside random entries</h2><p class="muted small">The same stops and targets, entered at random bars of the same weeks, buy or sell by chance, after the same costs. Found ${momentOf(chance.made_at)}.</p></div></div>
      <table class="versus">
        <thead><tr><th scope="col">Figure</th><th scope="col">Signals</th><th scope="col">Chance</th></tr></thead>
        <tbody>
          ${row("Count", formatNumber(own.n), formatNumber(chance.n))}
          ${row("Expectancy", inR(own.expectancy_r), inR(chance.expectancy_r))}
          ${row("Win rate", inPercent(own.win_rate), inPercent(chance.win_rate))}
          ${row("First target reached", inPercent(own.tp1_rate), inPercent(chance.tp1_rate))}
          ${row("Profit factor", factor(own.profit_factor), factor(chance.profit_factor))}
        </tbody>
      </table>
      ${chance.expectancy_r_95 && html`<p class="muted small">Expectancy of chance: ${interval(chance.expectancy_r_95, inR)}.</p>`}
    </section>`;
}

/** @param {Record_} record @param {string} address */
function proof({ head: newest, public_head: last, rows, note }, address) {
  return html`
    <section class="card stack" id="proof">
      <h2>How to check it</h2>
      <p class="record-lead">Each row of the record holds the hash of the row before it, and each daily recap in the channel names the newest one. So a row that was changed, taken out or put in later shows, and whoever kept a recap can prove it. The check takes Python alone, and no word of ours.</p>
      <pre class="command" tabindex="0" aria-label="Commands"><code>curl "${address}" &gt; record.jsonl
scripts/verify-ledger record.jsonl${rows > 0 && ` --head ${last}`}</code></pre>
      <p class="muted small">The export gives a thousand rows at a time: for more, ask again with <code>after</code> and the last row's number.</p>
      <dl class="signal-levels">
        <div><dt>Public rows</dt><dd>${formatNumber(rows)}</dd></div>
        <div><dt>Hash of the last public row</dt><dd><code class="small hash">${last}</code></dd></div>
        <div><dt>Newest hash</dt><dd><code class="small hash">${newest}</code></dd></div>
      </dl>
      <div class="row">${button({ label: "Download the record", icon: "download", variant: "outline", href: address, attributes: { download: "record.jsonl" } })}</div>
      <p class="muted small">${note}</p>
    </section>`;
}
