/** Places that other workspaces hold ready for this person. */

import { button } from "../shared/components/button.js";
import { emptyView, notice } from "../shared/components/states.js";
import { toast, toastError } from "../shared/components/toast.js";
import { html, listen, render } from "../shared/js/html.js";
import { roleName } from "./people.js";

/** @typedef {import("./workspace.js").Offer} Offer */
/** @typedef {import("./workspace.js").Workspace} Workspace */

/** The offers, each with the way in; nothing when there are none. @param {readonly Offer[]} offers */
export function offerCards(offers) {
  if (!offers.length) return null;
  return html`
    <section class="stack offers" aria-label="Invitations">
      ${offers.map(
        (offer) => html`
          <div class="card offer">
            <p><strong>${offer.tenant}</strong> offers you a place as ${roleName(offer.role)}.
              <span class="muted">${offer.invited_by && `${offer.invited_by} invited you. `}Open until ${new Date(offer.expires_at).toLocaleDateString(undefined, { dateStyle: "medium" })}.</span></p>
            ${button({ label: `Join ${offer.tenant}`, icon: "log-in", variant: "primary", attributes: { "data-join": offer.id } })}
          </div>`,
      )}
    </section>`;
}

/**
 * Lets the buttons of `offerCards` work. @param {HTMLElement} container @param {Workspace} workspace
 */
export function listenToOffers(container, workspace) {
  listen(container, "click", "[data-join]", (_event, control) => {
    const offer = workspace.offers().find(({ id }) => id === control.dataset.join);
    if (offer) void join(workspace, offer);
  });
}

/** Where an invitation's link leads. @param {import("./overview-view.js").Context} context @returns {import("../shared/components/shell.js").View} */
export function joinView({ workspace }) {
  return {
    title: "Invitation",
    mount(container, { place }) {
      const offers = workspace.offers().filter(({ id }) => id === place.params.invitation);
      render(container, offerCards(offers) ?? emptyView({ ...closed(workspace, place.params.tenant), action: button({ label: "Go to the start", href: "#/" }) }));
      listenToOffers(container, workspace);
    },
  };
}

/** @param {Workspace} workspace @param {Offer} offer */
async function join(workspace, offer) {
  try {
    await workspace.join(offer.tenant_id, offer.id);
    location.hash = "#/";
    toast({ tone: "success", text: `You are ${roleName(offer.role)} of ${offer.tenant} now.` });
  } catch (error) {
    toastError(error);
    await workspace.load();
  }
}

/** Why nothing is offered here. @param {Workspace} workspace @param {string} tenant */
function closed(workspace, tenant) {
  const state = workspace.get();
  const email = state.phase === "ready" ? state.membership.user.email : null;
  if (workspace.current()?.id === tenant) return { icon: "users", title: "You belong to this workspace", text: "There is nothing left to do." };
  return {
    icon: "link",
    title: "No such invitation is open for you",
    text: `It was withdrawn, renewed, or taken, it is over, or it is for another address${email ? `: you are signed in as ${email}` : ""}. Ask for a new one.`,
  };
}

/**
 * What stands above everything else for somebody who came by a link that holds no place for him; null for anybody else.
 * @param {Workspace} workspace @param {import("../shared/js/router.js").Place} place
 */
export function closedNotice(workspace, { params: { tenant, invitation } }) {
  if (!invitation || workspace.offers().some(({ id }) => id === invitation)) return null;
  const { icon, title, text } = closed(workspace, tenant);
  return notice({ tone: "warning", icon, children: html`<strong>${title}.</strong> ${text}` });
}
