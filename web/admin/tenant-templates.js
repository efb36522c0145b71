import { button } from "../shared/components/button.js";
import { confirmDestruction } from "../shared/components/dialog.js";
import { describeError } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { formatNumber } from "../shared/js/format.js";
import { html } from "../shared/js/html.js";

/** @typedef {{ slug: string, name: string, version: number }} Shareable */

const SHARE_MS = 30_000;

/** What of a tenant all others could be given; nothing while that is not known. @param {Shareable[]} templates */
export function templatesSection(templates) {
  if (!templates.length) return null;
  return html`<section class="stack" data-key="templates" aria-labelledby="templates-title"><h3 id="templates-title">Templates</h3>
    <p class="muted">Made in this workspace, with its editor. Given to all workspaces, a template is published in each of them.</p>
    <ul class="plain stack">${templates.map(({ slug, name, version }) => html`<li class="row" data-key="${slug}"><span>${name} <span class="muted small">version ${version}</span></span>
      ${button({ label: `Give ${name} to all`, icon: "share-2", size: "small", variant: "outline", attributes: { "data-share": slug } })}</li>`)}</ul></section>`;
}

/**
 * @param {import("../shared/js/api.js").Api} api @param {string} path of the tenant @param {Shareable | undefined} template
 */
export async function shareTemplate(api, path, template) {
  if (!template) return;
  const isSure = await confirmDestruction({
    title: `Give ${template.name} to all workspaces?`,
    consequence: "It is shown in the gallery and the bot of each. Who has a template of his own under its address, or has changed what he was given, keeps that.",
    verb: "Give it to all",
  });
  if (!isSure) return;
  try {
    const { given, kept } = await api.post(`${path}/templates/${template.slug}/share`, {}, { timeoutMs: SHARE_MS });
    toast({ tone: "success", text: `${formatNumber(given)} workspaces have it now${kept ? `, ${formatNumber(kept)} keep their own` : ""}.` });
  } catch (error) {
    toast({ tone: "danger", text: `${describeError(error, "").text} Nothing is lost: give it again.` });
  }
}
