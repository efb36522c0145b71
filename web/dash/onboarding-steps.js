/** The steps after Telegram: where codes are checked, who the business is and its colours, the first picture. */

import { button } from "../shared/components/button.js";
import { field, selectField } from "../shared/components/field.js";
import { icon } from "../shared/components/icon.js";
import { assetAddress } from "../shared/js/config.js";
import { attrs, html } from "../shared/js/html.js";
import { PLACE_NAMES } from "./onboarding-words.js";

/** @typedef {import("./onboarding-words.js").Progress} Progress */
/** @typedef {import("./onboarding-words.js").Asked} Asked */

export const FIRST_CODE = "WELCOME-10";

/** What is there already. @param {string} step @param {Progress} progress @param {string} assetBase */
export function factsOf(step, { codes, business, post }, assetBase) {
  if (step === "codes") {
    const on = codes.filter(({ is_on, is_ready }) => is_on && is_ready);
    return on.length ? fact(html`${on.map(({ kind }) => PLACE_NAMES[kind]).join(", then ")}`) : "";
  }
  if (step === "business") {
    const { template } = business;
    return html`
      ${business.support_email && fact(html`${business.name} <span class="muted">${business.support_email}, ${business.zone}</span>`)}
      ${template && fact(html`Template “${template.name}”`)}
      ${template?.thumbnail_url && html`<img class="set-up-picture" src="${assetAddress(template.thumbnail_url, assetBase)}" alt="The template “${template.name}”">`}`;
  }
  if (step !== "done" || !post) return "";
  return html`
    ${fact(html`${post.code} in ${post.channel} ${post.link && html`<a href="${post.link}" target="_blank" rel="noopener">See the post</a>`}`)}
    <img class="set-up-picture" src="${assetAddress(post.picture_url, assetBase)}" alt="The picture with ${post.code}">`;
}

/** @param {import("../shared/js/html.js").Html} text */
function fact(text) {
  return html`<p class="set-up-fact">${icon("circle-check")}<span>${text}</span></p>`;
}

/** The control for what is missing. @param {Progress} progress @param {Asked} asked */
export function controlOf(progress, asked) {
  const { next } = progress;
  if (next?.do === "choose_codes") return codesControl(progress, asked);
  if (next?.do === "fill_business") return businessForm(progress, asked);
  if (next?.do === "make_template") return coloursForm(asked);
  return postForm(progress, asked);
}

/** @param {Progress} progress @param {Asked} asked */
function codesControl({ codes }, { busy, problems, isTest, chosen }) {
  const stripe = codes.find(({ kind }) => kind === "stripe");
  return html`
    ${problem(problems.own)}
    <div class="row">
      ${button({ label: "Use codes of my own", icon: "ticket", variant: "primary", busy: busy === "own", attributes: { "data-own-codes": "" } })}
      ${stripe?.is_ready ? button({ label: "Check codes with Stripe", icon: "link", busy: busy === "own", attributes: { "data-stripe-on": "" } }) : ""}
    </div>
    <details class="set-up-other" data-key="stripe"${attrs({ open: Boolean(problems.stripe) })}>
      <summary>Or connect Stripe, and use its promotion codes</summary>
      <form class="stack set-up-form" data-form="stripe" data-key="stripe-form" autocomplete="off" novalidate>
        <p>In Stripe: <em>Developers, API keys, Create restricted key</em>. Give it “Read” for promotion codes, coupons, products and prices, and nothing else.</p>
        ${field({ id: "stripe-key", label: "Restricted key", type: "password", error: problems.stripe ?? null, help: "Each right is tried before the key is kept. It is never shown again.", attributes: { maxlength: 300, autocomplete: "off", spellcheck: "false" } })}
        ${isTest ? html`<label class="row" data-key="test"><input type="checkbox" name="test"${attrs({ checked: chosen.test === "on" })}><span>Use test mode all the same</span></label>` : ""}
        <div class="row">${button({ label: problems.stripe ? "Try again" : "Connect Stripe", type: "submit", busy: busy === "stripe" })}</div>
      </form>
    </details>`;
}

