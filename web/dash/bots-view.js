import { button } from "../shared/components/button.js";
import { icon } from "../shared/components/icon.js";
import { describeError, emptyView, errorView, notice, skeleton } from "../shared/components/states.js";
import { countOf } from "../shared/js/format.js";
import { attrs, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { watch } from "./bots-watch.js";
import { checkedText, isCheckDue, LOOK_EVERY_MS, manyOf, stateOf } from "./bots-words.js";

/** @typedef {import("./bots-words.js").Bot} Bot */

const RANK = { broken: 0, attention: 1, ok: 2 };

/** How each bot is, and the next thing to do. @param {import("./overview-view.js").Context} context @returns {import("../shared/components/shell.js").View} */
export function botsView({ api, workspace }) {
  return {
    title: "Bots",
    mount(container, { signal }) {
      /** @type {Bot[]} */
      let bots = [];
      /** @type {unknown} */
      let trouble = null;
      let isNew = false;

      function show() {
        if (!bots.length) return render(container, nothingYet());
        render(container, list(bots, trouble));
      }

      async function look() {
        if (!isNew) bots = (await api.get("client/bots", { signal })).items;
        isNew = false;
        trouble = null;
        show();
        // Asking Telegram writes down what it says, which a visitor may not.
        for (const { id } of workspace.isVisited() ? [] : bots.filter(isCheckDue)) {
          const checked = await api.post(`client/bots/${id}/check`, undefined, { signal });
          bots = bots.map((bot) => (bot.id === id ? checked : bot));
          show();
        }
      }

      const first = () =>
        load(
          () => api.get("client/bots", { signal }),
          (loading) => {
            if (loading.phase === "slow") render(container, skeleton(["title", "card", "card"]));
            if (loading.phase === "failed") render(container, errorView(describeError(loading.error, "The bots could not be loaded")));
            if (loading.phase !== "ready") return;
            bots = loading.data.items;
            isNew = true;
            watch({
              everyMs: LOOK_EVERY_MS,
              signal,
              look,
              onTrouble: (error) => {
                trouble = error;
                show();
              },
            });
          },
        );
      listen(container, "click", "[data-action=retry]", () => void first());
      return first();
    },
  };
}

function nothingYet() {
  return emptyView({ icon: "bot", title: "There is no bot yet", text: "A bot that is connected to this workspace shows up here, with how it is and what it needs." });
}

/** The worst first. @param {Bot[]} bots @param {unknown} trouble */
function list(bots, trouble) {
  const sorted = [...bots].sort((one, other) => RANK[one.health.status] - RANK[other.health.status] || one.username.localeCompare(other.username));
  const ill = bots.filter(({ health }) => health.status !== "ok").length;
  return html`
    <header class="view-head"><div>
      <h2>${ill ? `${countOf(ill, "bot needs", "bots need")} a look` : bots.length === 1 ? "Your bot is well" : "Your bots are well"}</h2>
      <p class="muted">This page looks again by itself while it is in view.</p></div></header>
    ${stale(trouble)}
    <ul class="bots" role="list">${sorted.map(card)}</ul>`;
}

/** @param {unknown} trouble */
export function stale(trouble) {
  return trouble ? notice({ tone: "warning", icon: "wifi-off", children: `What stands here may be old. ${describeError(trouble, "").text}` }) : "";
}

/** @param {Bot} bot */
function card(bot) {
  const { label, tone } = stateOf(bot);
  return html`
    <li class="card bot" data-key="${bot.id}">
      <div class="card-head">
        <div class="two-lines"><h3><a href="#/telegram/bots/${bot.id}">@${bot.username}</a></h3><span class="muted small">${checkedText(bot)}</span></div>
        <span class="tag push"${attrs({ "data-tone": tone })}>${label}</span>
      </div>
      ${trouble(bot)}
      ${counts(bot)}
    </li>`;
}

/** @param {Bot} bot */
function trouble({ id, health, lost_channels }) {
  if (!health.problem) return html`<p class="row small">${icon("circle-check")}<span>Nothing to do.</span></p>`;
  return html`
    <div class="trouble" data-tone="${health.status === "broken" ? "danger" : "warning"}">
      <p><strong>${health.problem}</strong></p>
      <p>${health.next}</p>
      <div class="row">${fixButton(id, health, lost_channels[0])}</div>
    </div>`;
}

/**
 * The control that does what the sentence says; those that change something stand on the bot's own page.
 * @param {string} id @param {import("./bots-words.js").BotHealth} health @param {import("./bots-words.js").LostChannel | undefined} channel
 */
export function fixButton(id, { fix }, channel) {
  if (fix === "token") return button({ label: "Give it a new token", icon: "key-round", variant: "primary", href: `#/telegram/bots/${id}` });
  if (fix === "webhook") return button({ label: "Set the webhook anew", icon: "link", variant: "primary", href: `#/telegram/bots/${id}` });
  if (fix === "outbox") return button({ label: "Open the outbox", icon: "send", href: `#/telegram/outbox?show=dead&bot=${id}` });
  if (fix === "parked") return button({ label: "Open the outbox", icon: "send", href: `#/telegram/outbox?show=parked&bot=${id}` });
  if (fix === "channel" && channel) return button({ label: `Connect ${channel.title}`, icon: "external-link", href: channel.link, attributes: { target: "_blank", rel: "noopener" } });
  return "";
}

/** @param {Bot} bot */
export function counts({ waiting, dead, parked, channels, lost_channels, webhook }) {
  const figure = (/** @type {string} */ name, /** @type {string} */ value) => html`<div><dt>${name}</dt><dd class="numbers">${value}</dd></div>`;
  return html`
    <dl class="bot-counts">
      ${figure("Messages that wait", manyOf(waiting))}
      ${figure("Not gone out", manyOf(dead))}
      ${figure("Set aside", manyOf(parked))}
      ${figure("Wait at Telegram", webhook.pending === null ? "–" : manyOf(webhook.pending))}
      ${figure("Channels", lost_channels.length ? `${channels - lost_channels.length} of ${channels}` : String(channels))}
    </dl>`;
}

