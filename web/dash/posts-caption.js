import { button } from "../shared/components/button.js";
import { keepOpen, openDialog } from "../shared/components/dialog.js";
import { showFieldError, textField, watchForm } from "../shared/components/field.js";
import { describeError, notice } from "../shared/components/states.js";
import { find, html, render } from "../shared/js/html.js";

/** @typedef {import("./posts-words.js").Post} Post */

/** Gives a post other words. @param {import("../shared/js/api.js").Api} api @param {Post} post @returns {Promise<Post | null>} null when nothing was saved */
export function editCaption(api, post) {
  const { element, closed } = openDialog({
    title: `Caption in ${post.channel}`,
    body: html`<form class="stack" id="reword">${textField({ id: "caption", label: "Caption", rows: 6, help: "Telegram's tags work, like <b>bold</b>; at most 1,024 characters without them." })}<div data-slot="refusal"></div><div class="row" data-slot="foot"></div></form>`,
  });
  const form = find(element, "form", HTMLFormElement);
  const caption = find(form, "#caption", HTMLTextAreaElement);
  caption.value = post.caption;
  caption.focus();
  /** @type {Post | null} */
  let answer = null;

  /** @param {boolean} isBusy */
  function showFoot(isBusy) {
    const save = button({ label: "Save the caption", type: "submit", variant: "primary", busy: isBusy });
    render(find(form, "[data-slot=foot]", HTMLElement), html`<span class="row push">${button({ label: "Cancel", variant: "ghost", attributes: { "data-close": "" } })}${save}</span>`);
    keepOpen(element, isBusy);
  }

  async function save() {
    if (element.ariaBusy) return;
    showFoot(true);
    try {
      answer = await api.put(`client/posts/${post.id}/caption`, { caption: caption.value }, { timeoutMs: 30_000 });
      element.close("done");
    } catch (error) {
      showFoot(false);
      const { text, icon } = describeError(error, "");
      const reason = /** @type {{ fields?: Record<string, string> }} */ (error).fields?.caption;
      if (reason) return void showFieldError(caption, reason);
      render(find(form, "[data-slot=refusal]", HTMLElement), html`${notice({ tone: "danger", icon, children: text })}`);
    }
  }

  showFoot(false);
  watchForm(form, { problemOf: ({ value }) => (value.trim() ? null : "Type what stands below the picture."), onValid: () => void save() });
  return closed.then(() => answer);
}
