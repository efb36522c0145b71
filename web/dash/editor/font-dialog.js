import { button } from "../../shared/components/button.js";
import { confirmDestruction, openDialog } from "../../shared/components/dialog.js";
import { icon } from "../../shared/components/icon.js";
import { describeError, notice } from "../../shared/components/states.js";
import { isAbort } from "../../shared/js/api.js";
import { formatPercent } from "../../shared/js/format.js";
import { find, html, listen, render } from "../../shared/js/html.js";
import { uploadPicture } from "../../shared/js/upload.js";

/** @typedef {import("./properties.js").FontFamily} FontFamily */

const MOST_BYTES = 5_000_000;
const TYPES = /** @type {Record<string, string>} */ ({ ttf: "font/ttf", otf: "font/otf" });

/**
 * The workspace’s own fonts: takes one in, or out of the library.
 * @param {import("../overview-view.js").Context} context
 * @param {{ fonts: FontFamily[], signal: AbortSignal, save: () => Promise<unknown> }} options `save`: what is set in a font must be known before it goes
 * @returns {Promise<{ added: FontFamily | null, fonts: FontFamily[] }>} those that there are now
 */
export async function chooseFont({ api }, { fonts, signal, save }) {
  const { element, closed } = openDialog({ title: "Add a font", body: html`<div class="stack" data-slot="font"></div>` });
  const slot = find(element, "[data-slot=font]", HTMLElement);
  /** @type {FontFamily | null} */
  let added = null;
  const show = (/** @type {number | null} */ share, /** @type {string | null} */ problem) =>
    render(
      slot,
      html`${ownList(fonts)}<div class="dropzone" data-key="add"><label class="btn" data-variant="primary">${icon("upload")}<span>Choose a file</span><input class="visually-hidden" type="file" accept=".ttf,.otf,font/ttf,font/otf"></label>
        <p class="field-help">TTF or OTF up to 5 MB, with a licence that lets it be embedded. Everybody who sees your templates can load it.</p></div>
        ${share !== null && html`<div class="progress" data-key="progress"><progress max="1" value="${share}" aria-label="Upload"></progress><span role="status">${share < 1 ? `${formatPercent(share)} sent` : "Sent, being checked"}</span></div>`}
        ${problem && html`<div data-key="problem">${notice({ tone: "danger", children: problem })}</div>`}
        <div class="row push" data-key="foot">${button({ label: "Cancel", variant: "ghost", attributes: { "data-close": "" } })}</div>`,
    );

  /** @param {File} file */
  async function send(file) {
    const type = TYPES[file.name.toLowerCase().split(".").at(-1) ?? ""];
    if (!type) return show(null, "This is no TTF or OTF font. Choose another file.");
    if (file.size > MOST_BYTES) return show(null, "This file is larger than 5 MB. Choose a smaller one.");
    show(0, null);
    try {
      const { id, family, weights, key } = /** @type {any} */ (await uploadPicture(api, { purpose: "font", file: new Blob([file], { type }), signal, onProgress: (share) => show(share, null) }));
      added = { family, weights, key, id };
      fonts = [...fonts, added];
      element.close("added");
    } catch (error) {
      if (isAbort(error)) return;
      const { code, message } = /** @type {import("../../shared/js/api.js").ApiError} */ (error);
      show(null, code?.startsWith("upload_") ? message : describeError(error, "").text);
    }
  }

  /** @param {FontFamily} font */
  async function remove({ id, family }) {
    const isMeant = await confirmDestruction({
      title: `Remove the font “${family}”?`,
      consequence: "No text can be set in it any more. Pictures and earlier versions stay what they are.",
      verb: "Remove the font",
    });
    if (!isMeant) return;
    try {
      await save();
      await api.delete(`client/uploads/fonts/${id}`, { signal });
      fonts = fonts.filter((each) => each.id !== id);
      show(null, null);
    } catch (error) {
      if (isAbort(error)) return;
      const { code, message } = /** @type {import("../../shared/js/api.js").ApiError} */ (error);
      show(null, code === "font_in_use" ? message : describeError(error, "").text);
    }
  }

  show(null, null);
  listen(slot, "click", "[data-remove]", (_event, { dataset }) => {
    const font = fonts.find(({ id }) => id === dataset.remove);
    if (font) void remove(font);
  });
  listen(slot, "change", "input[type=file]", (_event, input) => {
    const chosen = /** @type {HTMLInputElement} */ (input);
    if (chosen.files?.[0]) void send(chosen.files[0]);
    chosen.value = "";
  });
  await closed;
  return { added, fonts };
}

/** @param {FontFamily[]} fonts */
function ownList(fonts) {
  const own = fonts.filter(({ id }) => id);
  if (!own.length) return null;
  return html`<ul class="font-list" data-key="own" aria-label="Fonts of this workspace">${own.map(
    ({ id = "", family }) => html`<li data-key="${id}"><span>${family}</span>${button({ label: `Remove ${family}`, icon: "trash", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-remove": id } })}</li>`,
  )}</ul>`;
}
