import { button } from "../shared/components/button.js";
import { describeError, errorView, notice, skeleton } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { formatNumber } from "../shared/js/format.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { pagedTable } from "../shared/js/paged-table.js";
import { load } from "../shared/js/state.js";
import { editCode, redeemCode, releaseCode } from "./code-dialogs.js";
import { formatMoney, stateOf } from "./code-rules.js";
import { whoGrants } from "./people.js";
import { mountPlaces } from "./places-card.js";

/** @typedef {import("./code-rules.js").OwnCode} OwnCode */
/** @typedef {import("./overview-view.js").Context} Context */

/** The workspace's own codes, and where codes are checked. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function couponsView({ api, workspace }) {
  return {
    title: "Coupons",
    async mount(container, { signal }) {
      const mayWrite = workspace.may("coupons.write");
      render(container, html`${!mayWrite && html`<div data-slot="notice"></div>`}<section class="card" data-slot="places"></section><div class="stack" data-slot="codes"></div>`);
      const slot = (/** @type {string} */ name) => find(container, `[data-slot=${name}]`, HTMLElement);
      if (!mayWrite) {
        void whoGrants(api, signal).then((who) =>
          render(slot("notice"), notice({ icon: "lock", children: `You can look and redeem, but not change codes. Ask ${who} for the role of admin.` })),
        );
      }
      await Promise.all([showPlaces(slot("places"), { api, signal, mayWrite }), showCodes(slot("codes"), { api, signal, mayWrite })]);
    },
  };
}

/** @param {HTMLElement} slot @param {{ api: import("../shared/js/api.js").Api, signal: AbortSignal, mayWrite: boolean }} options */
function showPlaces(slot, { api, signal, mayWrite }) {
  const start = () =>
    load(
      () => api.get("client/coupons/providers", { signal }),
      (loading) => {
        if (loading.phase === "slow") render(slot, skeleton(["title", "control", "control", "control"]));
        if (loading.phase === "failed") render(slot, errorView(describeError(loading.error, "Where codes are checked could not be loaded")));
        if (loading.phase === "ready") mountPlaces(slot, { api, signal, mayWrite, places: loading.data.providers });
      },
    );
  listen(slot, "click", "[data-action=retry]", () => void start());
  return start();
}

/** @param {HTMLElement} slot @param {{ api: import("../shared/js/api.js").Api, signal: AbortSignal, mayWrite: boolean }} options */
function showCodes(slot, { api, signal, mayWrite }) {
  /** @type {Map<string, OwnCode>} */
  const known = new Map();
  const again = pagedTable(slot, {
    api,
    signal,
    path: "client/coupons",
    head: {
      title: "Own codes",
      text: "Each with its own limits. Public pages and bots follow a change at once.",
      action: mayWrite ? button({ label: "Add a code", icon: "plus", variant: "primary", attributes: { "data-add": "" } }) : undefined,
    },
    empty: { icon: "ticket", title: "No code of your own yet", text: mayWrite ? "Add one, and switch on “Own codes” above so that it is checked." : "Owner and admins add codes." },
    table: {
      label: "Own codes",
      noun: ["code", "codes"],
      idOf: (row) => row.code,
      filters: [
        { key: "usable", label: "Usable", test: (row) => row.refusal === null },
        { key: "over", label: "Not usable now", test: (row) => row.refusal !== null },
      ],
      columns: columns(mayWrite, known),
    },
  });
  const done = async (/** @type {string} */ text) => {
    toast({ tone: "success", text });
    if (!signal.aborted) await again();
  };
  const codeOf = (/** @type {HTMLElement} */ control) => known.get(String(control.dataset.code));
  listen(slot, "click", "[data-add]", () => void editCode(api, null).then((code) => code && done(`${code.code} was added.`)));
  listen(slot, "click", "[data-edit]", (_event, control) => {
    const code = codeOf(control);
    if (code) void editCode(api, code).then((saved) => saved && done(`${saved.code} was changed.`));
  });
  listen(slot, "click", "[data-redeem]", (_event, control) => {
    const code = codeOf(control);
    if (code) void redeemCode(api, code).then((made) => made && done(`${code.code} was redeemed for order ${made.order}.`));
  });
  listen(slot, "click", "[data-release]", (_event, control) => {
    const code = codeOf(control);
    if (!code) return;
    void releaseCode(api, code).then((answer) => {
      if (answer?.released) return done(`Order ${answer.order} was given back.`);
      if (answer) toast({ tone: "danger", text: `Nothing to give back: order ${answer.order} does not use ${code.code}.` });
    });
  });
  return again();
}

/** @param {boolean} mayWrite @param {Map<string, OwnCode>} known filled with the rows shown @returns {import("../shared/components/table-data.js").Column<OwnCode>[]} */
function columns(mayWrite, known) {
  return [
    { key: "code", label: "Code", fixed: true, value: (row) => row.code, show: (row) => { known.set(row.code, row); return html`<span class="two-lines"><strong><code>${row.code}</code></strong>${row.note && html`<span class="muted small">${row.note}</span>`}</span>`; } },
    { key: "state", label: "State", value: (row) => stateOf(row).label, show: (row) => html`<span class="tag"${attrs({ "data-tone": stateOf(row).tone })}>${stateOf(row).label}</span>` },
    { key: "redeemed", label: "Redeemed", align: "end", value: (row) => row.redeemed, show: (row) => html`<span class="numbers">${formatNumber(row.redeemed)}${row.most_total !== null && ` of ${formatNumber(row.most_total)}`}</span>` },
    { key: "budget", label: "Budget used", align: "end", value: (row) => row.spent_minor, show: (row) => (row.budget_minor === null ? "–" : html`<span class="numbers">${formatMoney(row.spent_minor, row.currency)} of ${formatMoney(row.budget_minor, row.currency)}</span>`) },
    { key: "starts", label: "From", value: (row) => (row.starts_at ? new Date(row.starts_at) : null) },
    { key: "ends", label: "Until", value: (row) => (row.ends_at ? new Date(row.ends_at) : null) },
    { key: "act", label: "Actions", fixed: true, control: true, align: "end", value: () => null, show: (row) => actions(row, mayWrite) },
  ];
}

/** @param {OwnCode} row @param {boolean} mayWrite */
function actions(row, mayWrite) {
  const small = /** @type {const} */ ({ size: "small", iconOnly: true, variant: "ghost" });
  return html`<span class="row-actions">
    ${row.refusal === null && button({ label: `Redeem ${row.code}`, icon: "hand-coins", ...small, attributes: { "data-redeem": "", "data-code": row.code } })}
    ${row.redeemed > 0 && button({ label: `Give back an order of ${row.code}`, icon: "undo-2", ...small, attributes: { "data-release": "", "data-code": row.code } })}
    ${mayWrite && button({ label: `Edit ${row.code}`, icon: "pencil", ...small, attributes: { "data-edit": "", "data-code": row.code } })}
  </span>`;
}
