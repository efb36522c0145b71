import { button } from "../shared/components/button.js";
import { field, showFieldError, watchForm } from "../shared/components/field.js";
import { describeError, notice } from "../shared/components/states.js";
import { find, html, render } from "../shared/js/html.js";
import { closedNotice, listenToOffers, offerCards } from "./offers.js";

const LONGEST = 120;

/**
 * Signed in, but nobody's member yet: one explicit step makes the workspace.
 * @param {import("./overview-view.js").Context} context @param {import("./workspace.js").Membership} membership
 * @returns {import("../shared/components/shell.js").View}
 */
export function firstVisitGate({ workspace }, { user, invitations }) {
  return {
    title: invitations.length ? "You are invited" : "Create your workspace",
    mount(container, { guard, place }) {
      const closed = closedNotice(workspace, place);
      /** @param {{ busy: boolean, error?: unknown }} state */
      const show = (state) => render(container, page(user.email, invitations, { ...state, closed }));
      show({ busy: false });
      listenToOffers(container, workspace);
      const form = find(container, "form", HTMLFormElement);
      const name = find(form, "#workspace-name", HTMLInputElement);
      guard(() => null);
      watchForm(form, {
        problemOf: ({ value }) => problemOf(value),
        onValid: async () => {
          show({ busy: true });
          try {
            await workspace.create(name.value.trim());
            if (closed) location.hash = "#/";
          } catch (error) {
            show({ busy: false, error });
            showFieldError(name, /** @type {{ fields?: Record<string, string> }} */ (error).fields?.name ?? null);
          }
        },
      });
      if (!invitations.length && !closed) name.focus();
    },
  };
}

/** @param {string} value */
function problemOf(value) {
  if (!value.trim()) return "Type the name of your business, as your promoters know it.";
  return value.trim().length > LONGEST ? `Use at most ${LONGEST} characters.` : null;
}

/**
 * @param {string | null} email @param {readonly import("./workspace.js").Offer[]} offers
 * @param {{ busy: boolean, error?: unknown, closed: import("../shared/js/html.js").Html | null }} state `closed`: why a link holds no place
 */
function page(email, offers, { busy, error, closed }) {
  const failed = error ? describeError(error, "") : null;
  return html`
    <div class="gate stack">
      ${closed}
      ${offerCards(offers)}
      <section class="card stack">
        <h2>${offers.length ? "Or create a workspace of your own" : "Create your workspace"}</h2>
        <p class="soft">You ${!closed && html`are signed in${email && html` as <strong>${email}</strong>`} and `}belong to no workspace yet. This makes one that is yours${!offers.length && !closed && "; if you expected to find a team here, ask its owner to invite you"}.</p>
        <form class="stack">
          ${field({ id: "workspace-name", label: "Name of your business", help: "Promoters see it on the coupon page. You can change it later.", attributes: { autocomplete: "organization", maxlength: 200 } })}
          ${failed && notice({ tone: failed.tone, icon: failed.icon, children: html`${failed.text}${failed.requestId && html` <span class="request-id">Request <code>${failed.requestId}</code></span>`}` })}
          <div class="row">${button({ label: "Create workspace", type: "submit", variant: offers.length ? "secondary" : "primary", busy })}</div>
        </form>
      </section>
    </div>`;
}
