import { HEALTH, startConsole } from "../shared/js/console.js";
import { consoleAddress, publicAddress } from "../shared/js/config.js";
import { loadingGate, refusedGate, signInGate, unavailableGate } from "../shared/js/gates.js";
import { createSignInAgain } from "../shared/js/sign-in-again.js";
import { toastError } from "../shared/components/toast.js";
import { analyticsView } from "./analytics-view.js";
import { auditView } from "./audit-view.js";
import { batchesView } from "./batches-view.js";
import { chatView } from "./bots-chat-view.js";
import { botView } from "./bots-detail-view.js";
import { botsView } from "./bots-view.js";
import { connectionsView } from "./connections-view.js";
import { couponsView } from "./coupons-view.js";
import { editorView } from "./editor/editor-view.js";
import { firstVisitGate } from "./first-visit.js";
import { generalView } from "./general-view.js";
import { leavingView } from "./leaving-view.js";
import { membersView } from "./members-view.js";
import { onboardingView } from "./onboarding-view.js";
import { joinView } from "./offers.js";
import { outboxView } from "./outbox-view.js";
import { overviewView } from "./overview-view.js";
import { personView } from "./person-view.js";
import { postsView } from "./posts-view.js";
import { backtestsView } from "./signals-backtests.js";
import { signalView } from "./signals-detail.js";
import { strategiesView } from "./signals-strategies.js";
import { tellingView } from "./signals-telling-view.js";
import { signalsView } from "./signals-view.js";
import { suspendedGate } from "./suspended.js";
import { templatesView } from "./templates-view.js";
import { forgetVisit, showVisit, takeVisit } from "./visit.js";
import { createWorkspace } from "./workspace.js";

const PURPOSE = "This is the place of affiliate managers: their workspace, its people, templates and bots.";
const START = { id: "home", label: "Start", icon: "layout-dashboard", features: [{ path: "/", label: "Start", icon: "house" }] };
const HOME = { ...START, features: [...START.features, { path: "/start", label: "Set up", icon: "route" }, { path: "/connections", label: "Connections", icon: "link" }] };
const SIGNED_OUT = { ...START, features: [{ path: "/", label: "Sign in", icon: "log-in" }] };
const PROMO = { id: "promo", label: "Promo", icon: "ticket", features: [{ path: "/promo/templates", label: "Templates", icon: "images" }, { path: "/promo/coupons", label: "Coupons", icon: "ticket" }, { path: "/promo/batches", label: "Batches", icon: "download" }] };
const TELEGRAM = {
  id: "telegram",
  label: "Telegram",
  icon: "send",
  features: [
    { path: "/telegram/bots", label: "Bots", icon: "bot" },
    { path: "/telegram/analytics", label: "Bot analytics", icon: "chart-column" },
    { path: "/telegram/posts", label: "Channel posts", icon: "images" },
    { path: "/telegram/outbox", label: "Outbox", icon: "send" },
  ],
};
const SIGNALS = {
  id: "signals",
  label: "Signals",
  icon: "chart-candlestick",
  features: [
    { path: "/signals/all", label: "Signals", icon: "chart-candlestick" },
    { path: "/signals/strategies", label: "Strategies", icon: "sliders-horizontal" },
    { path: "/signals/messages", label: "Messages", icon: "scroll-text" },
    { path: "/signals/backtests", label: "Backtests", icon: "chart-column" },
  ],
};
const SETTINGS = {
  id: "settings",
  label: "Settings",
  icon: "settings",
  features: [
    { path: "/settings/general", label: "General", icon: "building" },
    { path: "/settings/members", label: "Members", icon: "users" },
    { path: "/settings/audit", label: "Audit log", icon: "scroll-text" },
    { path: "/settings/data", label: "Your data", icon: "download" },
    ...HEALTH.features, // no product of its own here: a phone's bar has room for five names
  ],
};

