import { askFor } from "../shared/components/ask.js";
import { button } from "../shared/components/button.js";
import { confirmDestruction } from "../shared/components/dialog.js";
import { field, selectField } from "../shared/components/field.js";
import { describeError, emptyView, errorView, noPermissionView, notice, skeleton } from "../shared/components/states.js";
import { toast, toastError } from "../shared/components/toast.js";
import { titleCase } from "../shared/js/format.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { whoGrants } from "./people.js";
import { SPANS } from "./signals-backtests.js";
import { draftOf, strategyCard } from "./signals-cards.js";
import { paramsOf, parameterFields } from "./signals-form.js";
import { when } from "./signals-words.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("./signals-words.js").Card} Card */
/** @typedef {import("./signals-words.js").Desk} Desk */
/** @typedef {import("./signals-report.js").Backtest} Backtest */

const PAUSES = [["60", "An hour"], ["240", "Four hours"], ["1440", "A day"], ["10080", "A week"]];

/** Which strategy runs, with which parameters, where it posts and when it is kept back. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function strategiesView(context) {
  return { title: "Strategies", mount: (container, visit) => new StrategiesPage(context, container, visit).start() };
}

class StrategiesPage {
  #context;
  #container;
  #visit;
  /** @type {Desk | null} */
  #desk = null;
  /** @type {{ items: Card[], problems: { file: string, message: string }[] } | null} */
  #cards = null;
  /** @type {Backtest[]} */
  #tried = [];

  /** @param {Context} context @param {HTMLElement} container @param {import("../shared/components/shell.js").Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
  }

  async start() {
    const { workspace, api } = this.#context;
    const who = workspace.may("signals.write") ? "" : await whoGrants(api, this.#visit.signal);
    if (!workspace.may("signals.read")) return render(this.#container, noPermissionView({ what: "strategies", who }));
    render(this.#container, html`${who && notice({ icon: "lock", children: `You can look, but not choose. Ask ${who} for the role of admin.` })}<div class="stack" data-slot="page"></div>`);
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "click", "[data-choose]", (_event, control) => void this.#choose(this.#card(control.dataset.choose)));
    listen(this.#container, "click", "[data-rules]", (_event, control) => void this.#build(this.#card(control.dataset.rules)));
    listen(this.#container, "click", "[data-begin]", (_event, control) => void this.#begin(this.#card(control.dataset.begin)));
    listen(this.#container, "click", "[data-try]", (_event, control) => void this.#try(this.#card(control.dataset.try), control));
    listen(this.#container, "click", "[data-action=off]", () => void this.#switchOff());
    listen(this.#container, "click", "[data-action=pause]", () => void this.#pause());
    listen(this.#container, "click", "[data-action=resume]", () => void this.#send(() => api.delete("client/signals/pause"), "Signals go on."));
    listen(this.#container, "click", "[data-action=place]", () => void this.#place());
    listen(this.#container, "click", "[data-action=keep]", () => void this.#keep());
    await this.#load();
  }

  #mayWrite() {
    return this.#context.workspace.may("signals.write");
  }

  /** @param {string | undefined} key */
  #card(key) {
    return this.#cards?.items.find((card) => card.key === key);
  }

  #load() {
    const slot = find(this.#container, "[data-slot=page]", HTMLElement);
    const options = { signal: this.#visit.signal };
    return load(
      () => Promise.all(["desk", "strategies", "backtests"].map((what) => this.#context.api.get(`client/signals/${what}`, options))),
      (loading) => {
        if (loading.phase === "slow" && !this.#desk) render(slot, skeleton(["title", "card", "card"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "The strategies could not be loaded")));
        if (loading.phase === "ready") {
          [this.#desk, this.#cards, { items: this.#tried }] = loading.data;
          this.#show();
        }
      },
    );
  }

  #show() {
    if (!this.#desk || !this.#cards) return;
    const { desk, cards } = { desk: this.#desk, cards: this.#cards };
    const mayWrite = this.#mayWrite();
    render(
      find(this.#container, "[data-slot=page]", HTMLElement),
      html`
        <header class="view-head">
          <div><h2>Strategies</h2><p class="muted">A strategy proposes a plan or nothing at each bar's close. What it earned is in the public record, losses included; nobody promises what comes.</p></div>
          ${button({ label: "All signals", icon: "arrow-left", variant: "outline", href: "#/signals/all" })}
        </header>
        ${runCard(desk, cards.items, mayWrite)}
        ${placeCard(desk, mayWrite)}
        ${cards.problems.map(({ file, message }) => notice({ tone: "warning", icon: "triangle-alert", children: `${file} cannot be used: ${message}` }))}
        <div class="card-grid strategy-grid">${cards.items.map((card) => strategyCard(card, desk, this.#tried, mayWrite))}</div>`,
    );
  }

  /** @param {() => Promise<any>} work @param {string} text */
  async #send(work, text) {
    try {
      await work();
      toast({ tone: "success", text });
    } catch (error) {
      toastError(error);
    }
    if (!this.#visit.signal.aborted) await this.#load();
  }

  /** @param {Card | undefined} card */
  async #choose(card) {
    if (!card || !this.#desk) return;
    const { settings, living } = this.#desk;
    const kept = settings.strategy === card.key ? settings.params : {};
    const answer = await askFor({
      title: `${settings.strategy === card.key ? "Parameters of" : "Activate"} ${card.name}`,
      verb: settings.strategy === card.key ? "Save" : "Activate",
      body: html`
        <p class="muted">${living.length ? "A signal is open: what you choose begins when it has closed." : "It begins with the next bar that closes."}</p>
        ${parameterFields(card.parameters, kept)}`,
      problem: () => null,
      send: (form) => this.#context.api.put("client/signals/strategy", { strategy: card.key, params: paramsOf(form, card.parameters) }),
    });
    if (!answer) return;
    toast({ tone: "success", text: begins(card, answer) });
    if (!this.#visit.signal.aborted) await this.#load();
  }

  /** Rules of one's own are tried before they can begin. @param {Card | undefined} card */
  async #build(card) {
    if (!card || !this.#desk) return;
    const answer = await askFor({
      title: `Rules of ${card.name}`,
      verb: "Try on stored bars",
      body: html`
        <p class="muted">They are tried first, with your guard rails; then you can activate exactly these.</p>
        ${parameterFields(card.parameters, draftOf(card, this.#desk, this.#tried).params)}
        ${selectField({ id: "days", label: "Which bars", value: "28", options: SPANS.map(([value, label]) => ({ value, label })), help: "As far back as bars are stored." })}`,
      problem: () => null,
      send: (form) => {
        const days = Number(find(form, "#days", HTMLSelectElement).value);
        return this.#context.api.post("client/signals/backtests", { strategy: card.key, params: paramsOf(form, card.parameters), days });
      },
    });
    if (answer && !this.#visit.signal.aborted) location.hash = `#/signals/backtests?of=${answer.id}`;
  }

  /** What was tried last begins. @param {Card | undefined} card */
  async #begin(card) {
    if (!card || !this.#desk) return;
    const { params } = draftOf(card, this.#desk, this.#tried);
    try {
      const answer = await this.#context.api.put("client/signals/strategy", { strategy: card.key, params });
      toast({ tone: "success", text: begins(card, answer) });
    } catch (error) {
      toastError(error);
    }
    if (!this.#visit.signal.aborted) await this.#load();
  }

  /** @param {Card | undefined} card @param {HTMLElement} control */
  async #try(card, control) {
    if (!card || !this.#desk) return;
    control.toggleAttribute("disabled", true);
    try {
      const { params } = draftOf(card, this.#desk, this.#tried);
      const { sent } = await this.#context.api.post("client/signals/preview", { strategy: card.key, params }, { timeoutMs: 30_000 });
      toast({ tone: "success", text: sent ? "The preview is in your chat with the bot." : "The preview is on its way to your chat with the bot." });
    } catch (error) {
      toastError(error);
    } finally {
      control.toggleAttribute("disabled", false);
    }
  }

  async #switchOff() {
    const isSure = await confirmDestruction({ title: "Switch signals off?", consequence: "Nothing new is posted. A signal that is open is followed to its end, and the record stays as it is.", verb: "Switch off" });
    if (isSure) await this.#send(() => this.#context.api.put("client/signals/strategy", { strategy: null }), "Signals are switched off.");
  }

  /** The choice that waits is taken back. */
  #keep() {
    const settings = this.#desk?.settings;
    return this.#send(() => this.#context.api.put("client/signals/strategy", { strategy: settings?.strategy, params: settings?.params ?? {} }), "What runs now goes on.");
  }

  async #pause() {
    const answer = await askFor({
      title: "Pause signals",
      verb: "Pause",
      body: html`<p class="muted">Nothing new is posted meanwhile. What is open is followed to its end.</p>${selectField({ id: "minutes", label: "For", value: "60", options: PAUSES.map(([value, label]) => ({ value, label })) })}`,
      problem: () => null,
      send: (form) => this.#context.api.post("client/signals/pause", { minutes: Number(find(form, "#minutes", HTMLSelectElement).value) }),
    });
    if (answer) await this.#load();
  }

  async #place() {
    if (!this.#desk) return;
    const { settings, channels } = this.#desk;
    const hour = (/** @type {number} */ value) => /** @type {const} */ ({ type: "number", value: String(value), attributes: { min: 0, max: 24, inputmode: "numeric" } });
    const answer = await askFor({
      title: "Where and when signals are posted",
      verb: "Save",
      body: html`
        ${selectField({ id: "channel", label: "Channel", value: settings.channel ?? "", options: channels.map(({ id, title, bot, broken }) => ({ value: id, label: `${title}, by @${bot}${broken ? " (cannot post)" : ""}` })) })}
        <div class="pair">
          ${field({ id: "session_from", label: "Session from, UTC", help: "Monday to Friday, 0 to 23.", ...hour(settings.rails.session_from) })}
          ${field({ id: "session_to", label: "Session until, UTC", help: "1 to 24.", ...hour(settings.rails.session_to) })}
        </div>
        ${field({ id: "daily_loss_pips", label: "Loss cap of a day, pips", value: settings.rails.daily_loss_pips, help: "Pips of 0.10 USD, 1 to 1 000. The open signal counts as it stands.", attributes: { inputmode: "decimal" } })}`,
      problem: () => null,
      fields: { "rails.session_from": "session_from", "rails.session_to": "session_to", "rails.daily_loss_pips": "daily_loss_pips" },
      send: (form) => {
        const value = (/** @type {string} */ id) => find(form, `#${id}`, HTMLInputElement).value;
        const rails = { session_from: Number(value("session_from")), session_to: Number(value("session_to")), daily_loss_pips: value("daily_loss_pips") };
        return this.#context.api.put("client/signals/settings", { channel: find(form, "#channel", HTMLSelectElement).value, rails });
      },
    });
    if (!answer) return;
    toast({ tone: "success", text: "Saved." });
    await this.#load();
  }
}

/** @param {Card} card @param {import("./signals-words.js").Choices} chosen */
function begins({ name }, { queued }) {
  return queued ? `${name} begins when the open signal has closed.` : `${name} is active.`;
}

/** @param {Desk} desk @param {Card[]} cards @param {boolean} mayWrite */
function runCard({ settings, living }, cards, mayWrite) {
  const name = (/** @type {string | null} */ key) => cards.find((card) => card.key === key)?.name ?? titleCase(key ?? "");
  const isPaused = settings.paused_until !== null && new Date(settings.paused_until) > new Date();
  const state = !settings.strategy ? { label: "Off", tone: "neutral" } : isPaused ? { label: "Paused", tone: "warning" } : { label: "On", tone: "success" };
  return html`
    <section class="card stack" aria-label="What runs">
      <div class="card-head">
        <div><h2>${settings.strategy ? name(settings.strategy) : "Signals are off"}</h2><p class="muted small">${settings.strategy ? html`Since ${when(settings.active_since ?? "")}${isPaused && html`, paused until ${when(settings.paused_until ?? "")}`}` : "Choose a channel, then a strategy below."}</p></div>
        <span class="push"><span class="tag" data-tone="${state.tone}">${state.label}</span></span>
      </div>
      ${settings.queued && notice({ icon: "clock", children: html`${settings.queued.strategy ? `${name(settings.queued.strategy)} begins` : "Signals are switched off"} when the open signal has closed${living[0] && html`: <a href="#/signals/all/${encodeURIComponent(living[0].id)}">see how it stands</a>`}.` })}
      ${
        mayWrite &&
        settings.strategy &&
        html`<div class="row">
          ${isPaused ? button({ label: "Go on now", icon: "circle-play", variant: "primary", attributes: { "data-action": "resume" } }) : button({ label: "Pause…", icon: "circle-pause", variant: "outline", attributes: { "data-action": "pause" } })}
          ${settings.queued ? button({ label: "Keep what runs", icon: "undo-2", variant: "outline", attributes: { "data-action": "keep" } }) : button({ label: "Switch off…", icon: "x", variant: "outline", attributes: { "data-action": "off" } })}
        </div>`
      }
    </section>`;
}

/** @param {Desk} desk @param {boolean} mayWrite */
function placeCard({ settings, channels }, mayWrite) {
  const channel = channels.find(({ id }) => id === settings.channel);
  const { session_from: from, session_to: to, daily_loss_pips: cap } = settings.rails;
  const connect = emptyView({ icon: "send", title: "No channel is connected", text: "Signals need a channel in which your bot may post.", action: button({ label: "Channels", icon: "link", variant: "primary", href: "#/telegram/posts" }) });
  if (!channels.length) return connect;
  return html`
    <section class="card stack" aria-label="Where and when">
      <div class="card-head">
        <div><h2>${channel ? html`Posted in <span dir="auto">${channel.title}</span>` : "No channel is chosen"}</h2><p class="muted small">${channel ? `by @${channel.bot}${settings.can_post ? "" : ", which cannot post there now"}` : "Signals are posted in one channel."}</p></div>
        ${mayWrite && html`<span class="push">${button({ label: channel ? "Change…" : "Choose a channel", icon: "pencil", variant: channel ? "outline" : "primary", attributes: { "data-action": "place" } })}</span>`}
      </div>
      <dl class="signal-levels">
        <div><dt>Session, UTC</dt><dd>${String(from).padStart(2, "0")}:00–${String(to).padStart(2, "0")}:00, Mon–Fri</dd></div>
        <div><dt>Loss cap of a day</dt><dd>${cap} pips</dd></div>
        <div><dt>Open signals</dt><dd>one at a time</dd></div>
      </dl>
    </section>`;
}
