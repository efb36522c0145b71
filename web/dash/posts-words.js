/** Channels and posts in words. */

import { formatMoment } from "../shared/js/format.js";

/**
 * @typedef {{ id: string, title: string, username: string | null, bot: string, state: "connected" | "broken",
 *   problem: string | null, next: string | null, link: string, connected_at: string }} Channel
 */
/**
 * @typedef {{ id: string, channel_id: string, channel: string, state: keyof typeof STATES, change: "" | "pending" | "done" | "failed" | "undeleted",
 *   problem: string | null, due_at: string, posted_at: string | null, caption: string, code: string, picture_url: string,
 *   link: string | null, author: string, created_at: string }} Post
 */

const STATES = {
  scheduled: { label: "Scheduled", tone: null },
  sending: { label: "Going out", tone: null },
  posted: { label: "Posted", tone: "success" },
  held: { label: "Waits for rights", tone: "warning" },
  cancelled: { label: "Cancelled", tone: null },
  failed: { label: "Failed", tone: "danger" },
  unclear: { label: "No answer", tone: "warning" },
  deleting: { label: "Being deleted", tone: null },
  deleted: { label: "Deleted", tone: null },
};

/** @param {Post} post */
export const stateOf = ({ state }) => STATES[state];

/** What there is to say beside the state, and what to do. @param {Post} post @returns {{ text: string, isBad: boolean } | null} */
export function noteOf({ state, change, problem }) {
  const why = problem ? ` ${problem.replace(/[.!?]?$/, ".")}` : "";
  if (state === "held") return { text: "It goes out when the bot may post in the channel again.", isBad: false };
  if (state === "failed") return { text: `Telegram did not take it.${why}`, isBad: true };
  if (state === "unclear") return { text: "Telegram gave no answer: look into the channel before you send it again.", isBad: true };
  if (change === "pending") return { text: "The new caption is on its way.", isBad: false };
  if (change === "failed") return { text: `The new caption did not get through.${why}`, isBad: true };
  return change === "undeleted" ? { text: `It could not be deleted.${why}`, isBad: true } : null;
}

/** @param {Post} post */
export function momentOf({ posted_at, due_at, state }) {
  if (posted_at) return formatMoment(new Date(posted_at));
  return state === "scheduled" || state === "held" ? `due ${formatMoment(new Date(due_at))}` : formatMoment(new Date(due_at));
}

/** @param {Post} post */
export const mayChange = ({ state }) => ["scheduled", "sending", "held", "posted"].includes(state);

/** Whether something went wrong with it that the outbox can put right. @param {Post} post */
export const needsOutbox = ({ state, change }) => ["failed", "unclear"].includes(state) || ["failed", "undeleted"].includes(change);

/** @param {Post} post */
export const authorOf = ({ author }) => (author.startsWith("chat:") ? `in the chat, by ${author.slice(5)}` : "on the dashboard");

/** A caption without Telegram's tags. @param {string} caption */
export const plainOf = (caption) => new DOMParser().parseFromString(caption, "text/html").body.textContent ?? "";
