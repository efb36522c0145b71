/** Starts dash or admin: the same shell, with that host's own words. */

import { startShell } from "../components/shell.js";
import { button } from "../components/button.js";
import { describeError, emptyView, errorView } from "../components/states.js";
import { createApi } from "./api.js";
import { loadConfig, publicAddress } from "./config.js";
import { healthView } from "./health-view.js";
import { isHealthy } from "./health.js";
import { find, html, render } from "./html.js";

/**
 * @param {{ product: string, purpose: string }} words
 */
export async function startConsole({ product, purpose }) {
  const root = find(document, "#shell", HTMLElement);
  try {
    const { apiBase } = await loadConfig();
    run(root, createApi({ base: apiBase }), { product, purpose });
  } catch (error) {
    render(root, errorView({ ...describeError(error, "This page could not start"), retry: false }));
  }
}

/** @param {HTMLElement} root @param {import("./api.js").Api} api @param {{ product: string, purpose: string }} words */
function run(root, api, { product, purpose }) {
  /** @type {import("./health.js").Health | null} */
  let health = null;

  const shell = startShell({
    root,
    product,
    sections: [
      { id: "home", label: "Start", icon: "layout-dashboard", features: [{ path: "/", label: "Sign in", icon: "log-in" }] },
      { id: "operations", label: "Operations", icon: "activity", features: [{ path: "/health", label: "Health", icon: "heart-pulse" }] },
    ],
    views: {
      "/": { title: "Sign in", mount: (container) => render(container, signedOut(purpose)) },
      "/health": healthView({
        api,
        onHealth: (now) => {
          health = now;
          shell.refresh();
        },
      }),
    },
    problems: () =>
      Object.entries(health?.checks ?? {})
        .filter(([, state]) => !isHealthy(state))
        .map(([name, state]) => ({ title: `The ${name} is ${state}`, text: "See what else answers.", href: "#/health" })),
    links: [{ label: "Public coupon page", icon: "external-link", href: publicAddress("/coupon/") }],
  });
  void shell.start();
}

/** @param {string} purpose */
function signedOut(purpose) {
  return emptyView({
    icon: "lock",
    title: "You are signed out",
    text: purpose,
    action: html`
      ${button({ label: "Open the coupon page", icon: "ticket", variant: "primary", href: publicAddress("/coupon/") })}
      ${button({ label: "See the service’s health", icon: "heart-pulse", href: "#/health" })}`,
  });
}
