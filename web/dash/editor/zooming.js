import { find } from "../../shared/js/html.js";

const ROOM_PX = 64;
const LEAST = 0.05;
const MOST = 4;

/** How large the format is shown: fitted into the stage until somebody chooses a size. */
export class Zooming {
  #container;
  #sizeOf;
  #onChange;
  /** Screen pixels of one format pixel. */
  value = 0.5;
  fits = true;

  /** @param {HTMLElement} container @param {() => { width: number, height: number }} sizeOf the format's @param {() => void} onChange */
  constructor(container, sizeOf, onChange) {
    this.#container = container;
    this.#sizeOf = sizeOf;
    this.#onChange = onChange;
  }

  /** Stays fitted while the window changes. @param {AbortSignal} signal */
  follow(signal) {
    const watcher = new ResizeObserver(() => this.fits && this.fit());
    watcher.observe(find(this.#container, "[data-slot=stage]", HTMLElement));
    signal.addEventListener("abort", () => watcher.disconnect());
  }

  fit() {
    const { clientWidth, clientHeight } = find(this.#container, ".stage-scroll", HTMLElement);
    const { width, height } = this.#sizeOf();
    this.fits = true;
    this.#set(Math.min((clientWidth - ROOM_PX) / width, (clientHeight - ROOM_PX) / height));
  }

  /** @param {number} zoom */
  to(zoom) {
    this.fits = false;
    this.#set(zoom);
  }

  /** @param {number} zoom */
  #set(zoom) {
    const next = Math.min(MOST, Math.max(LEAST, zoom));
    if (next === this.value) return;
    this.value = next;
    this.#onChange();
  }
}
