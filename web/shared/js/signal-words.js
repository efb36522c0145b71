/** What became of a signal and what happened to it, in words. */

import { titleCase } from "./format.js";

export const OUTCOMES = /** @type {Record<string, string>} */ ({
  tp3: "All targets reached",
  stopped: "Stopped out",
  breakeven: "Stopped at the entry",
  locked_profit: "Stopped at the first target",
  timeout: "Closed at the end of its time",
  invalidated: "Closed early: its reason no longer stood",
});

const REASONS = /** @type {Record<string, string>} */ ({
  paused: "Kept back: signals were paused",
  session: "Kept back: outside the session",
  open_signal: "Kept back: a signal was open",
  loss_unknown: "Kept back: the open result was not known",
  daily_loss: "Kept back: the day's loss cap was reached",
  throttle: "Kept back: too soon after a loss",
  per_day: "Kept back: enough signals that day",
  spacing: "Kept back: too soon after the one before",
  no_channel: "Not sent: no channel to post in",
  no_message: "Not sent: its message is gone",
  stale: "Not sent: its moment had passed",
  ambiguous: "Not sent: Telegram did not answer",
});

const EVENTS = /** @type {Record<string, string>} */ ({
  "target tp1": "First target reached",
  "target tp2": "Second target reached",
  "target tp3": "Third target reached",
  "stop_moved entry": "Stop moved to the entry",
  "stop_moved tp1": "Stop moved to the first target",
  "milestone progress_40": "40 % of the way to the first target",
  "milestone progress_70": "70 % of the way to the first target",
  "milestone progress_tp2_50": "Half of the way to the second target",
  "milestone danger_60": "60 % of the way to the stop",
  "ambiguous order": "Stop and target in one bar: read against us",
  "gap open": "Filled at an open beyond the level",
  "thesis holding": "Its reason still stands",
  "thesis weakening": "Its reason weakens",
  "thesis broken": "Its reason no longer stands",
});

/** @param {{ state: string, outcome: string | null, reason: string, result: { net_r: string } | null }} signal @returns {{ label: string, tone: "success" | "danger" | "warning" | null }} */
export function stateOf({ state, outcome, reason, result }) {
  if (state === "open") return { label: "Open", tone: "warning" };
  if (state === "draft") return { label: "Being sent", tone: "warning" };
  if (state === "unpublished") return { label: REASONS[reason] ?? `Not sent: ${reason}`, tone: null };
  return { label: OUTCOMES[outcome ?? ""] ?? "Closed", tone: Number(result?.net_r ?? 0) > 0 ? "success" : "danger" };
}

/** @param {{ kind: string, name: string }} event */
export function eventName({ kind, name }) {
  if (kind === "closed") return `Closed: ${(OUTCOMES[name] ?? name).toLowerCase()}`;
  return EVENTS[`${kind} ${name}`] ?? titleCase(`${kind} ${name}`);
}
