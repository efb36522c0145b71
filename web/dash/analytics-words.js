/** What the figures and steps of bots are called. */

import { formatDate, formatNumber, formatPercent, titleCase } from "../shared/js/format.js";

/** @typedef {{ generations: number, users: number, failed: number, valid: number, invalid: number, unknown: number, files: number, success_rate: number | null }} Summary */
/** @typedef {{ at: string, generations: number, users: number, failed: number }} Point */
/** @typedef {{ name: string, generations: number, users: number }} Share */
/** @typedef {{ code: string, outcome: "invalid" | "unknown", times: number, users: number, last_at: string }} BadCode */
/** @typedef {{ user_id: number, generations: number, steps: number, last_at: string }} Person */
/**
 * @typedef {{ zone: string, since: string, until: string, unit: "hour" | "day", bot: string | null,
 *   bots: { id: string, username: string }[], summary: Summary, series: Point[], heat_map: number[][],
 *   templates: Share[], formats: Share[], codes: Share[], failures: { error: string, times: number }[],
 *   bad_codes: BadCode[], retention: { day: number, people: number, returned: number }[], people: Person[],
 *   funnel: { step: string, people: number }[],
 *   previous: { since: string, until: string, summary: Summary, series: Point[] } | null }} Report
 */

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const STEPS = /** @type {Record<string, string>} */ ({
  started: "Started the bot",
  link_old: "Opened an old link",
  code_valid: "Typed a good code",
  code_invalid: "Typed a wrong code",
  code_unknown: "Typed a code that could not be checked",
  code_malformed: "Typed what cannot be a code",
  limited: "Asked too often",
  gallery_empty: "Found no template",
  rendered: "Got a picture",
  render_failed: "Did not get a picture",
  file_sent: "Got the file in full quality",
  qr_sent: "Got the QR code",
  inline_offered: "Searched pictures in another chat",
  stopped: "Stopped the news",
  resumed: "Wants news again",
  channel_connected: "Connected a channel",
  channel_lost: "Took the bot its place in a channel",
  posted: "Posted to a channel",
  post_edited: "Changed a post",
  post_deleted: "Deleted a post",
  blocked: "Blocked the bot",
  unblocked: "Came back to the bot",
});

const REASONS = /** @type {Record<string, string>} */ ({
  coupon_invalid: "The code was not valid any more",
  coupon_unknown: "The code could not be checked",
  template_gone: "The template was taken away",
  template_not_found: "The template was taken away",
  store_unavailable: "The picture store did not answer",
  other: "Another reason",
});

export const FUNNEL = /** @type {Record<string, string>} */ ({
  met: "Wrote to a bot",
  asked: "Sent a code",
  valid: "Had a code that works",
  pictured: "Got a picture",
  taken: "Took it further",
});

/** @param {string} kind */
export const stepName = (kind) => STEPS[kind] ?? titleCase(kind);

/** @param {string} error */
export const reasonName = (error) => REASONS[error] ?? titleCase(error);

/** A day of the calendar, which is no moment. @param {string} day `2026-11-22` */
export function formatDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  return formatDate(new Date(year, month - 1, date));
}

/** @param {string} since @param {string} until */
export const formatDays = (since, until) => (since === until ? formatDay(since) : `${formatDay(since)} – ${formatDay(until)}`);

/**
 * How a number compares, in words; null when there was nothing to compare with.
 * @param {number} now @param {number} before
 */
export function deltaOf(now, before) {
  if (now === before) return { text: "the same as", tone: null, icon: null };
  const isUp = now > before;
  const text = before ? `${formatChange(Math.abs(now - before) / before)} ${isUp ? "more" : "less"} than` : `${formatNumber(now)} more than`;
  return { text, tone: isUp ? "up" : "down", icon: isUp ? "arrow-up" : "arrow-down" };
}

/** Tenths of a percent matter only when there are few. @param {number} share */
const formatChange = (share) => (share < 0.1 ? formatPercent(share) : formatPercent(Math.round(share * 100) / 100));

/** How many days a period has, in words. @param {string} since @param {string} until */
export function daysBefore(since, until) {
  const days = Math.round((Date.parse(until) - Date.parse(since)) / 86_400_000) + 1;
  return days === 1 ? "the day before" : `the ${days} days before`;
}
