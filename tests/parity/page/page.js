/** What the parity tests ask of the browser: layouts, pictures, and the browser's own text layout. */
import { completeLayer, valuesOf } from "/shared/render/document.js";
import { createPreview } from "/shared/render/preview.js";
import { analyse, opportunities } from "/shared/render/text/analysis.js";
import { FontBook } from "/shared/render/text/fonts.js";
import { layoutText, prepareFonts } from "/shared/render/text/layout.js";
import { graphemeBoundaries } from "/shared/render/unicode/graphemes.js";
import { lineBreaks } from "/shared/render/unicode/line-breaks.js";
import { levelsOf } from "/shared/render/unicode/bidi.js";
import { widths, wrapped } from "./dom.js";
import { qrMatrix } from "/shared/render/qr.js";

const manifest = await (await fetch("/cdn/fonts/fonts.json")).json();
const fonts = new FontBook(manifest, async (file) => (await fetch(`/cdn/fonts/${file}`)).arrayBuffer());
const preview = await createPreview({ assetBase: "/cdn" });

/** Lays out one text layer, in the form of `promostack.rendering.layout_dump`. */
async function layout({ layer, values = {} }) {
  const complete = completeLayer(layer);
  const all = valuesOf({}, { fields: values, code: values.code, link: values.link });
  await prepareFonts([complete], all, fonts);
  const { placed, outcome, missing } = layoutText(complete, all, fonts);
  const lines = placed?.lines ?? [];
  return {
    size: placed?.size ?? 0,
    outcome,
    missing,
    ink: placed ? [placed.ink.left, placed.ink.top, placed.ink.right, placed.ink.bottom] : [0, 0, 0, 0],
    lines: lines.map(({ text, x, baseline, glyphs }) => ({
      text,
      x,
      baseline,
      glyphs: glyphs.map((glyph) => [glyph.id, glyph.x, glyph.y]),
    })),
  };
}

/** The picture as a PNG, base64. */
async function draw(document, options) {
  const canvas = new OffscreenCanvas(1, 1);
  await preview.draw(canvas, document, options);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}

/** @param {string} text */
function analysed(text) {
  const codes = [...text].map((char) => char.codePointAt(0));
  return analyse({ codes, spans: codes.map(() => 0) }, () => null);
}

globalThis.parity = {
  widths: (lines) => widths(fonts, lines),
  wrapped: (boxes) => wrapped(fonts, boxes),
  layouts: async (cases) => {
    const found = [];
    for (const one of cases) found.push(await layout(one));
    return found;
  },
  draw,
  report: (document, options) => preview.draw(new OffscreenCanvas(1, 1), document, options),
  load: (document, options) => preview.load(document, options),
  breaks: (texts) => texts.map((text) => lineBreaks([...text].map((char) => char.codePointAt(0)))),
  graphemes: (texts) => texts.map((text) => graphemeBoundaries([...text].map((char) => char.codePointAt(0)))),
  analysis: (texts) => texts.map((text) => analysed(text)).map(({ levels, scripts }) => ({ levels, scripts })),
  levels: (texts) => texts.map((text) => levelsOf([...text].map((char) => char.codePointAt(0)))),
  opportunities: (texts) => texts.map((text) => opportunities(analysed(text))),
  qr: (pairs) => pairs.map(([text, level]) => qrMatrix(text, level).map((row) => row.join("")).join("\n")),
};
document.documentElement.dataset.ready = "";
