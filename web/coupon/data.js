/**
 * Asks for the page's data while the rest of the page is still on its way: this module has few imports and is the
 * first script. What the first picture needs is fetched ahead, because every round trip counts on a phone.
 */

import { createApi } from "../shared/js/api.js";
import { assetAddress, loadConfig } from "../shared/js/config.js";
import { readAddress } from "./address.js";

/** @typedef {import("./types.js").TemplateDocument} TemplateDocument */
/** @typedef {{ name?: string, referral_link?: string | null, logo_url?: string | null }} Tenant */
/** @typedef {{ asset?: unknown, font?: { family?: string } }} Part a background or a layer */
/** @typedef {{ items: import("./types.js").GalleryItem[], tenant?: Tenant }} Gallery */

const GALLERY_LIMIT = "100";

export const address = readAddress(location);

/** What the other modules work with; rejects when config.json cannot be had. */
export const site = loadConfig().then(({ apiBase, assetBase, defaultTenant }) => ({
  api: createApi({ base: apiBase }),
  assetBase,
  tenant: address.tenant ?? defaultTenant,
}));

/** @returns {Promise<Gallery>} */
export async function fetchGallery() {
  const { api, tenant } = await site;
  return api.get("public/templates", { query: { tenant, limit: GALLERY_LIMIT } });
}

/** The gallery as asked at the start. */
export const gallery = fetchGallery();

/** @type {Map<string, Promise<TemplateDocument>>} */
const documents = new Map();

/** A template's document, asked for once; a failure is forgotten. @param {string} slug @returns {Promise<TemplateDocument>} */
export function getDocument(slug) {
  const held = documents.get(slug) ?? fetchDocument(slug);
  documents.set(slug, held);
  held.catch(() => documents.delete(slug));
  return held;
}

/** @param {string} slug @returns {Promise<TemplateDocument>} */
async function fetchDocument(slug) {
  const { api, tenant } = await site;
  return api.get(`public/templates/${encodeURIComponent(slug)}`, { query: { tenant } });
}

/** Starts fetching what the first picture stands on: its background, its fonts, the logo. */
async function fetchAhead() {
  const { assetBase } = await site;
  const manifestUrl = `${assetBase}/fonts/fonts.json`;
  const asked = fetch(manifestUrl).then((answer) => answer.json());
  const [{ items, tenant }, manifest] = await Promise.all([gallery, asked]);
  preload(manifestUrl); // it may have changed, so the engine would ask again
  if (!items.length) return;
  const document = await getDocument(items[0].slug);
  const format = document.formats[address.format ?? ""] ?? Object.values(document.formats)[0];
  const parts = /** @type {Part[]} */ ([format.background ?? {}, ...(format.layers ?? [])]);
  const files = manifest.families.filter((/** @type {{ family: string }} */ { family }) => parts.some((part) => part.font?.family === family));
  for (const { asset } of parts) if (typeof asset === "string") preload(`${assetBase}/${asset}`);
  for (const { file } of files) preload(`${assetBase}/fonts/${file}`);
  if (address.showLogo && tenant?.logo_url) preload(assetAddress(tenant.logo_url, assetBase));
}

/** @param {string} url fetched now, used by the engine later */
function preload(url) {
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "fetch";
  link.crossOrigin = "anonymous";
  link.href = url;
  document.head.append(link);
}

// Whoever needs the data asks for it by himself and shows what went wrong.
fetchAhead().catch(() => undefined);
