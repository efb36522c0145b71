/** Lines of the audit log in words. */

import { html } from "./html.js";
import { formatMoment, titleCase } from "./format.js";

/** @typedef {{ id: string, at: string, actor: string, action: string, target: string, data: Record<string, any>, request_id: string | null }} AuditLine */

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(Z|[+-]\d\d:\d\d)$/;

const ACTIONS = /** @type {Record<string, string>} */ ({
  "tenant.created": "Created the workspace",
  "tenant.suspended": "Suspended the workspace",
  "tenant.resumed": "Resumed the workspace",
  "tenant.handed_over": "Made somebody else the owner",
  "visit.started": "Began to look in, reading only",
  "visit.ended": "Stopped looking in",
  "tenant.closing": "Asked for the deletion of the workspace",
  "tenant.kept": "Took the deletion back",
  "batch.asked": "Asked for pictures of many codes",
  "batch.cancelled": "Cancelled pictures of many codes",
  "export.asked": "Asked for an export",
  "export.downloaded": "Downloaded an export",
  "person.erasure_asked": "Asked that a person be forgotten",
  "person.erased": "Forgot a person",
  "settings.changed": "Changed settings",
  "logo.changed": "Changed the logo",
  "logo.set": "Changed the logo",
  "logo.removed": "Removed the logo",
  "invitation.made": "Invited somebody",
  "invitation.withdrawn": "Withdrew an invitation",
  "member.joined": "Took an offered place",
  "member.role_changed": "Changed a role",
  "member.removed": "Removed a member",
  "member.left": "Left the workspace",
  "template.switched": "Changed where a template is shown",
  "template.ordered": "Put templates into another order",
  "template.restored": "Went back to a template's version",
  "code.added": "Added a code",
  "code.changed": "Changed a code",
  "code.redeemed": "Redeemed a code",
  "code.released": "Gave an order back",
  "bot.connected": "Connected a bot",
  "bot.token_renewed": "Gave a bot a new token",
  "channel.connected": "Connected a channel",
  "stripe.connected": "Connected Stripe",
  "stripe.disconnected": "Disconnected Stripe",
  "funderpro.disconnected": "Disconnected FunderPro",
  "twelve_data.connected": "Connected Twelve Data",
  "twelve_data.disconnected": "Disconnected Twelve Data",
  "openai.connected": "Connected OpenAI",
  "openai.disconnected": "Disconnected OpenAI",
  "bot.disconnected": "Disconnected a bot",
  "channel.disconnected": "Disconnected a channel",
  "template.published": "Published a template",
  "template.created": "Made a template",
  "template.given": "Gave a template to the workspace",
  "font.added": "Added a font",
  "font.removed": "Removed a font from the library",
  "picture.added": "Added a picture to the library",
  "bot.webhook_set": "Set a bot's webhook anew",
  "bot.changed": "Changed a bot",
  "signals.strategy": "Chose a strategy for signals",
  "signals.settings": "Changed where and when signals are posted",
  "signals.backtest": "Asked for a backtest",
  "signals.pause": "Paused signals",
  "signals.resume": "Let signals go on",
  "outbox.requeued": "Sent messages again",
  "outbox.cancelled": "Cancelled messages",
  "inbox.retried": "Had updates answered after all",
});

/** @returns {import("../components/table-data.js").Column<AuditLine>[]} */
export function auditColumns() {
  return [
    { key: "at", label: "When", value: (row) => new Date(row.at) },
    { key: "actor", label: "Who", value: (row) => row.actor },
    { key: "action", label: "What", fixed: true, value: (row) => ACTIONS[row.action] ?? titleCase(row.action.replace(".", " ")) },
    { key: "target", label: "Whom or what", value: (row) => row.target || null },
    { key: "data", label: "Details", value: (row) => detailsOf(row.data), show: (row) => html`<span class="details">${detailsOf(row.data) ?? "–"}</span>` },
    { key: "request", label: "Request", value: (row) => row.request_id, show: (row) => (row.request_id ? html`<code class="cut" title="${row.request_id}">${row.request_id}</code>` : "–") },
  ];
}

/** @param {Record<string, any>} data */
function detailsOf(data) {
  const parts = Object.entries(data).map(([name, value]) => detail(name, value));
  return parts.length ? parts.join(", ") : null;
}

/** @param {string} name @param {any} value @returns {string} */
function detail(name, value) {
  const label = titleCase(name).toLowerCase();
  if (value && typeof value === "object" && "from" in value && "to" in value) return `${label}: ${text(value.from)} → ${text(value.to)}`;
  return `${label}: ${text(value)}`;
}

/** @param {any} value @returns {string} */
function text(value) {
  if (value === null || value === "") return "nothing";
  if (typeof value === "string" && MOMENT.test(value)) return formatMoment(new Date(value));
  if (Array.isArray(value)) return value.map(text).join(", ");
  return typeof value === "object" ? Object.entries(value).map(([key, each]) => detail(key, each)).join(", ") : String(value);
}
