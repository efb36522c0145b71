import { button } from "../shared/components/button.js";
import { confirmDestruction, keepOpen, openDialog } from "../shared/components/dialog.js";
import { textField, watchForm } from "../shared/components/field.js";
import { describeError, emptyView, errorView, notice, skeleton } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { toast } from "../shared/components/toast.js";
import { auditColumns } from "../shared/js/audit.js";
import { formatDate, formatMoment, formatNumber } from "../shared/js/format.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { shareTemplate, templatesSection } from "./tenant-templates.js";
import { usageSection } from "./tenant-usage.js";
import { stateTag } from "./tenants-view.js";

/** @typedef {import("./tenants-view.js").TenantRow & { state_reason: string | null, erase_at: string | null, audit: import("../shared/js/audit.js").AuditLine[] }} Tenant */

const LONGEST_REASON = 500;

/** One tenant: facts, suspend and resume, what was done. @param {{ api: import("../shared/js/api.js").Api }} context @returns {import("../shared/components/shell.js").View} */
export function tenantView({ api }) {
  return {
    title: "Tenant",
    mount(container, { place, signal }) {
      const path = `admin/tenants/${encodeURIComponent(place.params.id)}`;
      /** @type {Tenant} */
      let tenant;
      /** @type {import("./tenant-usage.js").Looked} */
      let looked = { phase: "loading" };
      /** @type {import("./tenant-templates.js").Shareable[]} */
      let templates = [];
      const draw = () => {
        if (!signal.aborted) showTenant(container, tenant, looked, templates);
      };
      let latest = 0;
      const count = async () => {
        const number = ++latest;
        /** @type {import("./tenant-usage.js").Looked} */
        let found;
        try {
          found = { phase: "ready", usage: await api.get(`${path}/usage`, { signal }) };
        } catch (error) {
          found = { phase: "failed", error };
        }
        if (number !== latest) return;
        looked = found;
        draw();
      };
      const show = (/** @type {Tenant} */ next) => {
        tenant = next;
        draw();
        void count(); // what was done changes it
        void findTemplates();
      };
      const findTemplates = async () => {
        // Without them the page says all the rest.
        const { items } = await api.get(`${path}/templates`, { signal }).catch(() => ({ items: [] }));
        templates = items;
        draw();
      };
      const start = () =>
        load(
          () => api.get(path, { signal }),
          (loading) => {
            if (loading.phase === "slow") render(container, skeleton(["title", "card", "card"]));
            if (loading.phase === "failed") render(container, failure(loading.error));
            if (loading.phase === "ready") show(loading.data);
          },
        );
      listen(container, "click", "[data-action=retry]", () => void start());
      listen(container, "click", "[data-action=count-again]", () => void count());
      listen(container, "click", "[data-action=suspend]", () => void suspend(api, path, tenant, show));
      listen(container, "click", "[data-action=resume]", () => void resume(api, path, tenant, show));
      listen(container, "click", "[data-action=visit]", () => void visit(api, path, tenant));
      listen(container, "click", "[data-action=close]", () => void close(api, path, tenant, show));
      listen(container, "click", "[data-share]", (_event, { dataset }) => void shareTemplate(api, path, templates.find(({ slug }) => slug === dataset.share)));
      listen(container, "click", "[data-action=keep]", () => void keep(api, path, tenant, show));
      return start();
    },
  };
}

/** @param {unknown} error */
function failure(error) {
  if (/** @type {{ status?: number }} */ (error).status !== 404) return errorView(describeError(error, "The tenant could not be loaded"));
  return emptyView({ icon: "building", title: "There is no such tenant", text: "The address may be mistyped.", action: button({ label: "All tenants", icon: "arrow-left", href: "#/" }) });
}

