/** The dialog in which pictures of many codes are asked for. */

import { askFor } from "../shared/components/ask.js";
import { selectField, textField } from "../shared/components/field.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { countOf, titleCase } from "../shared/js/format.js";

/** @typedef {import("../shared/js/api.js").Api} Api */
/** @typedef {{ slug: string, name: string, archived: boolean, version: number | null }} Template */
/** @typedef {{ formats: Record<string, { width: number, height: number }>, fields?: Record<string, { public?: boolean, kind?: string, sample?: string }> }} Document */

const OUTPUTS = [
  { value: "jpeg", label: "JPEG" },
  { value: "png", label: "PNG" },
  { value: "webp", label: "WebP" },
];
const MOST_FILE_BYTES = 400_000;

/**
 * @param {Api} api @param {Template[]} templates those that can be drawn; at least one
 * @returns {Promise<import("./batches-view.js").Batch | null>} null when dismissed
 */
export function askForBatch(api, templates) {
  const asked = askFor({
    title: "Pictures of many codes",
    verb: "Make the pictures",
    body: html`
      ${selectField({ id: "template", label: "Template", value: templates[0].slug, options: templates.map(({ slug, name }) => ({ value: slug, label: name })) })}
      <div class="stack" data-slot="of-template"></div>
      ${textField({ id: "codes", label: "Codes", rows: 6, help: "One in each line, or the first column of a CSV file. Two thousand at most." })}
      <label class="field"><span class="field-label">Or choose a CSV file</span><input class="input" type="file" accept=".csv,.txt,text/csv,text/plain" data-file></label>
      ${selectField({ id: "output", label: "Kind of file", value: "jpeg", options: OUTPUTS })}`,
    problem: (_form, name, value) => (name !== "codes" || countCodes(value) ? null : "Type at least one code, or choose a file."),
    send: (form) => api.post("client/batches", orderOf(form)),
  });
  const form = find(document, "#ask", HTMLFormElement);
  listen(form, "change", "#template", (_event, select) => void showTemplate(api, form, /** @type {HTMLSelectElement} */ (select).value));
  // The last one stays: a batch without a format would be none.
  listen(form, "change", "[name=formats]", (_event, box) => {
    if (!chosenFormats(form).length) /** @type {HTMLInputElement} */ (box).checked = true;
  });
  listen(form, "change", "[data-file]", (_event, input) => void takeFile(form, /** @type {HTMLInputElement} */ (input)));
  void showTemplate(api, form, templates[0].slug);
  return asked;
}

/** Formats and public fields of the chosen template. @param {Api} api @param {HTMLFormElement} form @param {string} slug */
async function showTemplate(api, form, slug) {
  const slot = find(form, "[data-slot=of-template]", HTMLElement);
  /** @type {Document} */
  let made;
  try {
    made = (await api.get(`client/editor/${encodeURIComponent(slug)}`)).document;
  } catch {
    return render(slot, html`<p class="field-error">The template's formats could not be loaded. Choose it once more.</p>`);
  }
  if (find(form, "#template", HTMLSelectElement).value !== slug) return;
  const fields = Object.entries(made.fields ?? {}).filter(([, rule]) => rule.public && (rule.kind ?? "text") === "text");
  render(
    slot,
    html`
      <fieldset class="field"><legend class="field-label">Formats</legend>
        ${Object.entries(made.formats).map(([name, { width, height }]) => html`<label class="row"><input type="checkbox" name="formats" value="${name}" checked><span>${titleCase(name)} <span class="muted">${width} × ${height}</span></span></label>`)}
      </fieldset>
      ${fields.map(([name, rule]) => html`<label class="field"><span class="field-label">${titleCase(name)} <span class="optional">(optional)</span></span><input class="input" name="fields.${name}" data-field="${name}" placeholder="${rule.sample ?? ""}" autocomplete="off"></label>`)}`,
  );
}

/** @param {HTMLFormElement} form @param {HTMLInputElement} input */
async function takeFile(form, input) {
  const file = input.files?.[0];
  if (!file) return;
  const area = find(form, "#codes", HTMLTextAreaElement);
  if (file.size <= MOST_FILE_BYTES) area.value = await file.text();
  const help = find(form, "#codes-help", HTMLElement);
  help.textContent = file.size > MOST_FILE_BYTES ? "This file is too large for a list of two thousand codes." : `${countOf(countCodes(area.value), "line", "lines")} of ${file.name}.`;
}

/** @param {string} text */
const countCodes = (text) => text.split("\n").filter((line) => line.trim()).length;

/** @param {HTMLFormElement} form */
const chosenFormats = (form) => new FormData(form).getAll("formats").map(String);

/** @param {HTMLFormElement} form */
function orderOf(form) {
  const data = new FormData(form);
  const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-field]")]);
  const typed = inputs.filter(({ value }) => value.trim()).map((input) => [input.dataset.field, input.value]);
  return {
    template: String(data.get("template")),
    formats: chosenFormats(form),
    codes: String(data.get("codes")),
    fields: Object.fromEntries(typed),
    output: String(data.get("output")),
  };
}
