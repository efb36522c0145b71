/** The preview engine and the templates' documents, loaded when first needed. */

import { getDocument } from "./data.js";

/** @typedef {import("./types.js").TemplateDocument} TemplateDocument */

const DOCUMENTS_AT_ONCE = 4;
const PICTURES_AT_ONCE = 3;

/**
 * @param {{ assetBase: string }} options
 */
export function createEngine({ assetBase }) {
  /** @type {Promise<import("./types.js").Preview> | undefined} */
  let preview;
  const documentSlots = createSlots(DOCUMENTS_AT_ONCE);
  const first = createSlots(1); // the first picture does not share the line with the others
  const others = createSlots(PICTURES_AT_ONCE);
  let hasDrawn = false;
  const pens = createSlots(1);

  function getPreview() {
    preview ??= import("../shared/render/preview.js").then(({ createPreview }) => createPreview({ assetBase }));
    preview.catch(() => (preview = undefined));
    return preview;
  }

  return {
    /** Starts loading what every preview needs. */
    warmUp: () => void getPreview().catch(() => undefined),

    /** @param {string} slug @returns {Promise<TemplateDocument>} */
    getDocument: (slug) => documentSlots(() => getDocument(slug)),

    /**
     * Draws one after another, so that the page answers between two pictures.
     * @param {HTMLCanvasElement} canvas
     * @param {TemplateDocument} document
     * @param {import("./types.js").DrawOptions} options
     * @param {() => boolean} isWanted asked when the turn comes; false skips the drawing
     */
    async draw(canvas, document, options, isWanted) {
      const engine = await getPreview();
      const load = () => engine.load(document, { formats: [options.format], logoUrl: options.logoUrl });
      await (hasDrawn ? others : first)(load);
      await pens(async () => {
        if (isWanted()) await engine.draw(canvas, document, options);
        hasDrawn = true;
      });
    },
  };
}

/** @typedef {ReturnType<typeof createEngine>} Engine */

/**
 * Runs at most `count` of the given works at once, the others wait in order.
 * @param {number} count
 */
export function createSlots(count) {
  let free = count;
  /** @type {(() => void)[]} */
  const waiting = [];

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  return async function run(work) {
    if (free > 0) free -= 1;
    else await new Promise((resolve) => waiting.push(/** @type {() => void} */ (resolve)));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
