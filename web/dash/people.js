/** Roles and people in words. */

/** @typedef {{ user_id: string, email: string | null, name: string, role: "owner" | "admin" | "member", joined_at: string, is_you: boolean }} Member */

const ROLES = { owner: "the owner", admin: "an admin", member: "a member" };

/** @param {"owner" | "admin" | "member"} role */
export const roleName = (role) => ROLES[role];

/** @param {{ name: string, email: string | null }} person */
export const nameOf = ({ name, email }) => name || email || "Somebody without a name";

/**
 * Whom to ask for a right: the owner by name, as far as one may see him.
 * @param {import("../shared/js/api.js").Api} api @param {AbortSignal} signal @returns {Promise<string>}
 */
export async function whoGrants(api, signal) {
  try {
    const { items } = await api.get("client/settings/members", { signal });
    const owner = /** @type {Member[]} */ (items).find(({ role }) => role === "owner");
    if (owner) return owner.email && owner.name ? `${owner.name} (${owner.email})` : nameOf(owner);
  } catch {
    // The sentence works without the name.
  }
  return "the owner of this workspace";
}
