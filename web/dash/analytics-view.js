import { SeriesChart } from "../shared/components/series-chart.js";
import { button } from "../shared/components/button.js";
import { showFieldError, watchForm } from "../shared/components/field.js";
import { describeError, emptyView, errorView } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { toast } from "../shared/components/toast.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { saveFile } from "../shared/js/save-file.js";
import { load } from "../shared/js/state.js";
import { addressOf, daysForm, filterBar, filtersOf, isBeingFilled, problemOfDays, queryOf } from "./analytics-filters.js";
import { comingSections, sections } from "./analytics-sections.js";
import { formatDays } from "./analytics-words.js";

/** @typedef {import("./analytics-words.js").Report} Report */
/** @typedef {import("./analytics-filters.js").Filters} Filters */
/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("../shared/components/shell.js").Visit} Visit */

/** What the bots did. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function analyticsView(context) {
  return { title: "Bot analytics", mount: (container, visit) => new AnalyticsPage(context, container, visit).start() };
}

class AnalyticsPage {
  /** @type {Report | null} */
  #report = null;
  #isOwn = false;
  #turn = 0;
  #context;
  #container;
  #visit;
  /** @type {Filters} */
  #filters;

  /** @param {Context} context @param {HTMLElement} container @param {Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
    this.#filters = filtersOf(visit.place.query);
    this.#isOwn = this.#filters.days === "";
  }

  start() {
    render(
      this.#container,
      html`
        <header class="view-head"><div><h2>What your bots did</h2><p class="muted" data-slot="period">Counted from every step that people take.</p></div></header>
        <div><div data-slot="filters"></div><div data-slot="days"></div></div>
        <div class="stack report" data-slot="figures"></div>`,
    );
    const slot = this.#slot("filters");
    listen(slot, "change", "input[name=days]", (_event, input) => this.#choosePeriod(/** @type {HTMLInputElement} */ (input).value));
    listen(slot, "change", "input[name=unit]", (_event, input) => this.#choose({ unit: /** @type {Filters["unit"]} */ (/** @type {HTMLInputElement} */ (input).value) }));
    listen(slot, "change", "select", (_event, select) => this.#choose({ bot: /** @type {HTMLSelectElement} */ (select).value }));
    listen(slot, "change", "input[name=compare]", (_event, input) => this.#choose({ compare: /** @type {HTMLInputElement} */ (input).checked }));
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "click", "[data-action=wider]", () => this.#choose({ days: "90", since: "", until: "", unit: "day" }));
    listen(this.#container, "click", "[data-export]", (_event, control) => void this.#export(String(control.dataset.export)));
    this.#showFilters();
    return this.#load();
  }

  /** @param {string} name */
  #slot(name) {
    return find(this.#container, `[data-slot=${name}]`, HTMLElement);
  }

  #showFilters() {
    const { since, until } = this.#filters;
    render(this.#slot("filters"), filterBar(this.#filters, this.#report?.bots ?? [], this.#isOwn));
    const slot = this.#slot("days");
    if (this.#isOwn && isBeingFilled(slot)) return;
    const shown = { since: since || (this.#report?.since ?? ""), until: until || (this.#report?.until ?? "") };
    render(slot, html`${this.#isOwn && daysForm(shown)}`);
    const form = slot.querySelector("form");
    if (form && !form.dataset.watched) this.#watch(form);
  }

  /** @param {HTMLFormElement} form */
  #watch(form) {
    form.dataset.watched = "yes";
    const value = (/** @type {string} */ name) => find(form, `#${name}`, HTMLInputElement).value;
    watchForm(form, {
      problemOf: ({ value: day }) => (day ? null : "Choose a day."),
      onValid: () => {
        const [since, until] = [value("since"), value("until")];
        const problem = problemOfDays(since, until);
        if (!showFieldError(find(form, "#until", HTMLInputElement), problem)) return find(form, "#until", HTMLInputElement).focus();
        this.#choose({ days: "", since, until });
      },
    });
  }

  /** @param {string} value */
  #choosePeriod(value) {
    this.#isOwn = value === "own";
    if (this.#isOwn) return this.#showFilters();
    this.#choose({ days: value, since: "", until: "", unit: value === "1" ? "hour" : "day" });
  }

  /** @param {Partial<Filters>} change */
  #choose(change) {
    this.#filters = filtersOf(new URLSearchParams(withoutNulls(addressOf({ ...this.#filters, ...change }))));
    this.#isOwn = this.#filters.days === "";
    this.#visit.setFilters(addressOf(this.#filters));
    this.#showFilters();
    void this.#load();
  }

  /** What is shown stays until the next figures are there. */
  #load() {
    const mine = ++this.#turn;
    const slot = this.#slot("figures");
    const query = { ...queryOf(this.#filters), compare: this.#filters.compare ? "previous" : null };
    return load(
      () => this.#context.api.get("client/analytics", { query, signal: this.#visit.signal }),
      (loading) => {
        if (mine !== this.#turn) return;
        slot.toggleAttribute("aria-busy", loading.phase === "waiting" || loading.phase === "slow");
        if (loading.phase === "slow" && !this.#report) render(slot, comingSections());
        if (loading.phase === "failed") this.#fail(loading.error);
        if (loading.phase === "ready") this.#show(loading.data);
      },
    );
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#report = null;
    render(this.#slot("figures"), errorView(describeError(error, "The figures could not be loaded")));
  }

  /** @param {Report} report */
  #show(report) {
    this.#report = report;
    this.#showFilters();
    this.#slot("period").textContent = `${formatDays(report.since, report.until)} in ${report.zone}`;
    const slot = this.#slot("figures");
    if (!hasAnything(report)) return render(slot, nothingYet(report, this.#filters));
    render(slot, sections(report, this.#mayExport()));
    find(slot, "ps-series-chart", SeriesChart).model = chartModel(report);
    for (const table of slot.querySelectorAll("ps-table")) {
      if (table instanceof Table) table.model = { ...tableModel(report, String(table.dataset.table)), onCsv: this.#csvOf(String(table.dataset.table)) };
    }
  }

  #mayExport() {
    return this.#context.workspace.may("analytics.export");
  }

  /** The file comes from the server: it holds every line, and who may not have it is not offered it. @param {string} table */
  #csvOf(table) {
    return this.#mayExport() ? () => void this.#export(table) : null;
  }

  /** @param {string} table */
  async #export(table) {
    try {
      const query = queryOf(this.#filters);
      const file = await this.#context.api.get(`client/analytics/export/${table}`, { query, signal: this.#visit.signal, as: "file" });
      saveFile(file, `bot-${table}-${this.#report?.since}-${this.#report?.until}.csv`);
    } catch (error) {
      toast({ tone: "danger", text: describeError(error, "").text });
    }
  }
}

/** @param {Record<string, string | null>} values */
function withoutNulls(values) {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** @param {Report} report */
function hasAnything({ summary, previous }) {
  return summary.users > 0 || Boolean(previous && previous.summary.users > 0);
}

/** @param {Report} report @param {Filters} filters */
function nothingYet({ bots, since, until }, filters) {
  if (!bots.length) {
    return emptyView({ icon: "bot", title: "There is no bot yet", text: "Figures show up here once people talk to a bot of yours." });
  }
  const isWide = filters.days === "90";
  return emptyView({
    icon: "chart-column",
    title: `Nobody used the ${filters.bot ? "bot" : "bots"}: ${formatDays(since, until)}`,
    text: "Send a code to your bot, and its first step shows up here.",
    action: isWide ? undefined : button({ label: "Look at 90 days", icon: "calendar", attributes: { "data-action": "wider" } }),
  });
}

/** @param {Report} report @returns {import("../shared/components/series-chart.js").SeriesModel} */
function chartModel({ series, previous, zone, unit, since, until }) {
  const before = previous?.series.map(({ generations }) => generations);
  const lines = [
    { label: "Pictures made", values: series.map(({ generations }) => generations), color: /** @type {const} */ (1), filled: true },
    { label: "Not made", values: series.map(({ failed }) => failed), color: /** @type {const} */ (3) },
  ];
  // The days before may be an hour longer or shorter, when the clocks changed.
  const compared = before && { label: "Made in the days before", values: series.map((_point, at) => before[at] ?? null), color: /** @type {const} */ (6), dashed: true };
  return {
    label: `Pictures made by ${unit}, ${formatDays(since, until)}. The numbers stand in the table below.`,
    moments: series.map(({ at }) => new Date(at)),
    zone,
    unit,
    valueUnit: `pictures per ${unit}`,
    lines: compared ? [...lines, compared] : lines,
  };
}

/** @param {Report} report @param {string} name @returns {Omit<import("../shared/components/table.js").TableModel<any>, "onCsv">} */
function tableModel(report, name) {
  if (name === "series") {
    const options = /** @type {Intl.DateTimeFormatOptions} */ ({ weekday: "short", day: "numeric", month: "short", timeZone: report.zone });
    if (report.unit === "hour") Object.assign(options, { hour: "2-digit", minute: "2-digit" });
    const when = new Intl.DateTimeFormat(undefined, options);
    return {
      label: "Pictures over time",
      noun: report.unit === "hour" ? ["hour", "hours"] : ["day", "days"],
      idOf: (row) => row.at,
      rows: report.series,
      columns: [
        { key: "at", label: report.unit === "hour" ? "Hour" : "Day", fixed: true, value: (row) => new Date(row.at), show: (row) => when.format(new Date(row.at)) },
        { key: "generations", label: "Pictures made", align: "end", value: (row) => row.generations },
        { key: "users", label: "People", align: "end", value: (row) => row.users },
        { key: "failed", label: "Not made", align: "end", value: (row) => row.failed },
      ],
    };
  }
  if (name === "people") {
    return {
      label: "People",
      noun: ["person", "people"],
      idOf: (row) => String(row.user_id),
      rows: report.people,
      columns: [
        { key: "user", label: "Person", fixed: true, value: (row) => String(row.user_id), show: (row) => html`<a href="#/telegram/analytics/people/${row.user_id}">${row.user_id}</a>` },
        { key: "generations", label: "Pictures", align: "end", value: (row) => row.generations },
        { key: "steps", label: "Steps", align: "end", value: (row) => row.steps },
        { key: "last", label: "Last seen", value: (row) => new Date(row.last_at) },
      ],
    };
  }
  return {
    label: "Codes that did not work",
    noun: ["code", "codes"],
    idOf: (row) => `${row.outcome} ${row.code}`,
    rows: report.bad_codes,
    filters: [
      { key: "invalid", label: "Refused", test: (row) => row.outcome === "invalid" },
      { key: "unknown", label: "Not to be checked", test: (row) => row.outcome === "unknown" },
    ],
    columns: [
      { key: "code", label: "Code", fixed: true, value: (row) => row.code, show: (row) => html`<code>${row.code}</code>` },
      { key: "outcome", label: "What happened", value: (row) => (row.outcome === "invalid" ? "Refused" : "Not to be checked") },
      { key: "times", label: "Times", align: "end", value: (row) => row.times },
      { key: "users", label: "People", align: "end", value: (row) => row.users },
      { key: "last", label: "Last", value: (row) => new Date(row.last_at) },
    ],
  };
}
