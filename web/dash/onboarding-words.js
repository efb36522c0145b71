/** How far a workspace is, in words. */

import { ApiError } from "../shared/js/api.js";
import { describeError } from "../shared/components/states.js";

/** @typedef {{ id: string, username: string, roles: string[], is_ready: boolean, is_checked: boolean, problem: string | null, next: string | null, fix: string | null, link: string }} BotFacts */
/** @typedef {{ id: string, number: string, bot_id: string, title: string, username: string | null, bot: string, can_post: boolean }} ChannelFacts */
/** @typedef {{ kind: "funderpro" | "stripe" | "local", is_on: boolean, is_ready: boolean }} PlaceFacts */
/** @typedef {{ name: string, support_email: string | null, zone: string, logo_url: string | null, template: { slug: string, name: string, thumbnail_url: string | null } | null }} BusinessFacts */
/** @typedef {{ channel: string, code: string, link: string | null, picture_url: string }} PostFacts */
/** @typedef {{ background: string, accent: string }} Colours */
/** @typedef {{ do: string, title: string, text: string }} Action */
/** @typedef {{ name: string, state: "done" | "next" | "later", missing: Action | null }} Step */
/**
 * @typedef {{ steps: Step[], next: (Action & { step: string }) | null, telegram: { bots: BotFacts[], channels: ChannelFacts[] },
 *   codes: PlaceFacts[], business: BusinessFacts, post: PostFacts | null }} Progress
 */
/** What is under way: one call at a time, each problem beside its control; `chosen` is kept, because looking again draws anew; `isTwice`: the picture may be in the channel already; `maker` opens Telegram to make a bot. @typedef {{ busy: string | null, problems: Record<string, string>, isTest: boolean, isTwice: boolean, palettes: Colours[] | null, chosen: Record<string, string>, maker: string | null, isMaking: boolean }} Asked */

export const SET_UP = "#/start";

/** @type {Record<string, string>} */
export const STEP_NAMES = { telegram: "Telegram", codes: "Coupon codes", business: "Your business", done: "First picture" };
export const PLACE_NAMES = { funderpro: "FunderPro", stripe: "Stripe", local: "Codes of your own" };

/** A vendor that is away says so itself: what happened, and that it can be tried again. @param {unknown} error */
export function wordsOf(error) {
  if (!(error instanceof ApiError)) return describeError(error, "").text;
  const isVendors = error.code.endsWith("_unavailable") && !["identity_unavailable", "database_unavailable"].includes(error.code);
  const isUnknown = error.code === "coupon_unknown";
  return isVendors || isUnknown ? error.message : describeError(error, "").text;
}

/** @param {Progress} progress */
export function countDone({ steps }) {
  return steps.filter(({ state }) => state === "done").length;
}
