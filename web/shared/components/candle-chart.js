import { CandlestickSeries, createChart, createSeriesMarkers } from "../../vendor/lightweight-charts/lightweight-charts.js";
import { html, render } from "../js/html.js";

/** @typedef {[at: number, open: number, high: number, low: number, close: number]} Candle epoch second of the open, prices */
/** @typedef {"entry" | "stop" | "target" | "news"} Tone */
/**
 * @typedef {object} CandleModel
 * @property {string} label what the chart shows, for screen readers
 * @property {Candle[]} candles oldest first
 * @property {{ price: number, label: string, tone: Tone }[]} [lines] prices that matter
 * @property {{ at: number, label: string, tone: Tone, above: boolean }[]} [marks] what happened, at epoch seconds
 */

const HEIGHT_PX = 340;
// As many as can be told apart.
const CANDLE_PX = 9;
const COLORS = /** @type {const} */ ({ entry: "--color-data-1", stop: "--color-danger", target: "--color-success", news: "--color-data-3" });
const DASHED = 2;
const SOLID = 0;

const minutes = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
const prices = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Candles with lines at prices and marks at moments; the candle that is pointed at, or chosen with the arrow keys, is read out. Times are UTC. */
export class CandleChart extends HTMLElement {
  /** @type {CandleModel | null} */
  #model = null;
  /** @type {import("../../vendor/lightweight-charts/lightweight-charts.js").Chart | null} */
  #chart = null;
  /** @type {import("../../vendor/lightweight-charts/lightweight-charts.js").Series | null} */
  #series = null;
  /** @type {number | null} */
  #at = null;
  #themes = new MutationObserver(() => this.#draw());

  /** @param {CandleModel} model */
  set model(model) {
    if (JSON.stringify(model) === JSON.stringify(this.#model)) return;
    this.#model = model;
    this.#draw();
  }

  connectedCallback() {
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.#themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#draw();
  }

  disconnectedCallback() {
    this.#themes.disconnect();
    this.#chart?.remove();
    this.#chart = null;
  }

  #draw() {
    if (!this.isConnected || !this.#model) return;
    this.#chart?.remove();
    render(
      this,
      html`
        <div class="candles" tabindex="0" role="img" aria-label="${this.#model.label}"></div>
        <p class="readout small muted numbers" role="status">Point at the chart, or use the arrow keys on it, to read a candle. Times are UTC.</p>
        <p class="small muted">Chart: <a href="https://www.tradingview.com/" target="_blank" rel="noopener">TradingView</a> Lightweight Charts™, © 2026 TradingView, Inc.</p>`,
    );
    const place = this.querySelector(".candles");
    if (place instanceof HTMLElement) this.#fill(place);
  }

  /** @param {HTMLElement} place */
  #fill(place) {
    const { candles, lines = [], marks = [] } = /** @type {CandleModel} */ (this.#model);
    const token = (/** @type {string} */ name) => resolved(this, name);
    const chart = createChart(place, chartOptions(token));
    const up = token("--color-success");
    const down = token("--color-danger");
    const series = chart.addSeries(CandlestickSeries, { upColor: up, wickUpColor: up, borderVisible: false, downColor: down, wickDownColor: down, priceLineVisible: false, lastValueVisible: false });
    series.setData(candles.map(([time, open, high, low, close]) => ({ time, open, high, low, close })));
    for (const { price, label, tone } of lines) {
      series.createPriceLine({ price, title: label, color: token(COLORS[tone]), lineWidth: 1, lineStyle: tone === "target" ? DASHED : SOLID, axisLabelVisible: true });
    }
    // The levels belong into the picture, also where no candle has come.
    const levels = lines.map(({ price }) => price);
    series.applyOptions({ autoscaleInfoProvider: (/** @type {() => any} */ own) => widened(own(), levels) });
    const known = candles.map(([at]) => at);
    const placed = marks.map((mark) => ({ ...mark, at: Math.max(...known.filter((at) => at <= mark.at)) })).filter(({ at }) => Number.isFinite(at));
    createSeriesMarkers(
      series,
      placed.map(({ at, label, tone, above }) => ({ time: at, text: label, color: token(COLORS[tone]), position: above ? "aboveBar" : "belowBar", shape: above ? "arrowDown" : "arrowUp" })),
    );
    const most = Math.max(24, Math.floor(place.clientWidth / CANDLE_PX));
    chart.timeScale().setVisibleLogicalRange({ from: Math.max(-1, candles.length - most), to: candles.length + 2 });
    chart.subscribeCrosshairMove((event) => event.time !== undefined && this.#read(event.time));
    this.#chart = chart;
    this.#series = series;
  }

  /** @param {number} time */
  #read(time) {
    const candle = this.#model?.candles.find(([at]) => at === time);
    const readout = this.querySelector(".readout");
    if (!candle || !readout) return;
    this.#at = time;
    const [open, high, low, close] = candle.slice(1).map((price) => prices.format(price));
    readout.textContent = `${minutes.format(new Date(time * 1000))} UTC · open ${open} · high ${high} · low ${low} · close ${close}`;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const candles = this.#model?.candles ?? [];
    const last = candles.length - 1;
    const now = candles.findIndex(([at]) => at === this.#at);
    const next = { ArrowLeft: now < 0 ? last : now - 1, ArrowRight: now < 0 ? last : now + 1, Home: 0, End: last }[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    const candle = candles[Math.max(0, Math.min(last, next))];
    if (this.#series) this.#chart?.setCrosshairPosition(candle[4], candle[0], this.#series);
    this.#read(candle[0]);
  }
}

/** A token's colour as the library reads it: it does not know every form of CSS. @param {Element} element @param {string} name */
function resolved(element, name) {
  const value = getComputedStyle(element).getPropertyValue(name).trim();
  const pixel = new OffscreenCanvas(1, 1).getContext("2d");
  if (!pixel) return value;
  pixel.fillStyle = value;
  return pixel.fillStyle;
}

/** @param {(name: string) => string} token */
function chartOptions(token) {
  const line = { color: token("--color-divider") };
  const edge = { borderColor: token("--color-border") };
  return {
    height: HEIGHT_PX,
    autoSize: true,
    layout: { background: { color: token("--color-surface") }, textColor: token("--color-text-soft"), fontFamily: "Geist, system-ui, sans-serif", attributionLogo: false },
    grid: { vertLines: line, horzLines: line },
    rightPriceScale: edge,
    timeScale: { ...edge, timeVisible: true, secondsVisible: false },
    // A page that scrolls is not caught by the chart.
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false },
  };
}

/** @param {{ priceRange: { minValue: number, maxValue: number } } | null} range @param {number[]} levels */
function widened(range, levels) {
  if (!range || !levels.length) return range;
  const { minValue, maxValue } = range.priceRange;
  return { ...range, priceRange: { minValue: Math.min(minValue, ...levels), maxValue: Math.max(maxValue, ...levels) } };
}

customElements.define("ps-candle-chart", CandleChart);
