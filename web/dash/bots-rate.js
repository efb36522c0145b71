/** What a bot sends right now: a small chart of the last minute, and the numbers in words. */

import uPlot from "../vendor/uplot/uPlot.js";
import { describeError } from "../shared/components/states.js";
import { countOf, formatDuration, formatNumber } from "../shared/js/format.js";
import { find, html, render } from "../shared/js/html.js";
import { watch } from "./bots-watch.js";
import { manyOf } from "./bots-words.js";

/** @typedef {{ per_s: number, in_last_minute: number, waiting: number, closed_s: number, seconds: number[] }} Rate */

const LOOK_EVERY_MS = 3_000;
const HEIGHT_PX = 140;
const SECONDS = 60;
/** A bot's limit; the axis never shows less, so that a lively bot looks lively. */
const LEAST_TOP = 5;

/** Messages of each second of the last minute. */
export class RateChart extends HTMLElement {
  /** @type {number[]} */
  #seconds = [];
  /** @type {uPlot | null} */
  #plot = null;
  #sizes = new ResizeObserver(() => this.#plot?.setSize({ width: this.clientWidth, height: HEIGHT_PX }));
  #themes = new MutationObserver(() => this.#draw());

  /** @param {number[]} seconds the latest last */
  set seconds(seconds) {
    this.#seconds = seconds;
    if (this.#plot) this.#plot.setData(this.#data());
    else this.#draw();
  }

  connectedCallback() {
    this.#sizes.observe(this);
    this.#themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#draw();
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
    this.#themes.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** @returns {uPlot.AlignedData} */
  #data() {
    return [this.#seconds.map((_sent, at) => at - SECONDS + 1), this.#seconds];
  }

  #draw() {
    if (!this.isConnected || !this.#seconds.length) return;
    this.#plot?.destroy();
    const token = (/** @type {string} */ name) => getComputedStyle(this).getPropertyValue(name).trim();
    const font = `12px ${token("--font-ui")}`;
    const axis = { stroke: token("--color-text-muted"), font, labelFont: font, grid: { stroke: token("--color-divider"), width: 1 }, ticks: { show: false } };
    const color = token("--color-data-2");
    this.#plot = new uPlot(
      {
        width: this.clientWidth,
        height: HEIGHT_PX,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, Math.max(LEAST_TOP, Math.ceil(high * 1.1))] } },
        axes: [
          { ...axis, size: 28, splits: () => [-45, -30, -15, 0], values: (_plot, ticks) => ticks.map((tick) => (tick ? `${tick} s` : "now")) },
          { ...axis, label: "messages a second", labelSize: 20, size: 40, values: (_plot, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? formatNumber(tick) : "")) },
        ],
        series: [{}, { stroke: color, width: 2, fill: `color-mix(in srgb, ${color} 14%, transparent)`, points: { show: false } }],
      },
      this.#data(),
      this,
    );
  }
}

customElements.define("ps-rate-chart", RateChart);

/** @param {HTMLElement} slot @param {{ api: import("../shared/js/api.js").Api, path: string, signal: AbortSignal }} options */
export function mountRate(slot, { api, path, signal }) {
  render(
    slot,
    html`
      <div class="card-head"><div><h2>What it sends now</h2><p class="muted small" data-slot="words">Looking…</p></div></div>
      <ps-rate-chart role="img" aria-label="Messages sent in each second of the last minute"></ps-rate-chart>`,
  );
  const words = find(slot, "[data-slot=words]", HTMLElement);
  const chart = find(slot, "ps-rate-chart", RateChart);
  watch({
    everyMs: LOOK_EVERY_MS,
    signal,
    look: async () => {
      const rate = await api.get(path, { signal });
      words.textContent = rateText(rate);
      chart.setAttribute("aria-label", `Messages sent in each second of the last minute. ${rateText(rate)}`);
      chart.seconds = rate.seconds;
    },
    onTrouble: (error) => {
      words.textContent = describeError(error, "").text;
    },
  });
}

/** @param {Rate} rate */
function rateText({ per_s, in_last_minute, waiting, closed_s }) {
  const parts = [`${formatNumber(per_s)} a second, ${countOf(in_last_minute, "message", "messages")} in the last minute, ${manyOf(waiting)} due.`];
  if (closed_s > 0) parts.push(`Telegram asked the bot to wait for ${formatDuration(closed_s)}.`);
  return parts.join(" ");
}
