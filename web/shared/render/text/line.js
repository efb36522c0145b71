/**
 * A line's geometry (0004 §5), in em: 1 is the font size, y up.
 *
 * @typedef {object} PlacedGlyph
 * @property {import("./shaper.js").TypefaceAtWeight} font
 * @property {number} id
 * @property {number} x
 * @property {number} y
 * @property {number} span
 *
 * @typedef {object} Line
 * @property {number} advance
 * @property {number} left   ≤ 0
 * @property {number} right  ≥ advance
 * @property {number} width
 * @property {number} top    -Infinity without ink
 * @property {number} bottom Infinity without ink
 * @property {PlacedGlyph[]} glyphs
 *
 * @typedef {{start: number, end: number, level: number, script: string, choice: import("./fonts.js").FontChoice,
 *   span: number}} Item
 */
import { visualOrder } from "../unicode/bidi.js";

const JOINING_SCRIPTS = new Set(["Arab", "Syrc", "Mong", "Nkoo", "Mand", "Phag", "Adlm", "Rohg", "Mani", "Sogd"]);

/**
 * @param {import("./analysis.js").Analysis} paragraph
 * @param {number} start
 * @param {number} end   the line's characters, spaces at its ends cut
 * @param {number} letterSpacing em
 * @returns {Line}
 */
export function measureLine(paragraph, start, end, letterSpacing) {
  const codes = paragraph.codes.slice(start, end);
  const items = visualOrder(itemsOf(paragraph, start, end));
  const shaped = items.map((item) =>
    item.choice.font.shape(codes, item.start, item.end, {
      rightToLeft: item.level % 2 === 1,
      script: item.script,
      ligatures: letterSpacing === 0,
    }),
  );
  /** @type {Line} */
  const line = { advance: 0, left: 0, right: 0, width: 0, top: -Infinity, bottom: Infinity, glyphs: [] };
  items.forEach((item, number) => setItem(line, item, shaped, number, letterSpacing));
  line.right = Math.max(line.advance, line.right);
  line.width = line.right - line.left;
  return line;
}

/**
 * @param {import("./analysis.js").Analysis} paragraph @param {number} start @param {number} end
 * @returns {Item[]}
 */
function itemsOf({ fonts, scripts, levels, spans }, start, end) {
  /** @type {Item[]} */
  const items = [];
  for (let i = start; i < end; i++) {
    const [choice, script, level, span] = [fonts[i], scripts[i], levels[i], spans[i]];
    const last = items.at(-1);
    const goes =
      last &&
      last.level === level &&
      last.script === script &&
      last.choice.font === choice.font &&
      last.span === span;
    if (goes) last.end = i - start + 1;
    else items.push({ start: i - start, end: i - start + 1, level, script, choice, span });
  }
  return items;
}

/**
 * @param {Line} line @param {Item} item @param {import("./shaper.js").ShapedGlyph[][]} shaped
 * @param {number} number of the item @param {number} letterSpacing
 */
function setItem(line, item, shaped, number, letterSpacing) {
  const { font } = item.choice;
  const unit = font.unit;
  const spaced = letterSpacing !== 0 && !JOINING_SCRIPTS.has(item.script);
  const isLastItem = shaped.slice(number + 1).every((glyphs) => glyphs.length === 0);
  shaped[number].forEach((glyph, index, glyphs) => {
    const x = line.advance + glyph.xOffset / unit;
    const y = glyph.yOffset / unit;
    const ink = font.ink(glyph.id);
    if (ink) {
      line.left = Math.min(line.left, x + ink.left / unit);
      line.right = Math.max(line.right, x + ink.right / unit);
      line.top = Math.max(line.top, y + ink.top / unit);
      line.bottom = Math.min(line.bottom, y + ink.bottom / unit);
    }
    line.glyphs.push({ font, id: glyph.id, x, y, span: item.span });
    line.advance = line.advance + glyph.xAdvance / unit;
    const next = glyphs[index + 1];
    const ends = next ? next.cluster !== glyph.cluster : !isLastItem;
    if (spaced && ends) line.advance = line.advance + letterSpacing;
  });
}
