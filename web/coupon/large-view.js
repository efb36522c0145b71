/** One picture, large: its texts, its formats, and the ways to take it along. */

import { attrs, html, listen, render } from "../shared/js/html.js";
import { button } from "../shared/components/button.js";
import { field } from "../shared/components/field.js";
import { segmented, shapeOf } from "../shared/components/segmented.js";
import { notice, skeleton } from "../shared/components/states.js";
import { switchField } from "../shared/components/switch.js";
import { formatBytes, titleCase } from "../shared/js/format.js";
import { saveFile } from "../shared/js/save-file.js";
import { findFormat, linkRow } from "./gallery.js";
import { describePictureError } from "./picture.js";
import { PreviewTile, fieldProblem, usableFields } from "./preview-tile.js";
import { drawQr } from "./qr.js";
import { copyText, shareFile } from "./share.js";

/** @typedef {import("./types.js").GalleryItem} GalleryItem */
/** @typedef {import("./types.js").TemplateDocument} TemplateDocument */
/** @typedef {"jpeg" | "png" | "share"} Task */

/**
 * @typedef {object} LargeModel what the page knows
 * @property {GalleryItem} item
 * @property {import("./types.js").Inputs} inputs
 * @property {string} code "" until one is typed
 * @property {import("../shared/components/code-field.js").CodeStatus} status
 * @property {boolean} hasLogo
 * @property {string} tenant
 */

/**
 * @param {object} options
 * @param {import("./engine.js").Engine} options.engine
 * @param {ReturnType<typeof import("./picture.js").createPictures>} options.pictures
 * @param {(change: { format?: string, showLogo?: boolean, fields?: Record<string, string> }) => void} options.onChange
 * @param {(why: "closed" | "code") => void} options.onClose `code`: the user wants to type another code
 */
export function createLargeView({ engine, pictures, onChange, onClose }) {
  const dialog = document.createElement("dialog");
  dialog.className = "large";
  dialog.tabIndex = -1;
  dialog.autofocus = true; // its first control is far down on a phone, and focus would scroll the picture away
  document.body.append(dialog);

  /** @type {LargeModel | null} */
  let model = null;
  /** @type {TemplateDocument | null} */
  let template = null;
  /** @type {Task | null} */
  let busy = null;
  /** @type {ReturnType<typeof describePictureError> | null} */
  let failure = null;
  /** @type {import("./picture.js").Picture | null} */
  let taken = null;
  let isQrShown = false;
  let wantsCode = false;

  function draw() {
    if (!model) return;
    const { item, inputs } = model;
    const format = findFormat(item, inputs.format) ?? item.formats[0];
    dialog.setAttribute("aria-label", item.name);
    render(dialog, largeView({ model, template, format, busy, failure, taken, isQrShown }));
    dialog.style.setProperty("--shape", String(format.width / format.height));
    const preview = dialog.querySelector("ps-preview");
    const shown = { ...inputs, format: format.name };
    if (preview instanceof PreviewTile) preview.show({ engine, slug: item.slug, name: item.name, format, inputs: shown });
    const qr = dialog.querySelector(".qr canvas");
    if (qr instanceof HTMLCanvasElement) drawQr(qr, inputs.link);
  }

  /** @param {Task} task */
  async function take(task) {
    if (!model || !template || busy) return;
    const { item, inputs, tenant, code } = model;
    busy = task;
    failure = null;
    taken = null;
    draw();
    try {
      const format = findFormat(item, inputs.format) ?? item.formats[0];
      const fields = usableFields(template, inputs.fields);
      const output = task === "png" ? "png" : "jpeg";
      const request = { tenant, template: item.slug, format: format.name, code, fields, showLogo: inputs.showLogo };
      const picture = await pictures.get({ ...request, output });
      taken = picture;
      if (task === "share") await shareFile(picture.file);
      else saveFile(picture.file, picture.file.name);
    } catch (error) {
      failure = describePictureError(error);
    } finally {
      busy = null;
      draw();
      dialog.querySelector(".outcome")?.scrollIntoView({ block: "nearest" });
    }
  }

  async function saveQr() {
    const canvas = dialog.querySelector(".qr canvas");
    if (!(canvas instanceof HTMLCanvasElement)) return;
    canvas.toBlob((blob) => blob && saveFile(blob, `qr-${model?.code.toLowerCase()}.png`), "image/png");
  }

  function forgetOutcome() {
    failure = null;
    taken = null;
  }

  listen(dialog, "click", "[data-take]", (_event, control) => void take(/** @type {Task} */ (control.dataset.take)));
  listen(dialog, "click", "[data-action=copy]", () => model && void copyText(model.inputs.link, "Link"));
  listen(dialog, "click", "[data-action=save-qr]", () => void saveQr());
  listen(dialog, "click", "[data-action=close]", () => dialog.close());
  listen(dialog, "click", "[data-action=code]", () => {
    wantsCode = true;
    dialog.close();
  });
  listen(dialog, "click", "[data-action=qr]", () => {
    isQrShown = !isQrShown;
    draw();
    if (isQrShown) dialog.querySelector(".qr")?.scrollIntoView({ block: "nearest" });
  });
  listen(dialog, "change", "[name=large-format]", (_event, input) => {
    forgetOutcome();
    onChange({ format: /** @type {HTMLInputElement} */ (input).value });
  });
  listen(dialog, "change", "[name=large-logo]", (_event, input) => {
    forgetOutcome();
    onChange({ showLogo: /** @type {HTMLInputElement} */ (input).checked });
  });
  listen(dialog, "input", "[data-field]", (_event, input) => {
    forgetOutcome();
    onChange({ fields: { ...model?.inputs.fields, [String(input.dataset.field)]: /** @type {HTMLInputElement} */ (input).value } });
  });
  listen(dialog, "click", "[data-action=reset]", () => {
    forgetOutcome();
    onChange({ fields: {} });
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    model = null;
    onClose(wantsCode ? "code" : "closed");
    wantsCode = false;
  });

  return {
    /** Shows the model, opening when closed. @param {LargeModel} next */
    show(next) {
      const isOther = model?.item.slug !== next.item.slug;
      if (model && JSON.stringify(model.inputs) !== JSON.stringify(next.inputs)) forgetOutcome();
      model = next;
      if (isOther) {
        template = null;
        isQrShown = false;
        forgetOutcome();
        engine
          .getDocument(next.item.slug)
          .then((document) => {
            template = document;
            draw();
          })
          .catch((error) => {
            failure = describePictureError(error);
            draw();
          });
      }
      draw();
      if (!dialog.open) dialog.showModal();
    },
    close: () => dialog.open && dialog.close(),
  };
}

