import { attrs, html } from "../js/html.js";
import { formatDuration, formatNumber, formatPercent } from "../js/format.js";

/**
 * @typedef {{ done: number, total: number, elapsedS: number }} Pace
 */

/**
 * Rate and time left from what is done so far; null while too little is known (nothing done, or under a second).
 * @param {Pace} pace
 * @returns {{ perSecond: number, leftS: number } | null}
 */
export function paceOf({ done, total, elapsedS }) {
  if (done <= 0 || elapsedS < 1) return null;
  const perSecond = done / elapsedS;
  return { perSecond, leftS: Math.max(0, (total - done) / perSecond) };
}

/**
 * Long work: a bar with count, rate and time left.
 * @param {Pace & { label: string, unit: string, failed?: number, stopped?: boolean }} options
 */
export function progressView({ label, unit, done, total, elapsedS, failed = 0, stopped = false }) {
  const pace = paceOf({ done, total, elapsedS });
  const isDone = done >= total;
  const tone = stopped ? "danger" : isDone ? "success" : null;
  const left = stopped
    ? "stopped"
    : isDone
      ? `done in ${formatDuration(elapsedS)}`
      : pace
        ? `${formatNumber(pace.perSecond)} ${unit}/s · ${formatDuration(pace.leftS)} left`
        : "measuring the rate";
  return html`
    <div class="progress"${attrs({ "data-tone": tone })}>
      <div class="field-row"><span class="field-label">${label}</span><span class="numbers">${formatPercent(total ? done / total : 0)}</span></div>
      <progress max="${total}" value="${done}" aria-label="${label}"></progress>
      <div class="progress-facts">
        <span>${formatNumber(done)} of ${formatNumber(total)} ${unit}${failed > 0 && `, ${formatNumber(failed)} failed`}</span>
        <span>${left}</span>
      </div>
    </div>`;
}
