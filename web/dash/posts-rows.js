/** Channels as cards and posts as rows. */

import { button } from "../shared/components/button.js";
import { notice } from "../shared/components/states.js";
import { assetAddress } from "../shared/js/config.js";
import { formatDate } from "../shared/js/format.js";
import { attrs, html } from "../shared/js/html.js";
import { authorOf, mayChange, momentOf, needsOutbox, noteOf, plainOf, stateOf } from "./posts-words.js";

/** @typedef {import("./posts-words.js").Channel} Channel */
/** @typedef {import("./posts-words.js").Post} Post */

const OUTSIDE = { target: "_blank", rel: "noopener" };
const SMALL = /** @type {const} */ ({ size: "small", iconOnly: true, variant: "ghost" });

/** @param {Channel[]} channels @param {{ bot: string, link: string }[]} connect */
export function channelCards(channels, connect) {
  return html`
    <div class="card-grid channels">
      ${channels.map(
        (channel) => html`
          <section class="card stack" data-key="${channel.id}" data-channel="${channel.id}" aria-label="${channel.title}">
            <div class="channel-head">
              <span class="two-lines"><strong dir="auto">${channel.title}</strong><span class="muted small">${channel.username && `@${channel.username} · `}posts by @${channel.bot}</span></span>
              ${channel.state === "connected" ? html`<span class="tag" data-tone="success">Connected</span>` : html`<span class="tag" data-tone="danger">Cannot post</span>`}
            </div>
            ${
              channel.state === "broken"
                ? html`${notice({ tone: "warning", icon: "triangle-alert", children: channel.next ?? "Connect the channel again." })}
                    <div class="row">${button({ label: "Connect again", icon: "link", variant: "primary", size: "small", href: channel.link, attributes: { ...OUTSIDE, "aria-label": `Connect again: ${channel.title}` } })}</div>`
                : html`<p class="muted small">Since ${formatDate(new Date(channel.connected_at))}</p>`
            }
          </section>`,
      )}
    </div>
    <div class="row connect">${connect.map(({ bot, link }) => button({ label: `Connect a channel with @${bot}`, icon: "link", variant: "outline", href: link, attributes: OUTSIDE }))}</div>`;
}

/** @param {boolean} mayWrite @param {string} assetBase @returns {import("../shared/components/table-data.js").Column<Post>[]} */
export function postColumns(mayWrite, assetBase) {
  return [
    { key: "post", label: "Post", fixed: true, value: (row) => plainOf(row.caption), show: (row) => post(row, assetBase) },
    { key: "state", label: "State", value: (row) => stateOf(row).label, show: state },
    { key: "channel", label: "Channel", value: (row) => row.channel, show: (row) => html`<span class="letter-chat" dir="auto">${row.channel}</span>` },
    { key: "at", label: "When", value: (row) => new Date(row.posted_at ?? row.due_at), show: (row) => html`<span class="two-lines"><span>${momentOf(row)}</span><span class="muted small">${authorOf(row)}</span></span>` },
    { key: "act", label: "Actions", fixed: true, control: true, align: "end", value: () => null, show: (row) => actions(row, mayWrite) },
  ];
}

/** @param {Post} row @param {string} assetBase */
function post(row, assetBase) {
  return html`
    <span class="post-cell">
      <img src="${assetAddress(row.picture_url, assetBase)}" alt="" loading="lazy">
      <span class="two-lines"><span class="post-caption" dir="auto">${plainOf(row.caption)}</span><code class="small">${row.code}</code></span>
    </span>`;
}

/** @param {Post} row */
function state(row) {
  const { label, tone } = stateOf(row);
  const said = noteOf(row);
  return html`<span class="two-lines letter-why"><span><span class="tag"${attrs({ "data-tone": tone })}>${label}</span></span>${said && html`<span class="small muted">${said.text}${needsOutbox(row) && html` <a href="#/telegram/outbox?show=all&amp;source=post:${row.id}">See it in the outbox</a>`}</span>`}</span>`;
}

/** @param {Post} row @param {boolean} mayWrite */
function actions(row, mayWrite) {
  const named = `${row.code} in ${row.channel}`;
  return html`<span class="row-actions">
    ${row.link && button({ label: `Open ${named} in Telegram`, icon: "external-link", ...SMALL, href: row.link, attributes: OUTSIDE })}
    ${mayWrite && mayChange(row) && button({ label: `Edit the caption of ${named}`, icon: "pencil", ...SMALL, attributes: { "data-edit": row.id } })}
    ${mayWrite && mayChange(row) && button({ label: `Delete ${named}`, icon: "trash", ...SMALL, attributes: { "data-delete": row.id } })}
  </span>`;
}
