import { find, html, render } from "../js/html.js";
import { button } from "./button.js";
import { keepOpen, openDialog } from "./dialog.js";
import { showFieldError, watchForm } from "./field.js";
import { describeError, notice } from "./states.js";

/** @typedef {import("../js/html.js").Html} Html */

/**
 * A dialog with a form: stays open, with what was typed, until the server has taken it; it cannot be dismissed while it is sent.
 * @param {{ title: string, verb: string, body: Html, problem: (form: HTMLFormElement, name: string, value: string) => string | null,
 *   send: (form: HTMLFormElement) => Promise<any>, fields?: Record<string, string> }} options
 *   `fields`: the server's name of a field → the form's, where they differ
 * @returns {Promise<any>} the server's answer, null when dismissed
 */
export function askFor({ title, verb, body, problem, send, fields = {} }) {
  const { element, closed } = openDialog({ title, body: html`<form class="stack" id="ask">${body}<div data-slot="refusal"></div><div class="row" data-slot="foot"></div></form>` });
  const form = find(element, "form", HTMLFormElement);
  /** @type {any} */
  let answer = null;

  /** @param {boolean} isBusy */
  function showFoot(isBusy) {
    render(
      find(form, "[data-slot=foot]", HTMLElement),
      html`<span class="row push">${button({ label: "Cancel", variant: "ghost", attributes: { "data-close": "" } })}${button({ label: verb, type: "submit", variant: "primary", busy: isBusy })}</span>`,
    );
    keepOpen(element, isBusy);
  }

  async function submit() {
    showFoot(true);
    try {
      answer = await send(form);
      element.close("done");
    } catch (error) {
      showFoot(false);
      refuse(form, error, fields);
    }
  }

  showFoot(false);
  watchForm(form, { problemOf: ({ name, value }) => problem(form, name, value), onValid: () => void submit() });
  return closed.then(() => answer);
}

/** What belongs to a field stands beside it, the rest above the buttons. @param {HTMLFormElement} form @param {unknown} error @param {Record<string, string>} names */
function refuse(form, error, names) {
  const { text, icon, requestId } = describeError(error, "");
  const fields = Object.entries(/** @type {{ fields?: Record<string, string> }} */ (error).fields ?? {});
  const inputs = fields.map(([name, reason]) => ({ input: form.querySelector(`input[name="${CSS.escape(names[name] ?? name)}"]`), reason }));
  for (const { input, reason } of inputs) if (input instanceof HTMLInputElement) showFieldError(input, reason);
  const slot = find(form, "[data-slot=refusal]", HTMLElement);
  render(slot, html`${notice({ tone: "danger", icon, children: html`${text}${requestId && html` <span class="request-id">Request <code>${requestId}</code></span>`}` })}`);
}
