import { button } from "../shared/components/button.js";
import { openDialog } from "../shared/components/dialog.js";
import { field, watchForm } from "../shared/components/field.js";
import { icon } from "../shared/components/icon.js";
import { describeError, errorView, notice, skeleton } from "../shared/components/states.js";
import { toast, toastError } from "../shared/components/toast.js";
import { countOf, formatBytes, formatDate, formatMoment, formatPercent, formatRelative } from "../shared/js/format.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { poll } from "../shared/js/poll.js";
import { load } from "../shared/js/state.js";
import { whoGrants } from "./people.js";

/** @typedef {{ id: string, state: "waiting" | "running" | "done" | "failed" | "expired", created_at: string, rows_done: number, files_done: number, files_total: number | null, bytes: number, finished_at: string | null, expires_at: string | null }} Export */
/** @typedef {{ name: string, erase_at: string | null, exports: Export[], erasures: { id: string, state: "waiting" | "done", asked_at: string, finished_at: string | null }[] }} Leaving */
/** @typedef {import("./overview-view.js").Context} Context */

const LOOK_EVERY_MS = 5_000;

/** Everything in a file, people who were forgotten, the end of the workspace. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function leavingView(context) {
  return { title: "Your data", mount: (container, { signal }) => new LeavingPage(context, container, signal).start() };
}

class LeavingPage {
  /** @type {Leaving | null} */
  #leaving = null;
  /** @type {string | null} */
  #who = null;
  #context;
  #container;
  #signal;

  /** @param {Context} context @param {HTMLElement} container @param {AbortSignal} signal */
  constructor(context, container, signal) {
    this.#context = context;
    this.#container = container;
    this.#signal = signal;
  }

  start() {
    const on = (/** @type {string} */ name, /** @type {(control: HTMLElement) => void} */ act) =>
      listen(this.#container, "click", `[data-action=${name}]`, (_event, control) => act(/** @type {HTMLElement} */ (control)));
    on("retry", () => void this.#load());
    on("export", () => void this.#ask());
    on("download", (control) => void this.#download(String(control.dataset.export)));
    on("close", () => void this.#close());
    on("keep", () => void this.#keep());
    poll(async () => (this.#isBusy() ? this.#look() : undefined), { everyMs: LOOK_EVERY_MS, signal: this.#signal });
    return this.#load();
  }

  #load() {
    return load(
      async () => {
        this.#leaving = await this.#context.api.get("client/leaving", { signal: this.#signal });
        // While it is to be deleted, nothing but this page is told anything.
        this.#who = this.#may("tenant.close") || this.#leaving?.erase_at ? null : await whoGrants(this.#context.api, this.#signal);
      },
      (loading) => {
        if (loading.phase === "slow") render(this.#container, skeleton(["title", "card", "card"]));
        if (loading.phase === "failed") render(this.#container, errorView(describeError(loading.error, "This page could not be loaded")));
        if (loading.phase === "ready") this.#show();
      },
    );
  }

  /** What is under way is looked at again; a look that fails shows what was known. */
  async #look() {
    try {
      this.#leaving = await this.#context.api.get("client/leaving", { signal: this.#signal });
      if (!this.#signal.aborted) this.#show();
    } catch {
      // The next look tells.
    }
  }

  #isBusy() {
    const { exports, erasures } = this.#leaving ?? { exports: [], erasures: [] };
    return [...exports, ...erasures].some(({ state }) => state === "waiting" || state === "running");
  }

  /** @param {string} right */
  #may(right) {
    return this.#context.workspace.may(right);
  }

  #show() {
    if (!this.#leaving) return;
    const { name, erase_at: eraseAt, exports, erasures } = this.#leaving;
    render(
      this.#container,
      html`
        ${eraseAt && closingBanner(name, new Date(eraseAt), this.#may("tenant.close"))}
        ${this.#who && notice({ icon: "lock", children: `Only the owner can take everything along or delete the workspace. Ask ${this.#who}.` })}
        <section class="card stack" data-key="exports">
          <div class="card-head"><h2>Everything in one file</h2>${this.#may("tenant.export") && html`<span class="push">${button({ label: "Make an export", icon: "download", variant: "primary", disabled: this.#hasOpenExport(), attributes: { "data-action": "export" } })}</span>`}</div>
          <p class="muted">All rows as JSON lines, all files, and a manifest with counts and hashes. Tokens and keys are never in it. It is made in the background and kept for seven days.</p>
          ${exports.length ? html`<ul class="plain stack">${exports.map((each) => exportLine(each, this.#may("tenant.export")))}</ul>` : html`<p class="muted">No export was made yet.</p>`}
        </section>
        <section class="card stack" data-key="people">
          <div class="card-head"><h2>People who were forgotten</h2></div>
          <p class="muted">Open a person in the bot analytics to have them forgotten: chats and messages go, figures stay without a name.</p>
          ${erasures.length ? html`<ul class="plain stack">${erasures.map(erasureLine)}</ul>` : html`<p class="muted">Nobody asked to be forgotten yet.</p>`}
        </section>
        ${
          !eraseAt &&
          this.#may("tenant.close") &&
          html`<section class="card stack" data-key="close">
            <div class="card-head"><h2>Delete this workspace</h2><span class="push">${button({ label: "Delete…", icon: "trash", variant: "danger", attributes: { "data-action": "close" } })}</span></div>
            <p class="muted">It stops at once. For fourteen days you can take that back; then everything is deleted for good.</p>
          </section>`
        }`,
    );
  }

  #hasOpenExport() {
    return Boolean(this.#leaving?.exports.some(({ state }) => state === "waiting" || state === "running"));
  }

  async #ask() {
    try {
      await this.#context.api.post("client/leaving/exports", {});
      toast({ tone: "success", text: "The export is being made. You can leave this page." });
    } catch (error) {
      toastError(error);
    }
    await this.#look();
  }

  /** @param {string} id */
  async #download(id) {
    try {
      const { links } = await this.#context.api.post(`client/leaving/exports/${encodeURIComponent(id)}/links`, {});
      if (links.length === 1) return void location.assign(links[0].url);
      openDialog({
        title: "Download the export",
        body: html`<p>It comes in ${countOf(links.length, "file", "files")}. The links are good for ten minutes.</p>
          <ul class="plain stack">${links.map((/** @type {{ url: string, bytes: number }} */ { url, bytes }, /** @type {number} */ index) => html`<li><a href="${url}">Part ${index + 1}</a> <span class="muted">${formatBytes(bytes)}</span></li>`)}</ul>`,
      });
    } catch (error) {
      toastError(error);
      await this.#look();
    }
  }

  async #close() {
    const name = this.#leaving?.name ?? "";
    const { element, closed } = openDialog({
      title: `Delete ${name}?`,
      body: html`
        <form class="stack" id="closing">
          <p>At once, for all its people:</p>
          <ul class="consequences"><li>its coupon page is paused,</li><li>its bots answer nothing, and nothing is sent,</li><li>an export of everything is made for you.</li></ul>
          <p>In fourteen days its templates, codes, chats, figures, files and its audit log are deleted for good. Until then you can take it back.</p>
          ${field({ id: "typed", label: `Type ${name} to go on`, help: "", attributes: { autocomplete: "off", autocapitalize: "off" } })}
          <div data-slot="problem"></div>
        </form>`,
      foot: html`
        ${button({ label: "Cancel", variant: "ghost", attributes: { "data-close": "" } })}
        ${button({ label: "Delete workspace", type: "submit", variant: "danger", attributes: { form: "closing" } })}`,
    });
    const typed = find(element, "#typed", HTMLInputElement);
    typed.focus();
    watchForm(find(element, "form", HTMLFormElement), {
      problemOf: ({ value }) => (value.trim() === name ? null : `Type ${name}, exactly as it stands here.`),
      onValid: async () => {
        try {
          await this.#context.api.post("client/leaving/closing", { name: typed.value });
          element.close("done");
          await this.#context.workspace.load();
        } catch (error) {
          render(find(element, "[data-slot=problem]", HTMLElement), notice({ tone: "danger", children: describeError(error, "").text }));
        }
      },
    });
    await closed;
  }

  async #keep() {
    try {
      await this.#context.api.delete("client/leaving/closing");
      toast({ tone: "success", text: `${this.#leaving?.name} stays.` });
      await this.#context.workspace.load();
    } catch (error) {
      toastError(error);
    }
  }
}

/** @param {string} name @param {Date} at @param {boolean} isOwner */
function closingBanner(name, at, isOwner) {
  return html`<section class="card stack closing" data-key="closing" role="status">
    <div class="card-head"><h2 class="row">${icon("triangle-alert")}${name} is deleted ${formatRelative(at)}</h2>${isOwner && html`<span class="push">${button({ label: "Keep it after all", icon: "undo-2", variant: "primary", attributes: { "data-action": "keep" } })}</span>`}</div>
    <p>Its page and bots stand still. On ${formatMoment(at)} all of it is deleted for good. ${isOwner ? "Until then one click takes that back." : "Until then its owner can take that back."}</p>
  </section>`;
}

/** @param {Export} each @param {boolean} isOwner */
function exportLine({ id, state, created_at: at, rows_done: rows, files_done: files, files_total: total, bytes, expires_at: until }, isOwner) {
  const when = html`<strong>${formatMoment(new Date(at))}</strong>`;
  const counts = `${countOf(rows, "row", "rows")}, ${countOf(files, "file", "files")}`;
  if (state === "done") {
    return html`<li class="row" data-key="${id}">${when}<span class="muted">${counts}, ${formatBytes(bytes)}, kept until ${formatDate(new Date(String(until)))}</span>${isOwner && html`<span class="push">${button({ label: "Download", icon: "download", size: "small", variant: "outline", attributes: { "data-action": "download", "data-export": id } })}</span>`}</li>`;
  }
  if (state === "failed") return html`<li class="row" data-key="${id}">${when}<span class="tag" data-tone="danger">failed</span><span class="muted">It could not be made, however often it was tried. Make another one.</span></li>`;
  if (state === "expired") return html`<li class="row" data-key="${id}">${when}<span class="muted">cleared away after seven days</span></li>`;
  const share = total === null ? null : total === 0 ? 1 : files / total;
  return html`<li class="stack" data-key="${id}">
    <span class="row">${when}<span class="muted" role="status">${state === "waiting" ? "waits to be made, which takes a minute" : share === null ? "rows are being written" : `${counts}: ${formatPercent(share)}`}</span></span>
    <div class="progress"><progress max="1"${attrs({ value: share === null ? null : share })} aria-label="Export"></progress></div>
  </li>`;
}

/** @param {{ id: string, state: "waiting" | "done", asked_at: string, finished_at: string | null }} erasure */
function erasureLine({ id, state, asked_at: at, finished_at: done }) {
  const told = state === "done" ? `done ${formatMoment(new Date(String(done)))}` : "is being done";
  return html`<li class="row" data-key="${id}"><strong>Asked ${formatMoment(new Date(at))}</strong><span class="muted">${told}</span></li>`;
}
