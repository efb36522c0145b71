/** Whether somebody is signed in with the identity provider, in this tab and in the others. */

import { ApiError } from "./api.js";

/** @typedef {import("./clerk.js").Clerk} Clerk */
/** @typedef {{ id: string, name: string, email: string }} Person */
/**
 * `out`: nobody is; `why` is null at the start. `ended`: the provider ended the session under our hands.
 * @typedef {{ phase: "loading" } | { phase: "unavailable" } | { phase: "in", person: Person }
 *   | { phase: "ended", person: Person } | { phase: "out", why: null | "here" | "elsewhere" }} SessionState
 */

const CHANNEL = "promostack-session";

/**
 * @param {() => Promise<Clerk>} load
 * @param {{ onSomebodyElse: () => void }} options `onSomebodyElse` empties the page, which is loaded anew right afterwards
 */
export function createSession(load, { onSomebodyElse }) {
  /** @type {Clerk | null} */
  let clerk = null;
  /** @type {SessionState} */
  let state = { phase: "loading" };
  let isLeaving = false;
  /** @type {Set<(state: SessionState) => void>} */
  const watchers = new Set();
  const tabs = new BroadcastChannel(CHANNEL);
  tabs.addEventListener("message", ({ data }) => {
    if (data === "signed-out") leaveHere("elsewhere");
    else if (state.phase !== "in" || state.person.id !== data.person) void comeBack();
  });

  addEventListener("focus", () => !clerk?.session && void comeBack());

  /** @param {SessionState} next */
  function move(next) {
    state = next;
    for (const watcher of [...watchers]) watcher(next);
  }

  /** @param {"here" | "elsewhere"} why */
  function leaveHere(why) {
    if (state.phase === "in" || state.phase === "ended") move({ phase: "out", why });
  }

  /** @param {{ session?: object | null, user?: import("./clerk.js").ClerkUser | null }} now */
  function look({ session, user }) {
    if (session && user) return arrive(user);
    if (isLeaving) return;
    if (state.phase === "in") move({ phase: "ended", person: state.person });
    else if (state.phase === "loading" || state.phase === "unavailable") move({ phase: "out", why: null });
  }

  /** @param {import("./clerk.js").ClerkUser} user */
  function arrive(user) {
    const person = { id: user.id, name: user.fullName ?? "", email: user.primaryEmailAddress?.emailAddress ?? "" };
    // What is on the page belongs to somebody else: nothing of it may stay.
    if ("person" in state && state.person.id !== person.id) {
      onSomebodyElse();
      return location.reload();
    }
    if (state.phase === "in") return;
    move({ phase: "in", person });
    tabs.postMessage({ person: person.id });
  }

  /** Somebody signed in in another tab, or may have: ask the provider. */
  async function comeBack() {
    if (!clerk?.client || state.phase === "loading") return;
    await clerk.client.reload().catch(() => {});
    if (clerk.client.lastActiveSessionId) await clerk.setActive({ session: clerk.client.lastActiveSessionId });
    // Our server may have refused a session that clerk-js took for a good one: whoever waits must hear of the new one.
    if (clerk.user && state.phase === "in") move(state);
  }

  return {
    get: () => state,
    /** Calls at every change until the returned function is called. @param {(state: SessionState) => void} watcher */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    async start() {
      try {
        clerk = await load();
        clerk.addListener(look);
        look(clerk);
      } catch {
        move({ phase: "unavailable" });
      }
    },
    /**
     * The session's token, fetched anew by clerk-js before its minute is over.
     * @param {{ fresh?: boolean }} [options] `fresh` asks the provider even so
     * @returns {Promise<string | null>}
     */
    async token({ fresh = false } = {}) {
      if (!clerk?.session) return null;
      try {
        return await clerk.session.getToken({ skipCache: fresh });
      } catch {
        if (!clerk.session) return null;
        throw new ApiError("Your sign-in cannot be checked just now.", { code: "identity_unavailable", status: 503 });
      }
    },
    /** The provider's page, which comes back to `backTo`. @param {string} backTo */
    signInAddress: (backTo) => (clerk ? clerk.buildSignInUrl({ signInForceRedirectUrl: backTo }) : ""),
    /**
     * Signs out here and in every other tab. Raises when the provider cannot be reached: then nobody is signed out, and
     * no page may say so.
     */
    async signOut() {
      isLeaving = true;
      try {
        // clerk-js forgets the session even when its provider never heard of it, so it is asked before and after.
        await clerk?.client?.reload();
        await clerk?.signOut(() => {});
        await clerk?.client?.reload();
        if (clerk?.client?.lastActiveSessionId) throw new Error("The session goes on");
      } catch {
        throw new ApiError("You are still signed in: the sign-in service does not answer. Try again in a moment.", {
          code: "still_signed_in",
          status: 409,
        });
      } finally {
        isLeaving = false;
      }
      leaveHere("here");
      tabs.postMessage("signed-out");
    },
  };
}

/** @typedef {ReturnType<typeof createSession>} Session */

/** The end of a sign-in in a second tab: tells the tab that waits for it. */
export function tellSignedIn() {
  new BroadcastChannel(CHANNEL).postMessage("signed-in");
}
