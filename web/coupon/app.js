/** The public coupon page: state, address and the wiring between field, options, gallery and large view. */

import "../shared/components/code-field.js";
import { assetAddress } from "../shared/js/config.js";
import { normaliseCode } from "../shared/js/coupon-code.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { titleCase } from "../shared/js/format.js";
import { createState, load } from "../shared/js/state.js";
import { CodeField } from "../shared/components/code-field.js";
import { segmented, shapeOf } from "../shared/components/segmented.js";
import { describeError, errorView } from "../shared/components/states.js";
import { switchField } from "../shared/components/switch.js";
import { readAddress, writeAddress } from "./address.js";
import { createCodeCheck } from "./code-check.js";
import { address, fetchGallery, gallery as firstGallery, site } from "./data.js";
import { createEngine } from "./engine.js";
import { emptyGalleryView, feedPreviews, formatsOf, galleryErrorView, gallerySkeleton, galleryView, layOutMasonry, linkRow } from "./gallery.js";

const SAMPLE_CODE = "WELCOME-30"; // shown until a code is typed; never sent to the server

/** @typedef {import("./data.js").Gallery} Gallery */

/** @param {Awaited<typeof site>} site */
function start({ api, assetBase, tenant }) {
  const engine = createEngine({ assetBase });
  const field = find(document, "ps-code-field", CodeField);
  const options = find(document, "#options", HTMLElement);
  const gallerySide = find(document, "#gallery", HTMLElement);

  const state = createState(
    {
      typed: address.code,
      status: /** @type {import("../shared/components/code-field.js").CodeStatus} */ ({ kind: "idle" }),
      format: address.format,
      showLogo: address.showLogo,
      fields: /** @type {Record<string, string>} */ ({}),
      gallery: /** @type {import("../shared/js/state.js").Loading<Gallery>} */ ({ phase: "waiting" }),
      open: address.open,
    },
    draw,
  );
  const check = createCodeCheck({ api, tenant, onStatus: (status) => state.set({ status }) });
  /** @type {ReturnType<typeof import("./large-view.js").createLargeView> | undefined} */
  let large;

  /** The large view is loaded when it is wanted, or when the first picture stands and the line is free. */
  const getLarge = once(async () => {
    addStyles("../shared/css/surfaces.css");
    const [{ createLargeView }, { createPictures }] = await Promise.all([import("./large-view.js"), import("./picture.js")]);
    const pictures = createPictures({ api, assetBase });
    large = createLargeView({ engine, pictures, onChange: (change) => state.set(change), onClose: leaveLarge });
    draw();
  });

  /** @param {"closed" | "code"} why */
  function leaveLarge(why) {
    if (state.get().open === null) return;
    state.set({ open: null });
    if (history.state?.fromGallery) history.back();
    if (why === "code") find(field, "input", HTMLInputElement).focus();
  }

  /** What the page can do without until the first picture stands. */
  const getExtras = once(async () => {
    (await import("../shared/components/tooltip.js")).enableTooltips();
    (await import("../shared/components/theme-button.js")).mountThemeButton(find(document, "#theme", HTMLElement));
  });

  /** What every preview shows now. @param {Gallery} gallery */
  function inputsOf({ items, tenant: facts }) {
    const { typed, format, showLogo, fields } = state.get();
    const code = normaliseCode(typed).code ?? "";
    const formats = formatsOf(items);
    const link = facts?.referral_link?.replaceAll("{code}", encodeURIComponent(code || SAMPLE_CODE)) ?? "";
    return {
      code,
      formats,
      inputs: {
        code: code || SAMPLE_CODE,
        format: (formats.find(({ name }) => name === format) ?? formats[0]).name,
        fields,
        showLogo,
        logoUrl: facts?.logo_url ? assetAddress(facts.logo_url, assetBase) : null,
        link,
      },
    };
  }

  function draw() {
    const { status, gallery, typed, format, showLogo, open } = state.get();
    field.status = status;
    history.replaceState(history.state, "", writeAddress({ tenant: address.tenant, code: typed, format, showLogo, open }));
    if (gallery.phase === "ready" && gallery.data.items.length) drawPictures(gallery.data);
    else render(gallerySide, galleryPlaceholder(gallery));
    const hasNothing = gallery.phase === "failed" || (gallery.phase === "ready" && !gallery.data.items.length);
    if (hasNothing) void getExtras();
  }

  /** @param {import("../shared/js/state.js").Loading<Gallery>} gallery */
  function galleryPlaceholder(gallery) {
    if (gallery.phase === "waiting") return html``;
    if (gallery.phase === "slow") return gallerySkeleton(/** @type {any} */ ({ name: state.get().format ?? "square" }));
    if (gallery.phase === "failed") return galleryErrorView(gallery.error, tenant);
    return emptyGalleryView();
  }

  /** @param {Gallery} gallery */
  function drawPictures(gallery) {
    const { items, tenant: facts } = gallery;
    const { code, formats, inputs } = inputsOf(gallery);
    const hasLogo = facts === undefined || Boolean(facts.logo_url);
    render(options, optionsView({ formats, inputs, code, hasLogo }));
    const note = code ? `With your code ${code}` : `With the sample code ${SAMPLE_CODE}`;
    render(gallerySide, galleryView(items, inputs.format, note));
    feedPreviews(gallerySide, { engine, items, inputs });
    layOutMasonry(find(gallerySide, ".masonry", HTMLElement));
    const { open, status } = state.get();
    const item = items.find(({ slug }) => slug === open);
    if (!item) large?.close();
    else if (large) large.show({ item, inputs, code, status, hasLogo, tenant });
    else void getLarge();
  }

  /** @param {Promise<Gallery>} [asked] */
  function loadGallery(asked) {
    return load(
      () => asked ?? fetchGallery(),
      (gallery) => state.set({ gallery }),
    );
  }

  field.value = address.code;
  field.addEventListener("code-input", () => {
    state.set({ typed: field.value });
    check.check(field.value);
  });
  field.addEventListener("code-commit", () => check.check(field.value, { now: true }));
  field.addEventListener("code-retry", () => check.retry());
  listen(options, "change", "[name=format]", (_event, input) => state.set({ format: /** @type {HTMLInputElement} */ (input).value }));
  listen(options, "change", "[name=logo]", (_event, input) => state.set({ showLogo: /** @type {HTMLInputElement} */ (input).checked }));
  listen(options, "click", "[data-action=copy]", () => {
    const { gallery } = state.get();
    if (gallery.phase === "ready") void copyLink(inputsOf(gallery.data).inputs.link);
  });
  listen(gallerySide, "click", "[data-action=retry]", () => void loadGallery());
  listen(gallerySide, "click", "a[data-slug]", (event, link) => {
    const press = /** @type {MouseEvent} */ (event);
    if (press.metaKey || press.ctrlKey || press.shiftKey) return;
    event.preventDefault();
    const open = String(link.dataset.slug);
    history.pushState({ fromGallery: true }, "");
    state.set({ open });
  });
  gallerySide.addEventListener(
    "preview-drawn",
    () => {
      performance.mark("first-preview");
      void getLarge();
      void getExtras();
    },
    { once: true },
  );
  addEventListener("popstate", () => state.set({ open: readAddress(location).open }));
  new ResizeObserver(() => {
    const grid = gallerySide.querySelector(".masonry");
    if (grid instanceof HTMLElement) layOutMasonry(grid);
  }).observe(gallerySide);

  engine.warmUp();
  void loadGallery(firstGallery);
  if (address.code) check.check(address.code, { now: true });
  else draw();
}

