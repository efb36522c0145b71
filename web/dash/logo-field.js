import { button } from "../shared/components/button.js";
import { icon } from "../shared/components/icon.js";
import { describeError, notice } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { isAbort } from "../shared/js/api.js";
import { assetAddress } from "../shared/js/config.js";
import { formatPercent } from "../shared/js/format.js";
import { html, listen, render } from "../shared/js/html.js";
import { PICTURE_TYPES, problemOfPicture, uploadPicture } from "../shared/js/upload.js";

// As long as a press of a button may seem to do nothing.
const COPY_MS = 3_000;

/** @typedef {{ url: string | null, share: number | null, problem: { text: string, requestId: string | null } | null }} LogoState */

/**
 * The workspace’s logo: drag or choose, progress, the reason of a refusal, preview, removal with a way back.
 * @param {HTMLElement} root
 * @param {{ context: import("./overview-view.js").Context, url: string | null, signal: AbortSignal, onChange?: (url: string | null) => void }} options
 */
export function mountLogoField(root, { context: { api, config, workspace }, url, signal, onChange = () => {} }) {
  const mayWrite = workspace.may("uploads.write");
  /** @type {LogoState} */
  let state = { url, share: null, problem: null };

  /** @param {Partial<LogoState>} patch */
  function set(patch) {
    state = { ...state, ...patch };
    if (!signal.aborted) render(root, logoView(state, { mayWrite, address: state.url && assetAddress(state.url, config.assetBase) }));
  }

  /** @param {Blob} file */
  async function send(file) {
    const problem = problemOfPicture(file);
    if (problem) return set({ problem: { text: problem, requestId: null } });
    set({ share: 0, problem: null });
    try {
      const uploaded = await uploadPicture(api, { purpose: "logo", file, signal, onProgress: (share) => set({ share }) });
      set({ url: uploaded.url, share: null });
      onChange(uploaded.url);
      toast({ tone: "success", text: "The logo is changed. New pictures carry it." });
    } catch (error) {
      if (!isAbort(error)) refuse(error, "The logo could not be changed");
    }
  }

  async function remove() {
    const before = state.url;
    if (!before) return;
    try {
      const kept = await copyOf(assetAddress(before, config.assetBase));
      await api.delete("client/settings/logo");
      set({ url: null, problem: null });
      onChange(null);
      toast({ text: "The logo is removed.", ...(kept && { action: { label: "Undo", run: () => void send(kept) } }) });
    } catch (error) {
      refuse(error, "The logo could not be removed");
    }
  }

  /** @param {unknown} error @param {string} what */
  function refuse(error, what) {
    const { code, message } = /** @type {import("../shared/js/api.js").ApiError} */ (error);
    const { text, requestId } = code === "upload_failed" ? { text: message, requestId: null } : describeError(error, what);
    const fields = Object.values(/** @type {{ fields?: Record<string, string> }} */ (error).fields ?? {});
    const more = fields.filter((reason) => !text.includes(reason));
    set({ share: null, problem: { text: [text, ...more].join(" "), requestId } });
  }

  listen(root, "change", "input[type=file]", (_event, input) => {
    const chosen = /** @type {HTMLInputElement} */ (input);
    if (chosen.files?.[0]) void send(chosen.files[0]);
    chosen.value = "";
  });
  listen(root, "click", "[data-action=remove-logo]", () => void remove());
  listen(root, "dragover", ".dropzone", (event, zone) => {
    event.preventDefault();
    zone.toggleAttribute("data-over", true);
  });
  listen(root, "dragleave", ".dropzone", (_event, zone) => zone.removeAttribute("data-over"));
  listen(root, "drop", ".dropzone", (event, zone) => {
    event.preventDefault();
    zone.removeAttribute("data-over");
    const file = /** @type {DragEvent} */ (event).dataTransfer?.files[0];
    if (file && mayWrite && state.share === null) void send(file);
  });
  set({});
}

/** The picture, to bring it back; null when it cannot be had now. @param {string} address @returns {Promise<Blob | null>} */
async function copyOf(address) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(COPY_MS) });
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null;
  }
}

/** @param {LogoState} state @param {{ mayWrite: boolean, address: string | null }} options */
function logoView({ url, share, problem }, { mayWrite, address }) {
  const isBusy = share !== null;
  return html`
    <div class="logo-row">
      <div class="logo-preview">${address ? html`<img src="${address}" alt="The logo of this workspace">` : icon("image")}</div>
      <div class="stack">
        ${
          mayWrite
            ? html`
              <div class="dropzone" data-key="zone">
                <label class="btn" data-variant="outline">${icon("upload")}<span>${url ? "Replace the logo" : "Choose a logo"}</span>
                  <input class="visually-hidden" type="file" accept="${PICTURE_TYPES.join(",")}"></label>
                <p class="field-help">or drop a file here. PNG, JPEG, WebP or SVG, up to 10 MB. Pictures show it in a circle.</p>
              </div>`
            : html`<p class="muted">${url ? "Pictures carry this logo." : "There is no logo yet."}</p>`
        }
        ${isBusy && html`<div class="progress" data-key="progress"><progress max="1" value="${share}" aria-label="Upload"></progress>
          <div class="progress-facts"><span role="status">${share < 1 ? `${formatPercent(share)} sent` : "Sent, being checked"}</span></div></div>`}
        ${problem && html`<div data-key="problem">${notice({ tone: "danger", children: html`${problem.text}${problem.requestId && html` <span class="request-id">Request <code>${problem.requestId}</code></span>`}` })}</div>`}
        ${mayWrite && url && !isBusy && html`<div class="row" data-key="remove">${button({ label: "Remove the logo", icon: "trash", size: "small", variant: "ghost", attributes: { "data-action": "remove-logo" } })}</div>`}
      </div>
    </div>`;
}
