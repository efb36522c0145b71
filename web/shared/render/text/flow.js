/**
 * From a text to its lines: the best fit, else breaks inside words, else the overflow rule (0004 §7).
 *
 * @typedef {import("./analysis.js").Analysis} Analysis
 * @typedef {import("./content.js").Paragraph} Paragraph
 * @typedef {import("./line.js").Line} Line
 * @typedef {{paragraph: number, end: number, next: number, start: number}} Boundary  where a line may end (`end` in
 *   `paragraph`) and the next one begins (`start` in paragraph `next`)
 *
 * @typedef {object} Setting  what the layer prescribes
 * @property {(grapheme: number[], span: number) => import("./fonts.js").FontChoice} chooseFont
 * @property {{ascender: number, descender: number, capHeight: number}} metrics
 * @property {number} lines
 * @property {number} lineHeight
 * @property {number} letterSpacing
 * @property {"shrink" | "ellipsis"} overflow
 *
 * @typedef {{aw: number, ah: number}} Room
 * @typedef {"fits" | "emergency" | "shrunk" | "ellipsis" | "nothing"} Outcome
 * @typedef {{size: number, lines: Line[], texts: string[]}} Fitted
 * @typedef {{fitted: Fitted | null, outcome: Outcome, missing: string[]}} Flow
 */
import { analyse, opportunities } from "./analysis.js";
import { isTrimmed, paragraphsOf, trim } from "./content.js";
import { fit, fits } from "./fit.js";
import { measureLine } from "./line.js";
import { graphemeBoundaries } from "../unicode/graphemes.js";

const ELLIPSIS = 0x2026;
const STEP = 0.25;

/**
 * @param {Paragraph} content the whole text, paragraphs joined by LF
 * @param {Setting} setting
 * @param {Room} room px
 * @param {{low: number, high: number}} range sizes, multiples of 0.25
 * @returns {Flow} nothing fitted: nothing can be drawn
 */
export function flow(content, setting, room, { low, high }) {
  const text = new Text(content, setting, room);
  const missing = text.missing();
  for (const [outcome, attempt] of attempts(text, content, low, high)) {
    const fitted = attempt();
    if (fitted) return { fitted, outcome, missing };
  }
  return { fitted: null, outcome: "nothing", missing };
}

/**
 * @param {Text} text @param {Paragraph} content @param {number} low @param {number} high
 * @returns {[Outcome, () => Fitted | null][]} in order of preference
 */
function attempts(text, content, low, high) {
  const { setting, room } = text;
  if (room.aw <= 0 || room.ah <= 0) return [];
  /** @type {[Outcome, () => Fitted | null][]} */
  const found = [
    ["fits", () => text.fit(text.regular, low, high)],
    ["emergency", () => text.fit(text.emergency(low), low, high)],
    ["shrunk", () => text.fit(text.regular, STEP, low - STEP)],
    ["shrunk", () => text.fit(text.emergency(low), STEP, low - STEP)],
  ];
  if (setting.overflow === "ellipsis") found.splice(2, 0, ["ellipsis", () => shorten(content, setting, room, low)]);
  return found;
}

/**
 * The longest beginning that fits at `size` with an ellipsis.
 * @param {Paragraph} content @param {Setting} setting @param {Room} room @param {number} size
 */
function shorten(content, setting, room, size) {
  const ends = graphemeBoundaries(content.codes);
  let bad = ends.length - 1;
  let good = -1;
  let best = null;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const text = new Text(cut(content, ends[middle]), setting, room);
    const found = text.fit(text.regular, size, size) ?? text.fit(text.emergency(size), size, size);
    if (found) [good, best] = [middle, found];
    else bad = middle;
  }
  return best;
}

/** @param {Paragraph} content @param {number} length @returns {Paragraph} */
function cut({ codes, spans }, length) {
  while (length > 0 && (isTrimmed(codes[length - 1]) || codes[length - 1] === 0x0a)) length--;
  return {
    codes: [...codes.slice(0, length), ELLIPSIS],
    spans: [...spans.slice(0, length), spans[Math.max(length - 1, 0)]],
  };
}

class Text {
  /** @param {Paragraph} content @param {Setting} setting @param {Room} room */
  constructor(content, setting, room) {
    this.setting = setting;
    this.room = room;
    this.paragraphs = paragraphsOf(content).map((paragraph) => analyse(paragraph, setting.chooseFont));
    /** @type {Map<string, Line>} */
    this.measured = new Map();
    this.regular = this.boundaries((paragraph) => (setting.lines > 1 ? opportunities(paragraph) : []));
  }

