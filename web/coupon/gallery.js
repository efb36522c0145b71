/** The gallery: a masonry of live previews, in reading order. */

import { attrs, html } from "../shared/js/html.js";
import { button } from "../shared/components/button.js";
import { emptyView, errorView, describeError } from "../shared/components/states.js";
import { ApiError } from "../shared/js/api.js";
import { countOf } from "../shared/js/format.js";
import { PreviewTile } from "./preview-tile.js";

/** @typedef {import("./types.js").GalleryItem} GalleryItem */
/** @typedef {import("./types.js").Format} Format */

/**
 * Every format of the gallery once, in the order in which templates name them.
 * @param {readonly GalleryItem[]} items
 * @returns {Format[]}
 */
export function formatsOf(items) {
  /** @type {Map<string, Format>} */
  const seen = new Map();
  for (const format of items.flatMap((item) => item.formats)) if (!seen.has(format.name)) seen.set(format.name, format);
  return [...seen.values()];
}

/** @param {GalleryItem} item @param {string} name */
export function findFormat(item, name) {
  return item.formats.find((format) => format.name === name);
}

/** @param {readonly GalleryItem[]} items @param {string} formatName @param {string} note whose code they carry */
export function galleryView(items, formatName, note) {
  const shown = items.filter((item) => findFormat(item, formatName));
  return html`
    <header class="gallery-head">
      <h2>${countOf(shown.length, "picture", "pictures")}</h2>
      <p class="muted">${note}</p>
    </header>
    <ul class="masonry" role="list">
      ${shown.map(
        ({ slug, name }) => html`
          <li class="tile" data-key="${slug}">
            <a href="#${encodeURIComponent(slug)}" data-slug="${slug}">
              <ps-preview data-slug="${slug}"></ps-preview>
              <span class="tile-name"><span>${name}</span></span>
            </a>
          </li>`,
      )}
    </ul>`;
}

/** @param {Format | undefined} format */
export function gallerySkeleton(format = { name: "square", width: 1, height: 1 }) {
  return html`
    <header class="gallery-head" role="status"><h2>Pictures</h2><p class="muted">Loading…</p></header>
    <ul class="masonry" role="list" aria-hidden="true"${attrs({ "data-shape": format.name })}>
      ${[1, 2, 3, 4, 5, 6].map((place) => html`<li class="tile" data-key="skeleton-${place}"><span class="skeleton tile-skeleton"></span></li>`)}
    </ul>`;
}

export function emptyGalleryView() {
  return emptyView({
    icon: "images",
    title: "No pictures here yet",
    text: "New ones appear as soon as they are published.",
    action: button({ label: "Look again", icon: "refresh-cw", attributes: { "data-action": "retry" } }),
  });
}

/** @param {unknown} error @param {string} tenant */
export function galleryErrorView(error, tenant) {
  if (error instanceof ApiError && error.status === 404) {
    return errorView({
      title: "This page has no gallery",
      text: `Nobody here is called “${tenant}”. Check the link you were given.`,
      tone: "warning",
      icon: "link",
      retry: false,
    });
  }
  if (error instanceof ApiError && error.code === "tenant_suspended") {
    return errorView({
      title: "This page is paused",
      text: "Its codes and pictures come back when its owner’s account does.",
      tone: "warning",
      icon: "clock",
    });
  }
  return errorView(describeError(error, "The pictures could not be loaded"));
}

/**
 * Gives each tile as many grid rows as its own height needs; columns stay in reading order.
 * @param {HTMLElement} grid
 */
export function layOutMasonry(grid) {
  const row = parseFloat(getComputedStyle(grid).gridAutoRows);
  const gap = parseFloat(getComputedStyle(grid).columnGap);
  for (const tile of grid.children) {
    if (!(tile instanceof HTMLElement) || !(tile.firstElementChild instanceof HTMLElement)) continue;
    tile.style.gridRowEnd = `span ${Math.ceil((tile.firstElementChild.offsetHeight + gap) / row)}`;
  }
}

/**
 * Hands every preview what it shows.
 * @param {ParentNode} root
 * @param {{ engine: import("./engine.js").Engine, items: readonly GalleryItem[], inputs: import("./types.js").Inputs }} content
 */
export function feedPreviews(root, { engine, items, inputs }) {
  for (const tile of root.querySelectorAll("ps-preview")) {
    const item = items.find(({ slug }) => slug === tile.getAttribute("data-slug"));
    const format = item && findFormat(item, inputs.format);
    if (tile instanceof PreviewTile && item && format) tile.show({ engine, slug: item.slug, name: item.name, format, inputs });
  }
}

/** The referral link with a button that copies it; its end, where the code stands, is always seen. @param {string} link */
export function linkRow(link) {
  const shown = link.replace(/^https?:\/\//, "");
  const end = shown.search(/[?#]|\/[^/]*$/);
  return html`
    <div class="link-row wide">
      <output aria-label="Referral link"><span class="link-start">${shown.slice(0, end)}</span><span>${shown.slice(end)}</span></output>
      ${button({ label: "Copy referral link", icon: "copy", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-action": "copy" } })}
    </div>`;
}
