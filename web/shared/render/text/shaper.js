/**
 * HarfBuzz: shaping, extents, outlines. Positions are integers in 1/64 of a font unit (the scale is 64 · upem), so that
 * they equal the server's; `unit` is one em in them.
 */
import * as hb from "../../../vendor/harfbuzzjs/index.js";
import { inkOfOutline } from "./outline-ink.js";

/**
 * @typedef {object} ShapedGlyph
 * @property {number} id
 * @property {number} cluster   index of a code point in the text that was given
 * @property {number} xAdvance
 * @property {number} xOffset
 * @property {number} yOffset
 *
 * @typedef {{left: number, right: number, top: number, bottom: number}} Ink  y up
 *
 * @typedef {["M" | "L", number, number] | ["Q", number, number, number, number]
 *   | ["C", number, number, number, number, number, number] | ["Z"]} OutlineStep coordinates in 1/64 font units, y up
 */

const SUBUNITS = 64;
const CAP_HEIGHT_IF_UNKNOWN = 0.7;
const BUFFER = new hb.Buffer();
const NO_LIGATURES = [new hb.Feature("liga", 0), new hb.Feature("clig", 0)];

/** One font file. */
export class Typeface {
  /** @param {ArrayBuffer} bytes */
  constructor(bytes) {
    this.face = new hb.Face(new hb.Blob(bytes));
    this.upem = this.face.upem;
    this.axes = this.face.getAxisInfos();
    this.metrics = readMetrics(this.face);
    this.isColour = this.face.hasColorPaint();
    /** @type {Map<number, TypefaceAtWeight>} */
    this.weights = new Map();
    this.cmap = new hb.Font(this.face);
  }

  /** @param {number} code */
  has(code) {
    return this.cmap.nominalGlyph(code) !== undefined;
  }

  /**
   * @param {number} weight clamped to the axis; ignored by a font without one
   * @returns {TypefaceAtWeight}
   */
  at(weight) {
    const axis = this.axes.wght;
    const value = axis ? Math.min(Math.max(weight, axis.min), axis.max) : 0;
    let found = this.weights.get(value);
    if (!found) this.weights.set(value, (found = new TypefaceAtWeight(this, value)));
    return found;
  }
}

export class TypefaceAtWeight {
  /** @param {Typeface} typeface @param {number} weight 0 without an axis */
  constructor(typeface, weight) {
    this.typeface = typeface;
    this.unit = SUBUNITS * typeface.upem;
    this.font = new hb.Font(typeface.face);
    this.font.setScale(this.unit, this.unit);
    if (weight) this.font.setVariations([new hb.Variation("wght", weight)]);
    /** @type {Map<number, Ink | null>} */
    this.inkCache = new Map();
    /** @type {Map<number, OutlineStep[]>} */
    this.outlineCache = new Map();
  }

  /**
   * Shapes codes[start … end) in the context of the whole of `codes`.
   * @param {number[]} codes
   * @param {number} start
   * @param {number} end
   * @param {{rightToLeft: boolean, script: string, ligatures: boolean}} options
   * @returns {ShapedGlyph[]} in visual order
   */
  shape(codes, start, end, { rightToLeft, script, ligatures }) {
    BUFFER.clearContents();
    BUFFER.addCodePoints(codes, start, end - start);
    BUFFER.setDirection(rightToLeft ? hb.Direction.RTL : hb.Direction.LTR);
    BUFFER.setScript(script);
    hb.shape(this.font, BUFFER, ligatures ? [] : NO_LIGATURES);
    const infos = BUFFER.getGlyphInfos();
    return BUFFER.getGlyphPositions().map(({ xAdvance, xOffset, yOffset }, i) => ({
      id: infos[i].codepoint,
      cluster: infos[i].cluster,
      xAdvance,
      xOffset,
      yOffset,
    }));
  }

  /**
   * Where the glyph's ink is; null without ink and for the glyph of missing characters.
   * @param {number} id
   * @returns {Ink | null}
   */
  ink(id) {
    let found = this.inkCache.get(id);
    if (found === undefined) {
      found = id === 0 ? null : this.readInk(id);
      this.inkCache.set(id, found);
    }
    return found;
  }

  /** @param {number} id @returns {Ink | null} */
  readInk(id) {
    return this.typeface.isColour ? paintedInk(this.font.glyphExtents(id)) : inkOfOutline(this.outline(id));
  }

  /**
   * @param {number} id
   * @returns {OutlineStep[]}
   */
  outline(id) {
    let found = this.outlineCache.get(id);
    if (!found) {
      found = this.font.glyphToJson(id).map((step) => /** @type {OutlineStep} */ ([step.type, ...step.values]));
      this.outlineCache.set(id, found);
    }
    return found;
  }
}

/**
 * Of a colour glyph: one font unit wider all around than HarfBuzz says, because it rounds to whole units.
 * @param {{xBearing: number, yBearing: number, width: number, height: number} | undefined} extents height negative
 * @returns {Ink | null}
 */
function paintedInk(extents) {
  if (!extents || extents.width === 0 || extents.height === 0) return null;
  const { xBearing, yBearing, width, height } = extents;
  return {
    left: xBearing - SUBUNITS,
    right: xBearing + width + SUBUNITS,
    top: yBearing + SUBUNITS,
    bottom: yBearing + height - SUBUNITS,
  };
}

/**
 * Vertical metrics in em, as stored: not varied, of hhea and OS/2.
 * @param {any} face
 */
function readMetrics(face) {
  const hhea = view(face.referenceTable("hhea"));
  const os2 = view(face.referenceTable("OS/2"));
  const hasCapHeight = os2.byteLength >= 90 && os2.getUint16(0) >= 2;
  const capHeight = hasCapHeight ? os2.getInt16(88) / face.upem : 0;
  return {
    ascender: hhea.getInt16(4) / face.upem,
    descender: -hhea.getInt16(6) / face.upem,
    capHeight: capHeight || CAP_HEIGHT_IF_UNKNOWN,
  };
}

/** @param {Uint8Array | undefined} table */
function view(table) {
  return table ? new DataView(table.buffer, table.byteOffset, table.byteLength) : new DataView(new ArrayBuffer(8));
}
