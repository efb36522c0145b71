import { ApiError } from "../js/api.js";
import { attrs, html } from "../js/html.js";
import { formatDuration } from "../js/format.js";
import { button } from "./button.js";
import { icon } from "./icon.js";

/** @typedef {import("../js/html.js").Html} Html */

/**
 * The shape of what is coming, read out as one word.
 * @param {readonly ("title" | "text" | "half" | "third" | "control" | "card")[]} lines
 */
export function skeleton(lines) {
  return html`
    <div class="stack" role="status" aria-busy="true">
      <span class="visually-hidden">Loading</span>
      ${lines.map((kind) => {
        const width = kind === "half" || kind === "title" ? "half" : kind === "third" ? "third" : null;
        return html`<span class="skeleton"${attrs({ "data-kind": kind, "data-width": width })} aria-hidden="true"></span>`;
      })}
    </div>`;
}

/**
 * One sentence, one icon, one first action.
 * @param {{ icon: string, title: string, text?: string, action?: Html }} options
 */
export function emptyView({ icon: name, title, text, action }) {
  return html`
    <section class="state">
      <span class="state-icon">${icon(name)}</span>
      <h2>${title}</h2>
      ${text && html`<p>${text}</p>`}
      ${action && html`<div class="actions">${action}</div>`}
    </section>`;
}

/**
 * What happened, what to do, the request id, "try again" (a button with `data-action="retry"`).
 * @param {{ title: string, text: string, requestId?: string | null, tone?: "danger" | "warning", icon?: string, retry?: boolean }} options
 */
export function errorView({ title, text, requestId, tone = "danger", icon: name = "triangle-alert", retry = true }) {
  return html`
    <section class="state" data-tone="${tone}" role="alert">
      <span class="state-icon">${icon(name)}</span>
      <h2>${title}</h2>
      <p>${text}</p>
      ${
        retry &&
        html`<div class="actions">
          ${button({ label: "Try again", icon: "refresh-cw", attributes: { "data-action": "retry" } })}
        </div>`
      }
      ${requestId && html`<p class="request-id">Request <code>${requestId}</code></p>`}
    </section>`;
}

/** Who can grant it. @param {{ what: string, who: string }} options */
export function noPermissionView({ what, who }) {
  return emptyView({ icon: "lock", title: `You can't see ${what}`, text: `Ask ${who} to give you access.` });
}

/**
 * An error in words: what happened and what to do.
 * @param {unknown} error
 * @param {string} what what we were doing: "The gallery could not be loaded"
 * @returns {{ title: string, text: string, requestId: string | null, tone: "danger" | "warning", icon: string }}
 */
export function describeError(error, what) {
  const shown = { title: what, tone: /** @type {const} */ ("danger"), icon: "triangle-alert", requestId: null };
  if (!(error instanceof ApiError)) {
    return { ...shown, text: "Something in this page went wrong. Reload it; if it happens again, tell us what you did." };
  }
  const known = { ...shown, requestId: error.requestId };
  if (error.code === "offline") {
    return { ...known, tone: "warning", icon: "wifi-off", text: "There is no connection. Check your network, then try again." };
  }
  if (error.status === 429) {
    const wait = error.retryAfter ? `in ${formatDuration(error.retryAfter)}` : "in a minute";
    return { ...known, tone: "warning", icon: "clock", text: `That was a lot of requests at once. Try again ${wait}.` };
  }
  if (error.isTransient) return { ...known, text: "The server did not answer as it should. Try again in a moment." };
  return { ...known, text: error.message };
}

/**
 * @param {{ tone?: "danger" | "warning" | "success" | "neutral", icon?: string, children: Html | string }} options
 */
export function notice({ tone = "neutral", icon: name = "circle-alert", children }) {
  return html`<div class="notice" data-tone="${tone}" role="${tone === "danger" ? "alert" : "status"}">${icon(name)}<div>${children}</div></div>`;
}
