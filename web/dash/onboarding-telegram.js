/** The first step of setting up: a bot by its token, a channel with one tap or by its name. */

import { button } from "../shared/components/button.js";
import { field } from "../shared/components/field.js";
import { icon } from "../shared/components/icon.js";
import { attrs, html } from "../shared/js/html.js";

/** @typedef {import("./onboarding-words.js").Progress} Progress */
/** @typedef {import("./onboarding-words.js").Asked} Asked */

const TOKEN = /^\s*\d+:[\w-]{20,}\s*$/;

/** @param {string} token */
export function problemOfToken(token) {
  return TOKEN.test(token) ? null : "Paste the whole token: a number, a colon and 35 letters.";
}

/** @param {string} name */
export function problemOfChannel(name) {
  return name.trim() ? null : "Type the channel's name, like @deals.";
}

/** What is there already. @param {Progress} progress */
export function telegramFacts({ telegram }) {
  return html`
    <ul class="set-up-facts" role="list">
      ${telegram.bots.map(
        ({ id, username, is_ready, problem, is_checked }) => html`
          <li data-key="bot-${id}">${icon(is_ready ? "circle-check" : "triangle-alert")}<span><a href="#/telegram/bots/${id}">@${username}</a>
            <span class="muted">${is_ready ? "answers" : is_checked ? problem : "is not finished"}</span></span></li>`,
      )}
      ${telegram.channels.map(
        ({ id, title, can_post, bot }) => html`
          <li data-key="channel-${id}">${icon(can_post ? "circle-check" : "triangle-alert")}<span>${title}
            <span class="muted">${can_post ? `@${bot} may post` : `@${bot} may not post now`}</span></span></li>`,
      )}
    </ul>`;
}

/** The control for what is missing. @param {Progress} progress @param {Asked} asked */
export function telegramControl({ telegram, next }, asked) {
  if (next?.do === "connect_bot") return botForm(asked);
  const bot = telegram.bots.find(({ is_ready }) => is_ready) ?? telegram.bots[0];
  if (next?.do === "mend_bot") {
    return html`
      ${bot.is_checked
        ? button({ label: `Open @${bot.username}`, icon: "bot", variant: "primary", href: `#/telegram/bots/${bot.id}` })
        : button({ label: "Finish connecting", icon: "link", variant: "primary", busy: asked.busy === "mend", attributes: { "data-mend": bot.id } })}
      ${asked.problems.mend && html`<p class="field-error" role="alert">${icon("circle-alert")}<span>${asked.problems.mend}</span></p>`}`;
  }
  return channelForm(bot, asked);
}

/** @param {Asked} asked */
function botForm({ busy, problems, maker, isMaking }) {
  return html`
    ${maker && html`
      <div class="row">
        ${button({ label: "Make my bot in Telegram", icon: "external-link", variant: "primary", href: maker, attributes: { target: "_blank", rel: "noopener", "data-make": "" } })}
        <span class="muted small" role="status">${isMaking ? "Come back here once it is made: it is connected then." : "Two taps; no token to copy."}</span>
      </div>
      <p class="muted small">Leave the username that Telegram suggests as it is: your bot is recognised by it.</p>
      ${problems.make && html`<p class="field-error" role="alert">${icon("circle-alert")}<span>${problems.make}</span></p>`}
      <p><strong>Or by its token:</strong></p>`}
    <ol class="set-up-how">
      <li>Open <a href="https://t.me/BotFather" target="_blank" rel="noopener">@BotFather</a> in Telegram: send <code>/newbot</code> and choose a name, or <code>/mybots</code> for one that you have.</li>
      <li>Copy the token it answers with, and paste it here.</li>
    </ol>
    <form class="stack set-up-form" data-form="bot" data-key="bot" autocomplete="off" novalidate>
      ${field({ id: "bot-token", label: "Token", type: "password", error: problems.bot ?? null, help: "It is tried with Telegram, kept sealed, and never shown again.", attributes: { maxlength: 200, autocomplete: "off", spellcheck: "false" } })}
      <div class="row">${button({ label: problems.bot ? "Try again" : "Connect the bot", type: "submit", variant: maker ? "secondary" : "primary", busy: busy === "bot" })}</div>
    </form>`;
}

/** @param {import("./onboarding-words.js").BotFacts} bot @param {Asked} asked */
function channelForm(bot, { busy, problems }) {
  return html`
    <div class="row">
      ${button({ label: "Connect a channel in Telegram", icon: "external-link", variant: "primary", href: bot.link, attributes: { target: "_blank", rel: "noopener" } })}
      <span class="muted small" role="status">It is here when you come back.</span>
    </div>
    <details class="set-up-other" data-key="channel"${attrs({ open: Boolean(problems.channel) })}>
      <summary>Or name a channel of which @${bot.username} is an administrator</summary>
      <form class="stack set-up-form" data-form="channel" data-bot="${bot.id}" autocomplete="off" novalidate>
        ${field({ id: "channel-name", label: "Channel", error: problems.channel ?? null, help: "Its name like @deals, its address, or its number like -1001234567890.", attributes: { maxlength: 200, autocomplete: "off", spellcheck: "false" } })}
        <div class="row">${button({ label: problems.channel ? "Try again" : "Connect this channel", type: "submit", busy: busy === "channel" })}</div>
      </form>
    </details>`;
}
