import { field } from "../shared/components/field.js";
import { formatNumber, formatRelative } from "../shared/js/format.js";
import { debounce } from "../shared/js/state.js";
import { find, html } from "../shared/js/html.js";
import { pagedTable } from "../shared/js/paged-table.js";

/** @typedef {{ id: string, slug: string, name: string, state: "active" | "suspended" | "closing", owner_email: string | null, members: number, bots: number, bots_in_trouble: number, used_at: string | null, created_at: string }} TenantRow */

const TYPING_MS = 250;

/** @param {{ api: import("../shared/js/api.js").Api }} context @returns {import("../shared/components/shell.js").View} */
export function tenantsView({ api }) {
  return {
    title: "Tenants",
    mount(container, { place, signal, setFilters }) {
      let search = place.query.get("q") ?? "";
      const again = pagedTable(container, {
        api,
        signal,
        path: "admin/tenants",
        query: () => ({ q: search || null }),
        head: { title: "Tenants of the platform", text: "The newest first. Open one for its people’s actions and to suspend it." },
        tools: html`<search class="search-field">${field({ id: "q", label: "Search", type: "search", value: search, help: "Name, address or the owner’s e-mail", attributes: { autocomplete: "off" } })}</search>`,
        empty: { icon: "building", title: "No tenant matches", text: "Type less, or look at the spelling." },
        table: { label: "Tenants", noun: ["tenant", "tenants"], idOf: (row) => row.id, columns: COLUMNS },
      });
      const input = find(container, "#q", HTMLInputElement);
      const look = debounce(() => {
        search = input.value.trim();
        setFilters({ q: search || null });
        void again();
      }, TYPING_MS);
      input.addEventListener("input", look);
      signal.addEventListener("abort", look.cancel);
      container.addEventListener("row-open", (event) => {
        location.hash = `#/tenants/${/** @type {CustomEvent} */ (event).detail.id}`;
      });
      return again();
    },
  };
}

/** @param {"active" | "suspended" | "closing"} state */
export function stateTag(state) {
  return html`<span class="tag" data-tone="${state === "active" ? "success" : "warning"}">${state}</span>`;
}

/** @param {TenantRow} row */
function botsOf({ bots, bots_in_trouble: troubled, state }) {
  return html`${formatNumber(bots)}${state === "active" && troubled > 0 && html` <span class="tag" data-tone="danger">${troubled === bots ? "in trouble" : `${formatNumber(troubled)} in trouble`}</span>`}`;
}

/** @type {import("../shared/components/table-data.js").Column<TenantRow>[]} */
const COLUMNS = [
  { key: "name", label: "Name", fixed: true, value: (row) => row.name, show: (row) => html`<a href="#/tenants/${row.id}">${row.name}</a>` },
  { key: "slug", label: "Address", value: (row) => row.slug },
  { key: "owner", label: "Owner", value: (row) => row.owner_email },
  { key: "members", label: "Members", value: (row) => row.members, align: "end" },
  { key: "bots", label: "Bots", value: (row) => row.bots, show: (row) => botsOf(row), align: "end" },
  { key: "used", label: "Last used", value: (row) => (row.used_at ? new Date(row.used_at) : null), show: (row) => (row.used_at ? formatRelative(new Date(row.used_at)) : "never") },
  { key: "state", label: "State", value: (row) => row.state, show: (row) => stateTag(row.state) },
  { key: "created", label: "Since", value: (row) => new Date(row.created_at) },
];
