import { button } from "../shared/components/button.js";
import { showFieldError } from "../shared/components/field.js";
import { describeError, emptyView, errorView, noPermissionView, notice, skeleton } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { toast, toastError } from "../shared/components/toast.js";
import { isAbort } from "../shared/js/api.js";
import { countOf } from "../shared/js/format.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { createPages } from "../shared/js/lists.js";
import { poll } from "../shared/js/poll.js";
import { load } from "../shared/js/state.js";
import { ACTIONS } from "./outbox-actions.js";
import { addressOf, filterBar, filtersOf, isNarrowed, problemOfChat, queryOf } from "./outbox-filters.js";
import { callName, letterColumns, parkedColumns, recipientOf } from "./outbox-rows.js";
import { whoGrants } from "./people.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("../shared/components/shell.js").Visit} Visit */
/** @typedef {import("./outbox-filters.js").Filters} Filters */
/** @typedef {import("./outbox-rows.js").Letter} Letter */

const EVERY_MS = 5_000;
// What one question of the server gives at most: longer lists stand still, only the counts go on.
const MOST_ROWS = 100;
const PAGE = 50;

/** What bots have to send and could not send. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function outboxView(context) {
  return { title: "Outbox", mount: (container, visit) => new OutboxPage(context, container, visit).start() };
}

class OutboxPage {
  #context;
  #container;
  #visit;
  /** @type {Filters} */
  #filters;
  /** @type {import("./outbox-filters.js").Counts | null} */
  #counts = null;
  /** @type {ReturnType<typeof createPages>} */
  #pages;
  #turn = 0;
  #isBehind = false;

  /** @param {Context} context @param {HTMLElement} container @param {Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
    this.#filters = filtersOf(visit.place.query);
    this.#pages = this.#newPages();
  }

  async start() {
    if (!this.#context.workspace.may("outbox.read")) return this.#refuse();
    render(
      this.#container,
      html`
        <header class="view-head"><div><h2>What your bots send</h2><p class="muted" data-slot="sum">Looked at every few seconds.</p></div></header>
        ${!this.#mayWrite() && html`<div data-slot="who"></div>`}
        <div class="stack" data-slot="filters"></div>
        <div data-slot="behind"></div>
        <div class="stack" data-slot="list"></div>`,
    );
    if (!this.#mayWrite()) void this.#tellWho();
    this.#listen();
    this.#showFilters();
    await this.#load();
    poll(() => this.#look(), { everyMs: EVERY_MS, signal: this.#visit.signal });
  }

  async #refuse() {
    const who = await whoGrants(this.#context.api, this.#visit.signal);
    render(this.#container, noPermissionView({ what: "the outbox", who }));
  }

  async #tellWho() {
    const who = await whoGrants(this.#context.api, this.#visit.signal);
    render(this.#slot("who"), notice({ icon: "lock", children: `You can look, but not send again or cancel. Ask ${who} for the role of admin.` }));
  }

  #listen() {
    const filters = this.#slot("filters");
    listen(filters, "change", "input[name=show]", (_event, input) => this.#choose({ show: /** @type {any} */ (/** @type {HTMLInputElement} */ (input).value) }));
    listen(filters, "change", "select", (_event, select) => this.#choose({ [select.id]: /** @type {HTMLSelectElement} */ (select).value }));
    listen(filters, "change", "#chat", (_event, input) => this.#chooseChat(/** @type {HTMLInputElement} */ (input)));
    listen(filters, "submit", "form", (event) => event.preventDefault());
    listen(this.#container, "click", "[data-action=widen]", () => this.#choose({ kind: "", bot: "", chat: "", source: "" }));
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "click", "[data-action=more]", () => void this.#more());
    listen(this.#container, "click", "[data-show]", (_event, control) => this.#choose({ show: /** @type {any} */ (control.dataset.show) }));
    listen(this.#container, "click", "[data-act]", (_event, control) => void this.#act(String(control.dataset.act), [String(control.dataset.id)]));
    this.#container.addEventListener("bulk-action", (event) => {
      const { action, ids } = /** @type {CustomEvent} */ (event).detail;
      void this.#act(action, ids);
    });
  }

  /** @param {string} name */
  #slot(name) {
    return find(this.#container, `[data-slot=${name}]`, HTMLElement);
  }

  #mayWrite() {
    return this.#context.workspace.may("outbox.write");
  }

  #rights() {
    return { mayWrite: this.#mayWrite(), mayRead: this.#context.workspace.may("chats.read") };
  }

  #isParked() {
    return this.#filters.show === "parked";
  }

  /** Pages belong to the filters they were asked with. */
  #newPages(limit = PAGE) {
    const { api } = this.#context;
    const filters = this.#filters;
    const path = filters.show === "parked" ? "client/outbox/parked" : "client/outbox";
    return createPages(api, path, { signal: this.#visit.signal, query: () => queryOf(filters), limit });
  }

  #showFilters() {
    render(this.#slot("filters"), filterBar(this.#filters, this.#counts));
    if (this.#counts) this.#slot("sum").textContent = sumOf(this.#counts);
  }

  /** @param {HTMLInputElement} input */
  #chooseChat(input) {
    const chat = input.value.trim();
    if (showFieldError(input, problemOfChat(chat))) this.#choose({ chat });
  }

  /** @param {Partial<Filters>} change */
  #choose(change) {
    this.#filters = { ...this.#filters, ...change };
    this.#visit.setFilters(addressOf(this.#filters));
    this.#showFilters();
    void this.#load();
  }

  /** From the first page; what was shown before stays until the answer is there. */
  #load() {
    const mine = ++this.#turn;
    const pages = this.#newPages();
    const slot = this.#slot("list");
    return load(
      () => Promise.all([this.#context.api.get("client/outbox/counts", { signal: this.#visit.signal }), pages.more({ again: true })]),
      (loading) => {
        if (mine !== this.#turn) return;
        slot.toggleAttribute("aria-busy", loading.phase === "waiting" || loading.phase === "slow");
        if (loading.phase === "slow") render(slot, skeleton(["control", "card", "card"]));
        if (loading.phase === "failed") this.#fail(loading.error);
        if (loading.phase === "ready") this.#took(pages, loading.data[0]);
      },
    );
  }

  /** @param {unknown} error */
  #fail(error) {
    render(this.#slot("list"), errorView(describeError(error, "The outbox could not be loaded")));
  }

  /** @param {ReturnType<typeof createPages>} pages @param {import("./outbox-filters.js").Counts} counts */
  #took(pages, counts) {
    this.#pages = pages;
    this.#counts = counts;
    this.#setBehind(false);
    this.#showFilters();
    this.#show();
  }

  /** Looks again, in silence; a page that the server cannot be reached from says that it is behind. */
  async #look() {
    const mine = this.#turn;
    const count = this.#pages.rows().length;
    const pages = count > MOST_ROWS ? null : this.#newPages(Math.max(PAGE, count));
    try {
      const [counts] = await Promise.all([this.#context.api.get("client/outbox/counts", { signal: this.#visit.signal }), pages?.more({ again: true })]);
      if (mine === this.#turn) this.#took(pages ?? this.#pages, counts);
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

  async #more() {
    try {
      await this.#pages.more();
      this.#show();
    } catch (error) {
      if (!isAbort(error)) toastError(error);
    }
  }

  #show() {
    const slot = this.#slot("list");
    if (!this.#pages.rows().length) return render(slot, this.#nothing());
    const more = html`<div class="row">${button({ label: "Show more", variant: "outline", attributes: { "data-action": "more" } })}</div>`;
    render(slot, html`<ps-table data-key="${this.#isParked() ? "parked" : "letters"}"></ps-table>${this.#pages.hasMore() && more}`);
    find(slot, "ps-table", Table).model = { ...(this.#isParked() ? this.#parkedModel() : this.#letterModel()), rows: this.#pages.rows() };
  }

  #letterModel() {
    const bulk = [
      { id: "requeue", label: "Send again", icon: "refresh-cw" },
      { id: "cancel", label: "Cancel", icon: "circle-x", danger: true },
    ];
    const { show } = this.#filters;
    const possible = { dead: bulk, open: bulk.slice(1), all: bulk, cancelled: bulk.slice(1), sent: undefined, parked: undefined }[show];
    return {
      label: "Messages",
      noun: /** @type {[string, string]} */ (["message", "messages"]),
      idOf: (/** @type {Letter} */ row) => row.id,
      nameOf: (/** @type {Letter} */ row) => `${callName(row).toLowerCase()} to ${recipientOf(row)}: ${row.text.slice(0, 40)}`,
      bulk: this.#mayWrite() ? possible : undefined,
      columns: letterColumns(this.#rights()),
    };
  }

  #parkedModel() {
    return {
      label: "Updates without an answer",
      noun: /** @type {[string, string]} */ (["update", "updates"]),
      idOf: (/** @type {import("./outbox-rows.js").Parked} */ row) => row.id,
      nameOf: (/** @type {import("./outbox-rows.js").Parked} */ row) => row.text.slice(0, 40) || "update",
      bulk: this.#mayWrite() ? [{ id: "retry", label: "Answer after all", icon: "refresh-cw" }] : undefined,
      columns: parkedColumns(this.#rights()),
    };
  }

  #nothing() {
    const { show } = this.#filters;
    if (isNarrowed(this.#filters)) {
      return emptyView({ icon: "list-filter", title: "Nothing matches", text: "No message has all that you chose.", action: button({ label: "Show everything again", icon: "x", attributes: { "data-action": "widen" } }) });
    }
    if (!this.#counts?.bots.length) return emptyView({ icon: "bot", title: "There is no bot yet", text: "What a bot of yours sends shows up here." });
    const waits = this.#counts.waiting + this.#counts.later + this.#counts.sending;
    if (show === "dead") {
      const action = waits ? button({ label: "See what waits", icon: "clock", attributes: { "data-show": "open" } }) : button({ label: "See what was sent", icon: "send", attributes: { "data-show": "sent" } });
      return emptyView({ icon: "circle-check", title: "Nothing needs you", text: "A message that could not be sent stands here, with the reason and what to do.", action });
    }
    const texts = {
      open: ["Nothing waits", "Whatever is due goes out within seconds."],
      sent: ["Nothing was sent yet", "Send a code to your bot, and its answer shows up here."],
      cancelled: ["Nothing was cancelled", "Messages that you stop, and those that lost their reader, show up here."],
      all: ["There is no message yet", "Send a code to your bot, and its answer shows up here."],
      parked: ["Everything was answered", "What a bot could not answer three times in a row is set aside here, so that its chat goes on."],
    };
    const [title, text] = texts[show];
    return emptyView({ icon: show === "parked" || show === "open" ? "circle-check" : "send", title, text });
  }

  /** @param {string} id */
  #named(id) {
    const row = /** @type {Letter | undefined} */ (this.#pages.rows().find((each) => each.id === id));
    return row ? `${callName(row).toLowerCase()} to ${recipientOf(row)}` : "message";
  }

  /** @param {string} action @param {string[]} ids */
  async #act(action, ids) {
    const what = ids.length > 1 ? `${ids.length} messages` : `the ${this.#named(ids[0])}`;
    try {
      const done = await ACTIONS[action](this.#context.api, ids, what);
      if (!done) return;
      toast({ tone: done.isNothing ? "neutral" : "success", text: done.text });
    } catch (error) {
      toastError(error);
    }
    if (!this.#visit.signal.aborted) await this.#look();
  }
}

/** @param {import("./outbox-filters.js").Counts} counts */
function sumOf({ waiting, later, sending, failed, ambiguous, counted_to: most }) {
  const due = waiting + sending;
  const parts = [
    due ? `${countOf(Math.min(due, most), "message is", "messages are")} on ${due === 1 ? "its" : "their"} way` : "Nothing is on its way",
    later ? `${countOf(Math.min(later, most), "waits for its", "wait for their")} time` : null,
    failed ? `${countOf(Math.min(failed, most), "failed", "failed")}` : null,
    ambiguous ? `${countOf(Math.min(ambiguous, most), "may or may not have arrived", "may or may not have arrived")}` : null,
  ];
  return `${parts.filter(Boolean).join(", ")}. Looked at every few seconds.`;
}
