import { askFor } from "../shared/components/ask.js";
import { button } from "../shared/components/button.js";
import { field, selectField } from "../shared/components/field.js";
import { describeError, emptyView, errorView, noPermissionView, notice, skeleton } from "../shared/components/states.js";
import { switchField } from "../shared/components/switch.js";
import { Table } from "../shared/components/table.js";
import { toast, toastError } from "../shared/components/toast.js";
import { isAbort } from "../shared/js/api.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { createPages } from "../shared/js/lists.js";
import { load } from "../shared/js/state.js";
import { whoGrants } from "./people.js";
import { when } from "./signals-words.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("./signals-words.js").Desk} Desk */
/** @typedef {{ day: string, signal: string, chosen_at: string, ended_at: string | null, sending: string | null }} Promotion */
/**
 * @typedef {object} Telling
 * @property {boolean} writes_lines @property {number} lines_a_day @property {boolean} briefs
 * @property {string | null} free_channel @property {number} promote_from @property {number} promote_to
 * @property {number[]} promote_days @property {boolean} has_key @property {number} asked_today
 * @property {Promotion[]} promotions
 */
/** @typedef {{ signal: string, asked_at: string, outcome: string, draft: string, faults: { kind: string, found: string }[], line: string, took_ms: number | null }} Line */

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri"];
/** @type {Record<string, [string, string]>} */
const VERDICTS = {
  used: ["Passed, sent", "success"],
  refused: ["Refused", "danger"],
  late: ["Passed too late", "warning"],
  slow: ["No answer in time", "warning"],
  down: ["OpenAI was away", "warning"],
  busy: ["Key over its limit", "warning"],
  key: ["Key not accepted", "danger"],
  unreadable: ["No text came", "warning"],
  capped: ["Day's number used up", "neutral"],
  asked: ["Not known", "neutral"],
};

