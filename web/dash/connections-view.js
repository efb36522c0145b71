import { button } from "../shared/components/button.js";
import { confirmDestruction } from "../shared/components/dialog.js";
import { icon } from "../shared/components/icon.js";
import { describeError, errorView, notice, skeleton } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { isAbort } from "../shared/js/api.js";
import { countOf } from "../shared/js/format.js";
import { attrs, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { fixButton, stale } from "./bots-view.js";
import { watch } from "./bots-watch.js";
import { connectBot, connectChannel, connectVendor, TIMEOUT_MS } from "./connections-dialogs.js";
import { countIll, factsOfVendor, PURPOSES, ROLES, stateOfBot, stateOfVendor } from "./connections-words.js";
import { wordsOf } from "./onboarding-words.js";
import { whoGrants } from "./people.js";

/** @typedef {import("./connections-words.js").Vendor} Vendor */
/** @typedef {import("./connections-words.js").BotFacts} BotFacts */
/** @typedef {import("./onboarding-words.js").ChannelFacts} ChannelFacts */
/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("../shared/components/shell.js").Visit} Visit */
/** @typedef {{ bots: BotFacts[], channels: ChannelFacts[], vendors: Vendor[], who: string | null }} Known `who` grants what the reader lacks */

const LOOK_EVERY_MS = 15_000;

