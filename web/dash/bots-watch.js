/** Looks again from time to time while the page is in view; what is hidden costs nothing. */

import { isAbort } from "../shared/js/api.js";

/**
 * Runs `look` at once and again `everyMs` after it has ended, while the page is visible and the view is open.
 * @param {{ everyMs: number, signal: AbortSignal, look: () => Promise<void>, onTrouble?: (error: unknown) => void }} options
 *   `onTrouble`: a look that failed; the next one follows all the same
 * @returns {{ now: () => Promise<void> }} looks at once; the wait starts anew
 */
export function watch({ everyMs, signal, look, onTrouble = () => {} }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<void> | null} */
  let running = null;

  async function run() {
    clearTimeout(timer);
    try {
      await look();
    } catch (error) {
      if (!isAbort(error)) onTrouble(error);
    }
    running = null;
    if (!signal.aborted && !document.hidden) timer = setTimeout(now, everyMs);
  }

  function now() {
    return (running ??= run());
  }

  const onVisibility = () => void (document.hidden ? clearTimeout(timer) : now());
  document.addEventListener("visibilitychange", onVisibility, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  if (!document.hidden) void now();
  return { now };
}
