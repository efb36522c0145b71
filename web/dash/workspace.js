/** The person’s workspaces and the one that this tab works in. */

/** @typedef {{ id: string, slug: string, name: string, role: "owner" | "admin" | "member", state: "active" | "suspended" | "closing" }} Tenant */
/** @typedef {Tenant & { permissions: string[] }} Current */
/**
 * @typedef {{ id: string, tenant_id: string, tenant: string, role: "admin" | "member", invited_by: string | null, expires_at: string }} Offer a place that another workspace holds ready
 * @typedef {{ user: { id: string | null, email: string | null, name: string }, tenants: Tenant[], current: Current | null, invitations: Offer[], visit?: import("./visit.js").Visit | null }} Membership
 */
/** @typedef {{ phase: "none" } | { phase: "loading" } | { phase: "failed", error: unknown } | { phase: "ready", membership: Membership }} WorkspaceState */

const KEY = "tenant";

/**
 * @param {{ api: import("../shared/js/api.js").Api, onChange: () => void }} options
 */
export function createWorkspace({ api, onChange }) {
  /** @type {WorkspaceState} */
  let state = { phase: "none" };
  /** Counts questions: an answer to an earlier one, or to one that was asked for somebody else, changes nothing. */
  let turn = 0;

  /** @param {WorkspaceState} next */
  function move(next) {
    state = next;
    onChange();
  }

  /** @param {number} asked @param {Membership} membership */
  function settle(asked, membership) {
    if (asked !== turn) return;
    if (membership.current) sessionStorage.setItem(KEY, membership.current.slug);
    move({ phase: "ready", membership });
  }

  /** Each tab keeps the workspace that was chosen in it; one that is lost gives way to the last used. */
  async function ask() {
    try {
      return await api.get("client/session");
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error).code !== "tenant_not_found" || !sessionStorage.getItem(KEY)) throw error;
      sessionStorage.removeItem(KEY);
      return api.get("client/session");
    }
  }

  /** A workspace that one has just got is the one to work in. @param {() => Promise<{ tenant: Tenant }>} get */
  async function enter(get) {
    const asked = ++turn;
    const { tenant } = await get();
    if (asked !== turn) return;
    sessionStorage.setItem(KEY, tenant.slug);
    settle(asked, await api.get("client/session"));
  }

  return {
    get: () => state,
    /** @returns {Current | null} */
    current: () => (state.phase === "ready" ? state.membership.current : null),
    /** @returns {Offer[]} */
    offers: () => (state.phase === "ready" ? state.membership.invitations : []),
    /** @param {string} permission */
    may: (permission) => state.phase === "ready" && Boolean(state.membership.current?.permissions.includes(permission)),
    /** True while somebody of the platform looks in, who may only read. */
    isVisited: () => state.phase === "ready" && Boolean(state.membership.visit),
    /** @returns {Record<string, string>} */
    headers() {
      const slug = sessionStorage.getItem(KEY);
      return slug ? { "X-Tenant": slug } : {};
    },
    async load() {
      const asked = ++turn;
      move({ phase: "loading" });
      try {
        settle(asked, await ask());
      } catch (error) {
        if (asked === turn) move({ phase: "failed", error });
      }
    },
    /** @param {string} slug @returns {Promise<void>} raises what the server says */
    async switchTo(slug) {
      const asked = ++turn;
      settle(asked, await api.put("client/session/current", { tenant: slug }));
    },
    /** The first workspace of somebody who has none. @param {string} name @returns {Promise<void>} raises what the server says */
    create: (name) => enter(() => api.post("client/session/tenant", { name })),
    /** Takes a place that is offered, and works there. @param {string} tenant its id @param {string} invitation @returns {Promise<void>} raises what the server says */
    join: (tenant, invitation) => enter(() => api.post(`client/session/invitations/${encodeURIComponent(tenant)}/${encodeURIComponent(invitation)}`, {})),
    /** The current workspace has a new name. @param {string} name */
    rename(name) {
      if (state.phase !== "ready" || !state.membership.current) return;
      const current = { ...state.membership.current, name };
      const tenants = state.membership.tenants.map((each) => (each.id === current.id ? { ...each, name } : each));
      move({ phase: "ready", membership: { ...state.membership, tenants, current } });
    },
    /** This tab's choice is gone: the last used workspace takes its place. */
    async leave() {
      sessionStorage.removeItem(KEY);
      await this.load();
    },
    /** Nobody's any more: the next person starts without it. */
    forget() {
      turn += 1;
      sessionStorage.removeItem(KEY);
      move({ phase: "none" });
    },
  };
}

/** @typedef {ReturnType<typeof createWorkspace>} Workspace */
