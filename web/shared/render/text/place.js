/**
 * Where a text layer's lines, glyphs and pill stand, in format pixels (0004 §6, §8).
 *
 * @typedef {import("./flow.js").Fitted} Fitted
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {{x: number, y: number, aw: number, ah: number}} Room  what text may fill
 *
 * @typedef {object} PlacedLine
 * @property {string} text
 * @property {number} x         of the pen's start
 * @property {number} baseline
 * @property {import("./line.js").PlacedGlyph[]} glyphs  `x`, `y` in px, y down
 * @property {Box | null} box  around the ink and the advance; null without ink
 *
 * @typedef {object} Placed
 * @property {number} size
 * @property {PlacedLine[]} lines
 * @property {{left: number, top: number, right: number, bottom: number}} ink  what a pill of kind `text` hugs
 * @property {Box | null} pill
 */

/** The layer's box less its pill's padding, its stroke and its shadow. @param {any} layer @returns {Room} */
export function roomOf(layer) {
  const [padX, padY] = layer.background?.padding ?? [0, 0];
  const grow = (layer.contrast?.fix === "stroke" ? layer.contrast.width : (layer.stroke?.width ?? 0)) / 2;
  const shadow = shadowReach(layer.shadow);
  const aw = layer.width - 2 * padX - 2 * grow - shadow.left - shadow.right;
  const ah = layer.height - 2 * padY - 2 * grow - shadow.top - shadow.bottom;
  return {
    x: layer.x + padX + grow + shadow.left,
    y: layer.y + padY + grow + shadow.top,
    aw,
    ah,
  };
}

/** @param {any} layer */
function strokeReach(layer) {
  return (layer.stroke?.width ?? 0) / 2;
}

/** @param {any} shadow */
function shadowReach(shadow) {
  if (!shadow) return { left: 0, right: 0, top: 0, bottom: 0 };
  const reach = 1.5 * shadow.blur;
  return {
    left: Math.max(0, reach - shadow.dx),
    right: Math.max(0, reach + shadow.dx),
    top: Math.max(0, reach - shadow.dy),
    bottom: Math.max(0, reach + shadow.dy),
  };
}

/**
 * @param {any} layer
 * @param {Fitted} fitted
 * @param {{ascender: number, descender: number, capHeight: number}} metrics
 * @returns {Placed}
 */
export function place(layer, { size, lines, texts }, metrics) {
  const room = roomOf(layer);
  const first = (layer.line_height + metrics.ascender - metrics.descender) / 2;
  const bases = lines.map((_, row) => first + row * layer.line_height);
  const [inkTop, inkBottom] = inkOf(lines, bases);
  const start = startOf(layer, room, bases, size, metrics.capHeight);
  const top = kept(start, inkTop, inkBottom, size, room.y, room.ah);
  const placed = lines.map((line, row) => placeLine(layer, line, texts[row], room, top + bases[row] * size, size));
  const ink = {
    left: Math.min(...placed.map(({ x }, row) => x + lines[row].left * size)),
    top: Math.min(top + bases[0] * size - metrics.capHeight * size, top + inkTop * size),
    right: Math.max(...placed.map(({ x }, row) => x + lines[row].right * size)),
    bottom: Math.max(top + bases[bases.length - 1] * size, top + inkBottom * size),
  };
  return { size, lines: placed, ink, pill: pillOf(layer, ink) };
}

/**
 * Upper and lower end of all ink, em below the block's top.
 * @param {import("./line.js").Line[]} lines @param {number[]} bases
 */
function inkOf(lines, bases) {
  const tops = lines.map((line, row) => bases[row] - line.top).filter(Number.isFinite);
  const bottoms = lines.map((line, row) => bases[row] - line.bottom).filter(Number.isFinite);
  if (tops.length === 0) return [bases[0], bases[bases.length - 1]];
  return [Math.min(...tops), Math.max(...bottoms)];
}

/** The block's top. @param {any} layer @param {Room} room @param {number[]} bases @param {number} size @param {number} cap */
function startOf(layer, room, bases, size, cap) {
  if (layer.valign === "top") return room.y;
  if (layer.valign === "bottom") return room.y + room.ah - bases.length * layer.line_height * size;
  return room.y + room.ah / 2 - ((bases[0] - cap + bases[bases.length - 1]) / 2) * size;
}

/**
 * Moves a start so that ink from `low` to `high` (em) stays inside; the far end wins.
 * @param {number} start @param {number} low @param {number} high @param {number} size @param {number} from
 * @param {number} room
 */
function kept(start, low, high, size, from, room) {
  if (start + low * size < from) start = from - low * size;
  if (start + high * size > from + room) start = from + room - high * size;
  return start;
}

/**
 * @param {any} layer @param {import("./line.js").Line} line @param {string} text @param {Room} room
 * @param {number} baseline @param {number} size
 * @returns {PlacedLine}
 */
function placeLine({ align }, line, text, room, baseline, size) {
  let x = room.x;
  if (align === "center") x = room.x + (room.aw - line.advance * size) / 2;
  if (align === "right") x = room.x + room.aw - line.advance * size;
  x = kept(x, line.left, line.right, size, room.x, room.aw);
  const glyphs = line.glyphs.map((glyph) => ({ ...glyph, x: x + glyph.x * size, y: baseline - glyph.y * size }));
  return { text, x, baseline, glyphs, box: boxOf(line, x, baseline, size) };
}

/** @param {import("./line.js").Line} line @param {number} x @param {number} baseline @param {number} size @returns {Box | null} */
function boxOf({ left, right, top, bottom }, x, baseline, size) {
  if (!Number.isFinite(top)) return null;
  return { x: x + left * size, y: baseline - top * size, width: (right - left) * size, height: (top - bottom) * size };
}

/** @param {any} layer @param {Placed["ink"]} ink @returns {Box | null} */
export function pillOf(layer, ink) {
  const pill = layer.background;
  if (!pill) return null;
  if (pill.fit === "box") return { x: layer.x, y: layer.y, width: layer.width, height: layer.height };
  const growX = strokeReach(layer) + pill.padding[0];
  const growY = strokeReach(layer) + pill.padding[1];
  const x = Math.max(ink.left - growX, layer.x);
  const y = Math.max(ink.top - growY, layer.y);
  return {
    x,
    y,
    width: Math.min(ink.right + growX, layer.x + layer.width) - x,
    height: Math.min(ink.bottom + growY, layer.y + layer.height) - y,
  };
}