  /** @param {(paragraph: Analysis, number: number) => number[]} insideOf @returns {Boundary[]} */
  boundaries(insideOf) {
    const found = [{ paragraph: -1, end: 0, next: 0, start: 0 }];
    this.paragraphs.forEach((paragraph, number) => {
      for (const place of insideOf(paragraph, number)) {
        found.push({ paragraph: number, end: place, next: number, start: place });
      }
      found.push({ paragraph: number, end: paragraph.codes.length, next: number + 1, start: 0 });
    });
    return found;
  }

  /** @param {Boundary[] | null} boundaries @param {number} low @param {number} high @returns {Fitted | null} */
  fit(boundaries, low, high) {
    if (!boundaries || low > high) return null;
    const { setting, room } = this;
    const { ascender, descender } = setting.metrics;
    const found = fit(
      {
        boundaries: boundaries.length,
        line: (i, j) => this.lineBetween(boundaries[i], boundaries[j]),
        isLone: (i, j) => this.isLone(boundaries[i], boundaries[j]),
        paragraphs: this.paragraphs.length,
        maxLines: setting.lines,
        aw: room.aw,
        ah: room.ah,
        lineHeight: setting.lineHeight,
        firstBase: (setting.lineHeight + ascender - descender) / 2,
      },
      low,
      high,
    );
    return found && this.result(boundaries, found);
  }

  /** @param {Boundary[]} boundaries @param {import("./fit.js").Fit} found @returns {Fitted} */
  result(boundaries, { size, ends }) {
    const places = ends.map((end, row) => [boundaries[row ? ends[row - 1] : 0], boundaries[end]]);
    return {
      size,
      lines: places.map(([from, to]) => /** @type {Line} */ (this.lineBetween(from, to))),
      texts: places.map(([from, to]) => this.textBetween(from, to)),
    };
  }

  /** @param {number} size @returns {Boundary[] | null} null when no word is too wide, or all is on one line anyway */
  emergency(size) {
    if (this.setting.lines === 1) return null;
    const places = this.paragraphs.map(() => /** @type {number[]} */ ([]));
    let splits = false;
    for (let i = 1; i < this.regular.length; i++) {
      const [from, to] = [this.regular[i - 1], this.regular[i]];
      const { graphemes } = this.paragraphs[to.paragraph];
      const line = /** @type {Line} */ (this.lineBetween(from, to));
      if (!fits(line.width, size, this.room.aw)) {
        splits = true;
        places[to.paragraph].push(...graphemes.filter((place) => place > from.start && place < to.end));
      }
      places[to.paragraph].push(to.end);
    }
    return splits ? this.boundaries((paragraph, number) => places[number].slice(0, -1)) : null;
  }

  /** @param {Boundary} from @param {Boundary} to @returns {Line | null} */
  lineBetween(from, to) {
    if (from.next !== to.paragraph) return null;
    const paragraph = this.paragraphs[to.paragraph];
    const [start, end] = trim(paragraph.codes, from.start, to.end);
    const key = `${to.paragraph} ${start} ${end}`;
    let found = this.measured.get(key);
    if (!found) {
      found = measureLine(paragraph, start, end, this.setting.letterSpacing);
      this.measured.set(key, found);
    }
    return found;
  }

  /**
   * One word alone on the last of a paragraph's lines; scripts without spaces have no words here.
   * @param {Boundary} from @param {Boundary} to
   */
  isLone(from, to) {
    if (to.next === to.paragraph || from.start === 0) return false;
    const { codes } = this.paragraphs[to.paragraph];
    return codes.some(isTrimmed) && !codes.slice(...trim(codes, from.start, to.end)).some(isTrimmed);
  }

  /** @param {Boundary} from @param {Boundary} to */
  textBetween(from, to) {
    const { codes } = this.paragraphs[to.paragraph];
    return String.fromCodePoint(...codes.slice(...trim(codes, from.start, to.end)));
  }

  /** First characters of the graphemes that no font has. */
  missing() {
    const found = this.paragraphs.flatMap(({ codes, fonts, graphemes }) =>
      graphemes.filter((place) => fonts[place]?.missing).map((place) => String.fromCodePoint(codes[place])),
    );
    return [...new Set(found)];
  }
}
