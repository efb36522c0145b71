/** Looks again and again while somebody looks at the page: a hidden one asks nothing, and asks at once when it is back. */

/**
 * @param {() => Promise<unknown>} look never rejects; the next look waits for its end
 * @param {{ everyMs: number, signal: AbortSignal }} options
 */
export function poll(look, { everyMs, signal }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isLooking = false;

  function plan() {
    clearTimeout(timer);
    if (!signal.aborted && !document.hidden) timer = setTimeout(() => void run(), everyMs);
  }

  async function run() {
    if (isLooking || signal.aborted) return;
    isLooking = true;
    await look();
    isLooking = false;
    plan();
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : void run()), { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  plan();
}
