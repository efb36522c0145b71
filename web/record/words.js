/** What a record says, in words and numbers. */

import { formatNumber, formatPercent } from "../shared/js/format.js";

/**
 * @typedef {object} PublicSignal
 * @property {string} signal @property {string} strategy @property {string} symbol @property {string} interval
 * @property {string} bar_closed_at @property {"buy" | "sell"} side @property {string} entry @property {string} stop
 * @property {string[]} targets @property {number[]} split @property {string} fate @property {string} reason
 * @property {string | null} published_at @property {{ kind: string, name: string, at: string, price: string }[]} events
 * @property {{ at: string, text: string }[]} messages
 * @property {{ outcome: string, closed_at: string, net_r: string, net_usd: string, net_pips: string, ambiguous: number, gap_fills: number } | null} result
 */
/** @typedef {[string, string] | null} Between */
/**
 * @typedef {object} Figures
 * @property {number} n @property {string} net_r @property {string | null} expectancy_r @property {Between} expectancy_r_95
 * @property {string | null} profit_factor @property {string} max_drawdown_r @property {number} wins
 * @property {string | null} win_rate @property {Between} win_rate_95 @property {number} tp1_hits
 * @property {string | null} tp1_rate @property {Between} tp1_rate_95 @property {string | null} best_r @property {string | null} worst_r
 * @property {number} ambiguous @property {number} gap_fills
 */
/**
 * @typedef {object} Record_
 * @property {{ slug: string, name: string }} tenant @property {string} head @property {string} public_head @property {number} rows
 * @property {number} plans @property {number} kept_back @property {string | null} since
 * @property {Figures} statistics @property {[string, string][]} equity_r @property {PublicSignal[]} signals
 * @property {{ made_at: string, n: number, expectancy_r: string | null, expectancy_r_95: Between, win_rate: string | null, tp1_rate: string | null, profit_factor: string | null } | null} random_entries
 * @property {string} note
 */

export const NONE = "–";

/** With its sign, unless it is nothing to two places. @param {string | null} value */
export function inR(value) {
  if (value === null) return NONE;
  const shown = Math.round(Number(value) * 100) / 100;
  return `${shown > 0 ? "+" : ""}${formatNumber(shown === 0 ? 0 : shown)} R`;
}

/** @param {string | null} share */
export const inPercent = (share) => (share === null ? NONE : formatPercent(Number(share)));

/** @param {Between} between @param {(value: string) => string} told */
export const interval = (between, told) => (between ? `95 % interval ${told(between[0])} to ${told(between[1])}` : "too few for an interval");

const days = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const moments = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });

/** @param {string} at */
export const dayOf = (at) => days.format(new Date(at));

/** @param {string} at */
export const momentOf = (at) => `${moments.format(new Date(at))} UTC`;
