/** The steps of setting up as a page: what is there, and the control for what is missing first. */

import { button } from "../shared/components/button.js";
import { icon } from "../shared/components/icon.js";
import { notice } from "../shared/components/states.js";
import { attrs, html } from "../shared/js/html.js";
import { controlOf, factsOf } from "./onboarding-steps.js";
import { telegramControl, telegramFacts } from "./onboarding-telegram.js";
import { countDone, STEP_NAMES, wordsOf } from "./onboarding-words.js";

/** @typedef {import("./onboarding-words.js").Progress} Progress */
/** @typedef {import("./onboarding-words.js").Asked} Asked */

/** @param {Progress} progress @param {Asked} asked @param {string | null} who grants what the reader lacks @param {unknown} trouble @param {string} assetBase */
export function setUpPage(progress, asked, who, trouble, assetBase) {
  const { steps, next } = progress;
  return html`
    <header class="view-head"><div>
      <h2>${next ? "Set up your workspace" : "Your workspace is set up"}</h2>
      <p class="muted">${next ? "You can stop anywhere and go on later: each step is looked up, not ticked off." : "Everything that a first picture needs is here."}</p></div>
      ${!next && button({ label: "To the start", icon: "house", variant: "primary", href: "#/" })}</header>
    ${trouble ? notice({ tone: "warning", icon: "wifi-off", children: `What stands here may be old. ${wordsOf(trouble)}` }) : ""}
    ${who && next && notice({ icon: "lock", children: `You can look, but not connect anything. Ask ${who} for the role of admin.` })}
    <ol class="set-up" role="list" data-done="${countDone(progress)}">
      ${steps.map((step, index) => stepCard(step, index, progress, { asked, onlyLooks: Boolean(who), assetBase }))}
    </ol>`;
}

/**
 * @param {import("./onboarding-words.js").Step} step @param {number} index @param {Progress} progress
 * @param {{ asked: Asked, onlyLooks: boolean, assetBase: string }} options
 */
function stepCard({ name, state, missing }, index, progress, { asked, onlyLooks, assetBase }) {
  const isNext = state === "next";
  const isTelegram = name === "telegram";
  return html`
    <li class="card stack" data-key="${name}"${attrs({ "data-next": isNext, "aria-current": isNext ? "step" : null })}>
      <div class="card-head">
        <h3 tabindex="-1"><span class="set-up-number numbers" data-state="${state}">${state === "done" ? icon("check") : String(index + 1)}</span> ${STEP_NAMES[name] ?? name}</h3>
        ${state === "done" ? html`<span class="tag push" data-tone="success">Done</span>` : ""}
      </div>
      ${isTelegram ? telegramFacts(progress) : factsOf(name, progress, assetBase)}
      ${isNext && missing && html`<div class="stack" data-slot="action"><p><strong>${missing.title}.</strong> ${missing.text}</p>${onlyLooks ? "" : isTelegram ? telegramControl(progress, asked) : controlOf(progress, asked)}</div>`}
    </li>`;
}
