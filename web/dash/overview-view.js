import { button } from "../shared/components/button.js";
import { icon } from "../shared/components/icon.js";
import { describeError, notice, skeleton } from "../shared/components/states.js";
import { publicAddress } from "../shared/js/config.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { listenToOffers, offerCards } from "./offers.js";
import { countDone, SET_UP } from "./onboarding-words.js";
import { roleName } from "./people.js";

/** @typedef {{ api: import("../shared/js/api.js").Api, config: import("../shared/js/config.js").Config, workspace: import("./workspace.js").Workspace }} Context what each view of the dashboard is made with */

/** Where one lands: what is missing and the one next thing to do, then the ways on. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function overviewView({ api, workspace }) {
  return {
    title: "Start",
    mount(container, { signal }) {
      const current = workspace.current();
      if (!current) return;
      render(container, overview(current, workspace.offers()));
      listenToOffers(container, workspace);
      const slot = find(container, "[data-slot=next]", HTMLElement);
      const ask = () =>
        load(
          () => api.get("client/onboarding", { signal }),
          (loading) => {
            if (loading.phase === "slow") render(slot, skeleton(["card"]));
            if (loading.phase === "failed") render(slot, notAsked(loading.error));
            if (loading.phase === "ready") render(slot, nextCard(loading.data, workspace.may("bots.write")));
          },
        );
      listen(slot, "click", "[data-action=retry]", () => void ask());
      return ask();
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
    <div class="stack" data-slot="next"></div>
    <div class="cards">
      ${way({ href: publicAddress(`/coupon/?tenant=${encodeURIComponent(slug)}`), name: "ticket", title: "Coupon page", text: "What your promoters see." })}
      ${way({ href: "#/settings/general", name: "settings", title: "Settings", text: "Name, referral link, time zone, logo." })}
      ${way({ href: "#/settings/members", name: "users", title: "Members", text: "Who works here, and as what." })}
    </div>`;
}

/** @param {import("./onboarding-words.js").Progress} progress @param {boolean} mayWrite */
function nextCard(progress, mayWrite) {
  const { next, steps } = progress;
  if (!next) return html``;
  return html`
    <section class="card stack next-card" aria-label="What is next">
      <div class="card-head"><div><h3>${next.title}</h3><p class="muted small numbers">${countDone(progress)} of ${steps.length} steps done</p></div></div>
      <p>${next.text}</p>
      <div class="row">${button({ label: mayWrite ? "Go on" : "Look at it", icon: "route", variant: mayWrite ? "primary" : "secondary", href: SET_UP })}</div>
    </section>`;
}

/** @param {unknown} error */
function notAsked(error) {
  const { text, requestId } = describeError(error, "");
  return notice({
    tone: "warning",
    icon: "wifi-off",
    children: html`What is next could not be worked out. ${text} ${button({ label: "Try again", icon: "refresh-cw", size: "small", variant: "outline", attributes: { "data-action": "retry" } })}${requestId && html` <span class="request-id">Request <code>${requestId}</code></span>`}`,
  });
}

/** @param {{ href: string, name: string, title: string, text: string }} options */
function way({ href, name, title, text }) {
  return html`<a class="card way" href="${href}">${icon(name)}<span><strong>${title}</strong><span class="muted">${text}</span></span></a>`;
}