/**
 * @param {{ formats: import("./types.js").Format[], inputs: import("./types.js").Inputs, code: string, hasLogo: boolean }} options
 */
function optionsView({ formats, inputs, code, hasLogo }) {
  const choices = formats.map((format) => ({ value: format.name, label: titleCase(format.name), shape: shapeOf(format) }));
  return html`
    <div class="option">
      <span class="field-label" aria-hidden="true">Format</span>
      ${segmented({ name: "format", label: "Format", value: inputs.format, wide: true, options: choices })}
    </div>
    ${hasLogo && switchField({ name: "logo", label: "Logo on the picture", checked: inputs.showLogo })}
    ${
      inputs.link &&
      code &&
      html`<div class="option-group">
        <span class="field-label">Referral link</span>
        ${linkRow(inputs.link)}
      </div>`
    }`;
}

/** Adds a style sheet that the first pictures do not need. @param {string} path */
function addStyles(path) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = path;
  document.head.append(link);
}

/** @param {string} link */
async function copyLink(link) {
  const { copyText } = await import("./share.js");
  await copyText(link, "Link");
}

/**
 * Runs `work` at the first call only; a failure is forgotten, so that the next call tries again.
 * @param {() => Promise<void>} work
 */
function once(work) {
  /** @type {Promise<void> | undefined} */
  let done;
  return () => {
    done ??= work().catch((error) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}

site.then(start, (error) => {
  render(find(document, "#gallery", HTMLElement), errorView(describeError(error, "This page could not start")));
  listen(find(document, "#gallery", HTMLElement), "click", "[data-action=retry]", () => location.reload());
});
