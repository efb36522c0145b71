import { ICONS } from "../../vendor/lucide/icons.js";
import { Html } from "../js/html.js";

/**
 * A decorative icon; the words beside it carry the meaning.
 * @param {string} name one of Lucide's, as vendored
 * @param {{ spin?: boolean }} [options]
 */
export function icon(name, { spin = false } = {}) {
  if (!(name in ICONS)) throw new Error(`No icon ${name} in web/vendor/lucide/icons.js`);
  return new Html(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"${spin ? " data-spin" : ""}>${ICONS[name]}</svg>`);
}
