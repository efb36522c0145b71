/** The Health view of both dashboards. */

import { button } from "../components/button.js";
import { icon } from "../components/icon.js";
import { describeError, errorView, skeleton } from "../components/states.js";
import { formatNumber, formatRelative } from "./format.js";
import { html, render } from "./html.js";
import { isHealthy, watchHealth } from "./health.js";
import { SKELETON_DELAY_MS } from "./state.js";

/** @typedef {import("./health.js").Health} Health */

/**
 * @param {{ api: import("./api.js").Api, onHealth: (health: Health | null) => void }} options
 * @returns {import("../components/shell.js").View}
 */
export function healthView({ api, onHealth }) {
  return {
    title: "Health",
    open: true,
    async mount(container, { signal }) {
      const timer = setTimeout(() => render(container, skeleton(["title", "card", "card"])), SKELETON_DELAY_MS);
      const watch = watchHealth(api, signal, (health, error) => {
        clearTimeout(timer);
        onHealth(health);
        render(container, health ? healthReport(health) : errorView(describeError(error, "The service does not answer")));
      });
      signal.addEventListener("abort", () => clearTimeout(timer));
      container.addEventListener("click", (event) => {
        if (event.target instanceof Element && event.target.closest("[data-action=retry]")) void watch.look();
      });
      await watch.started;
    },
  };
}

/** @param {Health} health */
function healthReport({ status, schemaVersion, checks, answeredInMs, at }) {
  const names = Object.keys(checks);
  const failing = names.filter((name) => !isHealthy(checks[name]));
  const isFine = isHealthy(status) && failing.length === 0;
  return html`
    <header class="view-head">
      <div>
        <h2 class="row health-line"><span class="tag" data-tone="${isFine ? "success" : "danger"}">${icon(isFine ? "check" : "circle-alert")}${isFine ? "Working" : "Failing"}</span>
          ${isFine ? "Everything answers" : failing.length ? listOf(failing.map((name) => `${nameOf(name)} is ${checks[name]}`)) : `The service is ${status}`}</h2>
        <p class="muted" role="status">Checked ${formatRelative(at)}, again every 15 seconds while this page is in view.</p>
      </div>
      ${button({ label: "Check now", icon: "refresh-cw", attributes: { "data-action": "retry" } })}
    </header>
    <div class="cards">
      ${names.map((name) => checkCard(name, checks[name]))}
      <section class="card figure"><h3 class="muted">Answer time</h3><p class="figure-value numbers">${formatNumber(answeredInMs)} <span class="unit">ms</span></p>
        <p class="muted small">from this browser and back</p></section>
      ${
        schemaVersion !== null &&
        html`<section class="card figure"><h3 class="muted">Database schema</h3><p class="figure-value numbers">${schemaVersion}</p>
          <p class="muted small">version of the last migration</p></section>`
      }
    </div>`;
}

/** @param {string} name @param {string} state */
function checkCard(name, state) {
  const isFine = isHealthy(state);
  return html`
    <section class="card figure" data-key="check-${name}">
      <h3 class="muted">${nameOf(name)}</h3>
      <p class="figure-value">${isFine ? "Working" : "Failing"}</p>
      <p class="small"><span class="tag" data-tone="${isFine ? "success" : "danger"}">${icon(isFine ? "check" : "x")}${state}</span></p>
    </section>`;
}

/** @param {string} name */
function nameOf(name) {
  const words = name.replace(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {string[]} words */
function listOf(words) {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(words);
}

