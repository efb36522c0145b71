/**
 * The one way to make markup: a template literal that escapes every value, and a renderer that patches the page to
 * match, so that focus, selection and scroll survive a new render.
 */

const ENTITIES = /** @type {Record<string, string>} */ ({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
});

/** Markup that has been escaped already. Only this module makes it. */
export class Html {
  #markup;

  /** @param {string} markup */
  constructor(markup) {
    this.#markup = markup;
  }

  toString() {
    return this.#markup;
  }
}

/** @typedef {Html | string | number | boolean | null | undefined | ReadonlyArray<Html | string | number | boolean | null | undefined>} Value */

/** @param {Value} value @returns {string} */
function escape(value) {
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return value.map(escape).join("");
  if (value === null || value === undefined || value === false || value === true) return "";
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/**
 * Escaped markup. Arrays are joined; null, undefined and booleans print nothing.
 * Throws when a value stands in an attribute without quotes, where escaping would not help.
 * @param {TemplateStringsArray} strings
 * @param {...Value} values
 */
export function html(strings, ...values) {
  let markup = strings[0];
  values.forEach((value, index) => {
    if (/=\s*$/.test(strings[index])) throw new TypeError(`Quote the attribute value after: ${strings[index].slice(-40)}`);
    markup += escape(value) + strings[index + 1];
  });
  return new Html(markup);
}

/**
 * ` name="value"` or nothing when the value is null, undefined or false; true prints the bare name.
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 */
export function attrs(attributes) {
  const parts = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escape(/** @type {Value} */ (value))}"`));
  return new Html(parts.join(""));
}

/**
 * Makes `target`'s children match the markup, changing only what differs. Custom elements own their children:
 * their attributes are patched, their inside is left alone. Elements are matched by `data-key` or `id`, else by place, name and first class.
 * @param {Element | DocumentFragment} target
 * @param {Html} markup
 */
export function render(target, markup) {
  const template = document.createElement("template");
  template.innerHTML = markup.toString();
  patchChildren(target, template.content);
}

/** @param {Node} node */
function keyOf(node) {
  return node instanceof Element ? node.getAttribute("data-key") || node.id || null : null;
}

/** Without keys, two elements are the same when their first class is: a notice never turns into a table. */
function isSame(/** @type {Node} */ now, /** @type {Node} */ next) {
  if (now.nodeName !== next.nodeName || keyOf(now) !== keyOf(next)) return false;
  return !(now instanceof Element && next instanceof Element) || now.classList[0] === next.classList[0];
}

/** @param {Node} target @param {Node} wanted */
function patchChildren(target, wanted) {
  const keyed = new Map([...target.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let place = target.firstChild;
  for (const next of [...wanted.childNodes]) {
    const key = keyOf(next);
    const held = key === null ? undefined : keyed.get(key);
    const match = held && held.nodeName === next.nodeName ? held : place && isSame(place, next) ? place : null;
    if (!match) {
      target.insertBefore(document.importNode(next, true), place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else target.insertBefore(match, place);
    patchNode(match, next);
  }
  while (place) {
    const rest = place.nextSibling;
    target.removeChild(place);
    place = rest;
  }
}

/** @param {Node} now @param {Node} next */
function patchNode(now, next) {
  if (now instanceof Element && next instanceof Element) {
    patchAttributes(now, next);
    if (!now.localName.includes("-")) patchChildren(now, next);
  } else if (now.nodeValue !== next.nodeValue) {
    now.nodeValue = next.nodeValue;
  }
}

/** @param {Element} now @param {Element} next */
function patchAttributes(now, next) {
  for (const { name } of [...now.attributes]) {
    // The browser, not our markup, says whether these two are open.
    const keeps = name === "open" && /^(dialog|details)$/.test(now.localName);
    // Markup never holds style (the policy forbids it), so a style was set by a script that measured something.
    const owned = name === "style" || (name === "data-state" && now.localName.includes("-"));
    if (!next.hasAttribute(name) && !keeps && !owned) now.removeAttribute(name);
  }
  for (const { name, value } of [...next.attributes]) {
    if (now.getAttribute(name) === value) continue;
    now.setAttribute(name, value);
    if (name === "value" && now instanceof HTMLInputElement) now.value = value;
  }
  if (now instanceof HTMLInputElement && /^(checkbox|radio)$/.test(now.type)) now.checked = next.hasAttribute("checked");
  if (now instanceof HTMLOptionElement) now.selected = next.hasAttribute("selected");
}

/**
 * Handles an event for every present and future descendant that matches.
 * @template {keyof HTMLElementEventMap} T
 * @param {EventTarget} root
 * @param {T | string} type
 * @param {string} selector
 * @param {(event: Event, element: HTMLElement) => void} handler
 */
export function listen(root, type, selector, handler) {
  root.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element instanceof HTMLElement) handler(event, element);
  });
}

/**
 * The element, which must exist and be of that class: `find(document, "form", HTMLFormElement)`.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new (...args: any[]) => T} kind
 * @returns {T}
 */
export function find(root, selector, kind) {
  const element = root.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`No ${kind.name} at ${selector}`);
  return element;
}
