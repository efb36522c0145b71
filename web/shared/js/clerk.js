/** clerk-js as it is published: a classic script that leaves one object behind. Nothing else of Clerk's is loaded. */

const SCRIPT = new URL("../../vendor/clerk-js/clerk.browser.js", import.meta.url);

/**
 * What we use of it.
 * @typedef {object} ClerkSession
 * @property {string} id
 * @property {(options?: { skipCache?: boolean }) => Promise<string | null>} getToken
 */
/** @typedef {{ id: string, fullName: string | null, primaryEmailAddress: { emailAddress: string } | null }} ClerkUser */
/**
 * @typedef {object} Clerk
 * @property {"loading" | "ready" | "degraded" | "error"} status
 * @property {ClerkSession | null | undefined} session
 * @property {ClerkUser | null | undefined} user
 * @property {{ lastActiveSessionId: string | null, reload: () => Promise<unknown> } | undefined} client
 * @property {(options: object) => Promise<void>} load
 * @property {(listener: (now: { session?: ClerkSession | null, user?: ClerkUser | null }) => void) => () => void} addListener
 * @property {(options: { session: string | null }) => Promise<void>} setActive
 * @property {(after: () => void) => Promise<void>} signOut
 * @property {(options: { signInForceRedirectUrl: string }) => string} buildSignInUrl
 */

/** @typedef {{ publishableKey: string, proxyUrl?: string }} ClerkConfig as in config.json */

/**
 * The instance, loaded: it knows whether somebody is signed in.
 * @param {ClerkConfig} config
 * @returns {Promise<Clerk>} raises when the script or the provider cannot be reached
 */
export async function loadClerk({ publishableKey, proxyUrl }) {
  await addScript({ clerkPublishableKey: publishableKey, ...(proxyUrl && { clerkProxyUrl: proxyUrl }) });
  const clerk = /** @type {Clerk} */ (/** @type {any} */ (globalThis).Clerk);
  await clerk.load({ telemetry: false });
  // It goes on without the provider, from what it kept, and would call everybody signed out.
  if (!clerk.client || (clerk.status === "degraded" && !clerk.session)) throw new Error("The identity provider does not answer");
  return clerk;
}

/** @param {Record<string, string>} data */
function addScript(data) {
  const script = document.createElement("script");
  script.src = SCRIPT.href;
  Object.assign(script.dataset, data);
  return new Promise((resolve, reject) => {
    script.addEventListener("load", resolve, { once: true });
    script.addEventListener("error", () => reject(new Error("clerk-js could not be loaded")), { once: true });
    document.head.append(script);
  });
}
