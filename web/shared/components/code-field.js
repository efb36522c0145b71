import { find, html, render } from "../js/html.js";
import { formatDate } from "../js/format.js";
import { icon } from "./icon.js";

/**
 * @typedef {{ kind: "idle" } | { kind: "checking" } | { kind: "valid", validUntil: Date | null }
 *   | { kind: "invalid", message: string } | { kind: "unknown" } | { kind: "limited", secondsLeft: number }
 *   | { kind: "malformed", message: string }} CodeStatus
 */

const ICON_OF = {
  idle: null,
  checking: "loader-circle",
  valid: "circle-check",
  invalid: "circle-x",
  unknown: "circle-question-mark",
  limited: "clock",
  malformed: "circle-alert",
};

/**
 * The coupon code with its live state, told apart by words and icon, not by colour alone.
 * Fires `code-input` and, on Enter or on leaving, `code-commit` (both with `detail.value`), and `code-retry`.
 */
export class CodeField extends HTMLElement {
  /** @type {CodeStatus} */
  #status = { kind: "idle" };

  /** @param {CodeStatus} status */
  set status(status) {
    this.#status = status;
    if (this.isConnected) this.#renderStatus();
  }

  get status() {
    return this.#status;
  }

  get value() {
    return this.#input.value;
  }

  /** @param {string} value */
  set value(value) {
    if (this.#input.value !== value) this.#input.value = value;
  }

  get #input() {
    return find(this, "input", HTMLInputElement);
  }

  connectedCallback() {
    if (this.firstElementChild) return;
    const id = this.id ? `${this.id}-input` : "code-input";
    render(
      this,
      html`
        <label class="field-label" for="${id}">${this.getAttribute("label") ?? "Coupon code"}</label>
        <div class="code-box">
          <input class="input" id="${id}" name="code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"
            enterkeyhint="go" placeholder="${this.getAttribute("placeholder") ?? ""}" aria-describedby="${id}-status">
        </div>
        <div class="code-status" id="${id}-status" role="status"></div>`,
    );
    const input = this.#input;
    input.addEventListener("input", () => this.#tell("code-input"));
    input.addEventListener("change", () => this.#tell("code-commit"));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.#tell("code-commit");
    });
    this.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-action=retry]")) this.#tell("code-retry");
    });
    this.#renderStatus();
  }

  /** @param {string} type */
  #tell(type) {
    this.dispatchEvent(new CustomEvent(type, { detail: { value: this.#input.value }, bubbles: true }));
  }

  #renderStatus() {
    const status = this.#status;
    this.dataset.state = status.kind;
    const isWrong = status.kind === "invalid" || status.kind === "malformed";
    if (isWrong) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
    this.querySelector(".code-box > .icon")?.remove();
    const shown = ICON_OF[status.kind];
    if (shown) this.#input.insertAdjacentHTML("afterend", icon(shown, { spin: status.kind === "checking" }).toString());
    render(find(this, ".code-status", HTMLElement), statusText(status));
  }
}

/** @param {CodeStatus} status */
function statusText(status) {
  switch (status.kind) {
    case "idle":
      return html`<span>Type or paste the code you were given.</span>`;
    case "checking":
      return html`<span>Checking…</span>`;
    case "valid":
      return html`<span>${status.validUntil ? `Valid until ${formatDate(status.validUntil)}` : "Valid"}</span>`;
    case "invalid":
      return html`<span>${status.message}</span>`;
    case "malformed":
      return html`<span>${status.message}</span>`;
    case "unknown":
      return html`<span>Can’t check now.</span>
        <button type="button" class="link" data-action="retry">Try again</button>`;
    case "limited":
      return html`<span class="numbers">Too many checks. Checking again in ${status.secondsLeft} s.</span>`;
  }
}

customElements.define("ps-code-field", CodeField);
