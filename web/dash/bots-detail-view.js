import { button } from "../shared/components/button.js";
import { field, showFieldError, watchForm } from "../shared/components/field.js";
import { icon } from "../shared/components/icon.js";
import { segmented } from "../shared/components/segmented.js";
import { describeError, errorView, notice, skeleton } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { formatRelative } from "../shared/js/format.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { mountRate } from "./bots-rate.js";
import { counts, fixButton, stale } from "./bots-view.js";
import { watch } from "./bots-watch.js";
import { checkedText, isCheckDue, LOOK_EVERY_MS, stateOf } from "./bots-words.js";
import { whoGrants } from "./people.js";

/** @typedef {import("./bots-words.js").Bot} Bot */
/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("../shared/components/shell.js").Visit} Visit */

const GROUPS = [
  { value: "polite", label: "Lead to the private chat" },
  { value: "silent", label: "Say nothing" },
];
const MANNERS = /** @type {Record<string, string>} */ ({
  polite: "Spoken to in a group, the bot says once a minute at most that it works in private, with a button that leads there.",
  silent: "Spoken to in a group, the bot says nothing.",
});

/** One bot: what it needs, its token, its manners, what it sends. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function botView(context) {
  return { title: "Bot", mount: (container, visit) => new BotPage(context, container, visit).start() };
}

class BotPage {
  /** @type {Bot | null} */
  #bot = null;
  /** @type {unknown} */
  #trouble = null;
  #isNew = false;
  #context;
  #container;
  #visit;
  #path;

  /** @param {Context} context @param {HTMLElement} container @param {Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
    this.#path = `client/bots/${encodeURIComponent(visit.place.params.bot)}`;
  }

  start() {
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    return this.#load();
  }

  #load() {
    const { signal } = this.#visit;
    return load(
      () => this.#context.api.get(this.#path, { signal }),
      (loading) => {
        if (loading.phase === "slow") render(this.#container, skeleton(["title", "card", "card", "card"]));
        if (loading.phase === "failed") render(this.#container, errorView(describeError(loading.error, "This bot could not be loaded")));
        if (loading.phase === "ready") this.#run(loading.data);
      },
    );
  }

  /** @param {Bot} bot */
  #run(bot) {
    const { signal } = this.#visit;
    const mayWrite = this.#context.workspace.may("bots.write");
    this.#bot = bot;
    this.#isNew = true;
    // What is looked at again has places of its own, so that nothing that is typed or chosen is touched.
    render(
      this.#container,
      html`
        <div class="bot-now" data-slot="now"></div>
        ${!mayWrite && html`<div data-slot="who"></div>`}
        ${mayWrite && tokenCard()}
        <section class="card rate-card" data-slot="rate"></section>
        <section class="card" data-slot="groups"></section>`,
    );
    this.#show();
    this.#showGroups(bot.group_answer);
    mountRate(this.#slot("rate"), { api: this.#context.api, path: `${this.#path}/rate`, signal });
    if (mayWrite) this.#watchToken();
    else void whoGrants(this.#context.api, signal).then((who) => render(this.#slot("who"), notice({ icon: "lock", children: `You can look, but not change the bot. Ask ${who} for the role of admin.` })));
    const watching = watch({ everyMs: LOOK_EVERY_MS, signal, look: () => this.#look(), onTrouble: (error) => this.#fail(error) });
    listen(this.#container, "click", "[data-check]", () => void this.#ask("check").then(watching.now));
    listen(this.#container, "click", "[data-webhook]", () => void this.#ask("webhook"));
    listen(this.#container, "click", "[data-open-token]", () => this.#openToken());
    listen(this.#container, "change", "input[name=group_answer]", (_event, input) => void this.#choose(/** @type {HTMLInputElement} */ (input).value));
  }

  /** @param {string} name */
  #slot(name) {
    return find(this.#container, `[data-slot=${name}]`, HTMLElement);
  }

  async #look() {
    const { api, workspace } = this.#context;
    const { signal } = this.#visit;
    if (!this.#isNew) this.#bot = await api.get(this.#path, { signal });
    this.#isNew = false;
    this.#trouble = null;
    this.#show();
    // Asking Telegram writes down what it says, which somebody of the platform who looks in may not.
    if (!this.#bot || workspace.isVisited() || !isCheckDue(this.#bot)) return;
    this.#bot = await api.post(`${this.#path}/check`, undefined, { signal });
    this.#show();
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#trouble = error;
    this.#show();
  }

  #show() {
    if (this.#bot) render(this.#slot("now"), now(this.#bot, this.#trouble, this.#context.workspace.may("bots.write")));
  }

  /** @param {"check" | "webhook"} what */
  async #ask(what) {
    try {
      this.#bot = await this.#context.api.post(`${this.#path}/${what}`, undefined);
      if (this.#visit.signal.aborted) return;
      this.#show();
      const well = what === "check" ? "Telegram was asked." : "The webhook is set anew.";
      if (what === "check" || this.#bot?.health.status === "ok") toast({ tone: "success", text: well });
    } catch (error) {
      toast({ tone: "danger", text: describeError(error, "").text });
    }
  }

  #openToken() {
    const card = find(this.#container, "[data-token-card]", HTMLDetailsElement);
    card.open = true;
    find(card, "#token", HTMLInputElement).focus();
  }

  #watchToken() {
    const form = find(this.#container, "form[data-form=token]", HTMLFormElement);
    const input = find(form, "#token", HTMLInputElement);
    const foot = find(form, "[data-slot=foot]", HTMLElement);
    const showFoot = (/** @type {boolean} */ busy) => render(foot, button({ label: "Try it and keep it", type: "submit", variant: "primary", busy }));
    showFoot(false);
    watchForm(form, {
      problemOf: ({ value }) => (/^\s*\d+:[\w-]{20,}\s*$/.test(value) ? null : "Paste the whole token: a number, a colon and 35 letters."),
      onValid: () => void send(),
    });
    const send = async () => {
      showFoot(true);
      try {
        this.#bot = await this.#context.api.put(`${this.#path}/token`, { token: input.value });
        input.value = "";
        toast({ tone: "success", text: "The token works. What waits goes out within a minute." });
        if (this.#visit.signal.aborted) return;
        find(this.#container, "[data-token-card]", HTMLDetailsElement).open = false;
        this.#show();
      } catch (error) {
        showFieldError(input, describeError(error, "").text);
        input.focus();
      }
      showFoot(false);
    };
  }

  /** @param {string} chosen */
  #showGroups(chosen) {
    const mayWrite = this.#context.workspace.may("bots.write");
    render(
      this.#slot("groups"),
      html`
        <div class="card-head"><div><h2>In groups</h2><p class="muted small" role="status">${MANNERS[chosen]}</p></div></div>
        ${segmented({ name: "group_answer", label: "When somebody speaks to the bot in a group", value: chosen, options: GROUPS.map((option) => ({ ...option, disabled: !mayWrite })) })}`,
    );
  }

  /** At once, with a way back. @param {string} wanted @param {{ undo?: boolean }} [options] */
  async #choose(wanted, { undo = true } = {}) {
    const before = this.#bot?.group_answer ?? "polite";
    this.#showGroups(wanted);
    try {
      this.#bot = await this.#context.api.put(`${this.#path}/settings`, { group_answer: wanted });
      toast({ tone: "success", text: "The bot behaves so from now on.", action: undo ? { label: "Undo", run: () => void this.#choose(before, { undo: false }) } : undefined });
    } catch (error) {
      toast({ tone: "danger", text: describeError(error, "").text });
    }
    if (!this.#visit.signal.aborted) this.#showGroups(this.#bot?.group_answer ?? before);
  }
}

/** @param {Bot} bot @param {unknown} trouble @param {boolean} mayWrite */
function now(bot, trouble, mayWrite) {
  const { label, tone } = stateOf(bot);
  return html`
    <header class="view-head">
      <div><h2 class="row">@${bot.username} <span class="tag"${attrs({ "data-tone": tone })}>${label}</span></h2>
        <p class="muted">${checkedText(bot)}. Here since ${formatRelative(new Date(bot.created_at))}.</p></div>
      <span class="row">${button({ label: "All bots", icon: "arrow-left", variant: "outline", href: "#/telegram/bots" })}${button({ label: "Check now", icon: "refresh-cw", attributes: { "data-check": "" } })}</span>
    </header>
    ${stale(trouble)}
    <section class="card bot" aria-label="What the bot needs">
      ${bot.health.problem ? problem(bot, mayWrite) : html`<p class="row">${icon("circle-check")}<span>The bot is well. There is nothing to do.</span></p>`}
      ${counts(bot)}
      <p class="row"><a${attrs({ href: `#/telegram/outbox?show=all&bot=${bot.id}` })}>Its messages in the outbox</a></p>
    </section>`;
}

/** @param {Bot} bot @param {boolean} mayWrite */
function problem({ id, health, lost_channels }, mayWrite) {
  const own = {
    token: button({ label: "Give it a new token", icon: "key-round", variant: "primary", attributes: { "data-open-token": "" } }),
    webhook: button({ label: "Set the webhook anew", icon: "link", variant: "primary", attributes: { "data-webhook": "" } }),
  };
  const control = health.fix === "token" || health.fix === "webhook" ? mayWrite && own[health.fix] : null;
  const links = lost_channels.map((channel) => fixButton(id, { ...health, fix: "channel" }, channel));
  return html`
    <div class="trouble" data-tone="${health.status === "broken" ? "danger" : "warning"}" role="status">
      <p><strong>${health.problem}</strong></p>
      <p>${health.next}</p>
      <div class="row">${control ?? (health.fix === "channel" ? links : fixButton(id, health, undefined))}</div>
    </div>`;
}

function tokenCard() {
  return html`
    <details class="card token-card" data-token-card>
      <summary>Give the bot a new token</summary>
      <form class="stack settings-form" data-form="token" autocomplete="off">
        ${field({ id: "token", label: "Token", type: "password", help: "From @BotFather: /mybots, the bot, “API Token”. It is tried with Telegram first, kept sealed, and never shown again.", attributes: { maxlength: 200, autocomplete: "off", spellcheck: "false" } })}
        <div class="row" data-slot="foot"></div>
      </form>
    </details>`;
}
