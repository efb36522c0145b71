import "../shared/components/candle-chart.js";
import { button } from "../shared/components/button.js";
import { CandleChart } from "../shared/components/candle-chart.js";
import { selectField } from "../shared/components/field.js";
import { describeError, emptyView, errorView, noPermissionView, notice, skeleton } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { toastError } from "../shared/components/toast.js";
import { isAbort } from "../shared/js/api.js";
import { publicAddress } from "../shared/js/config.js";
import { formatNumber, formatRelative, titleCase } from "../shared/js/format.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { createPages } from "../shared/js/lists.js";
import { poll } from "../shared/js/poll.js";
import { load } from "../shared/js/state.js";
import { whoGrants } from "./people.js";
import { distance, linesOf, nameOf, OUTCOMES, signed, stateOf, when } from "./signals-words.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("../shared/components/shell.js").Visit} Visit */
/** @typedef {import("./signals-words.js").Desk} Desk */
/** @typedef {import("./signals-words.js").Signal} Signal */

const EVERY_MS = 15_000;

/** The open signal, gold's candles, and every signal. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function signalsView(context) {
  return { title: "Signals", mount: (container, visit) => new SignalsPage(context, container, visit).start() };
}

class SignalsPage {
  #context;
  #container;
  #visit;
  #filters;
  #turn = 0;
  /** @type {ReturnType<typeof createPages>} */
  #pages;

  /** @param {Context} context @param {HTMLElement} container @param {Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
    const { query } = visit.place;
    this.#filters = { became: query.get("became") ?? "published", strategy: query.get("strategy") ?? "" };
    this.#pages = this.#newPages();
  }

  async start() {
    const { workspace, api } = this.#context;
    if (!workspace.may("signals.read")) return render(this.#container, noPermissionView({ what: "signals", who: await whoGrants(api, this.#visit.signal) }));
    render(this.#container, html`<div class="stack" data-slot="page"></div>`);
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "click", "[data-action=more]", () => void this.#more());
    listen(this.#container, "change", "#became, #of-strategy", () => this.#choose());
    await this.#load();
    poll(() => this.#look(), { everyMs: EVERY_MS, signal: this.#visit.signal });
  }

  #newPages() {
    const query = () => {
      const { became, strategy } = this.#filters;
      return { state: became in OUTCOMES || became === "all" ? null : became, outcome: became in OUTCOMES ? became : null, strategy: strategy || null };
    };
    return createPages(this.#context.api, "client/signals", { signal: this.#visit.signal, query });
  }

  #choose() {
    const value = (/** @type {string} */ id) => find(this.#container, `#${id}`, HTMLSelectElement).value;
    this.#filters = { became: value("became"), strategy: value("of-strategy") };
    this.#visit.setFilters({ became: this.#filters.became === "published" ? null : this.#filters.became, strategy: this.#filters.strategy || null });
    void this.#load();
  }

  /** @param {ReturnType<typeof createPages>} pages */
  #ask(pages) {
    const options = { signal: this.#visit.signal };
    const { api } = this.#context;
    return Promise.all([api.get("client/signals/desk", options), api.get("client/signals/candles", options), api.get("client/signals/strategies", options), pages.more({ again: true })]);
  }

  #load() {
    const mine = ++this.#turn;
    const pages = this.#newPages();
    const slot = find(this.#container, "[data-slot=page]", HTMLElement);
    return load(
      () => this.#ask(pages),
      (loading) => {
        if (mine !== this.#turn) return;
        if (loading.phase === "slow" && !slot.querySelector("h2")) render(slot, skeleton(["title", "card", "card", "card"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "The signals could not be loaded")));
        if (loading.phase === "ready") this.#took(pages, loading.data);
      },
    );
  }

  /** In silence: a page that is behind says so by the time of its price. */
  async #look() {
    const mine = this.#turn;
    if (this.#pages.rows().length > 50) return;
    const pages = this.#newPages();
    try {
      const answers = await this.#ask(pages);
      if (mine === this.#turn) this.#took(pages, answers);
    } catch (error) {
      if (!isAbort(error) && mine === this.#turn) return;
    }
  }

  /** @param {ReturnType<typeof createPages>} pages @param {any[]} answers */
  #took(pages, [desk, { candles }, { items: cards }]) {
    this.#pages = pages;
    const slot = find(this.#container, "[data-slot=page]", HTMLElement);
    const open = desk.living[0] ?? null;
    render(
      slot,
      html`
        ${headOf(desk, this.#context)}
        ${warnings(desk)}
        ${tiles(desk)}
        ${open && openCard(open, desk.price)}
        <section class="card chart-card">
          <div class="card-head"><div><h2>Gold, quarter-hours</h2><p class="muted small">${desk.price ? html`Newest close ${formatNumber(desk.price.close)} USD, ${when(desk.price.at)}` : "No bar is stored yet."}</p></div></div>
          ${candles.length > 0 && html`<ps-candle-chart data-key="chart"></ps-candle-chart>`}
        </section>
        <section class="stack">
          <header class="view-head"><h2>All signals</h2></header>
          ${filterBar(this.#filters, cards)}
          <div class="stack" data-slot="list"></div>
        </section>`,
    );
    if (candles.length) {
      const label = `Candles of gold, the newest ${candles.length} quarter-hours${open ? `, with entry, stop and targets of the open signal` : ""}.`;
      find(slot, "ps-candle-chart", CandleChart).model = { label, candles, lines: open ? linesOf(open) : [] };
    }
    this.#showList();
  }

  #showList() {
    const slot = find(this.#container, "[data-slot=list]", HTMLElement);
    const rows = this.#pages.rows();
    const isFiltered = this.#filters.became !== "published" || this.#filters.strategy !== "";
    if (!rows.length) {
      const text = isFiltered ? "Choose something else above." : "Each plan that a strategy makes shows up here, also one that is kept back.";
      return render(slot, emptyView({ icon: "chart-candlestick", title: isFiltered ? "No such signal" : "No signal yet", text }));
    }
    render(slot, html`<ps-table></ps-table>${this.#pages.hasMore() && html`<div class="row">${button({ label: "Show more", variant: "outline", attributes: { "data-action": "more" } })}</div>`}`);
    find(slot, "ps-table", Table).model = { label: "Signals", noun: ["signal", "signals"], idOf: (row) => row.id, rows, columns: columns() };
  }

  async #more() {
    try {
      await this.#pages.more();
      this.#showList();
    } catch (error) {
      if (!isAbort(error)) toastError(error);
    }
  }
}

/** @param {Desk} desk @param {Context} context */
function headOf({ settings }, { workspace }) {
  const slug = workspace.current()?.slug ?? "";
  const text = settings.strategy ? `${titleCase(settings.strategy)} looks at each quarter-hour of gold once, when it has closed.` : "No strategy is chosen, so nothing is posted.";
  return html`
    <header class="view-head">
      <div><h2>Signals</h2><p class="muted">${text}</p></div>
      <span class="row">
        ${button({ label: "Public record", icon: "external-link", variant: "outline", href: publicAddress(`/record/?tenant=${encodeURIComponent(slug)}`), attributes: { target: "_blank", rel: "noopener" } })}
        ${button({ label: settings.strategy ? "Strategies" : "Choose a strategy", icon: "sliders-horizontal", variant: settings.strategy ? "outline" : "primary", href: "#/signals/strategies" })}
      </span>
    </header>`;
}

/** @param {Desk} desk */
function warnings({ settings, feed, troubles }) {
  const paused = settings.paused_until && new Date(settings.paused_until) > new Date();
  return html`
    ${paused && notice({ tone: "warning", icon: "circle-pause", children: html`Paused until ${when(String(settings.paused_until))}. What is open is followed to its end.` })}
    ${settings.strategy && !settings.can_post && notice({ tone: "danger", icon: "triangle-alert", children: html`The bot cannot post in the chosen channel. <a href="#/telegram/posts">See what is wrong with it</a>.` })}
    ${feed.paused_until && notice({ tone: "warning", icon: "wifi-off", children: `The market's feed is asked again at ${when(feed.paused_until)}: ${feed.problem}` })}
    ${troubles.length > 0 && notice({ tone: "warning", icon: "triangle-alert", children: html`${titleCase(troubles[0].strategy)} was not used for the bar of ${when(troubles[0].bar_closed_at)}: ${troubles[0].reason}${troubles.length > 1 && html`<span class="muted"> and ${troubles.length - 1} more in the last seven days</span>`}` })}`;
}

/** @param {Desk} desk */
function tiles({ living, month, feed, next_scan_at, settings }) {
  const tile = (/** @type {string} */ label, /** @type {any} */ value, /** @type {any} */ note) => html`<div class="card"><p class="muted small">${label}</p><p class="figure numbers">${value}</p><p class="muted small">${note}</p></div>`;
  const next = new Date(next_scan_at);
  return html`
    <div class="figures signal-figures">
      ${tile("Open signal", living.length ? nameOf(living[0]) : "None", living.length ? `since ${when(living[0].bar_closed_at)}` : "at most one at a time")}
      ${tile("Net result this month", month.n ? signed(month.net_r, "R") : "–", `${month.n} closed, ${month.wins} won, after costs`)}
      ${tile("Next bar closes", formatRelative(next), `${when(next_scan_at)}${settings.strategy ? "" : ", nobody looks at it"}`)}
      ${tile("Feed's credits today", `${formatNumber(feed.credits)} of ${formatNumber(feed.credits_a_day)}`, "for all workspaces of the platform, UTC day")}
    </div>`;
}

/** @param {Signal} signal @param {Desk["price"]} price */
function openCard(signal, price) {
  const level = (/** @type {string} */ label, /** @type {string} */ value) => html`<div><dt>${label}</dt><dd>${value}${price && html` <span class="muted small">${signed(distance(signal, value, price.close), "USD")}</span>`}</dd></div>`;
  return html`
    <section class="card stack">
      <div class="card-head"><div><h2>${nameOf(signal)}</h2><p class="muted small">${titleCase(signal.strategy)} · ${signal.state === "draft" ? "being sent" : `open since ${when(signal.published_at ?? signal.bar_closed_at)}`}${signal.closes_by && `, until ${when(signal.closes_by)} at the latest`}</p></div><span class="push">${button({ label: "Its timeline", variant: "outline", size: "small", href: `#/signals/all/${encodeURIComponent(signal.id)}` })}</span></div>
      <dl class="signal-levels">${level("Entry", signal.entry)}${level("Stop in force", signal.stop_now)}${signal.targets.map((target, index) => level(`TP${index + 1}${index < signal.hit ? ", reached" : ""}`, target))}</dl>
      <p class="muted small">Beside each price: how far the newest close is from it, in the signal's direction.</p>
    </section>`;
}

/** @param {{ became: string, strategy: string }} filters @param {import("./signals-words.js").Card[]} cards */
function filterBar({ became, strategy }, cards) {
  const states = [["published", "Published"], ["open", "Open"], ["unpublished", "Kept back or not sent"], ...Object.entries(OUTCOMES), ["all", "All plans"]];
  const names = [{ value: "", label: "All strategies" }, ...cards.map(({ key, name }) => ({ value: key, label: name }))];
  return html`
    <div class="filter-bar">
      ${selectField({ id: "became", label: "What became of it", value: became, options: states.map(([value, label]) => ({ value, label })) })}
      ${selectField({ id: "of-strategy", label: "Strategy", value: strategy, options: names })}
    </div>`;
}

/** @returns {import("../shared/components/table-data.js").Column<Signal>[]} */
function columns() {
  return [
    { key: "at", label: "Bar closed", fixed: true, value: (row) => new Date(row.bar_closed_at), show: (row) => html`<a href="#/signals/all/${encodeURIComponent(row.id)}">${when(row.bar_closed_at)}</a>` },
    { key: "signal", label: "Signal", value: (row) => nameOf(row), show: (row) => html`<span class="two-lines"><strong>${nameOf(row)}</strong><span class="muted small">${titleCase(row.strategy)}</span></span>` },
    { key: "entry", label: "Entry", align: "end", value: (row) => Number(row.entry), show: (row) => html`<span class="numbers">${row.entry}</span>` },
    { key: "hit", label: "Targets", align: "end", value: (row) => row.hit, show: (row) => (row.state === "unpublished" ? "–" : `${row.hit} of ${row.targets.length}`) },
    { key: "result", label: "Net result", align: "end", value: (row) => (row.result ? Number(row.result.net_r) : null), show: (row) => (row.result ? html`<span class="numbers">${signed(row.result.net_r, "R")}</span>` : "–") },
    { key: "state", label: "What became of it", value: (row) => stateOf(row).label, show: (row) => html`<span class="tag"${attrs({ "data-tone": stateOf(row).tone })}>${stateOf(row).label}</span>` },
  ];
}
