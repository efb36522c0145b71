/** How much a tenant uses the product and how its bots are: figures, one line for each bot, what a suspension holds back. */

import { button } from "../shared/components/button.js";
import { icon } from "../shared/components/icon.js";
import { describeError, notice, skeleton } from "../shared/components/states.js";
import { countOf, formatBytes, formatNumber, formatRelative } from "../shared/js/format.js";
import { attrs, html } from "../shared/js/html.js";

/** @typedef {{ files: number, bytes: number }} Stored */
/** @typedef {{ username: string, state: "active" | "paused" | "suspended" | "disconnected", status: "ok" | "attention" | "broken", problem: string | null, checked_at: string | null }} BotState */
/**
 * @typedef {{ days: number, update_hours: number, sent: number, failed: number, waiting: number, waiting_since: string | null, updates: number,
 *   updates_waiting: number, updates_parked: number, pictures: number, people: number, used_at: string | null, changed_at: string | null,
 *   stored_pictures: Stored, stored_uploads: Stored, stored_exports: Stored, bots: BotState[] }} Usage
 */
/** @typedef {{ phase: "loading" } | { phase: "failed", error: unknown } | { phase: "ready", usage: Usage }} Looked */

/** @param {Looked} looked @param {"active" | "suspended" | "closing"} state of the tenant */
export function usageSection(looked, state) {
  return html`
    <section class="stack" data-key="usage" aria-labelledby="usage-title"${attrs({ "aria-busy": looked.phase === "loading" ? "true" : null })}>
      <h3 id="usage-title">Usage and health</h3>
      ${looked.phase === "loading" && skeleton(["card"])}
      ${looked.phase === "failed" && failed(looked.error)}
      ${looked.phase === "ready" && html`${state !== "active" && effect(looked.usage)}${figures(looked.usage)}${bots(looked.usage.bots, state)}`}
    </section>`;
}

/** @param {unknown} error */
function failed(error) {
  const { text, icon: sign } = describeError(error, "");
  return notice({ tone: "danger", icon: sign, children: html`<p>The figures could not be counted. ${text}</p>${button({ label: "Try again", icon: "refresh-cw", size: "small", variant: "outline", attributes: { "data-action": "count-again" } })}` });
}

/** What stands still, and what comes back with it. @param {Usage} usage */
function effect({ bots: all, waiting, updates_waiting: asked }) {
  const still = all.filter(({ state }) => state === "suspended").length;
  const parts = [
    "Its coupon page says that it is paused.",
    still ? `${countOf(still, "bot stands", "bots stand")} still.` : "No bot stands still because of it.",
    `${countOf(waiting, "message is", "messages are")} held, and ${countOf(asked, "update waits", "updates wait")} for an answer: nothing is lost.`,
  ];
  return notice({ icon: "circle-pause", children: html`${parts.join(" ")}` });
}

/** @param {Usage} usage */
function figures(usage) {
  const stored = [usage.stored_pictures, usage.stored_uploads, usage.stored_exports];
  const bytes = stored.reduce((sum, each) => sum + each.bytes, 0);
  const oldest = usage.waiting_since && Date.parse(usage.waiting_since) < Date.now() ? `the oldest was due ${formatRelative(new Date(usage.waiting_since))}` : "none is late";
  return html`
    <div class="figures">
      ${figure("Messages sent", formatNumber(usage.sent), `in ${usage.days} days`)}
      ${figure("Messages waiting", formatNumber(usage.waiting), usage.waiting ? oldest : "nothing waits")}
      ${figure("Messages failed", formatNumber(usage.failed), "not gone out, or nobody knows", usage.failed ? "warning" : null)}
      ${figure("Pictures", formatNumber(usage.pictures), `made for ${countOf(usage.people, "person", "people")} in ${usage.days} days`)}
      ${figure("Updates", formatNumber(usage.updates), `in ${usage.update_hours} hours; ${formatNumber(usage.updates_parked)} set aside`)}
      ${figure("Stored", formatBytes(bytes), `${formatNumber(usage.stored_pictures.files)} pictures, ${formatNumber(usage.stored_uploads.files)} uploads, ${formatNumber(usage.stored_exports.files)} archives`)}
    </div>
    <p class="muted">${since("A customer last used it", usage.used_at, "No customer has used it yet.")} ${since("Its people last changed something", usage.changed_at, "Its people have changed nothing yet.")}</p>`;
}

/** @param {string} text @param {string | null} at @param {string} never */
function since(text, at, never) {
  return at ? `${text} ${formatRelative(new Date(at))}.` : never;
}

/** @param {string} label @param {string} value @param {string} unit @param {"warning" | null} [tone] */
function figure(label, value, unit, tone = null) {
  return html`
    <section class="card figure"${attrs({ "data-tone": tone })}>
      <h4 class="muted">${label}</h4>
      <p class="figure-value numbers">${value} <span class="unit">${unit}</span></p>
    </section>`;
}

/** @param {BotState[]} all @param {string} tenant */
function bots(all, tenant) {
  if (!all.length) return html`<p class="muted">No bot is connected.</p>`;
  return html`
    <div class="card"><ul class="plain bot-states" aria-label="Bots">
      ${all.map(({ username, state, status, problem, checked_at: checked }) => {
        const { label, tone, sign } = wordsOf(state, status);
        // That the tenant stands still is said above, once for all of its bots.
        const told = state === "suspended" && tenant !== "active" ? null : problem;
        return html`<li>
          <span class="row"><strong>@${username}</strong><span class="tag" data-tone="${tone}">${icon(sign)}${label}</span></span>
          ${told && html`<span>${told}</span>`}
          <span class="muted small">${checked ? `Checked with Telegram ${formatRelative(new Date(checked))}` : "Not checked with Telegram yet"}</span>
        </li>`;
      })}
    </ul></div>`;
}

/** @param {BotState["state"]} state @param {BotState["status"]} status */
function wordsOf(state, status) {
  if (state === "disconnected") return { label: "Disconnected", tone: "warning", sign: "circle-pause" };
  if (state === "suspended") return { label: "Stands still", tone: "warning", sign: "circle-pause" };
  if (state === "paused") return { label: "Paused", tone: "danger", sign: "circle-alert" };
  if (status === "broken") return { label: "Not working", tone: "danger", sign: "circle-alert" };
  if (status === "attention") return { label: "Needs a look", tone: "warning", sign: "triangle-alert" };
  return { label: "Working", tone: "success", sign: "circle-check" };
}
