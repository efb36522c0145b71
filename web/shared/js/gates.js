/** What stands in the place of a view for somebody who cannot see it (yet): each state with its way on. */

import { button } from "../components/button.js";
import { describeError, emptyView, errorView, skeleton } from "../components/states.js";
import { publicAddress } from "./config.js";
import { html, render } from "./html.js";
import { SKELETON_DELAY_MS } from "./state.js";

/** @typedef {import("../components/shell.js").View} View */

/** @returns {View} */
export function loadingGate() {
  return {
    title: "One moment",
    mount(container, { signal }) {
      const timer = setTimeout(() => render(container, skeleton(["title", "text", "card", "card"])), SKELETON_DELAY_MS);
      signal.addEventListener("abort", () => clearTimeout(timer));
    },
  };
}

const HEADLINES = { here: "You are signed out", elsewhere: "You signed out in another tab" };

/** @param {null | "here" | "elsewhere"} why */
export const signInHeadline = (why) => (why ? HEADLINES[why] : "Sign in to go on");

/**
 * @param {{ why: null | "here" | "elsewhere", purpose: string, address: () => string }} options `address` of the provider's page
 * @returns {View}
 */
export function signInGate({ why, purpose, address }) {
  return {
    title: "Sign in",
    mount: (container) =>
      render(
        container,
        emptyView({
          icon: "lock",
          title: signInHeadline(why),
          text: purpose,
          action: html`
            ${button({ label: "Sign in", icon: "log-in", variant: "primary", href: address() })}
            ${button({ label: "Open the coupon page", icon: "ticket", href: publicAddress("/coupon/") })}`,
        }),
      ),
  };
}

/** The provider does not answer. @returns {View} */
export function unavailableGate() {
  return failureGate({
    title: "Sign-in cannot be reached",
    text: "The service that signs people in does not answer. Nothing of yours is lost; try again in a moment.",
    onRetry: () => location.reload(),
  });
}

/**
 * @param {{ title: string, text: string, requestId?: string | null, tone?: "danger" | "warning", icon?: string, onRetry: () => void }} options
 * @returns {View}
 */
export function failureGate({ onRetry, ...shown }) {
  return {
    title: "Not available",
    mount(container) {
      render(container, errorView(shown));
      container.querySelector("[data-action=retry]")?.addEventListener("click", onRetry);
    },
  };
}

/**
 * The first question to the server failed: say so, in the words that fit.
 * @param {unknown} error @param {{ home: string, onRetry: () => void }} options `home` is where this dashboard lives
 * @returns {View}
 */
export function refusedGate(error, { home, onRetry }) {
  const { code } = /** @type {{ code?: string }} */ (error);
  if (code === "host_refused") return wrongHostGate(home);
  return failureGate({ ...describeError(error, "Your account could not be loaded"), onRetry });
}

/** @param {string} home @returns {View} */
function wrongHostGate(home) {
  return {
    title: "Wrong address",
    mount: (container) =>
      render(
        container,
        emptyView({
          icon: "route",
          title: "This dashboard lives at another address",
          text: `You opened it at ${location.host}, where it gets no answers. Nothing of yours is lost; go on at its own address.`,
          action: button({ label: "Go to the dashboard", icon: "external-link", variant: "primary", href: home }),
        }),
      ),
  };
}
