import { attrs, html } from "../js/html.js";

/**
 * On or off, at once. @param {{ name: string, label: string, help?: string, checked: boolean, disabled?: boolean }} options
 */
export function switchField({ name, label, help, checked, disabled = false }) {
  return html`
    <label class="switch">
      <span class="switch-text"><span class="field-label">${label}</span>${help && html`<span class="field-help">${help}</span>`}</span>
      <input type="checkbox" role="switch"${attrs({ name, checked, disabled })}>
    </label>`;
}
