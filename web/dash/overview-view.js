import { icon } from "../shared/components/icon.js";
import { publicAddress } from "../shared/js/config.js";
import { html, render } from "../shared/js/html.js";
import { listenToOffers, offerCards } from "./offers.js";
import { roleName } from "./people.js";

/** @typedef {{ api: import("../shared/js/api.js").Api, config: import("../shared/js/config.js").Config, workspace: import("./workspace.js").Workspace }} Context what each view of the dashboard is made with */

/** Where one lands: the workspace, and the ways on. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function overviewView({ workspace }) {
  return {
    title: "Start",
    mount(container) {
      const current = workspace.current();
      if (!current) return;
      render(container, overview(current, workspace.offers()));
      listenToOffers(container, workspace);
    },
  };
}

/** @param {import("./workspace.js").Current} current @param {readonly import("./workspace.js").Offer[]} offers */
function overview({ name, slug, role }, offers) {
  return html`
    <header class="view-head">
      <div><h2>${name}</h2><p class="muted">You are ${roleName(role)} of this workspace.</p></div>
    </header>
    ${offerCards(offers)}
    <div class="cards">
      ${way({ href: publicAddress(`/coupon/?tenant=${encodeURIComponent(slug)}`), name: "ticket", title: "Coupon page", text: "What your promoters see." })}
      ${way({ href: "#/settings/general", name: "settings", title: "Settings", text: "Name, referral link, time zone, logo." })}
      ${way({ href: "#/settings/members", name: "users", title: "Members", text: "Who works here, and as what." })}
    </div>`;
}

/** @param {{ href: string, name: string, title: string, text: string }} options */
function way({ href, name, title, text }) {
  return html`<a class="card way" href="${href}">${icon(name)}<span><strong>${title}</strong><span class="muted">${text}</span></span></a>`;
}
