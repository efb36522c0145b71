/** The strategies' cards, each as the strategy describes itself. */

import { button } from "../shared/components/button.js";
import { titleCase } from "../shared/js/format.js";
import { attrs, html } from "../shared/js/html.js";
import { shown } from "./signals-words.js";

/** @typedef {import("./signals-words.js").Card} Card */
/** @typedef {import("./signals-words.js").Desk} Desk */
/** @typedef {import("./signals-words.js").Parameter} Parameter */
/** @typedef {import("./signals-report.js").Backtest} Backtest */

/**
 * Parameters that a form starts from: of what runs, its own; of rules that must be tried first, those that were tried last.
 * @param {Card} card @param {Desk} desk @param {Backtest[]} tried the newest first
 * @returns {{ params: Record<string, any>, backtest: Backtest | undefined }}
 */
export function draftOf(card, { settings }, tried) {
  const backtest = card.tried_first ? tried.find(({ strategy }) => strategy === card.key) : undefined;
  if (backtest) return { params: backtest.params, backtest };
  return { params: settings.strategy === card.key ? settings.params : {}, backtest };
}

/** @param {Card} card @param {Desk} desk @param {Backtest[]} tried @param {boolean} mayWrite */
export function strategyCard(card, desk, tried, mayWrite) {
  const isActive = desk.settings.strategy === card.key;
  const values = isActive ? desk.settings.params : draftOf(card, desk, tried).params;
  const reads = ["15min", ...card.intervals.filter((interval) => interval !== "15min")].join(", ");
  return html`
    <section class="card strategy-card" data-key="${card.key}" aria-label="${card.name}">
      <div class="card-head"><h2>${card.name}</h2>${isActive && html`<span class="push"><span class="tag" data-tone="success">Active</span></span>`}</div>
      <p>${card.description}</p>
      <p class="muted small">Reads closed bars of ${reads}; needs ${card.warmup_bars} of each.</p>
      <details><summary>${isActive ? "Its parameters" : "Its parameters as they come"}</summary>
        <dl class="signal-levels">${told(card.parameters, values)}</dl>
      </details>
      ${mayWrite && (card.tried_first ? ownButtons(card, desk, tried) : buttons(card, desk.settings, isActive))}
    </section>`;
}

/** @param {Card} card @param {Desk["settings"]} settings @param {boolean} isActive */
function buttons(card, settings, isActive) {
  return html`
    <div class="row">
      ${button({ label: isActive ? "Change parameters" : "Activate", variant: isActive ? "outline" : "primary", disabled: !settings.can_post, attributes: { "data-choose": card.key, "aria-label": `${isActive ? "Change parameters of" : "Activate"} ${card.name}` } })}
      ${tryButton(card, settings)}
    </div>`;
}

/** @param {Card} card @param {Desk} desk @param {Backtest[]} tried */
function ownButtons(card, desk, tried) {
  const { settings } = desk;
  const { params, backtest } = draftOf(card, desk, tried);
  const runs = settings.strategy === card.key && JSON.stringify(params) === JSON.stringify(settings.params);
  return html`
    ${!runs && html`<p class="muted small">${stateOf(backtest)}</p>`}
    <div class="row">
      ${!runs && button({ label: "Activate", variant: "primary", disabled: !settings.can_post || backtest?.state !== "done", attributes: { "data-begin": card.key, "aria-label": `Activate ${card.name}` } })}
      ${button({ label: backtest || runs ? "Change rules" : "Build rules", icon: "pencil", variant: "outline", attributes: { "data-rules": card.key } })}
      ${tryButton(card, settings)}
    </div>`;
}

/** @param {Backtest | undefined} backtest */
function stateOf(backtest) {
  if (!backtest) return "Put your rules together and try them on stored bars; then you can activate them.";
  const report = html`<a${attrs({ href: `#/signals/backtests?of=${backtest.id}` })}>stored bars</a>`;
  if (backtest.state === "done") return html`Your rules were tried on ${report}.`;
  return backtest.state === "failed" ? html`Your rules could not be tried on ${report}.` : html`Your rules are being tried on ${report}.`;
}

/** @param {Card} card @param {Desk["settings"]} settings */
function tryButton(card, settings) {
  return button({ label: "Preview in my chat", icon: "send", variant: "ghost", disabled: !settings.can_post, attributes: { "data-try": card.key, "aria-label": `Preview in my chat: ${card.name}` } });
}

/** @param {Parameter[]} parameters @param {Record<string, any>} values @returns {import("../shared/js/html.js").Html[]} */
function told(parameters, values) {
  return parameters.flatMap((parameter) => {
    const value = values[parameter.name] ?? parameter.default;
    if (parameter.kind === "group") return told(parameter.parts, value ?? {});
    return [html`<div><dt>${parameter.title}</dt><dd>${shownValue(value, parameter)}</dd></div>`];
  });
}

/** @param {any} value @param {Parameter} parameter */
function shownValue(value, { kind, options }) {
  if (kind === "switch") return value ? "yes" : "no";
  if (kind === "choice") return titleCase(value);
  if (kind === "conditions") return value.length ? html`<ul class="plain">${value.map((/** @type {Record<string, any>} */ each) => html`<li>${conditionIn(each, options)}</li>`)}</ul>` : "none";
  return shown(value, kind) || "no limit";
}

/** @param {Record<string, any>} condition @param {import("./signals-words.js").Option[]} options */
function conditionIn(condition, options) {
  const option = options.find(({ kind }) => kind === condition.kind);
  if (!option) return titleCase(condition.kind);
  const values = option.parameters.map(({ name, title, kind, default: usual }) => `${title} ${shown(condition[name] ?? usual, kind)}`);
  return [option.title, values.join(", ")].filter(Boolean).join(": ");
}