/** @param {HTMLElement} container @param {Tenant} tenant @param {import("./tenant-usage.js").Looked} looked @param {import("./tenant-templates.js").Shareable[]} templates */
function showTenant(container, tenant, looked, templates) {
  render(
    container,
    html`
      <header class="view-head">
        <div><p><a href="#/">All tenants</a></p><h2 class="row">${tenant.name} ${stateTag(tenant.state)}</h2></div>
        <span class="row">${button({ label: "Look inside…", icon: "log-in", variant: "outline", attributes: { "data-action": "visit" } })}${acts(tenant)}</span>
      </header>
      ${tenant.state === "suspended" && html`<div data-key="why">${notice({ tone: "warning", icon: "circle-pause", children: html`Suspended: ${tenant.state_reason}` })}</div>`}
      ${tenant.erase_at && html`<div data-key="end">${notice({ tone: "danger", icon: "trash", children: html`Deleted for good on ${formatMoment(new Date(tenant.erase_at))}. Until then it stands still, and this can be taken back.` })}</div>`}
      <section class="card" data-key="facts">
        <dl class="facts">
          <dt>Address</dt><dd>${tenant.slug}</dd>
          <dt>Owner</dt><dd>${tenant.owner_email ?? "none"}</dd>
          <dt>Members</dt><dd class="numbers">${formatNumber(tenant.members)}</dd>
          <dt>Since</dt><dd>${formatDate(new Date(tenant.created_at))}</dd>
          <dt>Id</dt><dd><code>${tenant.id}</code></dd>
        </dl>
      </section>
      ${usageSection(looked, tenant.state)}
      ${templatesSection(templates)}
      <section class="stack" data-key="audit"><h3>Latest in its audit log</h3>${tenant.audit.length ? html`<ps-table></ps-table>` : html`<p class="muted">Nothing was done yet.</p>`}</section>`,
  );
  if (!tenant.audit.length) return;
  const columns = auditColumns();
  find(container, "ps-table", Table).model = { label: "Audit log", noun: ["line", "lines"], idOf: (row) => row.id, columns, rows: tenant.audit };
}

/** What can be done with it now. @param {Tenant} tenant */
function acts({ state }) {
  const remove = button({ label: "Delete…", icon: "trash", variant: "outline", attributes: { "data-action": "close" } });
  if (state === "closing") return button({ label: "Keep it after all", icon: "undo-2", variant: "primary", attributes: { "data-action": "keep" } });
  if (state === "suspended") return html`${remove}${button({ label: "Resume", icon: "circle-play", variant: "primary", attributes: { "data-action": "resume" } })}`;
  return html`${remove}${button({ label: "Suspend…", icon: "circle-pause", variant: "danger", attributes: { "data-action": "suspend" } })}`;
}

/**
 * @param {import("../shared/js/api.js").Api} api @param {string} path @param {Tenant} tenant @param {(tenant: Tenant) => void} show
 */
async function close(api, path, tenant, show) {
  await askWhy(
    {
      title: `Delete ${tenant.name}?`,
      before: "At once, until it is taken back:",
      consequences: [
        "its coupon page and its bots stand still, and nothing is sent,",
        "its people read that it is to be deleted, and its owner gets an export of everything.",
        "In fourteen days all of it is deleted for good, files and audit log too.",
      ],
      verb: "Delete",
    },
    async (reason) => {
      show(await api.post(`${path}/closing`, { reason }));
      toast({ tone: "success", text: `${tenant.name} is to be deleted.` });
    },
  );
}

/** @param {import("../shared/js/api.js").Api} api @param {string} path @param {Tenant} tenant */
async function visit(api, path, tenant) {
  /** @type {{ url: string, expires_at: string } | null} */
  let made = null;
  const told = {
    title: `Look into ${tenant.name}?`,
    before: "You see its dashboard as its owner does, and:",
    consequences: ["you can read everything and change nothing,", "it ends after half an hour,", "its people read in their audit log that the platform looked in."],
    verb: "Look inside",
  };
  await askWhy(told, async (reason) => {
    made = await api.post(`${path}/visits`, { reason });
  });
  if (!made) return;
  const { url, expires_at: until } = /** @type {{ url: string, expires_at: string }} */ (made);
  openDialog({
    title: `The visit to ${tenant.name} is open`,
    body: html`<p>Until ${formatMoment(new Date(until))}, in a tab of its own. The link works for whoever has it: pass it to nobody.</p>`,
    foot: button({ label: "Open the dashboard", icon: "external-link", variant: "primary", href: url, attributes: { target: "_blank", rel: "noopener" } }),
  });
}

