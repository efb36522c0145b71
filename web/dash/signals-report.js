/** A backtest's report: figures beside live signals and chance, the equity's line, every trade. */

import { button } from "../shared/components/button.js";
import { countOf, formatNumber, formatPercent } from "../shared/js/format.js";
import { html } from "../shared/js/html.js";
import { OUTCOMES, signed, when } from "./signals-words.js";

/**
 * @typedef {object} Figures
 * @property {number} n @property {string} net_r @property {string | null} expectancy_r @property {[string, string] | null} expectancy_r_95
 * @property {string | null} profit_factor @property {string} max_drawdown_r @property {string | null} win_rate
 * @property {[string, string] | null} win_rate_95 @property {string | null} tp1_rate
 */
/** @typedef {{ bar_closed_at: string, closed_at: string, side: "buy" | "sell", entry: string, stop: string, hit: number, outcome: string, net_r: string, net_pips: string }} Trade */
/**
 * @typedef {object} Report
 * @property {string} from @property {string} to @property {number} bars @property {Record<string, number>} blocked
 * @property {string[]} problems @property {Figures} statistics @property {Figures | null} live @property {Figures | null} random_entries
 * @property {[string, string][]} equity_r @property {Trade[]} trades
 */
/**
 * @typedef {object} Backtest
 * @property {string} id @property {"waiting" | "running" | "done" | "failed"} state @property {string} strategy
 * @property {Record<string, any>} params @property {number} days @property {string} spread @property {number} progress
 * @property {string} created_at @property {string | null} problem @property {Report | null} report
 */

const NONE = "–";

/** @param {Backtest} backtest @param {string} name @param {boolean} mayBegin whether it is what can be activated now */
export function reportView({ report, spread }, name, mayBegin) {
  if (!report) return html``;
  const { statistics, problems, blocked } = report;
  const kept = Object.values(blocked).reduce((sum, count) => sum + count, 0);
  return html`
    <header class="view-head"><div><h2 tabindex="-1">${name}</h2><p class="muted">${when(report.from)} to ${when(report.to)}, ${countOf(report.bars, "bar", "bars")}, ${inUsd(spread)} of spread a signal. ${countOf(kept, "plan was", "plans were")} kept back by guard rails.</p></div>${mayBegin && button({ label: "To activate these rules", icon: "sliders-horizontal", variant: "outline", href: "#/signals/strategies" })}</header>
    ${problems.map((problem) => html`<p class="muted small">On some bars the strategy was not used: ${problem}</p>`)}
    <section class="card chart-card">
      <div class="card-head"><div><h2>Net result so far, in R</h2><p class="muted small">After each signal; 1 R is the distance from entry to first stop.</p></div></div>
      ${report.equity_r.length > 1 ? html`<ps-series-chart data-key="equity"></ps-series-chart>` : html`<p class="muted">A line needs two signals.</p>`}
    </section>
    <section class="card">
      <div class="card-head"><div><h2>Beside live signals and chance</h2><p class="muted small">Live: what was posted of this strategy in the same days. Chance: the same stops and targets at random bars, buy or sell by a coin.</p></div></div>
      <div class="sideways" tabindex="0" role="region" aria-label="Figures beside each other">${versus(statistics, report.live, report.random_entries)}</div>
    </section>
    <section class="card">
      <div class="card-head"><h2>Its signals</h2></div>
      ${report.trades.length ? html`<ps-table data-key="trades"></ps-table>` : html`<p class="muted">None in these days.</p>`}
    </section>`;
}

/** @param {Figures} own @param {Figures | null} live @param {Figures | null} chance */
function versus(own, live, chance) {
  const all = [own, live, chance];
  const row = (/** @type {string} */ label, /** @type {(figures: Figures) => string} */ told) => html`<tr><th scope="row">${label}</th>${all.map((each) => html`<td>${each ? told(each) : NONE}</td>`)}</tr>`;
  return html`
    <table class="versus">
      <thead><tr><th scope="col">Figure</th><th scope="col">Backtest</th><th scope="col">Live</th><th scope="col">Chance</th></tr></thead>
      <tbody>
        ${row("Count", ({ n }) => formatNumber(n))}
        ${row("Net result", ({ net_r: value }) => signed(value, "R"))}
        ${row("Expectancy", ({ expectancy_r: value }) => (value === null ? NONE : signed(value, "R")))}
        ${row("its 95 % interval", ({ expectancy_r_95: between }) => (between ? `${signed(between[0], "R")} to ${signed(between[1], "R")}` : NONE))}
        ${row("Win rate", ({ win_rate: value }) => inPercent(value))}
        ${row("First target reached", ({ tp1_rate: value }) => inPercent(value))}
        ${row("Profit factor", ({ profit_factor: value }) => (value === null ? NONE : formatNumber(Number(value))))}
        ${row("Deepest drawdown", ({ max_drawdown_r: value }) => `${formatNumber(Number(value))} R`)}
      </tbody>
    </table>`;
}

/** To the cent, as prices are told. @param {string} amount */
export const inUsd = (amount) => `${Number(amount).toFixed(2)} USD`;

/** @param {string | null} share */
const inPercent = (share) => (share === null ? NONE : formatPercent(Number(share)));

/** What chart and table are given; null where there is none. @param {Report} report */
export function reportModels({ equity_r: points, trades }) {
  const chart = points.length > 1 && {
    label: "Running sum of net R after each signal. Every signal stands in the table below.",
    moments: points.map(([at]) => new Date(at)),
    zone: "UTC",
    unit: /** @type {const} */ ("day"),
    valueUnit: "R, after costs",
    signed: true,
    lines: [{ label: "Net R so far", values: points.map(([, total]) => Number(total)), color: /** @type {const} */ (1), filled: false }],
  };
  const table = trades.length > 0 && {
    label: "Signals of the backtest",
    noun: /** @type {[string, string]} */ (["signal", "signals"]),
    idOf: (/** @type {Trade} */ row) => row.bar_closed_at,
    rows: trades,
    columns: columns(),
  };
  return { chart: chart || null, table: table || null };
}

/** @returns {import("../shared/components/table-data.js").Column<Trade>[]} */
function columns() {
  return [
    { key: "at", label: "Bar closed", fixed: true, value: (row) => new Date(row.bar_closed_at), show: (row) => when(row.bar_closed_at) },
    { key: "side", label: "Side", value: (row) => row.side.toUpperCase() },
    { key: "entry", label: "Entry", align: "end", value: (row) => Number(row.entry), show: (row) => html`<span class="numbers">${row.entry}</span>` },
    { key: "hit", label: "Targets", align: "end", value: (row) => row.hit, show: (row) => `${row.hit} of 3` },
    { key: "result", label: "Net result", align: "end", value: (row) => Number(row.net_r), show: (row) => html`<span class="numbers">${signed(row.net_r, "R")}</span>` },
    { key: "outcome", label: "End", value: (row) => OUTCOMES[row.outcome] ?? row.outcome },
  ];
}
