import "../shared/components/series-chart.js";
import { askFor } from "../shared/components/ask.js";
import { button } from "../shared/components/button.js";
import { field, selectField } from "../shared/components/field.js";
import { SeriesChart } from "../shared/components/series-chart.js";
import { describeError, emptyView, errorView, noPermissionView, notice, skeleton } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { countOf, formatPercent, titleCase } from "../shared/js/format.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { poll } from "../shared/js/poll.js";
import { load } from "../shared/js/state.js";
import { whoGrants } from "./people.js";
import { draftOf } from "./signals-cards.js";
import { inUsd, reportModels, reportView } from "./signals-report.js";
import { when } from "./signals-words.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("./signals-words.js").Card} Card */
/** @typedef {import("./signals-words.js").Desk} Desk */
/** @typedef {import("./signals-report.js").Backtest} Backtest */

// A minute until the tick starts it, then seconds.
const EVERY_MS = 15_000;
export const SPANS = [["7", "The last week"], ["28", "The last four weeks"], ["90", "The last three months"], ["365", "The last year"]];
const STATES = /** @type {Record<string, { label: string, tone: string }>} */ ({
  waiting: { label: "Waits for its turn", tone: "neutral" },
  running: { label: "Is being made", tone: "warning" },
  done: { label: "Done", tone: "success" },
  failed: { label: "Not made", tone: "danger" },
});

