/** What the figures are asked for: it stands in the address, so that back, reload and a shared link show the same. */

import { button } from "../shared/components/button.js";
import { field, selectField } from "../shared/components/field.js";
import { segmented } from "../shared/components/segmented.js";
import { switchField } from "../shared/components/switch.js";
import { html } from "../shared/js/html.js";

/** @typedef {{ days: string, since: string, until: string, unit: "hour" | "day", bot: string, compare: boolean }} Filters `days` is empty for days of one's own */

const PRESETS = { 1: "Today", 7: "7 days", 30: "30 days", 90: "90 days" };
const MOST_DAYS = 366;
const MOST_DAYS_BY_HOUR = 31;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the address says, the usual where it says nothing or nonsense. @param {URLSearchParams} query @returns {Filters} */
export function filtersOf(query) {
  const [since, until] = [query.get("since") ?? "", query.get("until") ?? ""];
  const isOwn = problemOfDays(since, until) === null;
  const days = isOwn ? "" : String(Object.keys(PRESETS).find((each) => each === query.get("days")) ?? 30);
  const filters = { days, since: isOwn ? since : "", until: isOwn ? until : "", bot: query.get("bot") ?? "", compare: query.get("compare") !== "off" };
  const unit = query.get("unit") ?? (days === "1" ? "hour" : "day");
  return { ...filters, unit: unit === "hour" && mayCountHours(filters) ? "hour" : "day" };
}

/** As the address keeps it: the usual is left out. @param {Filters} filters @returns {Record<string, string | null>} */
export function addressOf({ days, since, until, unit, bot, compare }) {
  const usual = days === "1" ? "hour" : "day";
  return {
    days: days === "30" ? null : days || null,
    since: since || null,
    until: until || null,
    unit: unit === usual ? null : unit,
    bot: bot || null,
    compare: compare ? null : "off",
  };
}

/** What the server is asked. @param {Filters} filters @returns {Record<string, string | null>} */
export function queryOf({ days, since, until, unit, bot }) {
  return { days: days || null, since: since || null, until: until || null, unit, bot: bot || null };
}

/** What keeps two days from being a period, in words. @param {string} since @param {string} until */
export function problemOfDays(since, until) {
  if (!DAY.test(since) || !DAY.test(until)) return "Choose the first and the last day.";
  if (since > until) return "The last day comes before the first.";
  return lengthOf(since, until) > MOST_DAYS ? `Choose at most ${MOST_DAYS} days.` : null;
}

/** @param {string} since @param {string} until */
const lengthOf = (since, until) => Math.round((Date.parse(until) - Date.parse(since)) / 86_400_000) + 1;

/** @param {Pick<Filters, "days" | "since" | "until">} filters */
const mayCountHours = ({ days, since, until }) => (days ? Number(days) : lengthOf(since, until)) <= MOST_DAYS_BY_HOUR;

/** @param {Filters} filters @param {{ id: string, username: string }[]} bots @param {boolean} isOwn days of one's own are being chosen */
export function filterBar(filters, bots, isOwn) {
  const periods = [...Object.entries(PRESETS).map(([value, label]) => ({ value, label })), { value: "own", label: "Custom" }];
  return html`
    <div class="filter-bar">
      ${segmented({ name: "days", label: "Period", value: isOwn ? "own" : filters.days, options: periods })}
      ${segmented({
        name: "unit",
        label: "Step of the series",
        value: filters.unit,
        options: [
          { value: "day", label: "By day" },
          { value: "hour", label: "By hour", disabled: !mayCountHours(filters) },
        ],
      })}
      ${bots.length > 1 && selectField({ id: "bot", label: "Bot", value: filters.bot, options: [{ value: "", label: "All bots" }, ...bots.map(({ id, username }) => ({ value: id, label: `@${username}` }))] })}
      ${switchField({ name: "compare", label: "Compare with the days before", checked: filters.compare })}
    </div>`;
}

/** The two fields for days of one's own. @param {{ since: string, until: string }} shown */
export function daysForm({ since, until }) {
  return html`
    <form class="own-days" data-form="days">
      ${field({ id: "since", label: "First day", type: "date", value: since, attributes: { required: true } })}
      ${field({ id: "until", label: "Last day", type: "date", value: until, attributes: { required: true } })}
      ${button({ label: "Show these days", type: "submit", variant: "primary" })}
    </form>`;
}

/** Somebody has typed into the fields, or was told what is wrong: neither goes when figures come in. @param {HTMLElement} slot */
export function isBeingFilled(slot) {
  return [...slot.querySelectorAll("input")].some((input) => input.value !== input.defaultValue || input.hasAttribute("aria-invalid"));
}
