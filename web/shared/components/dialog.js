import { html, listen, render } from "../js/html.js";
import { button } from "./button.js";

/** @typedef {import("../js/html.js").Html} Html */

/**
 * Opens a native modal dialog, which closes by Escape, by a click beside it, or by `data-close` elements.
 * @param {{ title: string, body: Html, foot?: Html, className?: string, size?: "small" | "large", side?: "start" | "end" }} options
 * @returns {{ element: HTMLDialogElement, closed: Promise<string> }} `closed` gives the `data-close` value, "" when dismissed
 */
export function openDialog({ title, body, foot, className = "dialog", size = "small", side = "end" }) {
  const element = document.createElement("dialog");
  element.className = className;
  element.dataset.size = size;
  element.dataset.side = side;
  element.setAttribute("aria-label", title);
  render(
    element,
    html`
      <header class="dialog-head">
        <h2>${title}</h2>
        ${button({ label: "Close", icon: "x", iconOnly: true, variant: "ghost", size: "small", attributes: { "data-close": "" } })}
      </header>
      <div class="dialog-body">${body}</div>
      ${foot && html`<footer class="dialog-foot">${foot}</footer>`}`,
  );
  const closed = closeOnDismiss(element);
  document.body.append(element);
  element.showModal();
  return { element, closed: closed.finally(() => element.remove()) };
}

/** While it waits for an answer nobody closes it: the answer would come to nothing. @param {HTMLDialogElement} element @param {boolean} isBusy */
export function keepOpen(element, isBusy) {
  element.ariaBusy = isBusy ? "true" : null;
  // Unlike preventing `cancel`, it also holds when Escape is pressed twice.
  element.setAttribute("closedby", isBusy ? "none" : "closerequest");
  for (const control of element.querySelectorAll("button[data-close]")) control.toggleAttribute("disabled", isBusy);
}

/**
 * @param {HTMLDialogElement} element
 * @returns {Promise<string>} how it was closed
 */
export function closeOnDismiss(element) {
  listen(element, "click", "[data-close]", (_event, control) => element.close(control.dataset.close));
  // A press that starts and ends on the dialog's own box is on its backdrop: its content covers the rest.
  element.addEventListener("click", (event) => {
    if (event.target === element && !element.ariaBusy) element.close("");
  });
  element.addEventListener("cancel", (event) => {
    if (event.target === element && element.ariaBusy) event.preventDefault();
  });
  return new Promise((resolve) => {
    element.addEventListener("close", () => resolve(element.returnValue), { once: true });
  });
}

/** @param {{ title: string, body: Html, side?: "start" | "end" }} options */
export function openDrawer(options) {
  return openDialog({ ...options, className: "drawer" });
}

/**
 * Asks before something that cannot be undone: names the object and says what goes with it.
 * @param {{ title: string, consequence: string, verb: string }} options `Delete “Black Friday”?`, …, `Delete template`
 * @returns {Promise<boolean>}
 */
export async function confirmDestruction({ title, consequence, verb }) {
  const { closed } = openDialog({
    title,
    body: html`<p>${consequence}</p>`,
    foot: html`
      ${button({ label: "Cancel", variant: "ghost", attributes: { "data-close": "", autofocus: true } })}
      ${button({ label: verb, variant: "danger", attributes: { "data-close": "confirmed" } })}`,
  });
  return (await closed) === "confirmed";
}