/**
 * @param {{ model: LargeModel, template: TemplateDocument | null, format: import("./types.js").Format, busy: Task | null,
 *   failure: ReturnType<typeof describePictureError> | null, taken: import("./picture.js").Picture | null, isQrShown: boolean }} shown
 */
function largeView({ model, template, format, busy, failure, taken, isQrShown }) {
  const { item, inputs, hasLogo } = model;
  return html`
    <div class="large-stage"><ps-preview data-key="${item.slug}"></ps-preview></div>
    <div class="large-panel">
      <header class="large-head">
        <div>
          <h2>${item.name}</h2>
          <p class="muted numbers">${format.width} × ${format.height} px</p>
        </div>
        ${button({ label: "Close", icon: "x", iconOnly: true, variant: "ghost", size: "small", attributes: { "data-action": "close" } })}
      </header>
      ${formatChoice(item, format)}
      ${template ? textFields(template, inputs, failure?.fields ?? {}) : !failure && skeleton(["third", "control"])}
      ${hasLogo && switchField({ name: "large-logo", label: "Logo", checked: inputs.showLogo })}
      ${takeAlong(model, { busy, isReady: template !== null })}
      ${outcome({ failure, taken })}
      ${isQrShown && inputs.link && qrView(inputs.link)}
    </div>`;
}

/** @param {GalleryItem} item @param {import("./types.js").Format} format */
function formatChoice(item, format) {
  if (item.formats.length < 2) return null;
  const options = item.formats.map((each) => ({ value: each.name, label: titleCase(each.name), shape: shapeOf(each) }));
  return segmented({ name: "large-format", label: "Format", value: format.name, wide: true, options });
}

/**
 * The texts that visitors may change: the first in sight, the others folded away.
 * @param {TemplateDocument} template @param {import("./types.js").Inputs} inputs @param {Record<string, string>} refused
 */
