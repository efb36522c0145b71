/** The service's health as `GET public/health` tells it, polled no more often than the budget of calls allows. */

import { ApiError, isAbort } from "./api.js";

const POLL_MS = 15_000;

/**
 * @typedef {{ status: string, schemaVersion: string | null, checks: Record<string, string>, answeredInMs: number, at: Date }} Health
 */

/**
 * A failing service still says which part fails: that is an answer here, not an error.
 * @param {import("./api.js").Api} api
 * @param {AbortSignal} signal
 * @returns {Promise<Health>}
 */
export async function fetchHealth(api, signal) {
  const started = performance.now();
  const answer = await api.get("public/health", { signal }).catch((error) => {
    if (error instanceof ApiError && error.body?.checks) return error.body;
    throw error;
  });
  return {
    status: String(answer.status),
    schemaVersion: answer.schema_version === undefined || answer.schema_version === null ? null : String(answer.schema_version),
    checks: Object.fromEntries(Object.entries(answer.checks ?? {}).map(([name, state]) => [name, stateText(state)])),
    answeredInMs: Math.round(performance.now() - started),
    at: new Date(),
  };
}

/** A check is a word, or an object with a status. @param {unknown} state */
function stateText(state) {
  if (state && typeof state === "object" && "status" in state) return String(state.status);
  return String(state);
}

/** @param {string} state */
export function isHealthy(state) {
  return state === "ok" || state === "true";
}

/**
 * Reports at once and then every 15 s, while the page is visible, until `signal` aborts.
 * @param {import("./api.js").Api} api
 * @param {AbortSignal} signal
 * @param {(health: Health | null, error: unknown) => void} report
 */
export function watchHealth(api, signal, report) {
  const look = async () => {
    if (document.hidden) return;
    try {
      report(await fetchHealth(api, signal), null);
    } catch (error) {
      if (!isAbort(error)) report(null, error);
    }
  };
  const timer = setInterval(look, POLL_MS);
  document.addEventListener("visibilitychange", look, { signal });
  signal.addEventListener("abort", () => clearInterval(timer));
  return { look, started: look() };
}
