/** Pictures of the document by the preview engine, which draws as the server does: the canvas at once, the rest when there is time. */

import { AssetUnavailable } from "../../shared/render/assets.js";
import { createPreview } from "../../shared/render/preview.js";
import { keeper } from "./kept.js";
import { sampleOf } from "./samples.js";
import { warningsOf } from "./words.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/** @typedef {import("./words.js").Warning} Warning */
/** @typedef {{ document: TemplateDocument, format: string, sample: string, zoom: number }} Look */

const STRIP_PX = 88;
const LATER_MS = 350;
// Whether a text is cut does not depend on how large it is drawn.
const CHECK_SCALE = 0.1;

export class Drawing {
  #options;
  /** @type {Promise<import("../../shared/render/preview.js").Preview>} */
  #engine;
  /** @type {Look | null} */
  #wanted = null;
  #isDrawing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  /** @type {Map<string, Warning[]>} */
  #longest = new Map();
  /** @type {Warning[]} */
  #now = [];
  #check = document.createElement("canvas");

  /**
   * @param {{ assetBase: string, link: string, logoUrl: string | null, canvas: HTMLCanvasElement, signal: AbortSignal,
   *   strip: () => Map<string, HTMLCanvasElement>, onWarnings: (warnings: Warning[]) => void, onProblem: (text: string | null) => void, onDrawn: () => void }} options
   */
  constructor(options) {
    this.#options = options;
    this.#engine = createPreview({ assetBase: options.assetBase });
    options.signal.addEventListener("abort", () => clearTimeout(this.#later));
  }

  /** Draws this as soon as what is being drawn is done; of several wishes the last counts. @param {Look} look */
  want(look) {
    this.#wanted = look;
    if (!this.#isDrawing) void this.#run();
    clearTimeout(this.#later);
    this.#later = setTimeout(() => void this.#drawRest(look), LATER_MS);
  }

  async #run() {
    this.#isDrawing = true;
    while (this.#wanted && !this.#options.signal.aborted) {
      const look = this.#wanted;
      this.#wanted = null;
      await this.#drawCanvas(look);
    }
    this.#isDrawing = false;
    this.#options.onDrawn();
  }

  /** @param {Look} look */
  async #drawCanvas(look) {
    const { canvas, onProblem, onWarnings } = this.#options;
    try {
      const report = await this.draw(canvas, look.document, { format: look.format, sample: look.sample, scale: look.zoom * devicePixelRatio });
      if (!report) return;
      onProblem(null);
      this.#now = report.texts.flatMap((text) => warningsOf(text));
      onWarnings(this.#warnings(look.format));
    } catch (error) {
      onProblem(error instanceof AssetUnavailable ? `${error.message}. Choose another picture.` : "This cannot be drawn. Undo the last change.");
    }
  }

  /** @param {string} format @returns {Warning[]} those of the sample shown, and what only the longest one brings */
  #warnings(format) {
    const known = new Set(this.#now.map(({ layer }) => layer));
    return [...this.#now, ...(this.#longest.get(format) ?? []).filter(({ layer }) => !known.has(layer))];
  }

  /** @param {Look} look */
  async #drawRest({ document, format, sample }) {
    for (const [name, canvas] of this.#options.strip()) {
      if (this.#options.signal.aborted || !document.formats[name]) return;
      const scale = (STRIP_PX * devicePixelRatio) / Math.max(document.formats[name].height, document.formats[name].width);
      try {
        await this.draw(canvas, document, { format: name, sample, scale });
        const report = await this.draw(this.#check, document, { format: name, sample: "long", scale: CHECK_SCALE });
        this.#longest.set(name, (report?.texts ?? []).flatMap((text) => warningsOf(text, { isLongest: true })));
      } catch {
        // The format itself says so once it is the one shown.
        this.#longest.delete(name);
      }
    }
    if (!this.#options.signal.aborted) this.#options.onWarnings(this.#warnings(format));
  }

  /**
   * @param {HTMLCanvasElement} canvas @param {TemplateDocument} document
   * @param {{ format: string, sample: string, scale: number }} options
   */
  async draw(canvas, document, { format, sample, scale }) {
    const { link, logoUrl } = this.#options;
    const { code, fields } = sampleOf(document, sample);
    const engine = await this.#engine;
    return engine.draw(canvas, document, { format, code, fields, link: link.replaceAll("{code}", encodeURIComponent(code)), logoUrl, scale, keeper });
  }
}
