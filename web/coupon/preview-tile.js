import { html, render } from "../shared/js/html.js";
import { icon } from "../shared/components/icon.js";

/** @typedef {import("./types.js").Inputs} Inputs */
/** @typedef {import("./types.js").Format} Format */

const MAX_PIXEL_RATIO = 2; // more costs time and shows nothing
const MAX_LENGTH = 80; // of a text whose rule names no length of its own
const NEAR = "400px"; // tiles this close to the window are drawn ahead

/** One for all tiles: it reports them in the order of the page, so that the first is drawn first. */
const nearness = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (target instanceof PreviewTile) target.isNear = isIntersecting;
  },
  { rootMargin: NEAR },
);

/**
 * A live preview: draws its template with the inputs, when it is near the window, and again when they change.
 * Fires `preview-drawn` (`detail.slug`).
 */
export class PreviewTile extends HTMLElement {
  /** @type {{ engine: import("./engine.js").Engine, slug: string } | null} */
  #source = null;
  /** @type {Inputs | null} */
  #inputs = null;
  /** @type {Format | null} */
  #format = null;
  #isNear = false;
  #drawn = "";
  #turn = 0;
  #canvas = document.createElement("canvas");
  #sizes = new ResizeObserver(() => this.#update());

  /**
   * @param {{ engine: import("./engine.js").Engine, slug: string, name: string, format: Format, inputs: Inputs }} content
   */
  show({ engine, slug, name, format, inputs }) {
    this.#source = { engine, slug };
    this.#format = format;
    this.#inputs = inputs;
    this.style.aspectRatio = `${format.width} / ${format.height}`;
    this.#canvas.setAttribute("aria-label", `${name}, ${format.name}, with the code ${inputs.code}`);
    this.#update();
  }

  /** Draws again after a failure. */
  retry() {
    this.#drawn = "";
    this.#update();
  }

  connectedCallback() {
    this.#canvas.setAttribute("role", "img");
    nearness.observe(this);
    this.#sizes.observe(this);
    this.dataset.state ??= "waiting";
  }

  disconnectedCallback() {
    nearness.unobserve(this);
    this.#sizes.disconnect();
  }

  /** Whether it is close enough to the window to be drawn. @param {boolean} isNear */
  set isNear(isNear) {
    this.#isNear = isNear;
    void this.#update();
  }

  async #update() {
    if (!this.#isNear || !this.#source || !this.#inputs || !this.#format || !this.isConnected || !this.clientWidth) return;
    const scale = (this.clientWidth * Math.min(devicePixelRatio, MAX_PIXEL_RATIO)) / this.#format.width;
    const { engine, slug } = this.#source;
    const inputs = this.#inputs;
    const wanted = JSON.stringify([slug, scale, inputs]);
    if (wanted === this.#drawn) return;
    this.#drawn = wanted;
    const turn = ++this.#turn;
    const isWanted = () => turn === this.#turn && this.isConnected;
    try {
      const template = await engine.getDocument(slug);
      const fields = usableFields(template, inputs.fields);
      await engine.draw(this.#canvas, template, { ...inputs, fields, scale: Math.min(scale, 1) }, isWanted);
      if (!isWanted()) return;
      if (this.#canvas.parentElement !== this) this.replaceChildren(this.#canvas);
      this.dataset.state = "drawn";
      this.dispatchEvent(new CustomEvent("preview-drawn", { detail: { slug }, bubbles: true }));
    } catch (error) {
      if (!isWanted()) return;
      console.warn(`Preview of ${slug} failed`, error);
      this.dataset.state = "failed";
      render(this, html`<p class="tile-problem">${icon("image")}<span>This picture can’t be shown now.</span></p>`);
    }
  }
}

/**
 * The typed texts that this template takes; one typed for another template may not fit here. An emptied text stays
 * empty on the picture.
 * @param {import("./types.js").TemplateDocument} template
 * @param {Record<string, string>} typed
 */
export function usableFields(template, typed) {
  return Object.fromEntries(Object.entries(typed).filter(([name, text]) => fieldProblem(template.fields[name], text) === null));
}

/**
 * Why a text cannot stand in this field, in words; null when it can.
 * @param {import("./types.js").FieldRule | undefined} rule
 * @param {string} text
 */
export function fieldProblem(rule, text) {
  if (!rule?.public || (rule.kind ?? "text") !== "text") return "This text can’t be changed.";
  const [length, longest] = [[...text].length, rule.max ?? MAX_LENGTH];
  if (length > longest) return `At most ${longest} characters; this has ${length}.`;
  if (/[^\P{Cc}\n]/u.test(text)) return "There are invisible characters in it. Type it again by hand.";
  return rule.pattern && !matches(rule.pattern, text) ? "This picture does not take these characters here." : null;
}

/** The pattern is Python's; where this browser does not know its notation, the server decides. @param {string} pattern @param {string} text */
function matches(pattern, text) {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(text);
  } catch {
    return true;
  }
}

customElements.define("ps-preview", PreviewTile);
