import { openDialog } from "../shared/components/dialog.js";
import { find, html } from "../shared/js/html.js";
import { createSignInAgain } from "../shared/js/sign-in-again.js";
import { mountPasswordForm } from "./sign-in.js";

/**
 * A session that ended under somebody's hands: renewed the way it was begun, so that what he typed stays.
 * @param {object} options
 * @param {import("../shared/js/session.js").Session} options.session
 * @param {import("./admin-session.js").AdminSession} options.admin
 * @param {() => void} options.onLeave
 * @returns {() => Promise<boolean>}
 */
export function askAgain({ session, admin, onLeave }) {
  const inTab = createSignInAgain({ session, onLeave });
  /** @type {Promise<boolean> | null} */
  let asking = null;
  return () => {
    const state = admin.get();
    if (state.phase !== "in") return Promise.resolve(false);
    if (state.via === "session") return inTab();
    return (asking ??= withPassword(admin).finally(() => (asking = null)));
  };
}

/** @param {import("./admin-session.js").AdminSession} admin */
async function withPassword(admin) {
  const { element, closed } = openDialog({
    title: "Your session has ended",
    body: html`<div class="stack"><p>Sign in again to go on. What you typed is kept.</p><div data-slot="password"></div></div>`,
  });
  mountPasswordForm(find(element, "[data-slot=password]", HTMLElement), admin, () => element.close("again"));
  return (await closed) === "again";
}
