import { button } from "../shared/components/button.js";
import { confirmDestruction } from "../shared/components/dialog.js";
import { describeError, errorView, skeleton } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { toast } from "../shared/components/toast.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { listAll } from "../shared/js/lists.js";
import { load } from "../shared/js/state.js";
import { mountInvitations } from "./invitations-card.js";
import { nameOf, roleName, whoGrants } from "./people.js";

/** @typedef {import("./people.js").Member} Member */

/** @param {import("./overview-view.js").Context} context @returns {import("../shared/components/shell.js").View} */
export function membersView(context) {
  return {
    title: "Members",
    async mount(container, { signal }) {
      render(container, html`<div class="part" data-slot="people"></div><div class="part" data-slot="invitations"></div>`);
      await new MembersPage(context, find(container, "[data-slot=people]", HTMLElement), signal).start();
      if (signal.aborted || !context.workspace.may("members.write")) return;
      await mountInvitations(find(container, "[data-slot=invitations]", HTMLElement), { ...context, signal });
    },
  };
}

class MembersPage {
  /** @type {Member[]} */
  #members = [];
  #api;
  #workspace;
  #container;
  #signal;

  /** @param {import("./overview-view.js").Context} context @param {HTMLElement} container @param {AbortSignal} signal */
  constructor({ api, workspace }, container, signal) {
    this.#api = api;
    this.#workspace = workspace;
    this.#container = container;
    this.#signal = signal;
  }

