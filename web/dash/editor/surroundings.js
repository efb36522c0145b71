import { find, html, render } from "../../shared/js/html.js";
import { editorBar, faultList, formatStrip, stageBar } from "./editor-bar.js";
import { layerList, toolBar } from "./layer-list.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/**
 * What bars and lists are drawn from.
 * @typedef {object} Shown
 * @property {TemplateDocument} document
 * @property {string} format
 * @property {string[]} selected
 * @property {string | null} tool
 * @property {boolean} choosesMany
 * @property {string} sample
 * @property {{ value: number, fits: boolean }} zoom
 * @property {import("./words.js").Warning[]} warnings
 * @property {import("./words.js").Fault[]} faults
 * @property {string | null} problem
 * @property {boolean} mayWrite
 * @property {Omit<Parameters<typeof editorBar>[0], "name" | "mayWrite">} bar
 */

/** Everything around canvas and properties. It follows with the next frame: a key only waits for the picture. */
export class Surroundings {
  #container;
  #shown;
  #signal;
  #onNewFormats;
  #isAsked = false;
  /** What each place was drawn from last. @type {Map<string, string>} */
  #markup = new Map();

  /** @param {HTMLElement} container @param {() => Shown} shown @param {AbortSignal} signal @param {() => void} onNewFormats the strip has empty canvases */
  constructor(container, shown, signal, onNewFormats) {
    this.#container = container;
    this.#shown = shown;
    this.#signal = signal;
    this.#onNewFormats = onNewFormats;
  }

  ask() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      if (!this.#signal.aborted) this.show();
    });
  }

  show() {
    const { document, format, selected, tool, choosesMany, sample, zoom, warnings, faults, problem, mayWrite, bar } = this.#shown();
    const { formats, name } = document;
    const { layers } = formats[format];
    this.#render("bar", editorBar({ ...bar, name, mayWrite }));
    const faulty = new Set(faults.flatMap((fault) => (fault.format === format && fault.layer ? [fault.layer] : [])));
    this.#render("layers", html`${mayWrite && toolBar(tool, choosesMany)}${faultList(faults)}${layerList({ layers, selected, mayWrite, warnings, faulty })}`);
    this.#render("view", stageBar({ formats, format, sample, zoom: zoom.value, fits: zoom.fits }));
    this.#render("problem", html`${problem && html`<p class="notice" data-tone="danger" role="alert">${problem}</p>`}`);
    this.#showStrip(document, format, mayWrite);
  }

  /** Most keys change none of it. @param {string} name @param {import("../../shared/js/html.js").Html} markup */
  #render(name, markup) {
    const text = markup.toString();
    if (this.#markup.get(name) === text) return;
    this.#markup.set(name, text);
    render(this.#slot(name), markup);
  }

  /** Drawn canvases lose their picture when they are rendered again, so only other formats do that. @param {TemplateDocument} document @param {string} format @param {boolean} mayWrite */
  #showStrip({ formats }, format, mayWrite) {
    const slot = this.#slot("strip");
    const names = Object.keys(formats).join();
    if (slot.dataset.names !== names) {
      slot.dataset.names = names;
      render(slot, formatStrip({ formats, format, mayWrite }));
      this.#onNewFormats();
    }
    for (const button of slot.querySelectorAll("[data-format]")) button.setAttribute("aria-pressed", String(button.getAttribute("data-format") === format));
  }

  strip() {
    const canvases = /** @type {HTMLCanvasElement[]} */ ([...this.#container.querySelectorAll("canvas[data-strip]")]);
    return new Map(canvases.map((canvas) => [canvas.dataset.strip ?? "", canvas]));
  }

  /** @param {string} name */
  #slot(name) {
    return find(this.#container, `[data-slot=${name}]`, HTMLElement);
  }
}
