/**
 * The fonts of the manifest: which file a grapheme is set in, and which files must be there for it (0004 §3).
 *
 * @typedef {object} Family
 * @property {string} family
 * @property {string} file
 * @property {string[]} scripts
 * @property {string} unicode_range  at least all characters of the font
 * @property {boolean} [isOwn]       of a document, not of the manifest
 *
 * @typedef {{families: Family[], fallback: string[]}} Manifest
 *
 * @typedef {object} FontChoice
 * @property {import("./shaper.js").TypefaceAtWeight} font
 * @property {string} key      family and weight
 * @property {boolean} missing the font lacks the grapheme's first character
 */
import { propertiesOf } from "../unicode/properties.js";
import { Typeface } from "./shaper.js";

const EMOJI_STYLE = 0xfe0f;
const TEXT_STYLE = 0xfe0e;
const IGNORABLE = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xe0000, 0xe0fff],
];

export class FontBook {
  /**
   * @param {Manifest} manifest
   * @param {(file: string) => Promise<ArrayBuffer>} fetchFile
   */
  constructor(manifest, fetchFile) {
    this.families = new Map(manifest.families.map((family) => [family.family, family]));
    this.ranges = new Map(manifest.families.map((family) => [family.family, parseRanges(family.unicode_range)]));
    this.fallback = manifest.fallback;
    this.fetchFile = fetchFile;
    /** @type {Map<string, Typeface>} */
    this.typefaces = new Map();
    /** @type {Map<string, Promise<void>>} */
    this.loading = new Map();
    /** @type {Map<string, FontChoice>} */
    this.choices = new Map();
  }

  /**
   * Families to try, best first.
   * @param {string} family
   * @param {number[]} grapheme
   */
  chain(family, grapheme) {
    const names = [...new Set([family, ...this.fallback])].filter((name) => this.families.has(name));
    if (!wantsEmoji(grapheme)) return names;
    const isEmoji = (/** @type {string} */ name) => this.families.get(name)?.scripts.includes("Zsye");
    return [...names.filter(isEmoji), ...names.filter((name) => !isEmoji(name))];
  }

  /**
   * Brings the files that `choose` will look into for these graphemes, and no others.
   * @param {string} family @param {number[][]} graphemes
   */
  async prepare(family, graphemes) {
    await this.load(family);
    for (const grapheme of graphemes) {
      const chain = this.chain(family, grapheme);
      const asked = grapheme.filter((code) => !isIgnorable(code));
      if (!(await this.loadUntil(chain, asked))) await this.loadUntil(chain, asked.slice(0, 1));
    }
  }

  /** Loads families until one has all the characters. @param {string[]} chain @param {number[]} codes */
  async loadUntil(chain, codes) {
    for (const name of chain) {
      const ranges = this.ranges.get(name);
      if (!codes.every((code) => covers(ranges, code))) continue;
      await this.load(name);
      if (codes.every((code) => this.typefaces.get(name)?.has(code))) return true;
    }
    return false;
  }

  /** @param {string} family @returns {Promise<void>} */
  load(family) {
    const entry = this.families.get(family);
    if (!entry) return Promise.resolve();
    let pending = this.loading.get(family);
    if (!pending) {
      pending = this.fetchFile(entry.file).then(
        (bytes) => void this.typefaces.set(family, new Typeface(bytes)),
        (error) => {
          this.loading.delete(family);
          throw error;
        },
      );
      this.loading.set(family, pending);
    }
    return pending;
  }

  /** A family that a document brings along; one of the manifest keeps its name. @param {string} family @param {string} file */
  add(family, file) {
    const known = this.families.get(family);
    if (known && (!known.isOwn || known.file === file)) return;
    this.families.set(family, { family, file, scripts: [], unicode_range: "U+0-10FFFF", isOwn: true });
    this.typefaces.delete(family);
    this.loading.delete(family);
    this.choices.clear();
  }

  loadAll() {
    return Promise.all([...this.families.keys()].map((family) => this.load(family)));
  }

  /**
   * @param {{family: string, weight: number}} font
   * @param {number[]} grapheme
   * @returns {FontChoice}
   */
  choose({ family, weight }, grapheme) {
    const key = `${family} ${weight} ${grapheme.join()}`;
    let found = this.choices.get(key);
    if (!found) this.choices.set(key, (found = this.find(family, weight, grapheme)));
    return found;
  }

  /** @param {string} family @param {number} weight @param {number[]} grapheme @returns {FontChoice} */
  find(family, weight, grapheme) {
    const asked = grapheme.filter((code) => !isIgnorable(code));
    if (asked.length === 0) return this.at(family, weight);
    const chain = this.chain(family, grapheme);
    const has = (/** @type {string} */ name, /** @type {number} */ code) => !!this.typefaces.get(name)?.has(code);
    const name =
      chain.find((candidate) => asked.every((code) => has(candidate, code))) ??
      chain.find((candidate) => has(candidate, asked[0]));
    return this.at(name ?? family, weight, name === undefined);
  }

  /** @param {string} family @param {number} weight @param {boolean} missing @returns {FontChoice} */
  at(family, weight, missing = false) {
    const typeface = this.typefaces.get(family) ?? this.typefaces.get(this.fallback[0]);
    if (!typeface) throw new Error(`The font ${family} is not loaded`);
    return { font: typeface.at(weight), key: `${family} ${weight}`, missing };
  }
}

/** @param {number[]} grapheme */
function wantsEmoji(grapheme) {
  if (grapheme.includes(EMOJI_STYLE)) return true;
  return propertiesOf(grapheme[0]).emoji && !grapheme.includes(TEXT_STYLE);
}

/** @param {number} code */
function isIgnorable(code) {
  return IGNORABLE.some(([first, last]) => code >= first && code <= last);
}

/** @param {string} text "U+20-7E,U+A0" @returns {number[][]} */
function parseRanges(text) {
  return text.split(",").map((range) => {
    const [first, last] = range.replace("U+", "").split("-");
    return [parseInt(first, 16), parseInt(last ?? first, 16)];
  });
}

/** @param {number[][] | undefined} ranges @param {number} code */
function covers(ranges, code) {
  return !ranges || ranges.some(([first, last]) => code >= first && code <= last);
}
