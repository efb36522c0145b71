/** Somebody of the platform looks into a workspace: the token of this tab, and the bar that says so on every page. */

import { button } from "../shared/components/button.js";
import { icon } from "../shared/components/icon.js";
import { formatMoment } from "../shared/js/format.js";
import { html, render } from "../shared/js/html.js";

/** @typedef {{ admin: string, reason: string, expires_at: string }} Visit */

const KEY = "visit";
const ADDRESS = /^#\/visit\/(visit_[\w-]+)$/;

/** The token that this tab was opened with; it leaves the address at once. @returns {string | null} */
export function takeVisit() {
  const found = ADDRESS.exec(location.hash);
  if (found) {
    sessionStorage.setItem(KEY, found[1]);
    history.replaceState(null, "", "#/");
  }
  return sessionStorage.getItem(KEY);
}

/** Nothing of it is left in this tab. */
export function forgetVisit() {
  sessionStorage.removeItem(KEY);
}

/**
 * Stands above everything until the visit ends.
 * @param {Visit} visit @param {string} name of the workspace @param {() => void} onEnd
 */
export function showVisit({ admin, reason, expires_at: until }, name, onEnd) {
  const bar = document.querySelector(".visit-bar") ?? document.createElement("section");
  bar.className = "visit-bar";
  bar.setAttribute("aria-label", "You are visiting");
  document.body.prepend(bar);
  document.body.dataset.visit = "";
  render(
    /** @type {HTMLElement} */ (bar),
    html`${icon("shield-alert")}<p><strong>You look into ${name} as ${admin}. Reading only, until ${formatMoment(new Date(until))}.</strong> <span>${reason}</span></p>
      ${button({ label: "End visit", icon: "log-out", size: "small", variant: "outline", attributes: { "data-action": "end-visit" } })}`,
  );
  bar.querySelector("[data-action=end-visit]")?.addEventListener("click", onEnd, { once: true });
}
