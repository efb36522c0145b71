/** The figures of bots as markup. Charts and tables get their models afterwards, by analytics-view. */

import { button } from "../shared/components/button.js";
import { heatMap } from "../shared/components/heat-map.js";
import { icon } from "../shared/components/icon.js";
import { countOf, formatNumber, formatPercent, titleCase } from "../shared/js/format.js";
import { attrs, html } from "../shared/js/html.js";
import { FUNNEL, WEEKDAYS, daysBefore, deltaOf, formatDays, reasonName } from "./analytics-words.js";

/** @typedef {import("./analytics-words.js").Report} Report */
/** @typedef {import("./analytics-words.js").Share} Share */

const HOURS = Array.from({ length: 24 }, (_each, hour) => String(hour).padStart(2, "0"));
const PICTURES = /** @type {[string, string]} */ (["picture", "pictures"]);

/** @param {Report} report @param {boolean} mayExport */
export function sections(report, mayExport) {
  const csv = (/** @type {string} */ table) => mayExport && csvButton(table);
  return html`
    ${keyFigures(report)}
    <section class="card chart-card">
      <div class="card-head"><div><h2>${seriesTitle(report)}</h2><p class="muted small">Times are those of ${report.zone}.</p></div><span class="push">${csv("series")}</span></div>
      <ps-series-chart data-key="chart-${report.unit}-${report.since}-${report.until}"></ps-series-chart>
      <details class="behind"><summary>Show the numbers as a table</summary><ps-table data-table="series"></ps-table></details>
    </section>
    <section class="card">
      <div class="card-head"><div><h2>${heatTitle(report)}</h2><p class="muted small">Pictures by weekday and hour of the day, ${report.zone}.</p></div><span class="push">${csv("heat-map")}</span></div>
      ${heatMap({ label: "Pictures by weekday and hour", rows: WEEKDAYS.map((day) => day.slice(0, 3)), columns: HOURS, values: report.heat_map, unit: PICTURES })}
    </section>
    <div class="card-grid">
      ${shareCard("Most used templates", "Template", report.templates, report.summary.generations, csv("templates"), titleCase)}
      ${shareCard("Most used formats", "Format", report.formats, report.summary.generations, csv("formats"), titleCase)}
      ${shareCard("Most used codes", "Code", report.codes, report.summary.generations, csv("codes"), (name) => name)}
    </div>
    ${funnelCard(report, csv("funnel"))}
    <div class="card-grid">
      ${retentionCard(report, csv("retention"))}
      ${failureCard(report, csv("failures"))}
    </div>
    <section class="card">
      <div class="card-head"><div><h2>Codes that did not work</h2><p class="muted small">Refused, or not to be checked at that time; the ten most frequent. The file holds all of them.</p></div></div>
      ${report.bad_codes.length ? html`<ps-table data-table="bad-codes"></ps-table>` : nothing("No code was refused in this period.")}
    </section>
    <section class="card">
      <div class="card-head"><div><h2>People who made the most pictures</h2><p class="muted small">By their number at Telegram. Open one to see each step.</p></div></div>
      ${report.people.length ? html`<ps-table data-table="people"></ps-table>` : nothing("Nobody used the bots in this period.")}
    </section>`;
}

/** The shape of what is coming: six figures, a chart, a heat map. */
export function comingSections() {
  const part = html`<span class="skeleton" data-kind="card" aria-hidden="true"></span>`;
  return html`
    <div class="figures" role="status" aria-busy="true"><span class="visually-hidden">Loading</span>${[1, 2, 3, 4, 5, 6].map(() => part)}</div>
    <span class="skeleton" data-kind="chart" aria-hidden="true"></span><span class="skeleton" data-kind="chart" aria-hidden="true"></span>`;
}