void startConsole((tools) => {
  const { api, session, config, refresh } = tools;
  const visit = takeVisit();
  const workspace = createWorkspace({ api, onChange: () => (showWhoLooks(), refresh()) });
  const signInAgain = createSignInAgain({ session, onLeave: () => void session.signOut().catch(toastError) });
  const context = { api, config, workspace };

  /** The end of a visit leads back to where a visitor came from: to nowhere in this workspace. */
  async function endVisit() {
    await api.delete("client/session/visit").catch(() => {});
    forgetVisit();
    location.reload();
  }

  function showWhoLooks() {
    const place = workspace.get();
    const seen = place.phase === "ready" ? place.membership.visit : null;
    if (seen) showVisit(seen, workspace.current()?.name ?? "", () => void endVisit());
  }

  session.watch((state) => {
    if (visit) return;
    if (state.phase === "ended") return void signInAgain();
    if (state.phase === "in") return workspace.get().phase === "none" && void workspace.load();
    if (state.phase === "out") return workspace.forget();
    refresh();
  });

  /** @returns {import("../shared/components/shell.js").View | null} */
  function gate() {
    const state = session.get();
    if (!visit && state.phase === "unavailable") return unavailableGate();
    if (!visit && state.phase === "out") return signInGate({ why: state.why, purpose: PURPOSE, address: () => session.signInAddress(location.href) });
    const place = workspace.get();
    if (place.phase === "failed") {
      return refusedGate(place.error, { home: consoleAddress("dash", new URL(publicAddress("/"))), onRetry: () => void workspace.load() });
    }
    if (place.phase !== "ready") return loadingGate();
    const { current } = place.membership;
    if (!current) return firstVisitGate(context, place.membership);
    // An invitation leads out of a workspace that stands still into another one.
    if (current.state === "active" || location.hash.startsWith("#/join/")) return null;
    if (current.state === "closing") return leavingView(context);
    return suspendedGate(current, { workspace, onLook: () => void workspace.load(), onLeave: () => void session.signOut().catch(toastError) });
  }

  function frame() {
    const place = workspace.get();
    const current = workspace.current();
    const membership = place.phase === "ready" ? place.membership : null;
    const isIn = current?.state === "active";
    return {
      sections: isIn ? [HOME, PROMO, TELEGRAM, SIGNALS, SETTINGS] : [membership ? START : SIGNED_OUT, HEALTH],
      gate: gate(),
      tenant: current?.name ?? null,
      tenants: tenantItems(membership, current),
      account: accountItems(membership, current),
    };
  }

  /** @param {string} id */
  async function onMenu(id) {
    if (!(await tools.mayLeave())) return;
    const done = id === "sign-out" ? session.signOut() : workspace.switchTo(id.replace(/^tenant:/, ""));
    await done.catch(toastError);
  }

  return {
    product: "Dashboard",
    views: {
      "/": overviewView(context),
      "/start": onboardingView(context),
      "/connections": connectionsView(context),
      "/promo/templates": templatesView(context),
      "/promo/templates/:template/edit": editorView(context),
      "/promo/coupons": couponsView(context),
      "/promo/batches": batchesView(context),
      "/telegram/bots": botsView(context),
      "/telegram/bots/:bot": botView(context),
      "/telegram/bots/chats/:chat": chatView(context),
      "/telegram/analytics": analyticsView(context),
      "/telegram/analytics/people/:person": personView(context),
      "/join/:tenant/:invitation": joinView(context),
      "/telegram/posts": postsView(context),
      "/telegram/outbox": outboxView(context),
      "/signals/all": signalsView(context),
      "/signals/strategies": strategiesView(context),
      "/signals/messages": tellingView(context),
      "/signals/backtests": backtestsView(context),
      "/signals/all/:signal": signalView(context),
      "/settings/general": generalView(context),
      "/settings/members": membersView(context),
      "/settings/audit": auditView(context),
      "/settings/data": leavingView(context),
    },
    frame,
    onMenu: (id) => void onMenu(id),
    caller: {
      async headers({ fresh }) {
        if (visit) return { Authorization: `Bearer ${visit}` };
        const token = await session.token({ fresh });
        return { ...(token && { Authorization: `Bearer ${token}` }), ...workspace.headers() };
      },
      // A visit that is over is begun anew by whoever began it, on the admin host.
      renew: async () => {
        if (!visit) return signInAgain();
        forgetVisit();
        location.reload();
        return false;
      },
    },
    start: () => (visit ? workspace.load() : undefined),
  };
});

/** @param {import("./workspace.js").Membership | null} membership @param {import("./workspace.js").Current | null} current */
function tenantItems(membership, current) {
  if (!membership || membership.tenants.length < 2) return [];
  return membership.tenants.map(({ slug, name, role, state }) => ({
    id: `tenant:${slug}`,
    label: `${name} · ${state === "active" ? role : state === "closing" ? "to be deleted" : state}`,
    icon: slug === current?.slug ? "check" : "building",
  }));
}

/**
 * @param {import("./workspace.js").Membership | null} membership @param {import("./workspace.js").Current | null} current
 * @returns {import("../shared/components/menu.js").MenuItem[]}
 */
function accountItems(membership, current) {
  if (!membership) return [];
  const tenants = tenantItems(membership, current);
  return [
    { heading: membership.user.email ?? membership.user.name },
    ...(tenants.length ? /** @type {const} */ (["divider"]) : []),
    ...tenants,
    "divider",
    { id: "sign-out", label: "Sign out", icon: "log-out" },
  ];
}