/** What subscribers read beside the facts, and every line that was written with its verdict. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function tellingView(context) {
  return { title: "Messages", mount: (container, visit) => new TellingPage(context, container, visit).start() };
}

class TellingPage {
  #context;
  #container;
  #visit;
  #pages;
  /** @type {Telling | null} */
  #telling = null;
  /** @type {Desk["channels"]} */
  #channels = [];

  /** @param {Context} context @param {HTMLElement} container @param {import("../shared/components/shell.js").Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
    this.#pages = createPages(context.api, "client/signals/telling/lines", { signal: visit.signal });
  }

  async start() {
    const { workspace, api } = this.#context;
    const who = workspace.may("signals.write") ? "" : await whoGrants(api, this.#visit.signal);
    if (!workspace.may("signals.read")) return render(this.#container, noPermissionView({ what: "the messages of signals", who }));
    render(this.#container, html`${who && notice({ icon: "lock", children: `You can look, but not choose. Ask ${who} for the role of admin.` })}<div class="stack" data-slot="page"></div>`);
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "click", "[data-action=more]", () => void this.#more());
    listen(this.#container, "click", "[data-action=change]", () => void this.#change());
    listen(this.#container, "click", "[data-action=preview]", (_event, control) => void this.#preview(control));
    await this.#load();
  }

  #load() {
    const slot = find(this.#container, "[data-slot=page]", HTMLElement);
    const options = { signal: this.#visit.signal };
    const { api } = this.#context;
    return load(
      () => Promise.all([api.get("client/signals/telling/choices", options), api.get("client/signals/desk", options), this.#pages.more({ again: true })]),
      (loading) => {
        if (loading.phase === "slow" && !slot.querySelector("h2")) render(slot, skeleton(["title", "card", "card"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "The messages could not be loaded")));
        if (loading.phase === "ready") this.#took(loading.data);
      },
    );
  }

  /** @param {any[]} answers */
  #took([telling, desk]) {
    this.#telling = telling;
    this.#channels = desk.channels;
    const mayWrite = this.#context.workspace.may("signals.write");
    render(
      find(this.#container, "[data-slot=page]", HTMLElement),
      html`
        <header class="view-head">
          <div><h2>Messages</h2><p class="muted">Every signal is its facts and one line. The line is checked before anybody reads it.</p></div>
          ${mayWrite && html`<span class="row">${button({ label: "Change…", icon: "pencil", variant: "outline", attributes: { "data-action": "change" } })}</span>`}
        </header>
        ${telling.writes_lines && !telling.has_key && notice({ icon: "link", children: html`No OpenAI key is connected, so the template's line stands in each message. <a href="#/connections">Connect one</a>.` })}
        ${choicesCard(telling, this.#channels, mayWrite)}
        <section class="stack">
          <header class="view-head"><div><h2>AI lines with verdicts</h2><p class="muted">Whatever is refused never leaves; the template's line goes out in its place.</p></div></header>
          <div class="stack" data-slot="lines"></div>
        </section>
        ${telling.promotions.length > 0 && promotionsCard(telling.promotions)}`,
    );
    this.#showLines();
  }

  #showLines() {
    const slot = find(this.#container, "[data-slot=lines]", HTMLElement);
    const rows = this.#pages.rows();
    if (!rows.length) return render(slot, emptyView({ icon: "scroll-text", title: "No line was written yet", text: "Each new signal asks for one while a key is connected." }));
    render(slot, html`<ps-table></ps-table>${this.#pages.hasMore() && html`<div class="row">${button({ label: "Show more", variant: "outline", attributes: { "data-action": "more" } })}</div>`}`);
    find(slot, "ps-table", Table).model = { label: "AI lines", noun: ["line", "lines"], idOf: (row) => row.signal, rows, columns: columns() };
  }

  async #more() {
    try {
      await this.#pages.more();
      this.#showLines();
    } catch (error) {
      if (!isAbort(error)) toastError(error);
    }
  }

  /** @param {HTMLElement} control */
  async #preview(control) {
    control.toggleAttribute("disabled", true);
    try {
      const { sent } = await this.#context.api.post("client/signals/telling/preview", null);
      toast({ tone: "success", text: sent ? "The preview is in your chat with the bot." : "The preview is on its way to your chat with the bot." });
    } catch (error) {
      toastError(error);
    } finally {
      control.toggleAttribute("disabled", false);
    }
  }

  async #change() {
    const telling = this.#telling;
    if (!telling) return;
    const number = (/** @type {number} */ value, /** @type {number} */ min, /** @type {number} */ max) => /** @type {const} */ ({ type: "number", value: String(value), attributes: { min, max, inputmode: "numeric" } });
    const channels = [{ value: "", label: "Nowhere" }, ...this.#channels.map(({ id, title, bot, broken }) => ({ value: id, label: `${title}, by @${bot}${broken ? " (cannot post)" : ""}` }))];
    const answer = await askFor({
      title: "What subscribers read",
      verb: "Save",
      body: html`
        ${switchField({ name: "writes_lines", label: "AI line", help: "Written with your OpenAI key, checked, else the template's.", checked: telling.writes_lines })}
        ${field({ id: "lines_a_day", label: "Lines asked for a day, at most", help: "1 to 500. Counted before OpenAI is asked.", ...number(telling.lines_a_day, 1, 500) })}
        ${switchField({ name: "briefs", label: "Morning briefing", help: "06:20 UTC, Monday to Friday, in the signals' channel.", checked: telling.briefs })}
        ${selectField({ id: "free_channel", label: "One signal a day for everybody", value: telling.free_channel ?? "", options: channels, help: "The first one published in these hours, whatever becomes of it." })}
        <div class="form-pair">
          ${field({ id: "promote_from", label: "From, UTC", help: "0 to 23.", ...number(telling.promote_from, 0, 23) })}
          ${field({ id: "promote_to", label: "Until, UTC", help: "1 to 24.", ...number(telling.promote_to, 1, 24) })}
        </div>
        <fieldset class="stack"><legend class="field-label">On</legend>${DAYS.map((day, index) => switchField({ name: `day${index + 1}`, label: day, checked: telling.promote_days.includes(index + 1) }))}</fieldset>`,
      problem: () => null,
      send: (form) => this.#context.api.put("client/signals/telling/choices", chosenIn(form)),
    });
    if (!answer) return;
    toast({ tone: "success", text: "Saved." });
    await this.#load();
  }
}

/** @param {HTMLFormElement} form */
function chosenIn(form) {
  const control = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  return {
    writes_lines: control("writes_lines").checked,
    lines_a_day: Number(control("lines_a_day").value),
    briefs: control("briefs").checked,
    free_channel: control("free_channel").value || null,
    promote_from: Number(control("promote_from").value),
    promote_to: Number(control("promote_to").value),
    promote_days: DAYS.map((_day, index) => index + 1).filter((day) => control(`day${day}`).checked),
  };
}

/** @param {Telling} telling @param {Desk["channels"]} channels @param {boolean} mayWrite */
function choicesCard(telling, channels, mayWrite) {
  const free = channels.find(({ id }) => id === telling.free_channel);
  const hour = (/** @type {number} */ value) => `${String(value).padStart(2, "0")}:00`;
  const days = telling.promote_days.length === 5 ? "Mon–Fri" : telling.promote_days.map((day) => DAYS[day - 1]).join(", ");
  const item = (/** @type {string} */ label, /** @type {any} */ value) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`
    <section class="card stack" aria-label="What is chosen">
      <dl class="signal-levels">
        ${item("AI line", telling.writes_lines ? (telling.has_key ? "On" : "On, without a key") : "Off")}
        ${item("Asked for today", `${telling.asked_today} of ${telling.lines_a_day}`)}
        ${item("Morning briefing", telling.briefs ? "06:20 UTC, Mon–Fri" : "Off")}
        ${item("One signal a day for everybody", free ? html`<span dir="auto">${free.title}</span>, ${hour(telling.promote_from)}–${hour(telling.promote_to)} UTC, ${days}` : "Off")}
      </dl>
      ${free && html`<p class="muted small">The first signal published in these hours is shown, chosen within minutes and by its time alone; its end is told there too.</p>`}
      ${mayWrite && free && html`<div class="row">${button({ label: "Preview in my chat", icon: "send", variant: "ghost", attributes: { "data-action": "preview" } })}</div>`}
    </section>`;
}

/** @param {Promotion[]} promotions */
function promotionsCard(promotions) {
  return html`
    <section class="card stack" aria-label="Shown to everybody">
      <h2>Shown to everybody</h2>
      <ul class="stack">${promotions.map((each) => html`<li><a href="#/signals/all/${encodeURIComponent(each.signal)}">${each.day}</a>, chosen ${when(each.chosen_at)}${each.ended_at ? `, end told ${when(each.ended_at)}` : ", not ended yet"}</li>`)}</ul>
    </section>`;
}

/** @returns {import("../shared/components/table-data.js").Column<Line>[]} */
function columns() {
  const verdict = (/** @type {Line} */ row) => VERDICTS[row.outcome] ?? [row.outcome, "neutral"];
  return [
    { key: "at", label: "Asked", fixed: true, value: (row) => new Date(row.asked_at), show: (row) => html`<a href="#/signals/all/${encodeURIComponent(row.signal)}">${when(row.asked_at)}</a>` },
    { key: "verdict", label: "Verdict", value: (row) => verdict(row)[0], show: (row) => html`<span class="two-lines"><span><span class="tag"${attrs({ "data-tone": verdict(row)[1] })}>${verdict(row)[0]}</span></span>${row.faults.length > 0 && html`<span class="muted small written-line" dir="auto">${row.faults.map(({ kind, found }) => `${kind}: ${found}`).join("; ")}</span>`}</span>` },
    { key: "draft", label: "What was written", value: (row) => row.draft, show: (row) => (row.draft ? html`<span class="written-line" dir="auto">${row.draft}</span>` : "–") },
    { key: "line", label: "What subscribers read", value: (row) => row.line, show: (row) => html`<span class="written-line">${row.line}</span>` },
    { key: "took", label: "Took", align: "end", value: (row) => row.took_ms, show: (row) => (row.took_ms === null ? "–" : html`<span class="numbers">${(row.took_ms / 1000).toFixed(1)} s</span>`) },
  ];
}
