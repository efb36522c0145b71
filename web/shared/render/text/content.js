/**
 * What a text layer says: fields put in, cleaned, cased, split into paragraphs (0004 §2).
 *
 * @typedef {object} Paragraph
 * @property {number[]} codes code points
 * @property {number[]} spans number of the span of each
 */

const PLACEHOLDER = /\{([a-z][a-z0-9_]*)\}/g;
const NEWLINES = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;
const LF = 0x0a;
const SPACE = 0x20;

/**
 * @param {string} text
 * @param {Record<string, string>} values
 */
export function fill(text, values) {
  return text.replace(PLACEHOLDER, (_, name) => values[name] ?? "");
}

/** Spaces and ZWSP, which are cut from both ends of lines. @param {number} code */
export function isTrimmed(code) {
  if (code < 0x1680) return code === SPACE;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200b && code !== 0x2007) ||
    code === 0x205f ||
    code === 0x3000
  );
}

/**
 * The layer's whole text as one sequence, paragraphs joined by LF; empty when there is nothing to draw.
 * @param {{text: string}[]} spans
 * @param {Record<string, string>} values
 * @param {{upper: boolean, lines: number}} options
 * @returns {Paragraph}
 */
export function contentOf(spans, values, { upper, lines }) {
  /** @type {Paragraph} */
  const whole = { codes: [], spans: [] };
  spans.forEach((span, number) => {
    for (const char of clean(fill(span.text, values), upper)) {
      whole.codes.push(/** @type {number} */ (char.codePointAt(0)));
      whole.spans.push(number);
    }
  });
  const paragraphs = paragraphsOf(whole);
  const filled = paragraphs.filter(({ codes }) => codes.length > 0);
  if (filled.length === 0) return { codes: [], spans: [] };
  return paragraphs.length > lines ? join(filled, SPACE) : join(paragraphs, LF);
}

/** @param {string} text @param {boolean} upper */
function clean(text, upper) {
  const plain = text.replace(NEWLINES, "\n").replace(/\t/g, " ").replace(CONTROLS, "").normalize("NFC");
  return upper ? plain.toUpperCase().normalize("NFC") : plain;
}

/**
 * Splits at LF; each paragraph is trimmed.
 * @param {Paragraph} whole
 * @returns {Paragraph[]}
 */
export function paragraphsOf({ codes, spans }) {
  const found = [];
  let start = 0;
  for (let end = 0; end <= codes.length; end++) {
    if (end < codes.length && codes[end] !== LF) continue;
    const [from, to] = trim(codes, start, end);
    found.push({ codes: codes.slice(from, to), spans: spans.slice(from, to) });
    start = end + 1;
  }
  return found;
}

/**
 * The part of [start, end) without spaces at its ends.
 * @param {number[]} codes @param {number} start @param {number} end
 */
export function trim(codes, start, end) {
  while (start < end && isTrimmed(codes[start])) start++;
  while (end > start && isTrimmed(codes[end - 1])) end--;
  return [start, end];
}

/** @param {Paragraph[]} paragraphs @param {number} separator @returns {Paragraph} */
function join(paragraphs, separator) {
  /** @type {Paragraph} */
  const whole = { codes: [], spans: [] };
  paragraphs.forEach(({ codes, spans }, number) => {
    if (number) {
      whole.codes.push(separator);
      whole.spans.push(spans[0] ?? whole.spans.at(-1) ?? 0);
    }
    codes.forEach((code) => whole.codes.push(code));
    spans.forEach((span) => whole.spans.push(span));
  });
  return whole;
}
