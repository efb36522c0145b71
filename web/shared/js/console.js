/** Starts dash or admin: configuration, session, API and shell, put together around what differs between the two. */

import { startShell } from "../components/shell.js";
import { describeError, errorView } from "../components/states.js";
import { createApi } from "./api.js";
import { loadClerk } from "./clerk.js";
import { loadConfig, publicAddress } from "./config.js";
import { healthView } from "./health-view.js";
import { isHealthy } from "./health.js";
import { find, render } from "./html.js";
import { createSession } from "./session.js";

/** @typedef {import("../components/shell.js").Frame} Frame */
/** @typedef {import("../components/shell.js").View} View */
/**
 * What a dashboard is built with. `refresh` mounts the view anew, `mayLeave` asks when something typed would be lost.
 * @typedef {object} Tools
 * @property {import("./api.js").Api} api
 * @property {import("./session.js").Session} session
 * @property {import("./config.js").Config} config
 * @property {() => void} refresh
 * @property {() => Promise<boolean>} mayLeave
 */
/**
 * What differs between the dashboards.
 * @typedef {object} House
 * @property {string} product
 * @property {Record<string, View>} views
 * @property {() => Frame} frame
 * @property {(id: string) => void} onMenu
 * @property {import("./api.js").Caller} caller
 * @property {() => Promise<unknown> | void} [start] what to ask for beside the provider's session
 */

export const HEALTH = { id: "operations", label: "Operations", icon: "activity", features: [{ path: "/health", label: "Health", icon: "heart-pulse" }] };

/** @param {(tools: Tools) => House} build */
export async function startConsole(build) {
  const root = find(document, "#shell", HTMLElement);
  try {
    run(root, await loadConfig(), build);
  } catch (error) {
    render(root, errorView({ ...describeError(error, "This page could not start"), retry: false }));
  }
}

/** @param {HTMLElement} root @param {import("./config.js").Config} config @param {(tools: Tools) => House} build */
function run(root, config, build) {
  /** @type {import("./health.js").Health | null} */
  let health = null;
  const session = createSession(async () => {
    if (!config.clerk) throw new Error("config.json names no identity provider; see docs/setup.md#clerk");
    return loadClerk(config.clerk);
  }, { onSomebodyElse: () => shell.discard() });
  // The shell, the API and the house know each other; each is first used after all of them are there.
  const api = createApi({
    base: config.apiBase,
    caller: { headers: (options) => house.caller.headers(options), renew: () => house.caller.renew() },
  });
  const open = createApi({ base: config.apiBase });
  const house = build({ api, session, config, refresh: () => void shell.reframe(), mayLeave: () => shell.mayLeave() });
  const onHealth = (/** @type {import("./health.js").Health | null} */ now) => {
    health = now;
    shell.refresh();
  };
  const shell = startShell({
    root,
    product: house.product,
    views: { ...house.views, "/health": healthView({ api: open, onHealth }) },
    frame: house.frame,
    onMenu: house.onMenu,
    problems: () =>
      Object.entries(health?.checks ?? {})
        .filter(([, state]) => !isHealthy(state))
        .map(([name, state]) => ({ title: `The ${name} is ${state}`, text: "See what else answers.", href: "#/health" })),
    links: [{ label: "Public coupon page", icon: "external-link", href: publicAddress("/coupon/") }],
  });
  void shell.start();
  void session.start();
  void house.start?.();
}
