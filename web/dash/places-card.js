/** Where codes are checked, and in which order: at once, with a way back. */

import { button } from "../shared/components/button.js";
import { describeError, notice } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { attrs, html, listen, render } from "../shared/js/html.js";

/** @typedef {"funderpro" | "stripe" | "local"} Kind */
/** @typedef {{ kind: Kind, is_on: boolean, is_ready: boolean }} Place */

const PLACES = {
  funderpro: { name: "FunderPro", text: "Discount codes of the CRM." },
  stripe: { name: "Stripe", text: "Promotion codes of the connected account." },
  local: { name: "Own codes", text: "The codes in the list below." },
};

/**
 * @param {HTMLElement} slot
 * @param {{ api: import("../shared/js/api.js").Api, places: Place[], mayWrite: boolean, signal: AbortSignal }} options
 */
export function mountPlaces(slot, { api, places, mayWrite, signal }) {
  let shown = places;

  function show() {
    render(slot, card(shown, mayWrite));
  }

  /** @param {Kind[]} wanted @param {{ undo?: boolean, focus?: string }} [options] */
  async function choose(wanted, { undo = true, focus } = {}) {
    const before = asked(shown);
    try {
      shown = (await api.put("client/coupons/providers", { providers: wanted })).providers;
      toast({ tone: "success", text: "Codes are checked in the new order.", action: undo ? { label: "Undo", run: () => void choose(before, { undo: false }) } : undefined });
    } catch (error) {
      toast({ tone: "danger", text: describeError(error, "").text });
    }
    if (signal.aborted) return;
    show();
    if (focus) slot.querySelector(/** @type {any} */ (focus))?.focus();
  }

  listen(slot, "change", "[data-place]", (_event, input) => {
    const kind = /** @type {Kind} */ (input.dataset.place);
    const now = asked(shown);
    const wanted = /** @type {HTMLInputElement} */ (input).checked ? [...now, kind] : now.filter((each) => each !== kind);
    if (wanted.length) return void choose(wanted, { focus: `[data-place=${kind}]` });
    /** @type {HTMLInputElement} */ (input).checked = true;
    toast({ tone: "danger", text: "One place stays on: without any, no code could be checked." });
  });
  listen(slot, "click", "[data-move]", (_event, control) => {
    const kind = /** @type {Kind} */ (control.dataset.move);
    const wanted = asked(shown);
    const at = wanted.indexOf(kind);
    wanted.splice(at - 1, 2, kind, wanted[at - 1]);
    void choose(wanted, { focus: `[data-place=${kind}]` });
  });
  show();
}

/** @param {Place[]} places */
const asked = (places) => places.filter(({ is_on }) => is_on).map(({ kind }) => kind);

/** @param {Place[]} places @param {boolean} mayWrite */
function card(places, mayWrite) {
  return html`
    <div class="card-head"><div><h2>Where codes are checked</h2>
      <p class="muted small">One after the other, until one of them says yes. A code is refused when all of them refuse it.</p></div></div>
    ${asked(places).length === 0 && notice({ tone: "warning", icon: "triangle-alert", children: "No place is on, so no code can be checked." })}
    <ol class="places" role="list">
      ${places.map(
        ({ kind, is_on, is_ready }, index) => html`
          <li data-key="${kind}">
            <span class="place-number numbers muted">${is_on ? index + 1 : "–"}</span>
            <span class="two-lines"><strong>${PLACES[kind].name}</strong><span class="muted small">${PLACES[kind].text}</span>
              ${!is_ready && html`<span class="small tag" data-tone="warning">Not connected yet</span>`}</span>
            <span class="row push">
              ${mayWrite && is_on && index > 0 && button({ label: `Ask ${PLACES[kind].name} earlier`, icon: "arrow-up", iconOnly: true, size: "small", variant: "outline", attributes: { "data-move": kind } })}
              ${mayWrite ? html`<label class="switch"><span class="visually-hidden">${PLACES[kind].name} is asked</span><input type="checkbox" role="switch"${attrs({ "data-place": kind, checked: is_on })}></label>` : html`<span class="tag"${attrs({ "data-tone": is_on ? "success" : null })}>${is_on ? "On" : "Off"}</span>`}
            </span>
          </li>`,
      )}
    </ol>`;
}
