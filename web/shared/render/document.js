/**
 * Template documents as they are read: defaults put in, conditions and colours understood.
 */

const LAYER = { rotation: 0, opacity: 1, visible_if: null, mask: null };
const TEXT = {
  text: "",
  spans: null,
  max_size: 96,
  min_size: 12,
  lines: 1,
  align: "center",
  valign: "middle",
  line_height: 1.15,
  letter_spacing: 0,
  case: "none",
  fill: "#FFFFFF",
  stroke: null,
  shadow: null,
  background: null,
  overflow: "shrink",
  size_group: null,
  contrast: null,
};
const FONT = { family: "Inter", weight: 400 };
const SHADOW = { dx: 0, dy: 0, blur: 0, color: "#00000080" };
const CONTRAST = { least: 4.5, fix: "scrim", width: 6 };
const PILL = { radius: 0, padding: [0, 0], fit: "box", stroke: null };
const KINDS = /** @type {Record<string, object>} */ ({
  text: TEXT,
  image: { asset: null, field: null, fit: "cover", radius: 0 },
  logo: { shape: "free" },
  qr: { data: "{link}", dark: "#000000", light: "#FFFFFF", quiet: 4, level: "m", radius: 0 },
  rect: { fill: null, stroke: null, shadow: null, radius: 0 },
  ellipse: { fill: null, stroke: null, shadow: null },
});

/** A layer with every default written out. @param {any} layer */
export function completeLayer(layer) {
  const whole = { ...LAYER, ...KINDS[layer.type], ...layer };
  if (layer.shadow) whole.shadow = { ...SHADOW, ...layer.shadow };
  if (layer.type !== "text") return whole;
  whole.font = { ...FONT, ...layer.font };
  whole.spans = (layer.spans ?? [{ text: whole.text }]).map((/** @type {any} */ span) => completeSpan(span, whole));
  if (layer.contrast) whole.contrast = { ...CONTRAST, ...layer.contrast };
  if (layer.background) {
    whole.background = { ...PILL, ...layer.background };
    if (typeof whole.background.padding === "number") whole.background.padding = Array(2).fill(whole.background.padding);
  }
  return whole;
}

/** @param {any} span @param {any} layer */
function completeSpan(span, layer) {
  return { text: span.text, fill: span.fill ?? layer.fill, font: span.font ? { ...FONT, ...span.font } : layer.font };
}

/**
 * What `{name}` stands for: samples, over them the fields that were given, over them code and link.
 * @param {any} document
 * @param {{fields?: Record<string, string>, code?: string, link?: string}} given
 * @returns {Record<string, string>}
 */
export function valuesOf(document, { fields = {}, code = "", link = "" }) {
  const samples = Object.entries(document.fields ?? {}).map(([name, rule]) => [name, rule.sample ?? ""]);
  return { ...Object.fromEntries(samples), ...fields, code, link };
}

/** @param {any} layer @param {Record<string, string>} values */
export function isVisible(layer, values) {
  const condition = layer.visible_if;
  if (!condition) return true;
  const value = values[condition.field] ?? "";
  if (condition.equals !== null && condition.equals !== undefined) return value === condition.equals;
  return (value !== "") === condition.present;
}
