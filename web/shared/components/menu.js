import { attrs, html, listen, render } from "../js/html.js";
import { icon } from "./icon.js";
import { button } from "./button.js";

/**
 * @typedef {{ id: string, label: string, icon?: string, href?: string, tone?: "danger", checked?: boolean }} MenuAction
 * @typedef {MenuAction | "divider" | { heading: string }} MenuItem
 */

/**
 * A button that opens a list of actions. Arrow keys, Home and End move, Escape closes.
 * Fires `menu-select` with `detail.id`; an item with `checked` toggles and keeps the menu open.
 */
export class Menu extends HTMLElement {
  /** @type {MenuItem[]} */
  #items = [];
  /** @type {Partial<import("./button.js").ButtonOptions>} */
  #trigger = {};
  #isOpen = false;

  /** @param {MenuItem[]} items */
  set items(items) {
    this.#items = items;
    this.#render();
  }

  /** How the button looks. @param {Partial<import("./button.js").ButtonOptions>} trigger */
  set trigger(trigger) {
    this.#trigger = trigger;
    this.#render();
  }

  connectedCallback() {
    this.#render();
    listen(this, "click", "[data-trigger]", () => this.#toggle(!this.#isOpen));
    listen(this, "click", "[data-item]", (_event, item) => this.#select(item));
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.#toggle(false);
    });
  }

  #render() {
    if (!this.isConnected) return;
    const label = this.getAttribute("label") ?? "Menu";
    render(
      this,
      html`
        ${button({
          label,
          ...this.#trigger,
          attributes: { "data-trigger": true, "aria-haspopup": "menu", "aria-expanded": String(this.#isOpen) },
        })}
        ${
          this.#isOpen &&
          html`<div class="menu" role="menu"${attrs({ "data-align": this.getAttribute("align") })} aria-label="${label}">
            ${this.#items.map((item) => this.#entry(item))}
          </div>`
        }`,
    );
  }

  /** @param {MenuItem} item */
  #entry(item) {
    if (item === "divider") return html`<hr>`;
    return "heading" in item ? html`<p class="menu-heading" role="presentation">${item.heading}</p>` : this.#item(item);
  }

  /** @param {MenuAction} item */
  #item({ id, label, icon: name, href, tone, checked }) {
    const inside = html`${checked !== undefined ? icon(checked ? "check" : "plus") : name && icon(name)}<span>${label}</span>`;
    const role = checked === undefined ? "menuitem" : "menuitemcheckbox";
    const shared = attrs({ "data-item": id, role, tabindex: -1, "data-tone": tone, "aria-checked": checked === undefined ? null : String(checked) });
    return href ? html`<a${shared} href="${href}">${inside}</a>` : html`<button type="button"${shared}>${inside}</button>`;
  }

  /** @param {boolean} isOpen */
  #toggle(isOpen) {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    this.#render();
    if (isOpen) this.#entries()[0]?.focus();
  }

  /** @param {HTMLElement} item */
  #select(item) {
    if (item.getAttribute("role") !== "menuitemcheckbox") {
      this.querySelector("button")?.focus();
      this.#toggle(false);
    }
    this.dispatchEvent(new CustomEvent("menu-select", { detail: { id: item.dataset.item }, bubbles: true }));
  }

  /** @returns {HTMLElement[]} */
  #entries() {
    return [...this.querySelectorAll("[data-item]")].filter((node) => node instanceof HTMLElement);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!this.#isOpen) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      this.querySelector("button")?.focus();
      return this.#toggle(false);
    }
    const entries = this.#entries();
    const at = entries.findIndex((entry) => entry === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    entries[(next + entries.length) % entries.length]?.focus();
  }
}

customElements.define("ps-menu", Menu);