/** @param {Report} report */
function keyFigures({ summary, previous }) {
  const before = previous?.summary;
  const against = previous ? daysBefore(previous.since, previous.until) : "";
  const count = (/** @type {string} */ label, /** @type {"generations" | "users" | "valid" | "invalid" | "unknown" | "files"} */ name, /** @type {string} */ unit) =>
    figure({ label, value: formatNumber(summary[name]), unit, delta: before && deltaOf(summary[name], before[name]), against });
  return html`
    <div class="figures">
      ${count("Pictures made", "generations", "pictures")}
      ${count("People", "users", "people")}
      ${figure({ label: "Success", value: summary.success_rate === null ? "–" : formatPercent(summary.success_rate), unit: "of pictures asked for", ...rateDelta(summary, before), against })}
      ${count("Good codes", "valid", "checks")}
      ${count("Refused codes", "invalid", "checks")}
      ${count("Codes not to be checked", "unknown", "checks")}
    </div>`;
}

/** @param {import("./analytics-words.js").Summary} now @param {import("./analytics-words.js").Summary | undefined} before */
function rateDelta(now, before) {
  if (!before || now.success_rate === null || before.success_rate === null) return {};
  const points = (now.success_rate - before.success_rate) * 100;
  if (Math.abs(points) < 0.05) return { delta: { text: "the same as", tone: null, icon: null } };
  const isUp = points > 0;
  return { delta: { text: `${formatNumber(Number(Math.abs(points).toFixed(1)))} points ${isUp ? "more" : "less"} than`, tone: isUp ? "up" : "down", icon: isUp ? "arrow-up" : "arrow-down" } };
}

/** @param {{ label: string, value: string, unit: string, delta?: ReturnType<typeof deltaOf>, against: string }} options */
function figure({ label, value, unit, delta, against }) {
  return html`
    <section class="card figure">
      <h3 class="muted">${label}</h3>
      <p class="figure-value numbers">${value} <span class="unit">${unit}</span></p>
      ${delta && html`<p class="delta small muted">${delta.icon && icon(delta.icon)}<span>${delta.text} ${against}</span></p>`}
    </section>`;
}

/** @param {Report} report */
function seriesTitle({ summary, previous, unit, since, until }) {
  const made = countOf(summary.generations, ...PICTURES);
  const days = formatDays(since, until);
  if (!previous) return `${made} by ${unit}, ${days}`;
  const { text } = deltaOf(summary.generations, previous.summary.generations);
  return `${made} by ${unit}, ${days}: ${text} ${daysBefore(previous.since, previous.until)}`;
}

/** Says where the most is. @param {Report} report */
function heatTitle({ heat_map: grid }) {
  const most = Math.max(...grid.flat());
  if (!most) return "When pictures are made";
  const day = grid.findIndex((hours) => hours.includes(most));
  const hour = grid[day].indexOf(most);
  return `Most pictures are made on ${WEEKDAYS[day]}s from ${HOURS[hour]}:00 to ${HOURS[(hour + 1) % 24]}:00`;
}

/**
 * @param {string} title @param {string} column @param {Share[]} rows @param {number} total
 * @param {import("../shared/js/html.js").Html | false} csv @param {(name: string) => string} nameOf
 */
function shareCard(title, column, rows, total, csv, nameOf) {
  const most = Math.max(1, ...rows.map(({ generations }) => generations));
  return html`
    <section class="card">
      <div class="card-head"><h2>${title}</h2><span class="push">${csv}</span></div>
      ${rows.length === 0 && nothing("No picture was made in this period.")}
      ${rows.length > 0 && html`
        <table class="ranks">
          <thead><tr><th scope="col">${column}</th><th scope="col" class="end">Pictures</th><th scope="col" class="end">People</th></tr></thead>
          <tbody>${rows.map(
            ({ name, generations, users }) => html`
              <tr><th scope="row"><span class="rank-name">${nameOf(name)}</span>${bar(generations, most)}</th>
                <td class="end numbers">${formatNumber(generations)} <span class="rank-share muted small">${formatPercent(generations / Math.max(1, total))}</span></td>
                <td class="end numbers">${formatNumber(users)}</td></tr>`,
          )}</tbody>
        </table>`}
    </section>`;
}