/** @param {Progress} progress @param {Asked} asked */
function businessForm({ business }, { busy, problems }) {
  const zone = business.zone === "UTC" ? Intl.DateTimeFormat().resolvedOptions().timeZone : business.zone;
  return html`
    <form class="stack set-up-form" data-form="business" data-key="business-form" novalidate>
      ${field({ id: "business-name", name: "name", label: "Name", value: business.name, help: "As your promoters know it.", error: problems.name ?? null, attributes: { maxlength: 200, autocomplete: "organization" } })}
      ${field({ id: "business-email", name: "support_email", label: "Support e-mail", type: "email", value: business.support_email ?? "", help: "Where your subscribers reach you.", error: problems.support_email ?? null, attributes: { autocomplete: "email" } })}
      ${field({ id: "business-zone", name: "zone", label: "Time zone", value: zone, help: "Days in reports begin there.", error: problems.zone ?? null, attributes: { list: "set-up-zones", autocomplete: "off" } })}
      <datalist id="set-up-zones">${["UTC", ...Intl.supportedValuesOf("timeZone")].map((each) => html`<option value="${each}"></option>`)}</datalist>
      ${problem(problems.business)}
      <div class="row">${button({ label: "Save", type: "submit", variant: "primary", busy: busy === "business" })}</div>
    </form>`;
}

/** @param {Asked} asked */
function coloursForm({ busy, problems, palettes, chosen }) {
  const [first] = palettes ?? [];
  const isKnown = (palettes ?? []).some(({ background, accent }) => chosen.palette === `${background} ${accent}`);
  return html`
    <logo-slot data-slot="logo" data-key="logo"></logo-slot>
    <form class="stack set-up-form" data-form="template" data-key="template-form" novalidate>
      <fieldset class="set-up-palettes"><legend>Colours</legend>
        ${(palettes ?? []).map(
          ({ background, accent }, index) => html`
            <label class="set-up-palette" data-key="${background}${accent}">
              <input type="radio" name="palette"${attrs({ value: `${background} ${accent}`, checked: isKnown ? chosen.palette === `${background} ${accent}` : index === 0 })}>
              <svg viewBox="0 0 96 48" role="img" aria-label="${accent} on ${background}"><rect width="96" height="48" rx="8" fill="${background}"></rect><rect x="12" y="26" width="72" height="12" rx="4" fill="${accent}"></rect></svg>
            </label>`,
        )}
      </fieldset>
      ${first && html`<details class="set-up-other" data-key="own-colours"><summary>Or choose your own two</summary>
        <div class="row">
          <label class="field"><span class="field-label">Background</span><input type="color" id="own-background" value="${first.background.toLowerCase()}"></label>
          <label class="field"><span class="field-label">Accent</span><input type="color" id="own-accent" value="${first.accent.toLowerCase()}"></label>
        </div></details>`}
      ${problem(problems.template)}
      <div class="row">${button({ label: "Make the template", icon: "image", type: "submit", variant: "primary", busy: busy === "template", disabled: !first })}</div>
    </form>`;
}

/** @param {Progress} progress @param {Asked} asked */
function postForm({ telegram, codes }, { busy, problems, isTwice, chosen }) {
  const open = telegram.channels.filter(({ can_post }) => can_post);
  const isOwn = codes.some(({ kind, is_on }) => kind === "local" && is_on);
  return html`
    <form class="stack set-up-form" data-form="post" data-key="post-form" autocomplete="off" novalidate>
      ${field({ id: "first-code", label: "Code", value: isOwn ? FIRST_CODE : "", error: problems.post ?? null, help: isOwn ? "It becomes one of your own codes, without limits; change that under Coupons." : "One that Stripe knows.", attributes: { maxlength: 64, spellcheck: "false" } })}
      ${selectField({ id: "first-channel", label: "Channel", value: chosen["first-channel"] ?? open[0]?.id ?? "", options: open.map(({ id, title }) => ({ value: id, label: title })) })}
      ${isTwice ? html`<label class="row" data-key="again"><input type="checkbox" name="again"${attrs({ checked: chosen.again === "on" })}><span>It is not in the channel: post it once more</span></label>` : ""}
      <div class="row">${button({ label: problems.post ? "Try again" : "Post it", icon: "send", type: "submit", variant: "primary", busy: busy === "post" })}</div>
    </form>`;
}

/** @param {string | undefined} text */
export function problem(text) {
  return text ? html`<p class="field-error" role="alert">${icon("circle-alert")}<span>${text}</span></p>` : "";
}
