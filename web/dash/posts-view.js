import { button } from "../shared/components/button.js";
import { confirmDestruction } from "../shared/components/dialog.js";
import { selectField } from "../shared/components/field.js";
import { describeError, emptyView, errorView, noPermissionView, notice, skeleton } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { toast, toastError } from "../shared/components/toast.js";
import { isAbort } from "../shared/js/api.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { createPages, listAll } from "../shared/js/lists.js";
import { poll } from "../shared/js/poll.js";
import { load } from "../shared/js/state.js";
import { whoGrants } from "./people.js";
import { editCaption } from "./posts-caption.js";
import { composePost } from "./posts-compose.js";
import { channelCards, postColumns } from "./posts-rows.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("../shared/components/shell.js").Visit} Visit */
/** @typedef {import("./posts-words.js").Channel} Channel */
/** @typedef {import("./posts-words.js").Post} Post */
/** @typedef {{ items: Channel[], connect: { bot: string, link: string }[] }} Channels */

const EVERY_MS = 5_000;
const PAGE = 50;
const MOST_ROWS = 200;

/** Channels, and what is posted in them. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function postsView(context) {
  return { title: "Channel posts", mount: (container, visit) => new PostsPage(context, container, visit).start() };
}

class PostsPage {
  #context;
  #container;
  #visit;
  /** @type {Channels | null} */
  #channels = null;
  #channel;
  /** @type {ReturnType<typeof createPages>} */
  #pages;
  #turn = 0;
  #isBehind = false;

  /** @param {Context} context @param {HTMLElement} container @param {Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
    this.#channel = visit.place.query.get("channel") ?? "";
    this.#pages = this.#newPages();
  }

  async start() {
    const { workspace, api } = this.#context;
    if (!workspace.may("posts.read")) return render(this.#container, noPermissionView({ what: "channels and posts", who: await whoGrants(api, this.#visit.signal) }));
    render(this.#container, html`<div data-slot="who"></div><div data-slot="behind"></div><div class="stack" data-slot="head"></div><div class="stack" data-slot="posts"></div>`);
    if (!this.#mayWrite()) void this.#tellWho();
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "click", "[data-action=new]", (_event, control) => void this.#compose(control));
    listen(this.#container, "click", "[data-action=more]", () => void this.#more());
    listen(this.#container, "change", "#channel-filter", (_event, select) => this.#choose(/** @type {HTMLSelectElement} */ (select).value));
    listen(this.#container, "click", "[data-edit]", (_event, control) => void this.#edit(this.#post(control.dataset.edit)));
    listen(this.#container, "click", "[data-delete]", (_event, control) => void this.#delete(this.#post(control.dataset.delete)));
    await this.#load();
    poll(() => this.#look(), { everyMs: EVERY_MS, signal: this.#visit.signal });
  }

  #mayWrite() {
    return this.#context.workspace.may("posts.write");
  }

  async #tellWho() {
    const who = await whoGrants(this.#context.api, this.#visit.signal);
    render(this.#slot("who"), notice({ icon: "lock", children: `You can look, but not post. Ask ${who} for the role of admin.` }));
  }

  /** @param {string} name */
  #slot(name) {
    return find(this.#container, `[data-slot=${name}]`, HTMLElement);
  }

  /** @param {string | undefined} id */
  #post(id) {
    return /** @type {Post | undefined} */ (this.#pages.rows().find((each) => each.id === id));
  }

  #newPages(limit = PAGE) {
    const channel = this.#channel || null;
    return createPages(this.#context.api, "client/posts", { signal: this.#visit.signal, query: () => ({ channel }), limit });
  }

  /** @param {string} channel */
  #choose(channel) {
    this.#channel = channel;
    this.#visit.setFilters({ channel: channel || null });
    void this.#load();
  }

  #ask(/** @type {ReturnType<typeof createPages> | null} */ pages) {
    return Promise.all([this.#context.api.get("client/posts/channels", { signal: this.#visit.signal }), pages?.more({ again: true })]);
  }

  #load() {
    const mine = ++this.#turn;
    const pages = this.#newPages();
    const slot = this.#slot("posts");
    return load(
      () => this.#ask(pages),
      (loading) => {
        if (mine !== this.#turn) return;
        if (loading.phase === "slow" && !this.#channels) render(slot, skeleton(["title", "card", "card", "card"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "Channels and posts could not be loaded")));
        if (loading.phase === "ready") this.#took(pages, loading.data[0]);
      },
    );
  }

  /** Looks again, in silence: a channel that loses its rights shows up by itself. */
  async #look() {
    const mine = this.#turn;
    const count = this.#pages.rows().length;
    const pages = count > MOST_ROWS ? null : this.#newPages(Math.max(PAGE, count));
    try {
      const [channels] = await this.#ask(pages);
      if (mine === this.#turn) this.#took(pages ?? this.#pages, channels);
    } catch (error) {
      if (!isAbort(error) && mine === this.#turn) this.#setBehind(true);
    }
  }

  /** @param {boolean} isBehind */
  #setBehind(isBehind) {
    if (isBehind === this.#isBehind) return;
    this.#isBehind = isBehind;
    render(this.#slot("behind"), isBehind ? notice({ tone: "warning", icon: "wifi-off", children: "What you see may be out of date: the server does not answer. It is asked again every few seconds." }) : html``);
  }

  /** @param {ReturnType<typeof createPages>} pages @param {Channels} channels */
  #took(pages, channels) {
    this.#pages = pages;
    this.#channels = channels;
    this.#setBehind(false);
    this.#showHead(channels);
    this.#showPosts(channels);
  }

  /** @param {Channels} channels */
  #showHead({ items, connect }) {
    const mayPost = this.#mayWrite() && items.some(({ state }) => state === "connected");
    render(
      this.#slot("head"),
      html`
        <header class="view-head">
          <div><h2>Channels</h2><p class="muted">A bot posts where somebody let it. What waits for lost rights goes out when they are back.</p></div>
          ${mayPost && button({ label: "New post", icon: "plus", variant: "primary", attributes: { "data-action": "new" } })}
        </header>
        ${items.length ? channelCards(items, connect) : nothingConnected(connect)}`,
    );
  }

  /** @param {Channels} channels */
  #showPosts({ items }) {
    const slot = this.#slot("posts");
    const rows = this.#pages.rows();
    if (!items.length && !rows.length) return render(slot, html``);
    const choice = items.length > 1 && html`<div class="filter-bar">${selectField({ id: "channel-filter", label: "Posts of", value: this.#channel, options: [{ value: "", label: "All channels" }, ...items.map(({ id, title }) => ({ value: id, label: title }))] })}</div>`;
    const more = this.#pages.hasMore() && html`<div class="row">${button({ label: "Show more", variant: "outline", attributes: { "data-action": "more" } })}</div>`;
    const text = this.#mayWrite() ? "Make one here, or send a code to your bot and tap “Post to my channel”." : "What owner and admins post shows up here.";
    render(slot, html`<header class="view-head"><h2>Posts</h2></header>${choice}${rows.length ? html`<ps-table data-key="posts"></ps-table>${more}` : emptyView({ icon: "images", title: "Nothing was posted yet", text })}`);
    if (rows.length) find(slot, "ps-table", Table).model = { ...model(this.#mayWrite(), this.#context.config.assetBase), rows };
  }

  async #more() {
    try {
      await this.#pages.more();
      if (this.#channels) this.#showPosts(this.#channels);
    } catch (error) {
      if (!isAbort(error)) toastError(error);
    }
  }

  /** @param {HTMLElement} control */
  async #compose(control) {
    const slug = this.#context.workspace.current()?.slug ?? "";
    try {
      control.toggleAttribute("disabled", true);
      const { items: templates } = await this.#context.api.get("public/templates", { query: { tenant: slug }, signal: this.#visit.signal });
      const channels = (this.#channels?.items ?? []).filter(({ state }) => state === "connected");
      if (!templates.length) return void toast({ tone: "danger", text: "Publish a template first: a post is made from one." });
      const chosen = channels.filter(({ id }) => id === this.#channel);
      const post = await composePost(this.#context, { channels: [...chosen, ...channels.filter((each) => !chosen.includes(each))], templates });
      if (post) await this.#done(saidOf(post));
    } catch (error) {
      if (!isAbort(error)) toastError(error);
    } finally {
      control.toggleAttribute("disabled", false);
    }
  }

  /** @param {Post | undefined} post */
  async #edit(post) {
    if (!post) return;
    const changed = await editCaption(this.#context.api, post);
    if (changed) await this.#done(changed.change === "failed" ? `Telegram did not take the caption: ${changed.problem}` : "The caption is changed.", changed.change === "failed");
  }

  /** @param {Post | undefined} post */
  async #delete(post) {
    if (!post) return;
    const isOut = post.state === "posted";
    const isSure = await confirmDestruction({
      title: `Delete the post ${post.code} in ${post.channel}?`,
      consequence: isOut ? "It disappears from the channel for everybody. Telegram lets bots delete for 48 hours." : "It is never posted.",
      verb: "Delete post",
    });
    if (!isSure) return;
    try {
      const left = await this.#context.api.delete(`client/posts/${post.id}`, { timeoutMs: 30_000 });
      await this.#done(left.change === "undeleted" ? `It could not be deleted: ${left.problem}` : "The post is deleted.", left.change === "undeleted");
    } catch (error) {
      toastError(error);
      await this.#look();
    }
  }

  /** @param {string} text */
  async #done(text, isBad = false) {
    toast({ tone: isBad ? "danger" : "success", text });
    if (!this.#visit.signal.aborted) await this.#look();
  }
}

/** @param {Post} post */
function saidOf({ state, channel }) {
  if (state === "posted") return `Posted in ${channel}.`;
  return state === "scheduled" ? `Scheduled for ${channel}.` : `Handed over for ${channel}; see below what becomes of it.`;
}

/** @param {{ bot: string, link: string }[]} connect */
function nothingConnected(connect) {
  if (!connect.length) return emptyView({ icon: "bot", title: "There is no bot yet", text: "Connect a bot first; then it can post in your channels." });
  const links = connect.map(({ bot, link }, index) => button({ label: `Connect a channel with @${bot}`, icon: "link", variant: index ? "outline" : "primary", href: link, attributes: { target: "_blank", rel: "noopener" } }));
  return emptyView({ icon: "images", title: "No channel is connected", text: "Telegram asks which channel, and gives the bot exactly the rights that posting needs.", action: html`<div class="row connect">${links}</div>` });
}

/** @param {boolean} mayWrite @param {string} assetBase */
function model(mayWrite, assetBase) {
  return {
    label: "Posts",
    noun: /** @type {[string, string]} */ (["post", "posts"]),
    idOf: (/** @type {Post} */ row) => row.id,
    filters: [
      { key: "ahead", label: "Scheduled", test: (/** @type {Post} */ row) => ["scheduled", "sending", "held"].includes(row.state) },
      { key: "posted", label: "Posted", test: (/** @type {Post} */ row) => row.state === "posted" },
      { key: "failed", label: "Failed", test: (/** @type {Post} */ row) => ["failed", "unclear"].includes(row.state) || ["failed", "undeleted"].includes(row.change) },
    ],
    columns: postColumns(mayWrite, assetBase),
  };
}
