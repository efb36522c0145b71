import { emptyView } from "../shared/components/states.js";
import { render } from "../shared/js/html.js";

/**
 * The platform stopped this workspace: nothing in it can be read or changed until it is resumed.
 * @param {import("./workspace.js").Current} current
 * @returns {import("../shared/components/shell.js").View}
 */
export function suspendedGate({ name }) {
  return {
    title: "Suspended",
    mount: (container) =>
      render(
        container,
        emptyView({
          icon: "circle-pause",
          title: `${name} is suspended`,
          text: "Its coupon page and bots are paused, and messages wait to be sent. Nothing is deleted: when the platform resumes it everything goes on. Ask the platform’s support why.",
        }),
      ),
  };
}
