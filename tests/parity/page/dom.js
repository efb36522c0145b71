/** The browser's own layout of the same font files: line widths, and lines of a box filled word by word. */
import { analyse, opportunities } from "/shared/render/text/analysis.js";
import { trim } from "/shared/render/text/content.js";
import { measureLine } from "/shared/render/text/line.js";

const PREFIX = "Parity ";

/**
 * Our widths (advances) of single lines, and the browser's.
 * @param {import("/shared/render/text/fonts.js").FontBook} fonts
 * @param {{text: string, family: string, weight: number, size: number}[]} lines
 */
export async function widths(fonts, lines) {
  const found = [];
  for (const line of lines) {
    const paragraph = await analysed(fonts, line);
    const own = measureLine(paragraph, 0, paragraph.codes.length, 0).advance * line.size;
    const element = box(fonts, line);
    element.style.whiteSpace = "pre";
    found.push([own, element.getBoundingClientRect().width]);
    element.remove();
  }
  return found;
}

/**
 * Our lines when each takes as many words as fit, and the browser's.
 * @param {import("/shared/render/text/fonts.js").FontBook} fonts
 * @param {{text: string, family: string, weight: number, size: number, width: number}[]} boxes
 */
export async function wrapped(fonts, boxes) {
  const found = [];
  for (const one of boxes) {
    const own = greedy(await analysed(fonts, one), one);
    const element = box(fonts, one);
    element.style.width = `${one.width}px`;
    found.push([own, linesOf(element.firstChild)]);
    element.remove();
  }
  return found;
}

async function analysed(fonts, { text, family, weight }) {
  const codes = [...text].map((char) => char.codePointAt(0));
  await fonts.prepare(family, codes.map((code) => [code]));
  await Promise.all([...fonts.typefaces.keys()].map((name) => register(fonts, name)));
  return analyse({ codes, spans: codes.map(() => 0) }, (grapheme) => fonts.choose({ family, weight }, grapheme));
}

function greedy(paragraph, { size, width }) {
  const ends = [...opportunities(paragraph), paragraph.codes.length];
  const lines = [];
  let start = 0;
  let last = 0;
  for (const end of ends) {
    const [from, to] = trim(paragraph.codes, start, end);
    if (last > start && measureLine(paragraph, from, to, 0).advance * size > width) {
      lines.push([start, last]);
      start = last;
    }
    last = end;
  }
  lines.push([start, paragraph.codes.length]);
  return lines.map(([from, to]) => String.fromCodePoint(...paragraph.codes.slice(...trim(paragraph.codes, from, to))));
}

/** @param {import("/shared/render/text/fonts.js").FontBook} fonts @param {string} name */
async function register(fonts, name) {
  if ([...document.fonts].some(({ family }) => family.replaceAll('"', "") === PREFIX + name)) return;
  const { file, axes, weight } = fonts.families.get(name);
  const face = new FontFace(PREFIX + name, `url(/cdn/fonts/${file})`, {
    weight: axes.wght ? axes.wght.join(" ") : String(weight ?? 400),
  });
  document.fonts.add(await face.load());
}

function box(fonts, { text, family, weight, size }) {
  const element = document.createElement("div");
  element.lang = "";
  element.textContent = text;
  Object.assign(element.style, {
    position: "absolute",
    fontFamily: fonts.chain(family, [0x41]).map((name) => `"${PREFIX}${name}"`).join(),
    fontWeight: weight,
    fontSize: `${size}px`,
    fontSynthesis: "none",
    fontKerning: "normal",
    textRendering: "geometricPrecision",
    lineBreak: "strict",
    unicodeBidi: "plaintext",
  });
  document.body.append(element);
  return element;
}

/** @param {Text} node */
function linesOf(node) {
  const lines = new Map();
  const range = document.createRange();
  for (let i = 0; i < node.length; i++) {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const [rect] = range.getClientRects();
    if (rect) lines.set(rect.top, (lines.get(rect.top) ?? "") + node.data[i]);
  }
  return [...lines.values()].map((line) => line.trim());
}
