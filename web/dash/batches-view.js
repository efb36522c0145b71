import { button } from "../shared/components/button.js";
import { openDialog } from "../shared/components/dialog.js";
import { describeError, emptyView, errorView, notice, skeleton } from "../shared/components/states.js";
import { toast, toastError } from "../shared/components/toast.js";
import { countOf, formatBytes, formatDate, formatMoment, formatNumber, titleCase } from "../shared/js/format.js";
import { html, listen, render } from "../shared/js/html.js";
import { poll } from "../shared/js/poll.js";
import { load } from "../shared/js/state.js";
import { askForBatch } from "./batches-order.js";
import { whoGrants } from "./people.js";

/** @typedef {{ row: number, text: string, reason: string }} LeftOut */
/** @typedef {{ id: string, state: "waiting" | "running" | "done" | "failed" | "cancelled" | "expired", template: string, formats: string[], output: string, codes_total: number, codes_done: number, pictures: number, left_out: LeftOut[], left_out_total: number, bytes: number, created_at: string, expires_at: string | null }} Batch */
/** @typedef {import("./overview-view.js").Context} Context */

const LOOK_EVERY_MS = 5_000;
const TEMPLATES = 200;

/** Pictures of many codes, each batch as one file. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function batchesView(context) {
  return { title: "Batches", mount: (container, { signal }) => new BatchesPage(context, container, signal).start() };
}

class BatchesPage {
  /** @type {Batch[]} */
  #batches = [];
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
    const on = (/** @type {string} */ name, /** @type {(batch: Batch | undefined) => void} */ act) =>
      listen(this.#container, "click", `[data-action=${name}]`, (_event, control) => act(this.#batches.find(({ id }) => id === /** @type {HTMLElement} */ (control).dataset.batch)));
    on("retry", () => void this.#load());
    on("ask", () => void this.#ask());
    on("cancel", (batch) => batch && void this.#cancel(batch));
    on("download", (batch) => batch && void this.#download(batch));
    poll(async () => (this.#isBusy() ? this.#look() : undefined), { everyMs: LOOK_EVERY_MS, signal: this.#signal });
    return this.#load();
  }

  #load() {
    return load(
      async () => {
        await this.#fetch();
        this.#who = this.#mayWrite() ? null : await whoGrants(this.#context.api, this.#signal);
      },
      (loading) => {
        if (loading.phase === "slow") render(this.#container, skeleton(["title", "card"]));
        if (loading.phase === "failed") render(this.#container, errorView(describeError(loading.error, "The batches could not be loaded")));
        if (loading.phase === "ready") this.#show();
      },
    );
  }

  async #fetch() {
    this.#batches = (await this.#context.api.get("client/batches", { signal: this.#signal })).items;
  }

  /** What is under way is looked at again; a look that fails shows what was known. */
  async #look() {
    try {
      await this.#fetch();
      if (!this.#signal.aborted) this.#show();
    } catch {
      // The next look tells.
    }
  }

  #isBusy() {
    return this.#batches.some(({ state }) => state === "waiting" || state === "running");
  }

  #mayWrite() {
    return this.#context.workspace.may("batches.write");
  }

  #show() {
    const mayWrite = this.#mayWrite();
    const ask = mayWrite ? button({ label: "New batch", icon: "plus", variant: "primary", disabled: this.#isBusy(), attributes: { "data-action": "ask" } }) : undefined;
    const empty = { icon: "images", title: "No batch yet", text: mayWrite ? "Give a list of codes; a minute later their pictures are there in one file." : "Owner and admins have pictures made of many codes.", action: ask };
    render(
      this.#container,
      html`
        ${this.#who && notice({ icon: "lock", children: `You can look, but not have pictures made. Ask ${this.#who} for the role of admin.` })}
        <section class="card stack" data-key="batches">
          <div class="card-head"><h2>Pictures of many codes</h2>${this.#batches.length > 0 && ask && html`<span class="push">${ask}</span>`}</div>
          <p class="muted">Made in the background, kept for seven days. Each code is checked; the manifest in the file names what was left out.</p>
          ${this.#batches.length ? html`<ul class="plain stack entries">${this.#batches.map((each) => batchLine(each, mayWrite))}</ul>` : emptyView(empty)}
        </section>`,
    );
  }

  async #ask() {
    try {
      const { items } = await this.#context.api.get(`client/templates?limit=${TEMPLATES}`, { signal: this.#signal });
      const usable = /** @type {import("./batches-order.js").Template[]} */ (items).filter(({ archived, version }) => !archived && version !== null);
      if (!usable.length) return void toast({ tone: "danger", text: "Publish a template first; pictures are made of it." });
      const made = await askForBatch(this.#context.api, usable);
      if (!made) return;
      toast({ tone: "success", text: `${countOf(made.codes_total, "code is", "codes are")} on the way. You can leave this page.` });
      await this.#look();
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {Batch} batch */
  async #cancel({ id }) {
    try {
      await this.#context.api.post(`client/batches/${encodeURIComponent(id)}/cancel`, {});
      toast({ tone: "success", text: "The batch was cancelled." });
    } catch (error) {
      toastError(error);
    }
    await this.#look();
  }

  /** @param {Batch} batch */
  async #download({ id }) {
    try {
      const { links } = await this.#context.api.post(`client/batches/${encodeURIComponent(id)}/links`, {});
      if (links.length === 1) return void location.assign(links[0].url);
      openDialog({
        title: "Download the batch",
        body: html`<p>It comes in ${countOf(links.length, "file", "files")}. The links are good for ten minutes.</p>
          <ul class="plain stack">${links.map((/** @type {{ url: string, bytes: number }} */ { url, bytes }, /** @type {number} */ index) => html`<li><a href="${url}">Part ${index + 1}</a> <span class="muted">${formatBytes(bytes)}</span></li>`)}</ul>`,
      });
    } catch (error) {
      toastError(error);
      await this.#look();
    }
  }
}

/** @param {Batch} batch @param {boolean} mayWrite */
function batchLine(batch, mayWrite) {
  const { id, state, template, formats, output, codes_total: total, left_out_total: leftOut } = batch;
  const isOpen = state === "waiting" || state === "running";
  const act = { batch: id, size: "small", variant: "outline" };
  return html`<li class="stack" data-key="${id}">
    <div class="row">
      <strong>${titleCase(template)}</strong>
      <span class="muted">${formats.map(titleCase).join(", ")} · ${output.toUpperCase()} · ${formatMoment(new Date(batch.created_at))}</span>
      ${mayWrite && (isOpen || state === "done") && html`<span class="push">${isOpen ? action("Cancel", "x", "cancel", act) : action("Download", "download", "download", act)}</span>`}
    </div>
    <p class="row" role="status">${state !== "done" && !isOpen && html`<span class="tag"${state === "failed" ? html` data-tone="danger"` : ""}>${state}</span>`}<span class="muted">${told(batch)}</span></p>
    ${isOpen && html`<div class="progress"><progress max="${total}" value="${state === "waiting" && !batch.codes_done ? 0 : Math.max(batch.codes_done, Math.floor(batch.pictures / formats.length))}" aria-label="Batch"></progress></div>`}
    ${leftOut > 0 && leftOutList(batch)}
  </li>`;
}

/** @param {string} label @param {string} icon @param {string} name @param {{ batch: string, size: string, variant: string }} look */
function action(label, icon, name, { batch, size, variant }) {
  return button({ label, icon, size: /** @type {any} */ (size), variant: /** @type {any} */ (variant), attributes: { "data-action": name, "data-batch": batch } });
}

/** @param {Batch} batch */
function told({ state, codes_total: total, pictures, bytes, expires_at: until }) {
  const made = countOf(pictures, "picture", "pictures");
  if (state === "waiting") return pictures ? `${made} so far; it goes on within a minute` : "waits to be made, which takes a minute";
  if (state === "running") return `${made} so far, of ${countOf(total, "code", "codes")}`;
  if (state === "done") return `${made}, ${formatBytes(bytes)}, kept until ${formatDate(new Date(String(until)))}`;
  if (state === "failed") return "It could not be made, however often it was tried. Look at the template, then ask for it again.";
  return state === "cancelled" ? "Nothing of it is kept." : `${made}, cleared away after seven days`;
}

/** @param {Batch} batch */
function leftOutList({ left_out: shown, left_out_total: total }) {
  return html`<details>
    <summary>${countOf(total, "row was", "rows were")} left out</summary>
    <ul>${shown.map(({ row, text, reason }) => html`<li>Row ${formatNumber(row)}, <code>${text}</code>: ${reason}</li>`)}</ul>
    ${total > shown.length && html`<p class="muted">The manifest in the file names them all.</p>`}
  </details>`;
}
