import uPlot from "../../vendor/uplot/uPlot.js";
import { formatNumber } from "../js/format.js";
import { html, render } from "../js/html.js";

/**
 * A line over time.
 * @typedef {object} Line
 * @property {string} label
 * @property {(number | null)[]} values as many as there are moments
 * @property {1 | 2 | 3 | 4 | 5 | 6} color of the data colours
 * @property {boolean} [dashed] tells it apart without colour
 * @property {boolean} [filled]
 */
/**
 * @typedef {object} SeriesModel
 * @property {string} label what the chart shows, for screen readers
 * @property {Date[]} moments
 * @property {string} zone in whose days and hours they stand
 * @property {"hour" | "day"} unit
 * @property {string} valueUnit "pictures"
 * @property {Line[]} lines
 * @property {boolean} [signed] values may lie below zero
 */

const HEIGHT_PX = 280;
const LINE_PX = 2;
const GAP_PX = 56;
const AXIS_PX = 32;

/** Lines over time with axes, a legend, and the values of the moment that is pointed at or chosen with the arrow keys. */
export class SeriesChart extends HTMLElement {
  /** @type {SeriesModel | null} */
  #model = null;
  /** @type {uPlot | null} */
  #plot = null;
  #sizes = new ResizeObserver(() => this.#fit());
  #themes = new MutationObserver(() => this.#draw());

  /** @param {SeriesModel} model */
  set model(model) {
    this.#model = model;
    this.#draw();
  }

  connectedCallback() {
    this.addEventListener("keydown", (event) => this.#onKey(event));
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

  #draw() {
    if (!this.isConnected || !this.#model) return;
    const { label, lines } = this.#model;
    this.#plot?.destroy();
    render(
      this,
      html`
        <ul class="legend" role="list">${lines.map((line) => html`<li data-color="${line.color}"${line.dashed ? html` data-dashed` : ""}>${line.label}</li>`)}</ul>
        <div class="plot" tabindex="0" role="img" aria-label="${label}"></div>
        <p class="readout small muted numbers" role="status">Point at the chart, or use the arrow keys on it, to read a value.</p>`,
    );
    const place = this.querySelector(".plot");
    if (place instanceof HTMLElement) this.#plot = new uPlot(this.#options(place.clientWidth), this.#data(), place);
  }

  /** @returns {uPlot.AlignedData} */
  #data() {
    const { moments, lines } = /** @type {SeriesModel} */ (this.#model);
    return [moments.map((moment) => moment.getTime() / 1000), ...lines.map(({ values }) => values)];
  }

  /** @param {number} width @returns {uPlot.Options} */
  #options(width) {
    const { zone, valueUnit, lines, signed = false } = /** @type {SeriesModel} */ (this.#model);
    const token = (/** @type {string} */ name) => getComputedStyle(this).getPropertyValue(name).trim();
    const font = `12px ${token("--font-ui")}`;
    const axis = { stroke: token("--color-text-muted"), font, labelFont: font, grid: { stroke: token("--color-divider"), width: 1 }, ticks: { show: false } };
    return {
      width,
      height: HEIGHT_PX,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: (_plot, low, high) => [signed ? Math.min(0, Math.floor(low * 1.1)) : 0, Math.max(signed ? 1 : 4, Math.ceil(high * 1.1))] } },
      axes: [
        { ...axis, size: AXIS_PX, space: GAP_PX, values: (_plot, ticks) => this.#timeLabels(ticks) },
        { ...axis, label: valueUnit, labelSize: 20, size: 44, values: (_plot, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? formatNumber(tick) : "")) },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.label,
          stroke: token(`--color-data-${line.color}`),
          width: LINE_PX,
          dash: line.dashed ? [6, 5] : undefined,
          fill: line.filled ? `color-mix(in srgb, ${token(`--color-data-${line.color}`)} 14%, transparent)` : undefined,
          points: { show: line.values.length < 2 },
        })),
      ],
      hooks: { setCursor: [(plot) => this.#read(plot.cursor.idx ?? null)] },
    };
  }

  /** @param {number[]} ticks in seconds */
  #timeLabels(ticks) {
    const { zone } = /** @type {SeriesModel} */ (this.#model);
    const days = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: zone });
    const hours = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", timeZone: zone, hourCycle: "h23" });
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : 86_400;
    return ticks.map((tick) => {
      const at = new Date(tick * 1000);
      const hour = hours.format(at);
      return step < 86_400 && hour !== "00:00" ? hour : days.format(at);
    });
  }

  /** @param {number | null} index */
  #read(index) {
    const model = /** @type {SeriesModel} */ (this.#model);
    const readout = this.querySelector(".readout");
    if (index === null || !readout) return;
    const options = /** @type {Intl.DateTimeFormatOptions} */ ({ weekday: "short", day: "numeric", month: "short", timeZone: model.zone });
    if (model.unit === "hour") Object.assign(options, { hour: "2-digit", minute: "2-digit" });
    const when = new Intl.DateTimeFormat(undefined, options).format(model.moments[index]);
    const values = model.lines.map(({ label, values }) => `${label}: ${values[index] === null ? "–" : formatNumber(values[index] ?? 0)}`);
    readout.textContent = `${when} · ${values.join(" · ")}`;
  }

  #fit() {
    const place = this.querySelector(".plot");
    if (place instanceof HTMLElement && this.#plot && place.clientWidth !== this.#plot.width) {
      this.#plot.setSize({ width: place.clientWidth, height: HEIGHT_PX });
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const plot = this.#plot;
    if (!plot || !this.#model) return;
    const last = this.#model.moments.length - 1;
    const now = plot.cursor.idx ?? null;
    const next = { ArrowLeft: now === null ? last : now - 1, ArrowRight: now === null ? 0 : now + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last, next));
    plot.setCursor({ left: plot.valToPos(plot.data[0][index], "x"), top: 0 });
  }
}

customElements.define("ps-series-chart", SeriesChart);
