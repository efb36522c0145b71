import { button } from "../../shared/components/button.js";
import { openDialog } from "../../shared/components/dialog.js";
import { find, html } from "../../shared/js/html.js";
import { differences } from "./difference.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */

const PICTURE_PX = 300;
const MOST_LINES = 12;

/**
 * Two documents side by side, what differs in words, and a choice.
 * @param {{ title: string, about: string, left: { label: string, document: TemplateDocument, verb: string }, right: { label: string, document: TemplateDocument, verb: string },
 *   format: string, drawing: import("./drawing.js").Drawing }} options `left` is what is here
 * @returns {Promise<"left" | "right" | null>} null when dismissed
 */
export async function chooseOf({ title, about, left, right, format, drawing }) {
  const lines = differences(left.document, right.document);
  const { element, closed } = openDialog({
    title,
    size: "large",
    body: html`<p>${about}</p>
      <div class="compare">${[left, right].map(({ label }, at) => html`<figure><canvas data-side="${at}" role="img" aria-label="${label}"></canvas><figcaption>${label}</figcaption></figure>`)}</div>
      ${lines.length ? html`<h3>What differs</h3><ul class="compare-lines">${lines.slice(0, MOST_LINES).map((line) => html`<li>${line}</li>`)}${lines.length > MOST_LINES && html`<li>and ${lines.length - MOST_LINES} more</li>`}</ul>` : html`<p class="muted">Nothing differs.</p>`}`,
    foot: html`${button({ label: left.verb, variant: "outline", attributes: { "data-close": "left" } })}${button({ label: right.verb, variant: "primary", attributes: { "data-close": "right" } })}`,
  });
  [left, right].forEach(({ document }, at) => {
    const canvas = find(element, `[data-side="${at}"]`, HTMLCanvasElement);
    const shown = document.formats[format] ? format : Object.keys(document.formats)[0];
    const { width, height } = document.formats[shown];
    // A picture that cannot be drawn stays empty; the words below say what differs all the same.
    void drawing.draw(canvas, document, { format: shown, sample: "normal", scale: (PICTURE_PX * devicePixelRatio) / Math.max(width, height) }).catch(() => {});
  });
  const chosen = await closed;
  return chosen === "left" || chosen === "right" ? chosen : null;
}