/**
 * @param {import("../shared/js/api.js").Api} api @param {string} path @param {Tenant} tenant @param {(tenant: Tenant) => void} show
 */
async function keep(api, path, tenant, show) {
  try {
    show(await api.delete(`${path}/closing`));
    toast({ tone: "success", text: `${tenant.name} stays.` });
  } catch (error) {
    toast({ tone: "danger", text: describeError(error, "").text });
  }
}

/**
 * @param {import("../shared/js/api.js").Api} api @param {string} path @param {Tenant} tenant @param {(tenant: Tenant) => void} show
 */
async function suspend(api, path, tenant, show) {
  await askWhy(
    {
      title: `Suspend ${tenant.name}?`,
      before: "With it go, until it is resumed:",
      consequences: [
        "its coupon page, which says that it is paused,",
        "its bots, which go on receiving but do not answer,",
        "everything that waits to be sent: it is held, not lost,",
        `the dashboard of its people (${formatNumber(tenant.members)}), who read that it is suspended.`,
      ],
      verb: "Suspend",
    },
    async (reason) => {
      show(await api.post(`${path}/suspend`, { reason }));
      toast({ tone: "success", text: `${tenant.name} is suspended.` });
    },
  );
}

/**
 * Names what goes with it and asks for the reason, which stays in the audit log.
 * @param {{ title: string, before: string, consequences: string[], verb: string }} told
 * @param {(reason: string) => Promise<void>} act
 */
export async function askWhy({ title, before, consequences, verb }, act) {
  const { element, closed } = openDialog({
    title,
    body: html`
      <form class="stack" id="why">
        <p>${before}</p>
        <ul class="consequences">${consequences.map((each) => html`<li>${each}</li>`)}</ul>
        ${textField({ id: "reason", label: "Reason", help: "Stays in the audit log; the tenant’s people do not read it.", maxlength: LONGEST_REASON })}
        <div data-slot="problem"></div>
      </form>`,
    foot: html`<span class="row push" data-slot="foot"></span>`,
  });
  const reason = find(element, "#reason", HTMLTextAreaElement);
  /** @param {boolean} isBusy */
  function showFoot(isBusy) {
    render(
      find(element, "[data-slot=foot]", HTMLElement),
      html`
        ${button({ label: "Cancel", variant: "ghost", attributes: { "data-close": "" } })}
        ${button({ label: verb, type: "submit", variant: "danger", busy: isBusy, attributes: { form: "why" } })}`,
    );
    keepOpen(element, isBusy);
  }
  showFoot(false);
  reason.focus();
  watchForm(find(element, "form", HTMLFormElement), {
    problemOf: ({ value }) => (value.trim() ? null : "Say why, in a sentence."),
    onValid: async () => {
      if (element.ariaBusy) return;
      showFoot(true);
      try {
        await act(reason.value.trim());
        element.close("done");
      } catch (error) {
        showFoot(false);
        const slot = find(element, "[data-slot=problem]", HTMLElement);
        render(slot, notice({ tone: "danger", children: describeError(error, "").text }));
      }
    },
  });
  await closed;
}

/**
 * @param {import("../shared/js/api.js").Api} api @param {string} path @param {Tenant} tenant @param {(tenant: Tenant) => void} show
 */
async function resume(api, path, tenant, show) {
  const isSure = await confirmDestruction({
    title: `Resume ${tenant.name}?`,
    consequence: "Its page and bots answer again, and what was held is sent now.",
    verb: "Resume",
  });
  if (!isSure) return;
  try {
    show(await api.post(`${path}/resume`, {}));
    toast({ tone: "success", text: `${tenant.name} works again.` });
  } catch (error) {
    toast({ tone: "danger", text: describeError(error, "").text });
  }
}
