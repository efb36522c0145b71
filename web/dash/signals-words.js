/** Signals in words: what became of each, what happened to it, how it stands. */

import { formatMoment, formatNumber } from "../shared/js/format.js";

/**
 * @typedef {object} Signal
 * @property {string} id @property {string} symbol @property {string} strategy
 * @property {"draft" | "open" | "closed" | "unpublished"} state @property {string} reason
 * @property {"buy" | "sell"} side @property {string} entry @property {string} stop @property {string} stop_now
 * @property {string[]} targets @property {number[]} split @property {number} hit
 * @property {string} bar_closed_at @property {string | null} published_at @property {string | null} closes_by
 * @property {string | null} outcome @property {string | null} closed_at
 * @property {{ share: number, price: string, why: string }[]} legs
 * @property {{ net_r: string, net_pips: string, net_usd: string } | null} result
 * @property {number} ambiguous @property {number} gap_fills
 */
/** @typedef {{ kind: string, name: string, at: string, price: string }} SignalEvent */
/** @typedef {{ name: string, title: string, help: string, kind: "number" | "whole" | "switch" | "choice" | "numbers" | "pairs" | "group" | "conditions", default: any, least: number | null, most: number | null, choices: string[], count: number, optional: boolean, parts: Parameter[], options: Option[] }} Parameter */
/** @typedef {{ kind: string, title: string, help: string, parameters: Parameter[] }} Option one kind of condition */
/** @typedef {{ key: string, name: string, description: string, interval: string, intervals: string[], warmup_bars: number, tried_first: boolean, parameters: Parameter[] }} Card */
/**
 * @typedef {object} Choices
 * @property {string | null} channel @property {boolean} can_post
 * @property {string | null} strategy @property {Record<string, any>} params
 * @property {{ strategy: string | null, params: Record<string, any> } | null} queued
 * @property {string | null} active_since @property {string | null} paused_until
 * @property {{ session_from: number, session_to: number, daily_loss_pips: string }} rails
 */
/**
 * @typedef {object} Desk
 * @property {Choices} settings
 * @property {{ id: string, title: string, bot: string, broken: string | null }[]} channels
 * @property {{ credits: number, credits_a_day: number, paused_until: string | null, problem: string | null }} feed
 * @property {Signal[]} living
 * @property {{ n: number, net_r: string, wins: number }} month
 * @property {{ strategy: string, bar_closed_at: string, fate: string, reason: string }[]} troubles
 * @property {string} next_scan_at
 * @property {{ at: string, close: number } | null} price
 */

export { OUTCOMES, eventName, stateOf } from "../shared/js/signal-words.js";

/** With its sign, always. @param {string | number} value @param {string} unit */
export function signed(value, unit) {
  const rounded = Math.round(Number(value) * 100) / 100;
  const number = rounded === 0 ? 0 : rounded;
  return `${number > 0 ? "+" : ""}${formatNumber(number)} ${unit}`;
}

/** @param {Pick<Signal, "side" | "symbol">} signal */
export const nameOf = ({ side, symbol }) => `${side.toUpperCase()} ${symbol}`;

/** How far the price is from a level, in the signal's direction. @param {Signal} signal @param {string} level @param {number} price */
export function distance({ side }, level, price) {
  return (side === "buy" ? 1 : -1) * (Number(level) - price);
}

/** @param {string} at */
export const when = (at) => formatMoment(new Date(at));

/** @param {Signal} signal @returns {{ price: number, label: string, tone: "entry" | "stop" | "target" }[]} */
export function linesOf({ entry, stop_now, targets }) {
  const aims = targets.map((price, index) => ({ price: Number(price), label: `TP${index + 1}`, tone: /** @type {const} */ ("target") }));
  return [{ price: Number(entry), label: "Entry", tone: "entry" }, { price: Number(stop_now), label: "Stop", tone: "stop" }, ...aims];
}

/** What a form shows of a value. @param {any} value @param {Parameter["kind"]} kind */
export function shown(value, kind) {
  if (value === null || value === undefined) return "";
  if (kind === "numbers") return value.join(" / ");
  if (kind === "pairs") return value.map((/** @type {number[]} */ pair) => pair.join("–")).join(", ");
  return String(value);
}

/** What was typed, as the server takes it; what reads as nothing is handed on, so that it says what is wrong. @param {string} typed @param {Parameter} parameter */
export function read(typed, { kind, optional }) {
  const text = typed.trim();
  if (!text && optional) return null;
  if (kind === "numbers") return text.split(/[/;\s]+/).filter(Boolean).map(numberOf);
  if (kind === "pairs") return text.split(/[,;]+/).filter((part) => part.trim()).map((part) => part.split(/[–-]/).map(numberOf));
  return kind === "choice" ? text : numberOf(text);
}

/** @param {string} text */
function numberOf(text) {
  const number = Number(text.trim().replace(",", "."));
  return text.trim() === "" || Number.isNaN(number) ? text.trim() : number;
}