  start() {
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "change", "[data-role-of]", (_event, select) => void this.#changeRole(/** @type {HTMLSelectElement} */ (select)));
    listen(this.#container, "click", "[data-owner]", (_event, control) => void this.#handOver(String(control.dataset.owner)));
    listen(this.#container, "click", "[data-remove]", (_event, control) => void this.#remove(String(control.dataset.remove)));
    return this.#load();
  }

  #load() {
    return load(
      () => listAll(this.#api, "client/settings/members", { signal: this.#signal }),
      (loading) => {
        if (loading.phase === "slow") render(this.#container, skeleton(["title", "card", "card"]));
        if (loading.phase === "failed") render(this.#container, errorView(describeError(loading.error, "The members could not be loaded")));
        if (loading.phase !== "ready") return;
        this.#members = loading.data;
        this.#show();
      },
    );
  }

  #show() {
    const name = this.#workspace.current()?.name ?? "";
    const mayWrite = this.#workspace.may("members.write");
    render(
      this.#container,
      html`
        <header class="view-head"><div><h2>People of ${name}</h2>
          <p class="muted">${mayWrite ? "The owner decides who is an admin. Admins change settings and remove members." : "You can see who works here. Owner and admins can change it."}</p></div></header>
        <ps-table></ps-table>`,
    );
    find(this.#container, "ps-table", Table).model = {
      label: "Members",
      noun: ["member", "members"],
      idOf: (/** @type {Member} */ row) => row.user_id,
      rows: this.#members,
      columns: [
        { key: "name", label: "Name", fixed: true, value: nameOf, show: (row) => html`<span class="two-lines"><strong>${nameOf(row)}${row.is_you && " (you)"}</strong><span class="muted">${row.email ?? "no address"}</span></span>` },
        { key: "role", label: "Role", value: (row) => row.role, show: (row) => this.#role(row) },
        { key: "joined", label: "Member since", value: (row) => new Date(row.joined_at) },
        { key: "act", label: "Actions", fixed: true, control: true, align: "end", value: () => null, show: (row) => this.#actions(row) },
      ],
    };
  }

  /** @param {Member} row */
  #role(row) {
    if (row.role === "owner" || !this.#workspace.may("members.promote")) return html`<span class="tag">${row.role}</span>`;
    return html`
      <select class="input compact" data-role-of="${row.user_id}" aria-label="Role of ${nameOf(row)}">
        ${["admin", "member"].map((role) => (role === row.role ? html`<option value="${role}" selected>${role}</option>` : html`<option value="${role}">${role}</option>`))}
      </select>`;
  }

  /** @param {Member} row */
  #actions(row) {
    if (row.role === "owner") return html`<span class="muted">–</span>`;
    if (row.is_you) return button({ label: "Leave", icon: "log-out", size: "small", variant: "outline", attributes: { "data-remove": row.user_id } });
    const isAllowed = this.#workspace.may(row.role === "admin" ? "members.promote" : "members.write");
    if (!isAllowed) return html`<span class="muted">–</span>`;
    const crown = this.#workspace.may("tenant.handover") && button({ label: `Make ${nameOf(row)} the owner`, icon: "key-round", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-owner": row.user_id } });
    return html`<span class="row">${crown}${this.#removal(row)}</span>`;
  }

  /** @param {Member} row */
  #removal(row) {
    return button({ label: `Remove ${nameOf(row)}`, icon: "trash", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-remove": row.user_id } });
  }

  /** At once, with a way back. @param {HTMLSelectElement} select */
  async #changeRole(select) {
    const member = this.#members.find(({ user_id }) => user_id === select.dataset.roleOf);
    if (!member) return;
    const [before, role] = [member.role, /** @type {Member["role"]} */ (select.value)];
    const put = (/** @type {Member["role"]} */ wanted) => this.#api.put(`client/settings/members/${member.user_id}`, { role: wanted });
    try {
      this.#replace(await put(role));
      toast({
        tone: "success",
        text: `${nameOf(member)} is now ${roleName(role)}.`,
        action: { label: "Undo", run: () => void put(before).then((row) => this.#replace(row), (error) => this.#refused(error)) },
      });
    } catch (error) {
      await this.#refused(error);
    }
  }

  /** @param {Member} changed */
  #replace(changed) {
    this.#members = this.#members.map((row) => (row.user_id === changed.user_id ? changed : row));
    if (!this.#signal.aborted) this.#show();
  }

  /** @param {string} id */
  async #handOver(id) {
    const member = this.#members.find(({ user_id }) => user_id === id);
    if (!member) return;
    const isSure = await confirmDestruction({
      title: `Make ${nameOf(member)} the owner?`,
      consequence: `${member.email ?? "This person"} can then delete the workspace and decides who is an admin. You become an admin and cannot take it back yourself.`,
      verb: "Hand it over",
    });
    if (!isSure) return;
    try {
      await this.#api.post(`client/settings/members/${id}/owner`, {});
      toast({ tone: "success", text: `${nameOf(member)} is the owner now.` });
      await this.#workspace.load();
    } catch (error) {
      await this.#refused(error);
    }
  }

  /** @param {string} id */
  async #remove(id) {
    const member = this.#members.find(({ user_id }) => user_id === id);
    const name = this.#workspace.current()?.name ?? "this workspace";
    if (!member) return;
    const isSure = await confirmDestruction(
      member.is_you
        ? { title: `Leave ${name}?`, consequence: "You lose access at once. Its people can invite you again; what you made stays.", verb: "Leave" }
        : { title: `Remove ${nameOf(member)} from ${name}?`, consequence: `${member.email ?? "This person"} loses access at once. What they made stays, and so does their line in the audit log.`, verb: "Remove" },
    );
    if (!isSure) return;
    try {
      await this.#api.delete(`client/settings/members/${id}`);
      if (member.is_you) return void this.#workspace.leave();
      this.#members = this.#members.filter(({ user_id }) => user_id !== id);
      this.#show();
      toast({ tone: "success", text: `${nameOf(member)} was removed.` });
    } catch (error) {
      await this.#refused(error);
    }
  }

  /** The server's word stands: say it, say who could, and show what is true. @param {unknown} error */
  async #refused(error) {
    const { text } = describeError(error, "");
    const isRight = /** @type {{ status?: number }} */ (error).status === 403;
    toast({ tone: "danger", text: isRight ? `${text} Ask ${await whoGrants(this.#api, this.#signal)}.` : text });
    // Somebody has taken the right away meanwhile: what it allowed must not be offered any more.
    if (isRight) await this.#workspace.load().catch(() => undefined);
    if (!this.#signal.aborted) await this.#load();
  }
}
