import { askFor } from "../shared/components/ask.js";
import { ApiError } from "../shared/js/api.js";
import { field, selectField } from "../shared/components/field.js";
import { toast } from "../shared/components/toast.js";
import { html } from "../shared/js/html.js";

/** @typedef {import("./editor/document.js").TemplateDocument} TemplateDocument */

const SHAPES = { square: [1080, 1080], story: [1080, 1920], feed: [1080, 1350] };
const MOST_NAME = 80;
const MOST_TRIES = 20;
const MOST_FILE_BYTES = 900_000;

/**
 * Asks for a name, and for a file where there is one; then there is a draft.
 * @param {import("./overview-view.js").Context} context
 * @returns {Promise<string | null>} the new template’s slug
 */
export function makeTemplate({ api, workspace }) {
  const asked = askFor({
    title: "New template",
    verb: "Make it",
    body: html`${field({ id: "name", label: "Name", attributes: { maxlength: MOST_NAME, autofocus: true } })}
      ${selectField({ id: "start", label: "Start with", value: "", options: [{ value: "", label: "An empty one, in three formats" }] })}
      <div class="field"><label class="field-label" for="file">From an exported file <span class="optional">(optional)</span></label>
        <input class="input" type="file" id="file" name="file" accept="application/json,.json"><p class="field-help">Also one of the older version.</p></div>`,
    problem: (_form, name, value) => (name === "name" && !value.trim() ? "Type a name." : null),
    send: async (form) => {
      const data = new FormData(form);
      const name = String(data.get("name")).trim();
      const file = data.get("file");
      const [background, accent] = String(data.get("start")).split(" ");
      if (accent && !(file instanceof File && file.size > 0)) return (await createNamed(name, (slug) => api.post("client/editor/brand", { slug, name, background, accent }))).slug;
      const given = file instanceof File && file.size > 0 ? await readFile(file) : blank();
      const draft = await createDraft(api, { ...given, name });
      if (draft.document.origin?.pictures) toast({ text: "The pictures of this template lie elsewhere. Upload them and choose them as backgrounds." });
      return draft.slug;
    },
  });
  // Colours are looked for in the logo, which takes a moment; an empty template needs none.
  if (workspace.may("settings.write")) void palettesOf(api).then(offer);
  return asked;
}

/** @param {{ background: string, accent: string }[]} palettes */
function offer(palettes) {
  const start = document.querySelector("#ask #start");
  start?.append(...palettes.map(({ background, accent }, at) => new Option(`My logo and colours${at ? `, ${background} and ${accent}` : ""}`, `${background} ${accent}`)));
}

/** Pairs of colours that can be read on each other, those of the logo first. @param {import("../shared/js/api.js").Api} api @returns {Promise<{ background: string, accent: string }[]>} none when they cannot be had */
async function palettesOf(api) {
  try {
    return (await api.get("client/onboarding/palettes")).items;
  } catch {
    // An empty template can be made all the same.
    return [];
  }
}

/** A copy of the draft as it stands. @param {import("./overview-view.js").Context} context @param {{ slug: string, name: string }} template @returns {Promise<string>} the copy’s slug */
export async function duplicateTemplate({ api }, { slug, name }) {
  const { document } = await api.get(`client/editor/${slug}`);
  return (await createDraft(api, { ...document, name: `${name} copy`.slice(-MOST_NAME) })).slug;
}

/**
 * @param {import("../shared/js/api.js").Api} api @param {Record<string, any>} document its slug is made of its name
 * @returns {Promise<import("./editor/saving.js").Draft>}
 */
const createDraft = (api, document) => createNamed(document.name, (slug) => api.post("client/editor", { document: { ...document, slug } }));

/** Under the first slug of that name that is free. @param {string} name @param {(slug: string) => Promise<import("./editor/saving.js").Draft>} create */
async function createNamed(name, create) {
  const base = slugOf(name);
  for (let number = 1; ; number++) {
    try {
      return await create(number === 1 ? base : `${base}-${number}`);
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error).code !== "template_exists" || number === MOST_TRIES) throw error;
    }
  }
}

/** @param {string} name */
function slugOf(name) {
  const plain = name.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 56);
  return plain.replace(/^-+|-+$/g, "") || "template";
}

/** @param {File} file @returns {Promise<Record<string, any>>} what the server then looks at */
async function readFile(file) {
  if (file.size > MOST_FILE_BYTES) throw refusal("The file is larger than any template.");
  try {
    const document = JSON.parse(await file.text());
    if (typeof document === "object" && document !== null && !Array.isArray(document)) return document;
  } catch {
    // Said below, as for any other file.
  }
  throw refusal("This is no exported template.");
}

/** As the server would say it, beside the field. @param {string} text */
const refusal = (text) => new ApiError(text, { code: "file_refused", status: 422, fields: { file: text } });

/** @returns {Record<string, any>} */
function blank() {
  const formats = Object.fromEntries(
    Object.entries(SHAPES).map(([name, [width, height]]) => {
      const code = { id: "code", type: "text", x: 90, y: height / 2 - 110, width: width - 180, height: 220, text: "{code}", font: { family: "JetBrains Mono", weight: 700 }, max_size: 150, min_size: 36, lines: 2, fill: "#FFFFFF" };
      return [name, { width, height, background: { color: "#0B1739" }, layers: [code] }];
    }),
  );
  return { schema: 2, fields: {}, formats };
}
