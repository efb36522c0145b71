/** What the page's address keeps, so that back, reload and a copied link bring the same pictures again. */

/**
 * @typedef {object} Address
 * @property {string | null} tenant null: the site's default
 * @property {string} code as typed
 * @property {string | null} format null: the first of the gallery
 * @property {boolean} showLogo
 * @property {string | null} open slug of the template in the large view
 */

/** @param {Location} place @returns {Address} */
export function readAddress({ search, hash }) {
  const query = new URLSearchParams(search);
  return {
    tenant: query.get("tenant"),
    code: query.get("code") ?? "",
    format: query.get("format"),
    showLogo: query.get("logo") !== "off",
    open: hash.length > 1 && hash !== "#gallery" ? decodeURIComponent(hash.slice(1)) : null,
  };
}

/** @param {Address} address @returns {string} relative, like `?code=A&format=story#summer` */
export function writeAddress({ tenant, code, format, showLogo, open }) {
  const query = new URLSearchParams();
  if (tenant) query.set("tenant", tenant);
  if (code) query.set("code", code);
  if (format) query.set("format", format);
  if (!showLogo) query.set("logo", "off");
  return `?${query}${open ? `#${encodeURIComponent(open)}` : ""}`;
}
