/** Bots in words. */

import { formatNumber, formatRelative } from "../shared/js/format.js";

/** @typedef {{ status: "ok" | "attention" | "broken", problem: string | null, next: string | null, fix: "token" | "webhook" | "channel" | "outbox" | "parked" | null }} BotHealth */
/** @typedef {{ title: string, problem: string, link: string }} LostChannel */
/**
 * @typedef {{ id: string, username: string, state: "active" | "paused" | "suspended", paused_reason: string | null, health: BotHealth,
 *   webhook: { checked_at: string | null, pending: number | null, problem: string | null }, waiting: number, dead: number, parked: number,
 *   channels: number, lost_channels: LostChannel[], group_answer: "polite" | "silent", created_at: string }} Bot
 */

/** The server counts no further. */
const MOST_COUNTED = 1_000;
/** An answer of Telegram's that is older is asked for again. */
export const CHECK_EVERY_MS = 30_000;
export const LOOK_EVERY_MS = 10_000;

/** @param {number} count */
export const manyOf = (count) => (count > MOST_COUNTED ? `${formatNumber(MOST_COUNTED)}+` : formatNumber(count));

/** @param {Bot} bot @returns {{ label: string, tone: "success" | "warning" | "danger" | null }} */
export function stateOf({ state, health }) {
  if (state === "suspended") return { label: "Suspended", tone: "danger" };
  if (state === "paused") return { label: "Paused", tone: "danger" };
  if (health.status === "broken") return { label: "Not working", tone: "danger" };
  return health.status === "attention" ? { label: "Needs a look", tone: "warning" } : { label: "Working", tone: "success" };
}

/** @param {Bot} bot */
export function checkedText({ webhook }) {
  return webhook.checked_at ? `Checked with Telegram ${formatRelative(new Date(webhook.checked_at))}` : "Not checked with Telegram yet";
}

/** @param {Bot} bot */
export function isCheckDue({ webhook }) {
  return !webhook.checked_at || Date.now() - Date.parse(webhook.checked_at) > CHECK_EVERY_MS;
}

const SAID = /** @type {Record<string, string>} */ ({
  photo: "Sent a photo", document: "Sent a file", sticker: "Sent a sticker", voice: "Sent a voice message", video: "Sent a video",
  video_note: "Sent a video message", audio: "Sent audio", animation: "Sent an animation", location: "Sent a location", contact: "Sent a contact",
  button: "Tapped a button", picture: "Picture", file: "File", edit: "Changed a message", deletion: "Deleted a message", button_answer: "Answered the tap",
  sendChatAction: "Showed that it works", other: "Something without text",
});

/** What a line of a chat is, where its text does not say it. @param {string} what */
export const whatOf = (what) => (what === "text" ? null : (SAID[what] ?? what));

const STATES = /** @type {Record<string, { label: string, tone: "success" | "warning" | "danger" | null }>} */ ({
  sent: { label: "Sent", tone: null },
  waiting: { label: "Waits", tone: "warning" },
  leased: { label: "Is being sent", tone: "warning" },
  failed: { label: "Did not go out", tone: "danger" },
  ambiguous: { label: "May have arrived", tone: "danger" },
  cancelled: { label: "Cancelled", tone: "warning" },
  parked: { label: "Set aside", tone: "danger" },
  ignored: { label: "Not answered", tone: "warning" },
  done: { label: "Answered", tone: null },
});

/** What became of a line: an update that waits is not a message that waits. @param {{ direction: "in" | "out", state: string }} line */
export function lineState({ direction, state }) {
  if (direction === "in" && (state === "waiting" || state === "leased")) return { label: "Is being answered", tone: /** @type {const} */ ("warning") };
  return STATES[state] ?? { label: state, tone: null };
}

/** The bot's texts are Telegram's HTML: shown as plain words. @param {string} text */
export function plainText(text) {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  return parsed.body.textContent ?? "";
}
