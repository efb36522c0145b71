import { createApi } from "../shared/js/api.js";
import { HEALTH, startConsole } from "../shared/js/console.js";
import { consoleAddress, publicAddress } from "../shared/js/config.js";
import { loadingGate, refusedGate } from "../shared/js/gates.js";
import { toastError } from "../shared/components/toast.js";
import { createAdminSession } from "./admin-session.js";
import { askAgain } from "./ask-again.js";
import { refusalsView } from "./refusals-view.js";
import { sessionsView } from "./sessions-view.js";
import { adminSignInGate } from "./sign-in.js";
import { tenantView } from "./tenant-view.js";
import { tenantsView } from "./tenants-view.js";

const TENANTS = { id: "tenants", label: "Tenants", icon: "building", features: [{ path: "/", label: "All tenants", icon: "building" }] };
const SIGNED_OUT = { id: "home", label: "Start", icon: "layout-dashboard", features: [{ path: "/", label: "Sign in", icon: "log-in" }] };
const OPERATIONS = {
  ...HEALTH,
  features: [
    ...HEALTH.features,
    { path: "/operations/refusals", label: "Refused sign-ins", icon: "shield-alert" },
    { path: "/operations/sessions", label: "Password sessions", icon: "key-round" },
  ],
};

void startConsole(({ api, session, config, refresh }) => {
  const headers = async (/** @type {{ fresh: boolean }} */ { fresh }) => {
    const token = admin.usesPassword() ? null : await session.token({ fresh });
    return /** @type {Record<string, string>} */ (token ? { Authorization: `Bearer ${token}` } : {});
  };
  const quiet = createApi({ base: config.apiBase, caller: { headers, renew: async () => false } });
  const admin = createAdminSession({ api: quiet, hasSession: () => session.get().phase === "in", onChange: refresh });
  const again = askAgain({ session, admin, onLeave: () => void signOut().catch(toastError) });

  async function signOut() {
    // First, because it can fail: until the provider has let go of the session, no page may say that nobody is signed in.
    if ("person" in session.get()) await session.signOut();
    await admin.logOut();
  }

  session.watch((state) => {
    const isIn = admin.get().phase === "in";
    if (state.phase === "ended") return isIn && !admin.usesPassword() && void again();
    if (state.phase === "out" && state.why) return admin.usesPassword() ? undefined : void admin.logOut();
    if (!isIn) return void admin.look();
  });

  /** @returns {import("../shared/components/shell.js").View | null} */
  function gate() {
    const [state, person] = [admin.get(), session.get()];
    if (state.phase === "in") return null;
    if (state.phase === "loading" || person.phase === "loading") return loadingGate();
    if (state.phase === "failed") {
      return refusedGate(state.error, { home: consoleAddress("admin", new URL(publicAddress("/"))), onRetry: () => void admin.look() });
    }
    return adminSignInGate({
      admin,
      why: person.phase === "out" ? person.why : null,
      address: person.phase === "unavailable" ? null : session.signInAddress(location.href),
      stranger: state.phase === "stranger" && "person" in person ? person.person.email : null,
      onOther: () => void session.signOut().catch(toastError),
    });
  }

  function frame() {
    const state = admin.get();
    return {
      sections: state.phase === "in" ? [TENANTS, OPERATIONS] : [SIGNED_OUT, HEALTH],
      gate: gate(),
      tenant: null,
      tenants: [],
      account: accountItems(state),
    };
  }

  return {
    product: "Admin",
    views: {
      "/": tenantsView({ api }),
      "/tenants/:id": tenantView({ api }),
      "/operations/refusals": refusalsView({ api }),
      "/operations/sessions": sessionsView({ api, admin }),
    },
    frame,
    onMenu: (id) => void (id === "sign-out" && signOut().catch(toastError)),
    caller: { headers, renew: again },
  };
});

/** @param {import("./admin-session.js").AdminState} state @returns {import("../shared/components/menu.js").MenuItem[]} */
function accountItems(state) {
  if (state.phase !== "in") return [];
  return [
    { heading: state.via === "password" ? `${state.email} (password)` : state.email },
    "divider",
    { id: "sign-out", label: "Sign out", icon: "log-out" },
  ];
}
