/** Changes of a template document. A document is never changed in place: each change gives a new one that shares the rest. */

/** @typedef {{ id: string, type: string, x: number, y: number, width: number, height: number, rotation?: number } & Record<string, any>} Layer */
/** @typedef {{ width: number, height: number, background: Record<string, any>, layers: Layer[] }} Format */
/** @typedef {{ slug: string, name: string, fields?: Record<string, any>, formats: Record<string, Format> } & Record<string, any>} TemplateDocument */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/**
 * The value at a path like `formats.square.layers.2.font.family`; undefined where nothing is.
 * @param {any} whole @param {string} path
 */
export function valueAt(whole, path) {
  return path.split(".").reduce((value, key) => value?.[key], whole);
}

/**
 * The whole with another value at the path; undefined takes it away.
 * @template T @param {T} whole @param {string} path @param {any} value @returns {T}
 */
export function put(whole, path, value) {
  const [key, ...rest] = path.split(".");
  const held = /** @type {any} */ (whole)?.[key];
  const next = rest.length ? put(held ?? {}, rest.join("."), value) : value;
  if (Array.isArray(whole)) return /** @type {any} */ (next === undefined ? whole.filter((_, at) => at !== Number(key)) : whole.with(Number(key), next));
  const { [key]: _gone, ...others } = /** @type {any} */ (whole ?? {});
  return next === undefined ? others : { .../** @type {any} */ (whole), [key]: next };
}

/** @param {TemplateDocument} document @param {string} format @param {(layers: Layer[]) => Layer[]} change @returns {TemplateDocument} */
export function withLayers(document, format, change) {
  const shape = document.formats[format];
  return { ...document, formats: { ...document.formats, [format]: { ...shape, layers: change(shape.layers) } } };
}

/** @param {TemplateDocument} document @param {string} format @param {string} id @param {(layer: Layer) => Layer} change */
export function withLayer(document, format, id, change) {
  return withLayers(document, format, (layers) => layers.map((layer) => (layer.id === id ? change(layer) : layer)));
}

/** An id that no layer of the format has yet: `text`, `text-2`, … @param {Format} format @param {string} wanted */
export function freeId({ layers }, wanted) {
  const taken = new Set(layers.map(({ id }) => id));
  const base = wanted.replace(/-\d+$/, "").slice(0, 56);
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/** What can be drawn, by the tool that draws it. @type {Record<string, { label: string, icon: string, make: (box: Box) => Omit<Layer, "id"> }>} */
export const TOOLS = {
  text: { label: "Text", icon: "type", make: (box) => ({ type: "text", ...box, text: "Your text", ...typeOf(box), align: "left" }) },
  code: { label: "Code", icon: "ticket", make: (box) => ({ type: "text", ...box, text: "{code}", ...typeOf(box), font: { family: "JetBrains Mono", weight: 700 } }) },
  rect: { label: "Rectangle", icon: "square", make: (box) => ({ type: "rect", ...box, fill: "#6C5CFF", radius: 24 }) },
  ellipse: { label: "Ellipse", icon: "circle", make: (box) => ({ type: "ellipse", ...box, fill: "#6C5CFF" }) },
  qr: { label: "QR code", icon: "qr-code", make: (box) => ({ type: "qr", ...box, data: "{link}" }) },
  logo: { label: "Logo", icon: "building", make: (box) => ({ type: "logo", ...box }) },
};

/** A size that fills the box as well as most texts can. @param {Box} box */
function typeOf({ height }) {
  const largest = Math.max(16, Math.min(400, Math.round(height * 0.7)));
  return { font: { family: "Inter", weight: 700 }, max_size: largest, min_size: Math.min(largest, Math.max(12, Math.round(largest / 4))), lines: 2, fill: "#FFFFFF" };
}

/** @param {Layer} layer @returns {string} how people know it */
export function nameOf(layer) {
  const shown = layer.type === "text" ? (layer.text || (layer.spans ?? []).map((/** @type {any} */ span) => span.text).join("")) : "";
  return shown ? `${layer.id} · ${shown.length > 24 ? `${shown.slice(0, 23)}…` : shown}` : layer.id;
}

/** @param {Layer} layer */
export function iconOf(layer) {
  if (layer.type === "image") return "image";
  if (layer.type === "text") return /\{code\}/.test(layer.text ?? "") ? "ticket" : "type";
  return TOOLS[layer.type]?.icon ?? "square";
}

/** Lengths are kept to a tenth of a pixel: finer ones are never meant. @param {number} value */
export const tenth = (value) => Math.round(value * 10) / 10;

/** @param {Box} box @returns {Box} */
export function rounded({ x, y, width, height }) {
  return { x: tenth(x), y: tenth(y), width: Math.max(1, tenth(width)), height: Math.max(1, tenth(height)) };
}

/**
 * The document with the files of those of its families that are the workspace's own, and no others.
 * @param {TemplateDocument} document @param {{ family: string, key?: string }[]} fonts
 * @returns {TemplateDocument}
 */
export function withFonts(document, fonts) {
  const layers = Object.values(document.formats).flatMap((format) => format.layers);
  const used = new Set(layers.flatMap((layer) => [layer.font, ...(layer.spans ?? []).map((/** @type {any} */ span) => span.font)]).map((font) => font?.family));
  const held = Object.entries(document.fonts ?? {}).filter(([family]) => used.has(family));
  const own = fonts.flatMap(({ family, key }) => (key && used.has(family) ? [[family, key]] : []));
  const { fonts: _old, ...rest } = document;
  const found = Object.fromEntries([...held, ...own]);
  return Object.keys(found).length ? { ...rest, fonts: found } : rest;
}

/** Fields that a text names and the document has not. @param {TemplateDocument} document @param {string} text */
export function unknownFields(document, text) {
  const named = [...text.matchAll(/\{([a-z][a-z0-9_]*)\}/g)].map(([, name]) => name);
  return [...new Set(named)].filter((name) => name !== "code" && name !== "link" && !(name in (document.fields ?? {})));
}
