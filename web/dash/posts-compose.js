/** The dialog in which a post is made: what and where, the preview as it will look, now or later. */

import { button } from "../shared/components/button.js";
import { keepOpen, openDialog } from "../shared/components/dialog.js";
import { field, selectField, showFieldError, textField } from "../shared/components/field.js";
import { segmented } from "../shared/components/segmented.js";
import { describeError, notice } from "../shared/components/states.js";
import { ApiError } from "../shared/js/api.js";
import { assetAddress } from "../shared/js/config.js";
import { formatNumber, titleCase } from "../shared/js/format.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { plainOf } from "./posts-words.js";

/** @typedef {import("./posts-words.js").Channel} Channel */
/** @typedef {import("./posts-words.js").Post} Post */
/** @typedef {{ slug: string, name: string, formats: { name: string }[] }} Template */
/** @typedef {{ picture_url: string, width: number, height: number, caption: string, characters: number, posted_before: boolean }} Preview */

const MOST_CHARACTERS = 1024;
const MOST_DAYS = 60;
// A picture may have to be rendered, and Telegram called.
const TIMEOUT_MS = 35_000;

/**
 * @param {import("./overview-view.js").Context} context
 * @param {{ channels: Channel[], templates: Template[] }} options connected channels, published templates; at least one of each
 * @returns {Promise<Post | null>} null when nothing was posted
 */
export function composePost(context, options) {
  return new Composer(context, options).done;
}

class Composer {
  #api;
  #assetBase;
  #templates;
  /** @type {Preview | null} */
  #preview = null;
  #isBusy = false;
  /** Told before it is sent: the same picture with the same words is there already. */
  #isTwice = false;
  // A call whose answer is lost may be made again: the same id is the same post.
  #id = crypto.randomUUID();
  /** @type {Post | null} */
  #post = null;
  #element;
  #form;
  done;

