import { button } from "../shared/components/button.js";
import { emptyView } from "../shared/components/states.js";
import { html, render } from "../shared/js/html.js";

/**
 * The platform stopped this workspace: nothing in it can be read or changed until it is resumed.
 * @param {import("./workspace.js").Current} current
 * @param {{ onLook: () => void, onLeave: () => void }} options `onLook` asks whether it is resumed
 * @returns {import("../shared/components/shell.js").View}
 */
export function suspendedGate({ name }, { onLook, onLeave }) {
  return {
    title: "Suspended",
    mount(container) {
      render(
        container,
        emptyView({
          icon: "circle-pause",
          title: `${name} is suspended`,
          text: "Its coupon page and bots are paused, and messages wait to be sent. Nothing is deleted: when the platform resumes it everything goes on. Ask the platform’s support why.",
          action: html`
            ${button({ label: "Look again", icon: "refresh-cw", attributes: { "data-action": "look" } })}
            ${button({ label: "Sign out", icon: "log-out", variant: "ghost", attributes: { "data-action": "leave" } })}`,
        }),
      );
      container.querySelector("[data-action=look]")?.addEventListener("click", onLook);
      container.querySelector("[data-action=leave]")?.addEventListener("click", onLeave);
    },
  };
}
