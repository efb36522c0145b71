import { button } from "../shared/components/button.js";
import { emptyView } from "../shared/components/states.js";
import { html, render } from "../shared/js/html.js";
import { listenToOffers, offerCards } from "./offers.js";

/**
 * The platform stopped this workspace: nothing in it can be read or changed until it is resumed. Places that others offer can be taken.
 * @param {import("./workspace.js").Current} current
 * @param {{ workspace: import("./workspace.js").Workspace, onLook: () => void, onLeave: () => void }} options `onLook` asks whether it is resumed
 * @returns {import("../shared/components/shell.js").View}
 */
export function suspendedGate({ name }, { workspace, onLook, onLeave }) {
  return {
    title: "Suspended",
    mount(container) {
      render(
        container,
        html`
          ${offerCards(workspace.offers())}
          ${emptyView({
            icon: "circle-pause",
            title: `${name} is suspended`,
            text: "Its coupon page and bots are paused, and messages wait to be sent. Nothing is deleted: when the platform resumes it everything goes on. Ask the platform’s support why.",
            action: html`
              ${button({ label: "Look again", icon: "refresh-cw", attributes: { "data-action": "look" } })}
              ${button({ label: "Sign out", icon: "log-out", variant: "ghost", attributes: { "data-action": "leave" } })}`,
          })}`,
      );
      listenToOffers(container, workspace);
      container.querySelector("[data-action=look]")?.addEventListener("click", onLook);
      container.querySelector("[data-action=leave]")?.addEventListener("click", onLeave);
    },
  };
}
