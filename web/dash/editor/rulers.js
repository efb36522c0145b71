/** Rulers along two edges of the canvas: format pixels, drawn anew when it scrolls, zooms or changes its size. */

import { html, render } from "../../shared/js/html.js";

const LEAST_GAP_PX = 56;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

export class Rulers {
  #across;
  #down;
  #page;
  #zoom = 1;

  /** @param {HTMLElement} root holds both @param {HTMLElement} page what is measured @param {HTMLElement} scroller @param {AbortSignal} signal */
  constructor(root, page, scroller, signal) {
    this.#page = page;
    this.#across = rulerIn(root, "across");
    this.#down = rulerIn(root, "down");
    scroller.addEventListener("scroll", () => this.show(), { signal, passive: true });
    const watcher = new ResizeObserver(() => this.show());
    watcher.observe(page);
    watcher.observe(scroller);
    signal.addEventListener("abort", () => watcher.disconnect());
  }

  /** @param {number} [zoom] screen pixels of one format pixel */
  show(zoom = this.#zoom) {
    this.#zoom = zoom;
    const page = this.#page.getBoundingClientRect();
    const [across, down] = [this.#across, this.#down].map((ruler) => ruler.getBoundingClientRect());
    render(this.#across, marks(page.left - across.left, across.width, zoom, true));
    render(this.#down, marks(page.top - down.top, down.height, zoom, false));
  }
}

/** @param {HTMLElement} root @param {string} way */
function rulerIn(root, way) {
  const ruler = Object.assign(document.createElement("div"), { className: "ruler", ariaHidden: "true" });
  ruler.dataset.way = way;
  root.append(ruler);
  return ruler;
}

/** @param {number} origin where 0 lies, px @param {number} length px @param {number} zoom @param {boolean} isAcross */
function marks(origin, length, zoom, isAcross) {
  const step = STEPS.find((each) => each * zoom >= LEAST_GAP_PX) ?? STEPS[STEPS.length - 1];
  const first = Math.ceil(-origin / zoom / step);
  const last = Math.floor((length - origin) / zoom / step);
  const values = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step);
  return html`<svg width="100%" height="100%">${values.map((value) => {
    const at = origin + value * zoom;
    return isAcross
      ? html`<line x1="${at}" y1="16" x2="${at}" y2="24"/><text x="${at + 4}" y="14">${value}</text>`
      : html`<line x1="16" y1="${at}" x2="24" y2="${at}"/><text transform="translate(14 ${at - 4}) rotate(-90)">${value}</text>`;
  })}</svg>`;
}
