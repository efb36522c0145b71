import { button } from "../shared/components/button.js";
import { describeError, emptyView, errorView, noPermissionView, skeleton } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { formatDate, formatMoment } from "../shared/js/format.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { createPages } from "../shared/js/lists.js";
import { load } from "../shared/js/state.js";
import { lineState, plainText, whatOf } from "./bots-words.js";
import { whoGrants } from "./people.js";

/** @typedef {{ direction: "in" | "out", at: string, bot_id: string, bot: string, what: string, text: string, state: string, error: string | null, kind: string | null, finished_at: string | null }} Line */

/** What was said in one chat, the latest at the bottom. @param {import("./overview-view.js").Context} context @returns {import("../shared/components/shell.js").View} */
export function chatView({ api, workspace }) {
  return {
    title: "Chat",
    async mount(container, { place, signal }) {
      if (!workspace.may("chats.read")) {
        return render(container, noPermissionView({ what: "what people write to the bots", who: await whoGrants(api, signal) }));
      }
      const chat = place.params.chat;
      const pages = createPages(api, `client/bots/chats/${encodeURIComponent(chat)}`, { signal });
      render(container, html`${head(chat)}<div class="stack" data-slot="lines"></div>`);
      const slot = find(container, "[data-slot=lines]", HTMLElement);
      const show = () => render(slot, history(pages.rows(), pages.hasMore()));

      const start = () =>
        load(
          () => pages.more({ again: true }),
          (loading) => {
            if (loading.phase === "slow") render(slot, skeleton(["half", "card", "half", "card"]));
            if (loading.phase === "failed") render(slot, failed(loading.error));
            if (loading.phase === "ready") show();
          },
        );
      listen(container, "click", "[data-action=retry]", () => void start());
      listen(container, "click", "[data-action=more]", () => {
        pages.more().then(show, (error) => toast({ tone: "danger", text: describeError(error, "").text }));
      });
      return start();
    },
  };
}

/** @param {string} chat */
function head(chat) {
  const isPrivate = !chat.startsWith("-");
  return html`
    <header class="view-head">
      <div><h2>${isPrivate ? `Chat with ${chat}` : `Chat ${chat}`}</h2>
        <p class="muted">What people wrote is kept for two days, what the bots sent for longer. The number is Telegram's.</p></div>
      ${isPrivate && button({ label: "Steps of this person", icon: "user", variant: "outline", href: `#/telegram/analytics/people/${chat}` })}
    </header>`;
}

/** @param {unknown} error */
function failed(error) {
  const code = /** @type {{ code?: string }} */ (error).code;
  if (code === "chat_not_found") return emptyView({ icon: "send", title: "Nothing is kept of this chat", text: "No bot of yours has written to it, and nobody has written there within two days." });
  return errorView(describeError(error, "This chat could not be loaded"));
}

/** @param {Line[]} newestFirst @param {boolean} hasMore */
function history(newestFirst, hasMore) {
  const lines = [...newestFirst].reverse();
  const days = Map.groupBy(lines, ({ at }) => formatDate(new Date(at)));
  return html`
    ${hasMore && html`<div class="row">${button({ label: "Show older ones", icon: "arrow-up", variant: "outline", attributes: { "data-action": "more" } })}</div>`}
    ${[...days].map(([day, said]) => html`<section class="chat-day" aria-label="${day}"><h3 class="muted small">${day}</h3><ol class="chat" role="list">${said.map(bubble)}</ol></section>`)}`;
}

/** @param {Line} line */
function bubble(line) {
  const { direction, at, bot, what, text, error, finished_at } = line;
  const { label, tone } = lineState(line);
  const words = direction === "out" ? plainText(text) : text;
  const name = whatOf(what);
  return html`
    <li class="bubble" data-from="${direction}">
      <p class="small muted">${direction === "in" ? "The person" : `@${bot}`} · <time datetime="${at}">${formatMoment(new Date(at))}</time></p>
      ${name && html`<p class="muted">${name}</p>`}
      ${words && html`<p class="said">${words}</p>`}
      <p class="small row"><span class="tag"${attrs({ "data-tone": tone })}>${label}</span>${finished_at && direction === "out" && html`<span class="muted">${formatMoment(new Date(finished_at))}</span>`}${error && direction === "out" && html`<span>${error}</span>`}</p>
    </li>`;
}
