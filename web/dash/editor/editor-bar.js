import { button } from "../../shared/components/button.js";
import { selectField } from "../../shared/components/field.js";
import { icon } from "../../shared/components/icon.js";
import { shapeOf } from "../../shared/components/segmented.js";
import { describeError } from "../../shared/components/states.js";
import { formatMoment } from "../../shared/js/format.js";
import { attrs, html } from "../../shared/js/html.js";
import { SAMPLES } from "./samples.js";
import { formatSize } from "./words.js";

/** @typedef {import("./saving.js").SaveState} SaveState */

/**
 * @param {{ name: string, state: SaveState, hasDraft: boolean, number: number | null, mayWrite: boolean, canUndo: boolean, canRedo: boolean, isPublishing: boolean }} shown
 */
export function editorBar({ name, state, hasDraft, number, mayWrite, canUndo, canRedo, isPublishing }) {
  const small = /** @type {const} */ ({ iconOnly: true, variant: "ghost" });
  return html`
    ${button({ label: "All templates", icon: "arrow-left", ...small, href: "#/promo/templates" })}
    <div class="editor-title"><h2>${name}</h2><p class="muted small" role="status">${saved(state, { hasDraft, number, mayWrite })}</p></div>
    ${
      mayWrite &&
      html`<span class="editor-acts">
        ${button({ label: "Undo", icon: "undo-2", ...small, disabled: !canUndo, attributes: { "data-act": "undo" } })}
        ${button({ label: "Redo", icon: "redo-2", ...small, disabled: !canRedo, attributes: { "data-act": "redo" } })}
        ${button({ label: "Versions", icon: "clock", ...small, attributes: { "data-act": "versions" } })}
        ${button({ label: "Export", icon: "download", ...small, attributes: { "data-act": "export" } })}
        ${number !== null && button({ label: "Discard changes", icon: "trash", ...small, disabled: !hasDraft, attributes: { "data-act": "discard" } })}
        ${button({ label: "Publish", icon: "check", variant: "primary", busy: isPublishing, disabled: !hasDraft || state.phase === "refused", attributes: { "data-act": "publish" } })}
      </span>`
    }`;
}

/** @param {SaveState} state @param {{ hasDraft: boolean, number: number | null, mayWrite: boolean }} options */
function saved(state, { hasDraft, number, mayWrite }) {
  if (!mayWrite) return "You can look, but not change it";
  if (state.phase === "saving" || state.phase === "waiting") return "Saving the draft …";
  if (state.phase === "refused") return html`<span class="mark-danger">${icon("circle-alert")} Not saved: ${Object.keys(state.fields).length === 1 ? "one problem" : `${Object.keys(state.fields).length} problems`}</span>`;
  if (state.phase === "failed") return html`<span class="mark-danger">${icon("wifi-off")} Not saved. ${describeError(state.error, "").text}</span>`;
  if (state.phase === "conflict") return html`<span class="mark-danger">${icon("users")} ${state.text} <button type="button" class="link" data-act="conflict">Compare</button></span>`;
  if (!hasDraft) return number === null ? "Nothing is published yet" : `Version ${number} is published, nothing is changed`;
  return state.at ? `Draft saved ${formatMoment(state.at)}, not published` : "Draft, not published";
}

/**
 * @param {{ formats: Record<string, import("./document.js").Format>, format: string, sample: string, zoom: number, fits: boolean }} shown
 */
export function stageBar({ formats, format, sample, zoom, fits }) {
  return html`<span class="row zoom" role="group" aria-label="Zoom">
      ${button({ label: "Fit", size: "small", variant: "ghost", attributes: { "data-zoom": "fit", "aria-pressed": String(fits) } })}
      ${button({ label: "100 %", size: "small", variant: "ghost", attributes: { "data-zoom": "1", "aria-pressed": String(!fits && zoom === 1) } })}
      ${button({ label: "200 %", size: "small", variant: "ghost", attributes: { "data-zoom": "2", "aria-pressed": String(!fits && zoom === 2) } })}
      <span class="muted small numbers">${Math.round(zoom * 100)} %</span></span>
    <span class="muted small">${formatSize(formats[format])}</span>
    ${selectField({ id: "sample", label: "Sample", value: sample, options: SAMPLES })}`;
}

const MOST_FORMATS = 16;

/** @param {{ formats: Record<string, import("./document.js").Format>, format: string, mayWrite: boolean }} shown */
export function formatStrip({ formats, format, mayWrite }) {
  return html`<div class="format-strip" role="group" aria-label="Formats">${Object.entries(formats).map(
    ([name, shape]) => html`<button type="button" data-key="strip-${name}" data-format="${name}"${attrs({ "aria-pressed": String(name === format), "data-shape": shapeOf(shape) })}><canvas data-key="canvas" data-strip="${name}" aria-hidden="true"></canvas><span>${name}</span></button>`,
  )}${mayWrite && Object.keys(formats).length < MOST_FORMATS && button({ label: "New format", icon: "plus", size: "small", variant: "ghost", attributes: { "data-act": "new-format", "data-key": "new-format" } })}</div>`;
}

/** @param {import("./words.js").Fault[]} faults */
export function faultList(faults) {
  if (!faults.length) return null;
  return html`<div class="notice" data-tone="danger" data-key="faults"><ul class="fault-list">${faults.map(
    ({ path, message }, at) => html`<li data-key="fault-${at}"><button type="button" class="link" data-fault="${at}">${path}</button> ${message}</li>`,
  )}</ul></div>`;
}

