/** Whom this workspace has invited: offer a place, hand its link over, take it back. Nothing is mailed. */

import { askFor } from "../shared/components/ask.js";
import { button } from "../shared/components/button.js";
import { field, selectField } from "../shared/components/field.js";
import { describeError, errorView } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { toast, toastError } from "../shared/components/toast.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { roleName } from "./people.js";

/** @typedef {{ id: string, email: string, role: "admin" | "member", invited_by: string | null, created_at: string, expires_at: string }} Invitation */

/**
 * @param {HTMLElement} slot
 * @param {{ api: import("../shared/js/api.js").Api, workspace: import("./workspace.js").Workspace, signal: AbortSignal }} options
 */
export function mountInvitations(slot, { api, workspace, signal }) {
  let tenant = "";
  /** @type {Invitation[]} */
  let items = [];

  const look = () =>
    load(
      () => api.get("client/settings/invitations", { signal }),
      (loading) => {
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "The invitations could not be loaded")));
        if (loading.phase === "ready") {
          tenant = loading.data.tenant_id;
          show(loading.data.items);
        }
      },
    );

  /** @param {Invitation[]} next */
  function show(next) {
    items = next;
    if (signal.aborted) return;
    render(
      slot,
      html`
        <section class="stack" aria-labelledby="invitations">
          <header class="view-head"><div><h3 id="invitations">Invitations</h3>
            <p class="muted">Each is for one address, for two weeks. Send the link yourself: nothing is mailed.</p></div>
            ${button({ label: "Invite somebody", icon: "plus", variant: "primary", attributes: { "data-action": "invite" } })}</header>
          ${items.length > 0 && html`<ps-table></ps-table>`}
        </section>`,
    );
    if (!items.length) return;
    find(slot, "ps-table", Table).model = {
      label: "Invitations",
      noun: ["invitation", "invitations"],
      idOf: (/** @type {Invitation} */ row) => row.id,
      rows: items,
      columns: [
        { key: "email", label: "Address", fixed: true, value: (row) => row.email },
        { key: "role", label: "As", value: (row) => row.role },
        { key: "until", label: "Open until", value: (row) => new Date(row.expires_at), show: (row) => (isOver(row) ? html`<span class="tag">over</span>` : new Date(row.expires_at).toLocaleDateString(undefined, { dateStyle: "medium" })) },
        { key: "act", label: "Actions", fixed: true, control: true, align: "end", value: () => null, show: (row) => actions(row, workspace) },
      ],
    };
  }

  /** @param {Invitation | null} older */
  async function invite(older) {
    const made = /** @type {Invitation | null} */ (older ? await renewed(api, older) : await askWhom(api, workspace.may("members.promote")));
    if (!made) return;
    show([made, ...items.filter(({ email }) => email !== made.email)]);
    await copy(made);
  }

  /** @param {Invitation} invitation */
  async function copy({ id, email }) {
    const link = new URL(`#/join/${tenant}/${id}`, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      toast({ tone: "success", text: `The link for ${email} is copied. Only that address can use it.` });
    } catch {
      toast({ text: `The link for ${email}: ${link}` });
    }
  }

  /** @param {Invitation} invitation */
  async function withdraw({ id, email }) {
    try {
      await api.delete(`client/settings/invitations/${id}`);
      toast({ tone: "success", text: `The link for ${email} works no more.` });
    } catch (error) {
      toastError(error);
    }
    if (!signal.aborted) await look();
  }

  /** @param {string | undefined} id */
  const named = (id) => items.find((each) => each.id === id);
  listen(slot, "click", "[data-action=retry]", () => void look());
  listen(slot, "click", "[data-action=invite]", () => void invite(null));
  for (const [name, act] of /** @type {[string, (row: Invitation) => Promise<void>][]} */ ([["copy", copy], ["renew", invite], ["withdraw", withdraw]])) {
    listen(slot, "click", `[data-${name}]`, (_event, control) => {
      const row = named(control.dataset[name]);
      if (row) void act(row);
    });
  }
  return look();
}

/** @param {Invitation} row */
const isOver = (row) => new Date(row.expires_at) <= new Date();

/** @param {Invitation} row @param {import("./workspace.js").Workspace} workspace */
function actions(row, workspace) {
  if (row.role === "admin" && !workspace.may("members.promote")) return html`<span class="muted">–</span>`;
  const first = isOver(row)
    ? button({ label: "Renew", icon: "refresh-cw", size: "small", variant: "outline", attributes: { "data-renew": row.id } })
    : button({ label: "Copy link", icon: "link", size: "small", variant: "outline", attributes: { "data-copy": row.id } });
  return html`<span class="row push">${first}${button({ label: `Withdraw the invitation for ${row.email}`, icon: "trash", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-withdraw": row.id } })}</span>`;
}

/** @param {import("../shared/js/api.js").Api} api @param {Invitation} older @returns {Promise<Invitation | null>} */
const renewed = (api, { email, role }) =>
  api.post("client/settings/invitations", { email, role }).catch((error) => {
    toastError(error);
    return null;
  });

/** @param {import("../shared/js/api.js").Api} api @param {boolean} mayPromote @returns {Promise<Invitation | null>} */
function askWhom(api, mayPromote) {
  const roles = /** @type {const} */ (["member", "admin"]).slice(0, mayPromote ? 2 : 1);
  return askFor({
    title: "Invite somebody",
    verb: "Invite and copy the link",
    body: html`
      ${field({ id: "email", label: "E-mail address", type: "email", help: "The one they sign in with.", attributes: { maxlength: 254, autocomplete: "off", autofocus: true } })}
      ${selectField({ id: "role", label: "As", value: "member", options: roles.map((role) => ({ value: role, label: roleName(role) })), help: mayPromote ? "An admin changes settings and removes members." : "Only the owner makes admins." })}`,
    problem: (_form, name, value) => (name !== "email" || /^\S+@\S+\.\S+$/.test(value.trim()) ? null : "Type one address, like name@company.com."),
    send: (form) => {
      const data = new FormData(form);
      return api.post("client/settings/invitations", { email: String(data.get("email")).trim(), role: String(data.get("role")) });
    },
  });
}
