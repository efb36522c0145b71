/** Who of the platform's people is signed in: through the identity provider, or by the password of this host. */

import { ApiError } from "../shared/js/api.js";

/**
 * `out`: nobody; `stranger`: signed in, but not one of the platform's people.
 * @typedef {{ phase: "loading" } | { phase: "out" } | { phase: "stranger" } | { phase: "failed", error: unknown }
 *   | { phase: "in", email: string, via: "session" | "password" }} AdminState
 */

const KEY = "admin-way";

/**
 * @param {{ api: import("../shared/js/api.js").Api, hasSession: () => boolean, onChange: () => void }} options
 *   `api` does not ask to sign in again; `hasSession`: the identity provider knows somebody
 */
export function createAdminSession({ api, hasSession, onChange }) {
  /** @type {AdminState} */
  let state = { phase: "loading" };
  // A bearer session goes before the cookie, so somebody who chose the password must not send his.
  let usesPassword = localStorage.getItem(KEY) === "password";
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== KEY) return;
    usesPassword = newValue === "password";
    void look();
  });

  /** @param {boolean} next */
  function choose(next) {
    usesPassword = next;
    if (next) localStorage.setItem(KEY, "password");
    else localStorage.removeItem(KEY);
  }

  /** @param {AdminState} next */
  function move(next) {
    state = next;
    onChange();
  }

  function leave() {
    choose(false);
    move({ phase: "out" });
  }

  async function look() {
    // Without a session and without a password there is nothing to ask about.
    if (!usesPassword && !hasSession()) return move({ phase: "out" });
    try {
      const { email, via } = await api.get("admin/login");
      // Signed in again as before: what is on the page stays as it is.
      if (!(state.phase === "in" && state.email === email && state.via === via)) move({ phase: "in", email, via });
    } catch (error) {
      const { status, code } = error instanceof ApiError ? error : { status: 0, code: "" };
      if (status === 401) leave();
      else if (code === "not_allowed") move({ phase: "stranger" });
      else move({ phase: "failed", error });
    }
  }

  return {
    get: () => state,
    look,
    usesPassword: () => usesPassword,
    /** @param {string} email @param {string} password @returns {Promise<void>} raises ApiError */
    async logIn(email, password) {
      await api.post("admin/login", { email, password });
      choose(true);
      await look();
    },
    async logOut() {
      if (usesPassword) await api.delete("admin/login");
      leave();
    },
    /** All of them ended, ours among them when it was one. */
    ended() {
      choose(false);
      return look();
    },
  };
}

/** @typedef {ReturnType<typeof createAdminSession>} AdminSession */
