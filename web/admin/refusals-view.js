import { selectField } from "../shared/components/field.js";
import { find, html } from "../shared/js/html.js";
import { pagedTable } from "../shared/js/paged-table.js";

/** @typedef {{ at: string, reason: string, function: string, host: string, actor: string, times: number, request_id: string | null }} Refusal */

/** Reason codes for somebody who helps on the phone. @type {Record<string, string>} */
const REASONS = {
  no_credentials: "Came without a session",
  expired: "The session’s token was over",
  from_the_future: "Token from the future: a clock is wrong",
  wrong_signature: "The token’s signature does not hold",
  wrong_issuer: "Token of another issuer",
  wrong_algorithm: "Token with another algorithm",
  wrong_party: "Token made for another site",
  unknown_key: "Token signed by an unknown key",
  claim_missing: "Token without a claim that is needed",
  claims_malformed: "Token with a claim of a wrong form",
  not_a_token: "Not a token at all",
  token_too_long: "Token longer than any real one",
  token_refused: "Token refused",
  identity_header_mismatch: "A header claimed another identity",
  cookie_expired: "The password session was over",
  cookie_revoked: "All password sessions were ended",
  cookie_password_changed: "The password is another one now",
  cookie_password_off: "The password sign-in is switched off",
  cookie_signature: "The cookie’s signature does not hold",
  cookie_audience: "Cookie of another host",
  cookie_key_unknown: "Cookie signed by a retired key",
  cross_site_request: "Sent by another site",
  wrong_host: "Wrong host for this part",
  wrong_password: "Wrong e-mail or password",
  not_an_admin: "Signed in, but not one of the platform’s people",
  role_lacks_permission: "The role does not allow it",
  foreign_tenant: "Not a member of that tenant",
  no_account: "Signed in, but never been here",
  tenant_suspended: "The tenant is suspended",
  email_not_verified: "E-mail address not verified",
};

/** @param {{ api: import("../shared/js/api.js").Api }} context @returns {import("../shared/components/shell.js").View} */
export function refusalsView({ api }) {
  return {
    title: "Refused sign-ins",
    mount(container, { signal }) {
      let reason = "";
      const options = [{ value: "", label: "Every reason" }, ...Object.entries(REASONS).map(([value, label]) => ({ value, label }))];
      const again = pagedTable(container, {
        api,
        signal,
        path: "admin/operations/refusals",
        query: () => ({ reason: reason || null }),
        head: { title: "Who was refused, and why", text: "Counted by minute, reason and caller, newest first. Callers read a code only." },
        tools: html`<div class="search-field">${selectField({ id: "reason", label: "Reason", value: "", options })}</div>`,
        empty: { icon: "shield", title: "Nobody was refused", text: "Refused calls of people and machines show up here." },
        table: {
          label: "Refused sign-ins",
          noun: ["line", "lines"],
          idOf: (/** @type {Refusal} */ row) => [row.at, row.reason, row.function, row.host, row.actor].join(" "),
          columns: COLUMNS,
        },
      });
      find(container, "#reason", HTMLSelectElement).addEventListener("change", (event) => {
        reason = /** @type {HTMLSelectElement} */ (event.target).value;
        void again();
      });
      return again();
    },
  };
}

/** @type {import("../shared/components/table-data.js").Column<Refusal>[]} */
const COLUMNS = [
  { key: "at", label: "Minute", value: (row) => new Date(row.at) },
  { key: "reason", label: "Reason", fixed: true, value: (row) => row.reason, show: (row) => html`<span class="two-lines"><span>${REASONS[row.reason] ?? row.reason}</span><code class="muted">${row.reason}</code></span>` },
  { key: "function", label: "Function", value: (row) => row.function },
  { key: "host", label: "Host", value: (row) => row.host },
  { key: "actor", label: "Caller", value: (row) => row.actor || null },
  { key: "times", label: "Times", value: (row) => row.times, align: "end" },
  { key: "request", label: "Last request", value: (row) => row.request_id, show: (row) => html`<code class="cut" title="${row.request_id}">${row.request_id ?? "–"}</code>` },
];
