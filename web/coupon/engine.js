/** The preview engine and the templates' documents, loaded when first needed. */

/** @typedef {import("./types.js").TemplateDocument} TemplateDocument */

const DOCUMENTS_AT_ONCE = 4;

/**
 * @param {{ api: import("../shared/js/api.js").Api, tenant: string, assetBase: string }} options
 */
export function createEngine({ api, tenant, assetBase }) {
  /** @type {Promise<import("./types.js").Preview> | undefined} */
  let preview;
  /** @type {Map<string, Promise<TemplateDocument>>} */
  const documents = new Map();
  const slots = createSlots(DOCUMENTS_AT_ONCE);
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
    getDocument(slug) {
      const held =
        documents.get(slug) ?? slots(() => api.get(`public/templates/${encodeURIComponent(slug)}`, { query: { tenant } }));
      documents.set(slug, held);
      held.catch(() => documents.delete(slug));
      return held;
    },

    /**
     * Draws one after another, so that the page answers between two pictures.
     * @param {HTMLCanvasElement} canvas
     * @param {TemplateDocument} document
     * @param {import("./types.js").DrawOptions} options
     * @param {() => boolean} isWanted asked when the turn comes; false skips the drawing
     */
    async draw(canvas, document, options, isWanted) {
      const engine = await getPreview();
      await engine.load(document, { formats: [options.format], logoUrl: options.logoUrl });
      await pens(async () => {
        if (isWanted()) await engine.draw(canvas, document, options);
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
