import { button } from "../../shared/components/button.js";
import { openDialog } from "../../shared/components/dialog.js";
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
 * Takes a font into the workspace.
 * @param {import("../overview-view.js").Context} context @param {AbortSignal} signal
 * @returns {Promise<FontFamily | null>} null when dismissed
 */
export async function addFont({ api }, signal) {
  const { element, closed } = openDialog({ title: "Add a font", body: html`<div class="stack" data-slot="font"></div>` });
  const slot = find(element, "[data-slot=font]", HTMLElement);
  /** @type {FontFamily | null} */
  let added = null;
  const show = (/** @type {number | null} */ share, /** @type {string | null} */ problem) =>
    render(
      slot,
      html`<div class="dropzone" data-key="add"><label class="btn" data-variant="primary">${icon("upload")}<span>Choose a file</span><input class="visually-hidden" type="file" accept=".ttf,.otf,font/ttf,font/otf"></label>
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
      const { family, weights, key } = /** @type {any} */ (await uploadPicture(api, { purpose: "font", file: new Blob([file], { type }), signal, onProgress: (share) => show(share, null) }));
      added = { family, weights, key };
      element.close("added");
    } catch (error) {
      if (isAbort(error)) return;
      const { code, message } = /** @type {import("../../shared/js/api.js").ApiError} */ (error);
      show(null, code?.startsWith("upload_") ? message : describeError(error, "").text);
    }
  }

  show(null, null);
  listen(slot, "change", "input[type=file]", (_event, input) => {
    const chosen = /** @type {HTMLInputElement} */ (input);
    if (chosen.files?.[0]) void send(chosen.files[0]);
    chosen.value = "";
  });
  await closed;
  return added;
}
