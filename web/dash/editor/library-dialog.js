import { button } from "../../shared/components/button.js";
import { openDialog } from "../../shared/components/dialog.js";
import { icon } from "../../shared/components/icon.js";
import { describeError, errorView, notice, skeleton } from "../../shared/components/states.js";
import { isAbort } from "../../shared/js/api.js";
import { assetAddress } from "../../shared/js/config.js";
import { formatPercent } from "../../shared/js/format.js";
import { find, html, listen, render } from "../../shared/js/html.js";
import { createPages } from "../../shared/js/lists.js";
import { load } from "../../shared/js/state.js";
import { PICTURE_TYPES, problemOfPicture, uploadPicture } from "../../shared/js/upload.js";
import { formatSize } from "./words.js";

/** @typedef {{ id: string, key: string, url: string, width: number, height: number }} Picture */

/**
 * The workspace’s pictures, and a place to add one.
 * @param {import("../overview-view.js").Context} context @param {AbortSignal} signal
 * @returns {Promise<string | null>} the key of the chosen one
 */
export async function choosePicture({ api, config, workspace }, signal) {
  const pages = createPages(api, "client/uploads/pictures", { signal, limit: 24 });
  const { element, closed } = openDialog({ title: "Choose a picture", size: "large", body: html`<div class="stack" data-slot="library"></div>` });
  const slot = find(element, "[data-slot=library]", HTMLElement);
  const mayAdd = workspace.may("uploads.write");
  /** @type {{ share: number | null, problem: string | null }} */
  let sending = { share: null, problem: null };

  const show = () =>
    render(slot, html`${mayAdd && addingView(sending)}${gridOf(pages.rows(), config.assetBase)}${pages.hasMore() && button({ label: "Show more", variant: "outline", attributes: { "data-action": "more" } })}`);
  const start = (/** @type {boolean} */ again) =>
    load(
      () => pages.more({ again }),
      (loading) => {
        if (loading.phase === "slow" && again) render(slot, skeleton(["control", "card"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "The library could not be loaded")));
        if (loading.phase === "ready") show();
      },
    );

  /** @param {Blob} file */
  async function send(file) {
    const problem = problemOfPicture(file);
    const say = (/** @type {typeof sending} */ next) => ((sending = next), show());
    if (problem) return say({ share: null, problem });
    say({ share: 0, problem: null });
    try {
      const { key } = /** @type {Picture} */ (/** @type {unknown} */ (await uploadPicture(api, { purpose: "picture", file, signal, onProgress: (share) => say({ share, problem: null }) })));
      element.close(key);
    } catch (error) {
      if (isAbort(error)) return;
      const { code, message } = /** @type {import("../../shared/js/api.js").ApiError} */ (error);
      say({ share: null, problem: code?.startsWith("upload_") ? message : describeError(error, "").text });
    }
  }

  listen(slot, "click", "[data-action=retry]", () => void start(true));
  listen(slot, "click", "[data-action=more]", () => void start(false));
  listen(slot, "change", "input[type=file]", (_event, input) => {
    const chosen = /** @type {HTMLInputElement} */ (input);
    if (chosen.files?.[0]) void send(chosen.files[0]);
    chosen.value = "";
  });
  listen(slot, "dragover", ".dropzone", (event) => event.preventDefault());
  listen(slot, "drop", ".dropzone", (event) => {
    event.preventDefault();
    const file = /** @type {DragEvent} */ (event).dataTransfer?.files[0];
    if (file && sending.share === null) void send(file);
  });
  void start(true);
  return (await closed) || null;
}

/** @param {{ share: number | null, problem: string | null }} sending */
function addingView({ share, problem }) {
  return html`<div class="dropzone" data-key="add"><label class="btn" data-variant="primary">${icon("upload")}<span>Upload a picture</span>
      <input class="visually-hidden" type="file" accept="${PICTURE_TYPES.join(",")}"></label>
      <p class="field-help">or drop a file here. JPEG, PNG, WebP or SVG, up to 10 MB and 40 megapixels.</p></div>
    ${share !== null && html`<div class="progress" data-key="progress"><progress max="1" value="${share}" aria-label="Upload"></progress><span role="status">${share < 1 ? `${formatPercent(share)} sent` : "Sent, being checked"}</span></div>`}
    ${problem && html`<div data-key="problem">${notice({ tone: "danger", children: problem })}</div>`}`;
}

/** @param {Picture[]} pictures @param {string} assetBase */
function gridOf(pictures, assetBase) {
  if (!pictures.length) return html`<p class="muted" data-key="none">No picture yet. What you upload stays here for all templates of this workspace.</p>`;
  return html`<ul class="picture-grid" data-key="grid">${pictures.map(
    ({ id, key, url, width, height }) => html`<li data-key="${id}"><button type="button" data-close="${key}" aria-label="Picture of ${formatSize({ width, height })} pixels"><img src="${assetAddress(url, assetBase)}" alt="" loading="lazy"></button><span class="muted small">${formatSize({ width, height })}</span></li>`,
  )}</ul>`;
}