  /** @param {import("./overview-view.js").Context} context @param {{ channels: Channel[], templates: Template[] }} options */
  constructor({ api, config }, { channels, templates }) {
    this.#api = api;
    this.#assetBase = config.assetBase;
    this.#templates = templates;
    const { element, closed } = openDialog({ title: "New post", size: "large", body: form(channels, templates) });
    this.#element = element;
    this.#form = find(element, "form", HTMLFormElement);
    this.#form.noValidate = true;
    this.done = closed.then(() => this.#post);
    this.#listen();
    this.#show();
  }

  #listen() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#isBusy) return;
      void (this.#preview ? this.#send() : this.#look());
    });
    listen(this.#form, "input", "#channel, #template, #format, #code", () => this.#stale());
    listen(this.#form, "change", "#template", () => this.#showFormats());
    listen(this.#form, "input", "#caption", () => this.#reworded());
    listen(this.#form, "change", "input[name=when]", () => this.#show());
    listen(this.#element, "click", "[data-action=look]", () => void this.#look());
  }

  /** @param {string} name */
  #value(name) {
    return String(new FormData(this.#form).get(name) ?? "");
  }

  /** @param {string} name */
  #slot(name) {
    return find(this.#form, `[data-slot=${name}]`, HTMLElement);
  }

  #order() {
    return { channel: this.#value("channel"), template: this.#value("template"), format: this.#value("format"), code: this.#value("code").trim() };
  }

  #isLater() {
    return this.#value("when") === "later";
  }

  #showFormats() {
    const template = this.#templates.find(({ slug }) => slug === this.#value("template"));
    render(this.#slot("format"), formatField(template?.formats ?? [], this.#value("format")));
  }

  /** What was previewed is not what would be posted any more. */
  #stale() {
    this.#isTwice = false;
    this.#preview = null;
    this.#show();
  }

  #reworded() {
    this.#isTwice = false;
    if (this.#preview) this.#show();
  }

  /** @param {import("../shared/js/html.js").Html} [problem] */
  #show(problem) {
    const preview = this.#preview;
    const isLater = this.#isLater();
    render(this.#slot("preview"), previewPart(preview && assetAddress(preview.picture_url, this.#assetBase), find(this.#form, "#caption", HTMLTextAreaElement).value, preview));
    this.#slot("moment").hidden = !isLater;
    const twice = this.#isTwice || preview?.posted_before;
    const question = notice({ tone: "warning", icon: "copy", children: "The same picture with the same caption is in this channel already, or will be within a day. Post it once more?" });
    render(this.#slot("refusal"), html`${problem ?? (twice && question)}`);
    const verb = twice ? "Post it once more" : isLater ? "Schedule the post" : "Post now";
    render(
      this.#slot("foot"),
      html`<span class="row push">
        ${button({ label: "Cancel", variant: "ghost", attributes: { "data-close": "" } })}
        ${preview && button({ label: "New preview", icon: "refresh-cw", variant: "outline", disabled: this.#isBusy, attributes: { "data-action": "look" } })}
        ${button({ label: preview ? verb : "Show the preview", icon: preview ? "send" : "image", type: "submit", variant: "primary", busy: this.#isBusy })}
      </span>`,
    );
    keepOpen(this.#element, this.#isBusy);
  }

  async #look() {
    const code = find(this.#form, "#code", HTMLInputElement);
    if (!showFieldError(code, code.value.trim() ? null : "Type the code that stands on the picture.")) return code.focus();
    const caption = this.#value("caption").trim();
    await this.#work(async () => {
      /** @type {Preview} */
      const preview = await this.#api.post("client/posts/preview", { ...this.#order(), caption: caption || null }, { timeoutMs: TIMEOUT_MS });
      this.#preview = preview;
      this.#isTwice = false;
      find(this.#form, "#caption", HTMLTextAreaElement).value = preview.caption;
    });
  }

  async #send() {
    const at = find(this.#form, "#at", HTMLInputElement);
    const caption = find(this.#form, "#caption", HTMLTextAreaElement);
    if (!showFieldError(caption, caption.value.trim() ? null : "Type what stands below the picture.")) return caption.focus();
    if (this.#isLater() && !showFieldError(at, problemOfMoment(at.value))) return at.focus();
    const when = this.#isLater() ? new Date(at.value).toISOString() : null;
    const again = this.#isTwice || Boolean(this.#preview?.posted_before);
    await this.#work(async () => {
      this.#post = await this.#api.post("client/posts", { ...this.#order(), caption: caption.value, when, again, id: this.#id }, { timeoutMs: TIMEOUT_MS });
      this.#element.close("done");
    });
  }

  /** @param {() => Promise<void>} work */
  async #work(work) {
    this.#isBusy = true;
    this.#show();
    try {
      await work();
      this.#isBusy = false;
      this.#show();
    } catch (error) {
      this.#isBusy = false;
      if (error instanceof ApiError && error.code === "posted_before") {
        this.#isTwice = true;
        return this.#show();
      }
      this.#refuse(error);
    }
  }

  /** What belongs to a field stands beside it, the rest above the buttons. @param {unknown} error */
  #refuse(error) {
    const { text, icon, requestId } = describeError(error, "");
    for (const [name, reason] of Object.entries(/** @type {{ fields?: Record<string, string> }} */ (error).fields ?? {})) {
      const control = this.#form.querySelector(`#${CSS.escape(name === "when" ? "at" : name)}`);
      if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) showFieldError(control, reason);
    }
    this.#show(notice({ tone: "danger", icon, children: html`${text}${requestId && html` <span class="request-id">Request <code>${requestId}</code></span>`}` }));
  }
}

/** @param {Channel[]} channels @param {Template[]} templates */
function form(channels, templates) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const options = channels.map(({ id, title, username }) => ({ value: id, label: username ? `${title} (@${username})` : title }));
  return html`
    <form class="composer" id="compose">
      <div class="stack">
        ${selectField({ id: "channel", label: "Channel", value: options[0].value, options })}
        <div class="pair">
          ${selectField({ id: "template", label: "Template", value: templates[0].slug, options: templates.map(({ slug, name }) => ({ value: slug, label: name })) })}
          <div data-slot="format">${formatField(templates[0].formats, "")}</div>
        </div>
        ${field({ id: "code", label: "Code", help: "As it stands on the picture; it is checked before.", attributes: { maxlength: 64, autocomplete: "off", autofocus: true } })}
        ${textField({ id: "caption", label: "Caption", rows: 4, help: "Empty: the one that your bot sends. Telegram's tags work, like <b>bold</b>." })}
        ${segmented({ name: "when", label: "When it is posted", value: "now", options: [{ value: "now", label: "Now" }, { value: "later", label: "At a time" }] })}
        <div data-slot="moment" hidden>${field({ id: "at", label: "Moment", type: "datetime-local", help: `Time of this device: ${zone}.` })}</div>
      </div>
      <div class="stack" data-slot="preview"></div>
      <div class="composer-foot stack"><div data-slot="refusal"></div><div class="row" data-slot="foot"></div></div>
    </form>`;
}

/** @param {{ name: string }[]} formats @param {string} value */
function formatField(formats, value) {
  const kept = formats.some(({ name }) => name === value) ? value : (formats[0]?.name ?? "");
  return selectField({ id: "format", label: "Format", value: kept, options: formats.map(({ name }) => ({ value: name, label: titleCase(name) })) });
}

/** @param {string | null} address @param {string} caption @param {Preview | null} preview */
function previewPart(address, caption, preview) {
  if (!preview || !address) return html`<div class="post-preview muted" data-empty><span>The post shows up here as everybody in the channel will see it.</span></div>`;
  const text = plainOf(caption);
  const isLong = text.length > MOST_CHARACTERS;
  return html`
    <figure class="post-preview">
      <img src="${address}" width="${preview.width}" height="${preview.height}" alt="The picture of the post">
      <figcaption dir="auto">${text}</figcaption>
    </figure>
    <p class="small numbers"${isLong ? html` data-tone="danger"` : ""}>${formatNumber(text.length)} of ${formatNumber(MOST_CHARACTERS)} characters</p>`;
}

/** @param {string} value */
function problemOfMoment(value) {
  const at = new Date(value).getTime();
  if (!value || Number.isNaN(at)) return "Choose the day and the time.";
  if (at <= Date.now()) return "Choose a moment that is still to come.";
  return at > Date.now() + MOST_DAYS * 86_400_000 ? `Choose a moment within the next ${MOST_DAYS} days.` : null;
}
