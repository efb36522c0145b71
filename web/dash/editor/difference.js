/** What differs between two versions of a template, in words. */

import { formatSize } from "./words.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/** @typedef {import("./document.js").Layer} Layer */

/**
 * @param {TemplateDocument} before @param {TemplateDocument} after
 * @returns {string[]} one line for each thing that differs, none for equal documents
 */
export function differences(before, after) {
  const lines = [];
  if (before.name !== after.name) lines.push(`Name: “${before.name}” → “${after.name}”`);
  lines.push(...changedKeys(before.fields ?? {}, after.fields ?? {}).map((name) => `Field ${name}: ${became((before.fields ?? {})[name], (after.fields ?? {})[name])}`));
  for (const name of new Set([...Object.keys(before.formats), ...Object.keys(after.formats)])) {
    const [old, now] = [before.formats[name], after.formats[name]];
    if (!old || !now) lines.push(`Format ${name}: ${became(old, now)}`);
    else lines.push(...ofFormat(name, old, now));
  }
  return lines;
}

/** @param {string} name @param {import("./document.js").Format} old @param {import("./document.js").Format} now */
function ofFormat(name, old, now) {
  const lines = [];
  if (old.width !== now.width || old.height !== now.height) lines.push(`${name}: ${formatSize(old)} → ${formatSize(now)}`);
  if (!isSame(old.background, now.background)) lines.push(`${name}: another background`);
  const [olds, nows] = [old.layers, now.layers].map((layers) => new Map(layers.map((layer) => [layer.id, layer])));
  for (const id of new Set([...olds.keys(), ...nows.keys()])) {
    const [was, is] = [olds.get(id), nows.get(id)];
    if (!was || !is) lines.push(`${name}, layer ${id}: ${became(was, is)}`);
    else if (!isSame(was, is)) lines.push(`${name}, layer ${id}: ${changedKeys(was, is).map(wordOf).filter(isFirst).join(", ")}`);
  }
  const kept = (/** @type {Layer[]} */ layers) => layers.map(({ id }) => id).filter((id) => olds.has(id) && nows.has(id));
  if (!isSame(kept(old.layers), kept(now.layers))) lines.push(`${name}: layers in another order`);
  return lines;
}

/** @param {unknown} old @param {unknown} now */
function became(old, now) {
  if (old === undefined) return "added";
  return now === undefined ? "removed" : "changed";
}

/** @param {string} key */
function wordOf(key) {
  if (key === "x" || key === "y") return "position";
  if (key === "width" || key === "height") return "size";
  return key.replaceAll("_", " ");
}

/** @param {string} word @param {number} at @param {string[]} all */
const isFirst = (word, at, all) => all.indexOf(word) === at;

/** @param {Record<string, any>} old @param {Record<string, any>} now */
function changedKeys(old, now) {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => !isSame(old[key], now[key]));
}

/** Equal as JSON, whatever the order of keys. @param {unknown} a @param {unknown} b @returns {boolean} */
export function isSame(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [/** @type {Record<string, unknown>} */ (a), /** @type {Record<string, unknown>} */ (b)];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && isSame(left[key], right[key]));
}
