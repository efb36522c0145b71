import { html } from "../shared/js/html.js";
import { button } from "../shared/components/button.js";

/** The referral link with a button that copies it; its end, where the code stands, is always seen. @param {string} link */
export function linkRow(link) {
  const shown = link.replace(/^https?:\/\//, "");
  const end = shown.search(/[?#]|\/[^/]*$/);
  return html`
    <div class="link-row wide">
      <output aria-label="Referral link"><span class="link-start">${shown.slice(0, end)}</span><span>${shown.slice(end)}</span></output>
      ${button({ label: "Copy referral link", icon: "copy", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-action": "copy" } })}
    </div>`;
}
