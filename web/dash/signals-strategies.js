import { askFor } from "../shared/components/ask.js";
import { button } from "../shared/components/button.js";
import { confirmDestruction } from "../shared/components/dialog.js";
import { field, selectField } from "../shared/components/field.js";
import { describeError, emptyView, errorView, noPermissionView, notice, skeleton } from "../shared/components/states.js";
import { switchField } from "../shared/components/switch.js";
import { toast, toastError } from "../shared/components/toast.js";
import { titleCase } from "../shared/js/format.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { whoGrants } from "./people.js";
import { read, shown, when } from "./signals-words.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("./signals-words.js").Card} Card */
/** @typedef {import("./signals-words.js").Desk} Desk */
/** @typedef {import("./signals-words.js").Parameter} Parameter */

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
      () => Promise.all([this.#context.api.get("client/signals/desk", options), this.#context.api.get("client/signals/strategies", options)]),
      (loading) => {
        if (loading.phase === "slow" && !this.#desk) render(slot, skeleton(["title", "card", "card"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "The strategies could not be loaded")));
        if (loading.phase === "ready") {
          [this.#desk, this.#cards] = loading.data;
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
        <div class="card-grid strategy-grid">${cards.items.map((card) => strategyCard(card, desk, mayWrite))}</div>`,
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
        ${card.parameters.map((parameter) => parameterField(parameter, kept[parameter.name]))}`,
      problem: () => null,
      fields: Object.fromEntries(card.parameters.map(({ name }) => [`params.${name}`, name])),
      send: (form) => this.#context.api.put("client/signals/strategy", { strategy: card.key, params: paramsOf(form, card) }),
    });
    if (!answer) return;
    toast({ tone: "success", text: answer.queued ? `${card.name} begins when the open signal has closed.` : `${card.name} is active.` });
    if (!this.#visit.signal.aborted) await this.#load();
  }

  /** @param {Card | undefined} card @param {HTMLElement} control */
  async #try(card, control) {
    if (!card || !this.#desk) return;
    const { settings } = this.#desk;
    control.toggleAttribute("disabled", true);
    try {
      const params = settings.strategy === card.key ? settings.params : {};
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

/** @param {Card} card @param {Desk} desk @param {boolean} mayWrite */
function strategyCard(card, { settings }, mayWrite) {
  const isActive = settings.strategy === card.key;
  const values = isActive ? settings.params : {};
  const reads = ["15min", ...card.intervals.filter((interval) => interval !== "15min")].join(", ");
  return html`
    <section class="card strategy-card" data-key="${card.key}" aria-label="${card.name}">
      <div class="card-head"><h2>${card.name}</h2>${isActive && html`<span class="push"><span class="tag" data-tone="success">Active</span></span>`}</div>
      <p>${card.description}</p>
      <p class="muted small">Reads closed bars of ${reads}; needs ${card.warmup_bars} of each.</p>
      <details><summary>${isActive ? "Its parameters" : "Its parameters as they come"}</summary>
        <dl class="signal-levels">${card.parameters.map((parameter) => html`<div><dt>${parameter.title}</dt><dd>${shownValue(values[parameter.name] ?? parameter.default, parameter)}</dd></div>`)}</dl>
      </details>
      ${
        mayWrite &&
        html`<div class="row">
          ${button({ label: isActive ? "Change parameters" : "Activate", variant: isActive ? "outline" : "primary", disabled: !settings.can_post, attributes: { "data-choose": card.key, "aria-label": `${isActive ? "Change parameters of" : "Activate"} ${card.name}` } })}
          ${button({ label: "Preview in my chat", icon: "send", variant: "ghost", disabled: !settings.can_post, attributes: { "data-try": card.key, "aria-label": `Preview in my chat: ${card.name}` } })}
        </div>`
      }
    </section>`;
}

/** @param {any} value @param {Parameter} parameter */
function shownValue(value, { kind }) {
  if (kind === "switch") return value ? "yes" : "no";
  if (kind === "choice") return titleCase(value);
  return shown(value, kind) || "no limit";
}

/** @param {Parameter} parameter @param {any} kept */
function parameterField(parameter, kept) {
  const { name, title, help, kind, least, most, choices, default: usual } = parameter;
  const value = kept === undefined ? usual : kept;
  if (kind === "switch") return switchField({ name, label: title, help, checked: Boolean(value) });
  if (kind === "choice") return selectField({ id: name, label: title, help, value, options: choices.map((each) => ({ value: each, label: titleCase(each) })) });
  const bounds = least !== null && most !== null ? ` ${least} to ${most}.` : "";
  const how = kind === "numbers" ? " Separated by a slash." : kind === "pairs" ? " Like 7–10, 12–16." : "";
  return field({ id: name, label: title, help: `${help}${bounds}${how}`.trim(), value: shown(value, kind), attributes: { inputmode: kind === "whole" || kind === "number" ? "decimal" : null, autocomplete: "off" } });
}

/** @param {HTMLFormElement} form @param {Card} card */
function paramsOf(form, card) {
  return Object.fromEntries(
    card.parameters.map((parameter) => {
      const control = form.elements.namedItem(parameter.name);
      if (control instanceof HTMLInputElement && control.type === "checkbox") return [parameter.name, control.checked];
      if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) return [parameter.name, read(control.value, parameter)];
      return [parameter.name, parameter.default];
    }),
  );
}