/** What strategies would have done on stored bars. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function backtestsView(context) {
  return { title: "Backtests", mount: (container, visit) => new BacktestsPage(context, container, visit).start() };
}

class BacktestsPage {
  #context;
  #container;
  #visit;
  /** @type {Backtest[]} */
  #items = [];
  /** @type {Card[]} */
  #cards = [];
  /** @type {Desk | null} */
  #desk = null;
  /** @type {Backtest | null} */
  #shown = null;

  /** @param {Context} context @param {HTMLElement} container @param {import("../shared/components/shell.js").Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
  }

  async start() {
    const { workspace, api } = this.#context;
    if (!workspace.may("signals.read")) return render(this.#container, noPermissionView({ what: "backtests", who: await whoGrants(api, this.#visit.signal) }));
    render(this.#container, html`<div class="stack" data-slot="page"></div>`);
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "click", "[data-action=ask]", () => void this.#ask());
    listen(this.#container, "click", "[data-backtest]", (_event, control) => void this.#open(String(control.dataset.backtest)));
    await this.#load();
    poll(() => this.#look(), { everyMs: EVERY_MS, signal: this.#visit.signal });
  }

  async #fetch() {
    const { api } = this.#context;
    const options = { signal: this.#visit.signal };
    const [{ items }, { items: cards }, desk] = await Promise.all([api.get("client/signals/backtests", options), api.get("client/signals/strategies", options), api.get("client/signals/desk", options)]);
    const wanted = this.#visit.place.query.get("of") ?? this.#shown?.id ?? items.find((/** @type {Backtest} */ each) => each.state === "done")?.id;
    const listed = items.find((/** @type {Backtest} */ each) => each.id === wanted);
    const shown = listed?.state === "done" && this.#shown?.id !== wanted ? await api.get(`client/signals/backtests/${wanted}`, options) : this.#shown;
    return { items, cards, desk, shown };
  }

  #load() {
    const slot = find(this.#container, "[data-slot=page]", HTMLElement);
    return load(
      () => this.#fetch(),
      (loading) => {
        if (loading.phase === "slow") render(slot, skeleton(["title", "card", "card"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "The backtests could not be loaded")));
        if (loading.phase === "ready") this.#took(loading.data);
      },
    );
  }

  /** In silence, and only while one is being made. */
  async #look() {
    if (!this.#items.some(({ state }) => state === "waiting" || state === "running")) return;
    try {
      const before = this.#items[0].id;
      const found = await this.#fetch();
      const isThere = found.items.find((/** @type {Backtest} */ each) => each.id === before)?.state === "done";
      if (isThere && this.#shown?.id !== before) found.shown = await this.#context.api.get(`client/signals/backtests/${before}`, { signal: this.#visit.signal });
      this.#took(found);
    } catch {
      // The next look tells.
    }
  }

  /** @param {{ items: Backtest[], cards: Card[], desk: Desk, shown: Backtest | null }} found */
  #took({ items, cards, desk, shown }) {
    this.#items = items;
    this.#cards = cards;
    this.#desk = desk;
    this.#shown = shown;
    this.#show();
  }

  /** @param {string} id */
  async #open(id) {
    this.#visit.setFilters({ of: id });
    await load(
      () => this.#context.api.get(`client/signals/backtests/${id}`, { signal: this.#visit.signal }),
      (loading) => {
        if (loading.phase === "failed") render(find(this.#container, "[data-slot=report]", HTMLElement), errorView(describeError(loading.error, "The backtest could not be loaded")));
        if (loading.phase !== "ready") return;
        this.#shown = loading.data;
        this.#show();
        find(this.#container, "[data-slot=report] h2", HTMLElement).focus();
      },
    );
  }

  async #ask() {
    const { settings } = this.#desk ?? { settings: null };
    const running = settings?.strategy ?? this.#cards[0]?.key;
    const names = this.#cards.map(({ key, name }) => ({ value: key, label: key === settings?.strategy ? `${name}, as it runs now` : name }));
    const answer = await askFor({
      title: "Try a strategy on stored bars",
      verb: "Try it",
      body: html`
        <p class="muted">By the same code that works live, bar by bar, with your guard rails. What runs now is tried with its own parameters, your own rules as you tried them last, all others as they come.</p>
        ${selectField({ id: "strategy", label: "Strategy", value: running ?? "", options: names })}
        ${selectField({ id: "days", label: "Which bars", value: "28", options: SPANS.map(([value, label]) => ({ value, label })), help: "As far back as bars are stored." })}
        <div class="pair">
          ${field({ id: "spread", label: "Spread, USD", value: "0.20", help: "Taken from every signal, an ounce.", attributes: { inputmode: "decimal" } })}
          ${field({ id: "commission", label: "Commission, USD", value: "0", help: "The same.", attributes: { inputmode: "decimal" } })}
        </div>`,
      problem: (_form, name, value) => (["spread", "commission"].includes(name) && !/^\d{1,2}([.,]\d{1,2})?$/.test(value.trim()) ? "An amount from 0 to 10, like 0.20." : null),
      send: (form) => {
        const value = (/** @type {string} */ id) => find(form, `#${id}`, HTMLElement);
        const text = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (value(id)).value.trim().replace(",", ".");
        const key = /** @type {HTMLSelectElement} */ (value("strategy")).value;
        const card = this.#cards.find((each) => each.key === key);
        const params = card && this.#desk ? draftOf(card, this.#desk, this.#items).params : {};
        return this.#context.api.post("client/signals/backtests", { strategy: key, params, days: Number(text("days")), spread: text("spread"), commission: text("commission") });
      },
    });
    if (answer) await this.#load();
  }

  #show() {
    const isBusy = this.#items.some(({ state }) => state === "waiting" || state === "running");
    const mayWrite = this.#context.workspace.may("signals.write");
    const slot = find(this.#container, "[data-slot=page]", HTMLElement);
    render(
      slot,
      html`
        <header class="view-head">
          <div><h2>Backtests</h2><p class="muted">What a strategy would have done on bars that are stored, beside what was posted and beside chance. It says little about what comes.</p></div>
          ${mayWrite && button({ label: "Try a strategy", icon: "circle-play", variant: "primary", disabled: isBusy || !this.#cards.length, attributes: { "data-action": "ask" } })}
        </header>
        ${this.#items.length ? html`<section class="card" aria-label="Backtests"><ul class="plain">${this.#items.map((each) => this.#line(each))}</ul></section>` : emptyView({ icon: "chart-column", title: "Nothing was tried yet", text: mayWrite ? "Try a strategy: it takes a minute or two." : "What an admin tries shows up here." })}
        <div class="stack" data-slot="report">${this.#shown?.report && reportView(this.#shown, this.#nameOf(this.#shown.strategy), mayWrite && this.#isOwn(this.#shown.strategy))}</div>`,
    );
    if (!this.#shown?.report) return;
    const { chart, table } = reportModels(this.#shown.report);
    if (chart) find(slot, "ps-series-chart", SeriesChart).model = chart;
    if (table) find(slot, "ps-table", Table).model = table;
  }

  /** Rules of the tenant's own, which begin once they were tried. @param {string} key */
  #isOwn(key) {
    return this.#cards.some((card) => card.key === key && card.tried_first);
  }

  /** @param {string} key */
  #nameOf(key) {
    return this.#cards.find((card) => card.key === key)?.name ?? titleCase(key);
  }

  /** @param {Backtest} backtest */
  #line(backtest) {
    const { id, strategy, days, state, progress, created_at: at, problem } = backtest;
    const isShown = this.#shown?.id === id;
    const name = `${this.#nameOf(strategy)}, ${countOf(days, "day", "days")}`;
    return html`
      <li class="backtest-line" data-key="${id}">
        <div class="row">
          <span class="two-lines"><strong>${name}</strong><span class="muted small">asked for ${when(at)}, spread ${inUsd(backtest.spread)}</span></span>
          <span class="row push"><span class="tag"${attrs({ "data-tone": STATES[state].tone })}>${STATES[state].label}${state === "running" && ` · ${formatPercent(progress / 100)}`}</span>
          ${state === "done" && button({ label: isShown ? "Shown below" : "Show", size: "small", variant: "outline", disabled: isShown, attributes: { "data-backtest": id, "aria-label": `${isShown ? "Shown below" : "Show"}: ${name}, ${when(at)}` } })}</span>
        </div>
        ${state === "waiting" && html`<p class="muted small">It begins within a minute.</p>`}
        ${state === "running" && html`<progress max="100" value="${progress}" aria-label="${name}"></progress>`}
        ${problem && notice({ tone: "danger", icon: "triangle-alert", children: problem })}
      </li>`;
  }
}