function textFields(template, inputs, refused) {
  const open = Object.entries(template.fields ?? {}).filter(([, rule]) => rule.public && (rule.kind ?? "text") === "text");
  const shown = open.map(([name, rule]) => {
    const typed = inputs.fields[name];
    const problem = typed === undefined ? null : fieldProblem(rule, typed);
    return field({
      id: `field-${name}`,
      label: rule.label ?? titleCase(name),
      value: typed ?? rule.sample ?? "",
      error: problem ?? refusedBecause(refused[`fields.${name}`]),
      attributes: { dir: "auto", "data-field": name, placeholder: "Left out", autocomplete: "off" },
    });
  });
  const isChanged = open.some(([name]) => inputs.fields[name] !== undefined);
  const isRefused = open.slice(1).some(([name]) => refused[`fields.${name}`]);
  const reset = button({ label: "Reset the texts", icon: "undo-2", size: "small", variant: "ghost", attributes: { "data-action": "reset" } });
  return html`
    <div class="texts">
      ${shown[0]}
      ${shown.length > 1 && html`<details${attrs({ open: isRefused })}><summary>More texts</summary><div class="stack">${shown.slice(1)}</div></details>`}
      ${isChanged && html`<div>${reset}</div>`}
    </div>`;
}

/** The server's reasons are half sentences. @param {string | undefined} reason */
function refusedBecause(reason) {
  return reason ? `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.` : null;
}

/** @param {LargeModel} model @param {{ busy: Task | null, isReady: boolean }} state */
function takeAlong({ status, code, inputs }, { busy, isReady }) {
  const blocked = blockedBecause(status.kind, code);
  const isOff = blocked !== null || !isReady || busy !== null;
  /** @param {Task} task @param {import("../shared/components/button.js").ButtonOptions} look */
  const take = (task, look) => button({ ...look, busy: busy === task, disabled: isOff, attributes: { "data-take": task } });
  return html`
    <div class="stack">
      ${
        blocked &&
        notice({
          icon: "ticket",
          tone: code ? "warning" : "neutral",
          children: html`<p>${blocked}</p>
            ${button({ label: code ? "Change the code" : "Type your code", size: "small", attributes: { "data-action": "code" } })}`,
        })
      }
      <div class="takes">
        ${take("jpeg", { label: "Download JPEG", icon: "download", variant: "primary" })}
        ${take("png", { label: "PNG", icon: "download" })}
        ${take("share", { label: "Share", icon: "share-2" })}
        ${
          inputs.link && code
            ? button({ label: "QR code", icon: "qr-code", attributes: { "data-action": "qr" } })
            : null
        }
        ${inputs.link && code ? linkRow(inputs.link) : null}
      </div>
    </div>`;
}

/** @param {string} kind @param {string} code @returns {string | null} */
function blockedBecause(kind, code) {
  if (!code && kind !== "malformed") return "You see a sample code. Type your own to take the picture.";
  if (kind === "invalid" || kind === "malformed") return "This code is not valid, so the picture can’t be taken with it.";
  return null;
}

/** @param {{ failure: ReturnType<typeof describePictureError> | null, taken: import("./picture.js").Picture | null }} outcome */
function outcome({ failure, taken }) {
  if (failure) {
    const { tone, text, requestId } = failure;
    const children = html`<p>${text}</p>${requestId && html`<p class="request-id">Request <code>${requestId}</code></p>`}`;
    return html`<div class="outcome">${notice({ tone, children })}</div>`;
  }
  if (!taken) return null;
  const facts = `${taken.width} × ${taken.height} px, ${formatBytes(taken.file.size)}`;
  const children = html`<p class="file-name">${taken.file.name}</p>
    <p class="soft small numbers"${attrs({ "data-sha256": taken.sha256 })}>${facts}. Checked: the same bytes as the server’s.</p>`;
  return html`<div class="outcome">${notice({ tone: "success", icon: "circle-check", children })}</div>`;
}

/** @param {string} link */
function qrView(link) {
  return html`
    <div class="qr">
      <canvas role="img" aria-label="QR code of ${link}"></canvas>
      ${button({ label: "Save the QR code", icon: "download", size: "small", variant: "ghost", attributes: { "data-action": "save-qr" } })}
    </div>`;
}
