/** How far a workspace is, in words. */

import { ApiError } from "../shared/js/api.js";
import { describeError } from "../shared/components/states.js";

/** @typedef {{ id: string, username: string, is_ready: boolean, is_checked: boolean, problem: string | null, next: string | null, fix: string | null, link: string }} BotFacts */
/** @typedef {{ id: string, title: string, username: string | null, bot: string, can_post: boolean }} ChannelFacts */
/** @typedef {{ do: string, title: string, text: string }} Action */
/** @typedef {{ name: string, state: "done" | "next" | "later", missing: Action | null }} Step */
/**
 * @typedef {{ steps: Step[], next: (Action & { step: string }) | null, telegram: { bots: BotFacts[], channels: ChannelFacts[] } }} Progress
 */

export const SET_UP = "#/start";

/** @type {Record<string, string>} */
export const STEP_NAMES = { telegram: "Telegram" };

/** A vendor that is away says so itself: what happened, and that it can be tried again. @param {unknown} error */
export function wordsOf(error) {
  const isVendors = error instanceof ApiError && error.code.endsWith("_unavailable") && !["identity_unavailable", "database_unavailable"].includes(error.code);
  return isVendors ? error.message : describeError(error, "").text;
}

/** @param {Progress} progress */
export function countDone({ steps }) {
  return steps.filter(({ state }) => state === "done").length;
}
