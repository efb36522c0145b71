/** `web/config.json`: where this copy of the site finds its assets and functions. */

/** @typedef {{ assetBase: string, apiBase: string, defaultTenant: string, chat?: string, clerk?: import("./clerk.js").ClerkConfig }} Config */

/** @returns {Promise<Config>} */
export async function loadConfig() {
  const answer = await fetch(new URL("../../config.json", import.meta.url), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json answered ${answer.status}`);
  return answer.json();
}

/**
 * The address to fetch an asset from. The server names its own public address; under another name of the same host
 * (localhost, 127.0.0.1) the page's own `assetBase` serves the same object without leaving the origin.
 * @param {string} url absolute, as the server gave it
 * @param {string} assetBase
 */
export function assetAddress(url, assetBase) {
  const asked = new URL(url, location.href);
  const base = new URL(assetBase, location.href);
  if (asked.origin === base.origin || base.origin !== location.origin) return asked.href;
  return asked.pathname.startsWith(`${base.pathname}/`) ? base.origin + asked.pathname : asked.href;
}

/**
 * The address of dash or admin, which are sites of their own beside the public one. A numeric address has no names
 * below it: the local gateway sends `/dash/` there.
 * @param {"dash" | "admin"} name
 * @param {Location | URL} [from]
 */
export function consoleAddress(name, from = location) {
  const isNumeric = /^[\d.]+$|^\[/.test(from.hostname);
  return isNumeric ? `/${name}/` : `${from.protocol}//${name}.${from.host}/`;
}

/**
 * The address of a page of the public site, seen from any host: dash. and admin. stand before the public name.
 * @param {string} path
 * @param {Location | URL} [from]
 */
export function publicAddress(path, from = location) {
  return `${from.protocol}//${from.host.replace(/^(dash|admin)\./, "")}${path}`;
}
