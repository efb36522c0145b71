import { button } from "../shared/components/button.js";
import { openDialog } from "../shared/components/dialog.js";
import { icon } from "../shared/components/icon.js";
import { describeError, errorView, skeleton } from "../shared/components/states.js";
import { assetAddress } from "../shared/js/config.js";
import { formatMoment } from "../shared/js/format.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { createPages } from "../shared/js/lists.js";
import { load } from "../shared/js/state.js";

/** @typedef {{ number: number, created_at: string, published: boolean, thumbnail_url: string | null }} Version */

/**
 * A template's versions, the newest first.
 * @param {import("./overview-view.js").Context} context @param {{ slug: string, name: string }} template @param {AbortSignal} signal
 * @param {{ verb?: string, withCurrent?: boolean }} [options] `withCurrent`: the one in use can be chosen too
 * @returns {Promise<number | null>} the one to go back to; null: none
 */
export async function chooseVersion({ api, config, workspace }, { slug, name }, signal, { verb = "Use version", withCurrent = false } = {}) {
  const pages = createPages(api, `client/templates/${slug}/versions`, { signal, limit: 20 });
  const { element, closed } = openDialog({ title: `Versions of ${name}`, body: html`<div class="stack" data-slot="versions"></div>` });
  const slot = find(element, "[data-slot=versions]", HTMLElement);
  const mayWrite = workspace.may("templates.write");
  const show = () => render(slot, html`${list(pages.rows(), { mayWrite, assetBase: config.assetBase, verb, withCurrent })}${pages.hasMore() && button({ label: "Show more", variant: "outline", attributes: { "data-action": "more" } })}`);
  const start = (/** @type {boolean} */ again) =>
    load(
      () => pages.more({ again }),
      (loading) => {
        if (loading.phase === "slow" && again) render(slot, skeleton(["control", "control"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "The versions could not be loaded")));
        if (loading.phase === "ready") show();
      },
    );
  listen(slot, "click", "[data-action=retry]", () => void start(true));
  listen(slot, "click", "[data-action=more]", () => void start(false));
  void start(true);
  const chosen = await closed;
  return chosen ? Number(chosen) : null;
}

/** @param {Version[]} versions @param {{ mayWrite: boolean, assetBase: string, verb: string, withCurrent: boolean }} options */
function list(versions, { mayWrite, assetBase, verb, withCurrent }) {
  return html`<p class="muted">Pictures made before stay what they are.</p>
    <ul class="template-versions">${versions.map(
      ({ number, created_at: at, published, thumbnail_url: url }) => html`
        <li data-key="${String(number)}">
          ${url ? html`<img src="${assetAddress(url, assetBase)}" alt="Version ${String(number)}" width="64" height="64">` : icon("image")}
          <span class="two-lines"><strong>Version ${String(number)}</strong><span class="muted small">${formatMoment(new Date(at))}</span></span>
          ${published && html`<span class="tag" data-tone="success">In use</span>`}
          ${mayWrite && (withCurrent || !published) && button({ label: `${verb} ${number}`, size: "small", variant: "outline", attributes: { "data-close": String(number) } })}
        </li>`,
    )}</ul>`;
}
