/** The provider ended a session under somebody's hands: he signs in in a second tab, and what he typed stays. */

import { button } from "../components/button.js";
import { openDialog } from "../components/dialog.js";
import { notice } from "../components/states.js";
import { html, listen, render } from "./html.js";

const RETURN = new URL("../signed-in.html", import.meta.url);

/**
 * @param {{ session: import("./session.js").Session, onLeave: () => void }} options
 * @returns {() => Promise<boolean>} asks once however many call; true when the same person is signed in again
 */
export function createSignInAgain({ session, onLeave }) {
  /** @type {Promise<boolean> | null} */
  let asking = null;
  return () => (asking ??= ask(session, onLeave).finally(() => (asking = null)));
}

/** @param {import("./session.js").Session} session @param {() => void} onLeave */
async function ask(session, onLeave) {
  const { element, closed } = openDialog({
    title: "Your session has ended",
    body: html`<div class="stack"><p>Sign in again to go on. What you typed is kept.</p><div data-slot="state"></div></div>`,
    foot: html`
      ${button({ label: "Sign out", variant: "ghost", attributes: { "data-close": "leave" } })}
      ${button({ label: "Sign in again", icon: "log-in", variant: "primary", attributes: { "data-action": "again", autofocus: true } })}`,
  });
  listen(element, "click", "[data-action=again]", () => {
    open(session.signInAddress(RETURN.href), "_blank");
    const slot = element.querySelector("[data-slot=state]");
    if (slot) render(slot, notice({ icon: "clock", children: "Waiting for you to sign in in the other tab." }));
  });
  const stop = session.watch(({ phase }) => {
    if (phase === "in") element.close("again");
    else if (phase === "out") element.close();
  });
  const how = await closed;
  stop();
  if (how === "leave") onLeave();
  return how === "again";
}
