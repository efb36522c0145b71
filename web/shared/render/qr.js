/**
 * QR matrices equal to those of the server's encoder (Python's segno 1.6): same version, mask and padding.
 *
 * Error correction and drawing are Project Nayuki's; segno differs from the usual encoders in two ways that are
 * repeated here: one zero codeword more when the bit stream already ends on a byte, and masks scored before the format
 * bits are drawn.
 */
import qrcodegen from "../../vendor/qrcodegen/qrcodegen.js";

const { QrCode } = qrcodegen;
const LEVELS = { l: QrCode.Ecc.LOW, m: QrCode.Ecc.MEDIUM, q: QrCode.Ecc.QUARTILE, h: QrCode.Ecc.HIGH };
/** How many data codewords a version holds; not in the library's declared surface. @type {(version: number, ecc: object) => number} */
const capacityOf = /** @type {any} */ (QrCode).getNumDataCodewords;
const FINDER = [1, 0, 1, 1, 1, 0, 1];

/** @typedef {number[][]} Matrix rows of 0 (light) and 1 (dark), without quiet zone */

/**
 * @param {string} text encoded as UTF-8 bytes
 * @param {"l" | "m" | "q" | "h"} level
 * @returns {Matrix}
 */
export function qrMatrix(text, level) {
  const bytes = new TextEncoder().encode(text);
  const ecc = LEVELS[level];
  const version = smallestVersion(bytes.length, ecc);
  const codewords = pad(bytes, version, capacityOf(version, ecc));
  let best = { score: Infinity, code: new QrCode(version, ecc, codewords, 0) };
  for (let mask = 0; mask < 8; mask++) {
    const code = new QrCode(version, ecc, codewords, mask);
    const score = penalty(unformatted(rows(code), version));
    if (score < best.score) best = { score, code };
  }
  return rows(best.code);
}

/** @param {number} length bytes @param {any} ecc */
function smallestVersion(length, ecc) {
  for (let version = 1; version <= 40; version++) {
    const bits = 4 + countBits(version) + 8 * length;
    if (bits <= 8 * capacityOf(version, ecc)) return version;
  }
  throw new RangeError("The text is too long for a QR code");
}

/** @param {number} version */
function countBits(version) {
  return version < 10 ? 8 : 16;
}

/**
 * The data codewords: mode, length, bytes, terminator, padding.
 * @param {Uint8Array} bytes @param {number} version @param {number} capacity codewords
 */
function pad(bytes, version, capacity) {
  /** @type {number[]} */
  const bits = [];
  /** @param {number} value @param {number} length */
  const write = (value, length) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  write(4, 4);
  write(bytes.length, countBits(version));
  bytes.forEach((byte) => write(byte, 8));
  write(0, Math.min(4, 8 * capacity - bits.length));
  write(0, 8 - (bits.length % 8));
  const codewords = [];
  for (let i = 0; i < bits.length; i += 8) codewords.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let even = true; codewords.length < capacity; even = !even) codewords.push(even ? 0xec : 0x11);
  return codewords.slice(0, capacity);
}

/** @param {any} code @returns {Matrix} */
function rows(code) {
  const range = [...Array(code.size).keys()];
  return range.map((y) => range.map((x) => (code.getModule(x, y) ? 1 : 0)));
}

/**
 * The matrix with format and version bits light, as segno scores it.
 * @param {Matrix} matrix @param {number} version
 */
function unformatted(matrix, version) {
  const size = matrix.length;
  for (let i = 0; i < 9; i++) {
    if (i !== 6) matrix[i][8] = matrix[8][i] = 0;
  }
  for (let i = 1; i < 9; i++) matrix[size - i][8] = matrix[8][size - i] = 0;
  if (version >= 7) {
    for (let i = 0; i < 6; i++)
      for (let j = 9; j < 12; j++) matrix[i][size - j] = matrix[size - j][i] = 0;
  }
  return matrix;
}

/** The four features of ISO/IEC 18004 7.8.3.1. @param {Matrix} matrix */
function penalty(matrix) {
  const size = matrix.length;
  let score = 0;
  let dark = 0;
  for (let i = 0; i < size; i++) {
    const column = matrix.map((row) => row[i]);
    score += runPenalty(matrix[i]) + runPenalty(column) + finderPenalty(matrix[i]) + finderPenalty(column);
    for (let j = 0; j < size; j++) {
      dark += matrix[i][j];
      if (i && j && isBlock(matrix, i, j)) score += 3;
    }
  }
  return score + 10 * Math.floor(Math.abs((dark / (size * size)) * 100 - 50) / 5);
}

/** @param {Matrix} matrix @param {number} i @param {number} j */
function isBlock(matrix, i, j) {
  const bit = matrix[i][j];
  return bit === matrix[i][j - 1] && bit === matrix[i - 1][j] && bit === matrix[i - 1][j - 1];
}

/** @param {number[]} line */
function runPenalty(line) {
  let score = 0;
  let length = 0;
  line.forEach((bit, i) => {
    length = bit === line[i - 1] ? length + 1 : 1;
    if (length >= 5 && bit !== line[i + 1]) score += length - 2;
  });
  return score;
}

/** @param {number[]} line */
function finderPenalty(line) {
  const size = line.length;
  let score = 0;
  for (let i = 0; i + 7 <= size; ) {
    if (!FINDER.every((bit, k) => line[i + k] === bit)) {
      i += 1;
      continue;
    }
    const lit = (/** @type {number} */ from, /** @type {number} */ to) => !line.slice(Math.max(from, 0), to).includes(1);
    const counts = i === 0 || i === size - 7 || lit(i - 4, i) || lit(i + 7, i + 11);
    if (counts) score += 40;
    i += counts ? 7 : 4;
  }
  return score;
}
