import { createApi } from "./shared/js/api.js";
import { assetAddress, consoleAddress, loadConfig } from "./shared/js/config.js";
import { find, html, render } from "./shared/js/html.js";

const SHOWN_PICTURES = 4;

/** @typedef {{ slug: string, name: string, thumbnail_url: string | null }} Item */

find(document, "#dash", HTMLAnchorElement).href = consoleAddress("dash");
find(document, "#admin", HTMLAnchorElement).href = consoleAddress("admin");
const config = await loadConfig();

// The chat page exists only where the Telegram simulator runs.
if (config.chat) {
  const item = find(document, "#chat", HTMLElement);
  find(item, "a", HTMLAnchorElement).href = config.chat;
  item.hidden = false;
}

const api = createApi({ base: config.apiBase });
const query = { tenant: config.defaultTenant, limit: String(SHOWN_PICTURES) };
// Without its gallery the page still leads everywhere.
const { items } = await api.get("public/templates", { query }).catch(() => ({ items: [] }));
const shown = /** @type {Item[]} */ (items).filter((item) => item.thumbnail_url);
const list = find(document, "#pictures", HTMLElement);
list.hidden = shown.length < SHOWN_PICTURES;
render(
  list,
  html`${shown.map(
    ({ slug, name, thumbnail_url: url }) => html`
      <li><a href="coupon/#${slug}"><img src="${assetAddress(String(url), config.assetBase)}" alt="${name}"></a></li>`,
  )}`,
);
