/** A view that is one long list: loading, empty, error, the table, and a way to what is older. */

import { button } from "../components/button.js";
import { describeError, emptyView, errorView, skeleton } from "../components/states.js";
import { Table } from "../components/table.js";
import { toast } from "../components/toast.js";
import { find, html, listen, render } from "./html.js";
import { createPages } from "./lists.js";
import { load } from "./state.js";

/** @typedef {import("./html.js").Html} Html */

/**
 * @param {HTMLElement} container
 * @param {object} options
 * @param {import("./api.js").Api} options.api
 * @param {AbortSignal} options.signal
 * @param {string} options.path
 * @param {() => Record<string, string | null>} [options.query]
 * @param {{ title: string, text: string, action?: Html }} options.head
 * @param {Html} [options.tools] between head and table
 * @param {{ icon: string, title: string, text: string }} options.empty
 * @param {Omit<import("../components/table.js").TableModel<any>, "rows">} options.table
 * @returns {() => Promise<void>} loads from the first page, also for the first time; the last call wins
 */
export function pagedTable(container, { api, signal, path, query, head, tools, empty, table }) {
  const pages = createPages(api, path, { signal, query });
  render(
    container,
    html`
      <header class="view-head"><div><h2>${head.title}</h2><p class="muted">${head.text}</p></div>${head.action}</header>
      ${tools}
      <div class="stack" data-slot="list"></div>`,
  );
  const slot = find(container, "[data-slot=list]", HTMLElement);
  const failed = (/** @type {unknown} */ error) => describeError(error, "This list could not be loaded");

  function show() {
    if (!pages.rows().length) return render(slot, emptyView(empty));
    const more = html`<div class="row">${button({ label: "Show more", variant: "outline", attributes: { "data-action": "more" } })}</div>`;
    render(slot, html`<ps-table></ps-table>${pages.hasMore() && more}`);
    find(slot, "ps-table", Table).model = { ...table, rows: pages.rows() };
  }

  let turn = 0;

  function again() {
    const mine = ++turn;
    return load(
      () => pages.more({ again: true }),
      (loading) => {
        if (mine !== turn) return;
        if (loading.phase === "slow" && !slot.querySelector("ps-table")) render(slot, skeleton(["control", "card", "card"]));
        if (loading.phase === "failed") render(slot, errorView(failed(loading.error)));
        if (loading.phase === "ready") show();
      },
    );
  }

  listen(slot, "click", "[data-action=retry]", () => void again());
  listen(slot, "click", "[data-action=more]", () => {
    pages.more().then(show, (error) => toast({ tone: "danger", text: failed(error).text }));
  });
  return again;
}
