import { button } from "../shared/components/button.js";
import { confirmDestruction } from "../shared/components/dialog.js";
import { describeError } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { html, listen, render } from "../shared/js/html.js";

/**
 * Ends every session of the password login, for the day when one was left open somewhere.
 * @param {{ api: import("../shared/js/api.js").Api, admin: import("./admin-session.js").AdminSession }} context
 * @returns {import("../shared/components/shell.js").View}
 */
export function sessionsView({ api, admin }) {
  return {
    title: "Password sessions",
    mount(container) {
      const state = admin.get();
      const isOwn = state.phase === "in" && state.via === "password";
      render(container, page(isOwn));
      listen(container, "click", "[data-action=end]", async () => {
        const consequence = `Everybody who signed in with the password is signed out on this host${isOwn ? ", you too" : ""}. Sessions of the identity provider go on.`;
        if (!(await confirmDestruction({ title: "End all password sessions?", consequence, verb: "End all" }))) return;
        try {
          await api.post("admin/login/end-all", {});
          toast({ tone: "success", text: "All password sessions are ended." });
          await admin.ended();
        } catch (error) {
          toast({ tone: "danger", text: describeError(error, "").text });
        }
      });
    },
  };
}

/** @param {boolean} isOwn */
function page(isOwn) {
  return html`
    <section class="card gate">
      <h2>Password sessions</h2>
      <p class="soft">Who signs in with the password of this host stays signed in for twelve hours. End all of them when a password or a laptop may be in wrong hands.</p>
      <p class="muted">${isOwn ? "You are signed in with the password." : "You are signed in with your account, which is not touched by this."}</p>
      <div class="row">${button({ label: "End all password sessions…", icon: "shield-alert", variant: "danger", attributes: { "data-action": "end" } })}</div>
    </section>`;
}