/** What the workspace is connected with: how each is, and the next thing to do. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function connectionsView(context) {
  return { title: "Connections", mount: (container, visit) => new Connections(context, container, visit).start() };
}

class Connections {
  /** @type {Known | null} */
  #known = null;
  /** The one that is being worked on. @type {string | null} */
  #busy = null;
  /** @type {unknown} */
  #trouble = null;
  #isNew = true;
  #context;
  #container;
  #visit;

  /** @param {Context} context @param {HTMLElement} container @param {Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
  }

  start() {
    const on = (/** @type {string} */ name, /** @type {(id: string) => Promise<void>} */ act) =>
      listen(this.#container, "click", `[data-${name}]`, (_event, control) => void (this.#busy || act(control.getAttribute(`data-${name}`) ?? "")));
    on("add-bot", () => this.#added(connectBot(this.#api), ({ username }) => `@${username} is connected.`));
    on("check-bot", (id) => this.#work(id, () => this.#api.post(`client/bots/${id}/check`, undefined, { timeoutMs: TIMEOUT_MS }), ({ health, username }) => health.problem ?? `@${username} works.`));
    on("drop-bot", (id) => this.#dropBot(this.#bot(id)));
    on("add-channel", (id) => this.#added(connectChannel(this.#api, this.#bot(id)), ({ title }) => `${title} is connected.`));
    on("check-channel", (id) => this.#checkChannel(this.#channel(id)));
    on("drop-channel", (id) => this.#dropChannel(this.#channel(id)));
    on("connect", (kind) => this.#added(connectVendor(this.#api, this.#vendor(kind)), ({ name }) => `${name} is connected.`));
    on("check", (kind) => this.#work(kind, () => this.#api.post(`client/vendors/${kind}/check`, undefined, { timeoutMs: TIMEOUT_MS }), ({ name, problem }) => problem ?? `${name} works.`));
    on("drop", (kind) => this.#dropVendor(this.#vendor(kind)));
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    return this.#load();
  }

  get #api() {
    return this.#context.api;
  }

  /** @param {string} id */
  #bot = (id) => /** @type {BotFacts} */ (this.#known?.bots.find((each) => each.id === id));
  /** @param {string} id */
  #channel = (id) => /** @type {ChannelFacts} */ (this.#known?.channels.find((each) => each.id === id));
  /** @param {string} kind */
  #vendor = (kind) => /** @type {Vendor} */ (this.#known?.vendors.find((each) => each.kind === kind));

  #load() {
    return load(
      () => this.#ask(),
      (loading) => {
        if (loading.phase === "slow") render(this.#container, skeleton(["title", "card", "card", "card"]));
        if (loading.phase === "failed") render(this.#container, errorView(describeError(loading.error, "The connections could not be loaded")));
        if (loading.phase !== "ready") return;
        this.#known = loading.data;
        this.#show();
        watch({ everyMs: LOOK_EVERY_MS, signal: this.#visit.signal, look: () => this.#look(), onTrouble: (error) => ((this.#trouble = error), this.#show()) });
      },
    );
  }

  /** @returns {Promise<Known>} */
  async #ask() {
    const { signal } = this.#visit;
    const [{ telegram }, { items }] = await Promise.all([this.#api.get("client/connections", { signal }), this.#api.get("client/vendors", { signal })]);
    const who = this.#context.workspace.may("connections.write") ? null : (this.#known?.who ?? (await whoGrants(this.#api, signal)));
    return { bots: telegram.bots, channels: telegram.channels, vendors: items, who };
  }

  async #look() {
    if (!this.#isNew) this.#known = await this.#ask();
    this.#isNew = false;
    this.#trouble = null;
    this.#show();
  }

  #show() {
    if (this.#known && !this.#visit.signal.aborted) render(this.#container, page(this.#known, this.#busy, this.#trouble));
  }

  /** @param {Promise<any>} asking null when dismissed @param {(done: any) => string} words */
  async #added(asking, words) {
    const done = await asking;
    if (done) toast({ tone: "success", text: words(done) });
    // Also when it was dismissed after a refusal: what was begun is there.
    await this.#look().catch(() => this.#show());
  }

  /** @param {string} key @param {() => Promise<any>} act @param {(done: any) => string} words */
  async #work(key, act, words) {
    this.#busy = key;
    this.#show();
    try {
      const done = await act();
      toast({ tone: done.problem || done.health?.problem ? "danger" : "success", text: words(done) });
    } catch (error) {
      if (isAbort(error)) return;
      toast({ tone: "danger", text: wordsOf(error) });
    }
    this.#busy = null;
    await this.#look().catch(() => this.#show());
  }

  /** @param {BotFacts} bot */
  async #dropBot({ id, username }) {
    const consequence = `It answers nobody any more, what waits to be sent is cancelled, and its channels go with it. Its chats and figures stay, and the bot itself stays yours at @BotFather.`;
    const isSure = await confirmDestruction({ title: `Disconnect @${username}?`, consequence, verb: "Disconnect the bot" });
    if (isSure) await this.#work(id, () => this.#api.delete(`client/connections/bots/${id}`, { timeoutMs: TIMEOUT_MS }), () => `@${username} is disconnected.`);
  }

  /** The same call that connects it: Telegram is asked for the bot's rights. @param {ChannelFacts} channel */
  #checkChannel({ id, number, bot_id, bot, title }) {
    return this.#work(id, () => this.#api.post("client/connections/channels", { bot: bot_id, channel: number }, { timeoutMs: TIMEOUT_MS }), () => `@${bot} may post in ${title}.`);
  }

  /** @param {ChannelFacts} channel */
  async #dropChannel({ id, title, bot }) {
    const consequence = `@${bot} leaves the channel, and posts that wait for it are cancelled. What was posted stays.`;
    const isSure = await confirmDestruction({ title: `Disconnect ${title}?`, consequence, verb: "Disconnect the channel" });
    if (isSure) await this.#work(id, () => this.#api.delete(`client/connections/channels/${id}`, { timeoutMs: TIMEOUT_MS }), () => `${title} is disconnected.`);
  }

  /** @param {Vendor} vendor */
  async #dropVendor({ kind, name }) {
    const places = kind === "stripe" || kind === "funderpro" ? " Codes are no longer checked there." : "";
    const consequence = kind === "funderpro" ? `Codes are no longer checked there.` : `Its key is forgotten here; end it at ${name} too.${places}`;
    const isSure = await confirmDestruction({ title: `Disconnect ${name}?`, consequence, verb: `Disconnect ${name}` });
    if (isSure) await this.#work(kind, () => this.#api.delete(`client/vendors/${kind}`), () => `${name} is disconnected.`);
  }
}

/** @param {Known} known @param {string | null} busy @param {unknown} trouble */
function page({ bots, channels, vendors, who }, busy, trouble) {
  const ill = countIll(bots, channels, vendors);
  return html`
    <header class="view-head"><div>
      <h2>${ill ? `${countOf(ill, "connection needs", "connections need")} a look` : "Connections"}</h2>
      <p class="muted">What this workspace works with. Keys and tokens are kept sealed and never shown.</p></div>
      ${who ? "" : button({ label: "Connect a bot", icon: "plus", variant: bots.length ? "secondary" : "primary", attributes: { "data-add-bot": "" } })}</header>
    ${who && notice({ icon: "lock", children: `You can look, but not change connections. Ask ${who} for the role of admin.` })}
    ${stale(trouble)}
    <ul class="bots" role="list" aria-label="Bots">
      ${bots.map((bot) => botCard(bot, channels.filter(({ bot_id }) => bot_id === bot.id), busy, !who))}
      ${bots.length ? "" : html`<li class="card" data-key="none"><p>There is no bot yet. ${who ? "" : "Connect one: it answers people and posts in your channels."}</p></li>`}
    </ul>
    <h2>Services</h2>
    <ul class="bots" role="list" aria-label="Services">${vendors.map((vendor) => vendorCard(vendor, busy, !who))}</ul>`;
}

/** @param {BotFacts} bot @param {ChannelFacts[]} channels @param {string | null} busy @param {boolean} mayWrite */
function botCard(bot, channels, busy, mayWrite) {
  const { id, username, roles, is_ready, problem, next, fix, link } = bot;
  const { label, tone } = stateOfBot(bot);
  return html`
    <li class="card bot" data-key="${id}">
      <div class="card-head">
        <div class="two-lines"><h3><a href="#/telegram/bots/${id}">@${username}</a></h3><span class="muted small">${roles.map((role) => ROLES[role]).join(" and ").replace(" and Signal", " and signal")}</span></div>
        <span class="tag push" data-tone="${tone}">${label}</span>
      </div>
      ${problem && told(tone, problem, next, mayWrite && fixButton(id, /** @type {any} */ ({ fix }), /** @type {any} */ ({ title: "the channel", link })))}
      <ul class="connected" role="list" aria-label="Channels of @${username}">${channels.map((each) => channelLine(each, busy, mayWrite))}</ul>
      <div class="row">
        ${mayWrite && is_ready && button({ label: "Connect a channel in Telegram", icon: "external-link", size: "small", href: link, attributes: { target: "_blank", rel: "noopener" } })}
        ${mayWrite && is_ready && button({ label: "By its name", size: "small", variant: "outline", attributes: { "data-add-channel": id } })}
        ${button({ label: "Check", icon: "refresh-cw", size: "small", variant: "outline", busy: busy === id, attributes: { "data-check-bot": id } })}
        ${mayWrite && fix !== "token" && button({ label: "New token", icon: "key-round", size: "small", variant: "outline", href: `#/telegram/bots/${id}` })}
        ${mayWrite && button({ label: "Disconnect", size: "small", variant: "ghost", attributes: { "data-drop-bot": id } })}
      </div>
    </li>`;
}

/** @param {ChannelFacts} channel @param {string | null} busy @param {boolean} mayWrite */
function channelLine({ id, title, username, can_post }, busy, mayWrite) {
  return html`
    <li data-key="${id}"${attrs({ "data-tone": can_post ? null : "warning" })}>
      ${icon(can_post ? "circle-check" : "triangle-alert")}
      <span class="two-lines"><strong>${title}</strong><span class="muted small">${username ? `@${username} · ` : ""}${can_post ? "The bot may post" : "The bot may not post now"}</span></span>
      ${mayWrite && html`<span class="row push">
        ${button({ label: `Check ${title}`, icon: "refresh-cw", iconOnly: true, size: "small", variant: "outline", busy: busy === id, attributes: { "data-check-channel": id } })}
        ${button({ label: `Disconnect ${title}`, icon: "x", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-drop-channel": id } })}</span>`}
    </li>`;
}

/** @param {Vendor} vendor @param {string | null} busy @param {boolean} mayWrite */
function vendorCard(vendor, busy, mayWrite) {
  const { kind, name, is_connected, problem, next } = vendor;
  const { label, tone } = stateOfVendor(vendor);
  const change = kind === "funderpro" ? "Change" : "Replace the key";
  return html`
    <li class="card bot" data-key="${kind}">
      <div class="card-head">
        <div class="two-lines"><h3>${name}</h3><span class="muted small">${PURPOSES[kind]}</span></div>
        <span class="tag push"${attrs({ "data-tone": tone })}>${label}</span>
      </div>
      ${is_connected && html`<p class="muted small">${factsOfVendor(vendor)}</p>`}
      ${problem && told(tone, problem, next, "")}
      ${mayWrite && html`<div class="row">
        ${is_connected ? "" : button({ label: `Connect ${name}`, icon: "link", size: "small", attributes: { "data-connect": kind } })}
        ${is_connected && button({ label: `Check`, icon: "refresh-cw", size: "small", variant: "outline", busy: busy === kind, attributes: { "data-check": kind, "aria-label": `Check ${name}` } })}
        ${is_connected && button({ label: change, icon: "key-round", size: "small", variant: "outline", attributes: { "data-connect": kind, "aria-label": `${change} of ${name}` } })}
        ${is_connected && button({ label: "Disconnect", size: "small", variant: "ghost", attributes: { "data-drop": kind, "aria-label": `Disconnect ${name}` } })}
      </div>`}
    </li>`;
}

/** @param {string | null} tone @param {string} problem @param {string | null} next @param {import("../shared/js/html.js").Html | string | false} control */
function told(tone, problem, next, control) {
  return html`<div class="trouble" data-tone="${tone ?? "warning"}"><p><strong>${problem}</strong></p><p>${next}</p>${control && html`<div class="row">${control}</div>`}</div>`;
}
