/** Builds elements; text is always text, never markup. */

const ICONS = {
  back: 'M15 5l-7 7 7 7',
  send: 'M4 12l16-8-6 16-3-7z',
  menu: 'M5 7h14M5 12h14M5 17h9',
  dots: 'M12 6h.01M12 12h.01M12 18h.01',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  file: 'M7 3h7l4 4v14H7zM14 3v5h4',
  download: 'M12 4v11m-5-5l5 5 5-5M5 20h14',
  link: 'M9 15l6-6m-5-2h7v7',
  chat: 'M4 5h16v11H9l-5 4z',
  block: 'M6 6l12 12M12 3a9 9 0 100 18 9 9 0 000-18z',
};

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [props] attributes; `on…` are listeners, `dataset` is an object, false leaves out
 * @param {...(Node|string|null|undefined|false|Array<Node|string|null>)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === 'dataset') Object.assign(element.dataset, value);
    else if (name === 'value') /** @type {HTMLInputElement} */ (element).value = String(value);
    else element.setAttribute(name === 'className' ? 'class' : name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  const attributes = { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': '2' };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  path.setAttribute('stroke-linecap', 'round');
  path.setAttribute('stroke-linejoin', 'round');
  svg.append(path);
  return svg;
}

/** @param {string} text @param {boolean} [bad] @param {HTMLElement | null} [place] where it shows: the page's corner, or one phone */
export function toast(text, bad = false, place = document.getElementById('toasts')) {
  const note = h('p', { className: 'toast', dataset: bad ? { bad: '' } : {} }, text);
  place?.append(note);
  setTimeout(() => note.remove(), 5000);
}

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

/** @param {number} epochSeconds */
export const clockTime = (epochSeconds) => TIME.format(new Date(epochSeconds * 1000));
/** @param {number} epochSeconds */
export const dayName = (epochSeconds) => DAY.format(new Date(epochSeconds * 1000));

/** @param {number} bytes */
export function fileSize(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