/** @param {Report} report @param {import("../shared/js/html.js").Html | false} csv */
function funnelCard({ funnel }, csv) {
  const [met] = funnel;
  return html`
    <section class="card">
      <div class="card-head"><div><h2>${funnelTitle(funnel)}</h2><p class="muted small">People first seen in this period, and how far they came within it. Further means: as a file, as a QR code, or into a channel.</p></div><span class="push">${csv}</span></div>
      ${met.people === 0 && nothing("Nobody was here for the first time.")}
      ${met.people > 0 && html`
        <table class="ranks">
          <thead><tr><th scope="col">Step</th><th scope="col" class="end">New people</th><th scope="col" class="end">Of those before</th></tr></thead>
          <tbody>${funnel.map(({ step, people }, at) => {
            const before = at ? funnel[at - 1].people : 0;
            return html`
              <tr><th scope="row"><span class="rank-name">${FUNNEL[step]}</span>${bar(people, met.people)}</th>
                <td class="end numbers">${formatNumber(people)} <span class="rank-share muted small">${formatPercent(people / met.people)}</span></td>
                <td class="end numbers">${before ? formatPercent(people / before) : "–"}</td></tr>`;
          })}</tbody>
        </table>`}
    </section>`;
}

/** @param {Report["funnel"]} funnel */
function funnelTitle(funnel) {
  const pictured = funnel.find(({ step }) => step === "pictured")?.people ?? 0;
  const met = funnel[0].people;
  return met ? `${formatNumber(pictured)} of ${countOf(met, "new person", "new people")} got a picture` : "How far new people come";
}

/** @param {Report} report @param {import("../shared/js/html.js").Html | false} csv */
function retentionCard({ retention }, csv) {
  return html`
    <section class="card">
      <div class="card-head"><div><h2>Who comes back</h2><p class="muted small">Of the people first seen in this period, those who were seen again on that very day.</p></div><span class="push">${csv}</span></div>
      <table class="ranks">
        <thead><tr><th scope="col">After</th><th scope="col" class="end">Came back</th><th scope="col" class="end">New people</th></tr></thead>
        <tbody>${retention.map(
          ({ day, people, returned }) => html`
            <tr><th scope="row"><span class="rank-name">${countOf(day, "day", "days")}</span>${bar(returned, Math.max(1, people))}</th>
              <td class="end numbers">${people ? html`${formatPercent(returned / people)} <span class="rank-share muted small">${formatNumber(returned)}</span>` : "–"}</td>
              <td class="end numbers">${people ? formatNumber(people) : html`<span class="muted">not over yet</span>`}</td></tr>`,
        )}</tbody>
      </table>
    </section>`;
}

/** @param {Report} report @param {import("../shared/js/html.js").Html | false} csv */
function failureCard({ failures, summary }, csv) {
  const most = Math.max(1, ...failures.map(({ times }) => times));
  return html`
    <section class="card">
      <div class="card-head"><div><h2>${failures.length ? `${countOf(summary.failed, ...PICTURES)} could not be made` : "Every picture was made"}</h2></div><span class="push">${csv}</span></div>
      ${failures.length === 0 && nothing("Nothing failed in this period.")}
      ${failures.length > 0 && html`
        <table class="ranks">
          <thead><tr><th scope="col">Why</th><th scope="col" class="end">Times</th></tr></thead>
          <tbody>${failures.map(
            ({ error, times }) => html`<tr><th scope="row"><span class="rank-name">${reasonName(error)}</span>${bar(times, most)}</th><td class="end numbers">${formatNumber(times)}</td></tr>`,
          )}</tbody>
        </table>`}
    </section>`;
}

/** @param {number} value @param {number} most */
function bar(value, most) {
  return html`<svg class="rank-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rank-well" width="100" height="4"/><rect${attrs({ width: ((value / most) * 100).toFixed(1), height: 4 })}/></svg>`;
}

/** @param {string} text */
const nothing = (text) => html`<p class="muted">${text}</p>`;

/** @param {string} table */
function csvButton(table) {
  return button({ label: `CSV: ${titleCase(table).toLowerCase()}`, icon: "download", iconOnly: true, size: "small", variant: "outline", attributes: { "data-export": table } });
}
