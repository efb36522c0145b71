/** State that a page renders from, and the life of something that is being loaded. */

import { isAbort } from "./api.js";

/**
 * @template {object} S
 * @param {S} initial
 * @param {(state: S) => void} onChange called once after all changes of one turn
 */
export function createState(initial, onChange) {
  const state = { ...initial };
  let isQueued = false;

  return {
    /** @returns {Readonly<S>} */
    get: () => state,
    /** @param {Partial<S>} patch */
    set(patch) {
      Object.assign(state, patch);
      if (isQueued) return;
      isQueued = true;
      queueMicrotask(() => {
        isQueued = false;
        onChange(state);
      });
    },
  };
}

/** A wait shorter than this shows nothing: a skeleton that flashes is worse than none. */
export const SKELETON_DELAY_MS = 150;

/**
 * @template T
 * @typedef {{ phase: "waiting" } | { phase: "slow" } | { phase: "ready", data: T } | { phase: "failed", error: unknown }} Loading
 */

/**
 * Runs `work` and reports its life: waiting, slow (show a skeleton), ready, failed. An abort reports nothing.
 * @template T
 * @param {() => Promise<T>} work
 * @param {(loading: Loading<T>) => void} report
 */
export async function load(work, report) {
  report({ phase: "waiting" });
  const timer = setTimeout(() => report({ phase: "slow" }), SKELETON_DELAY_MS);
  try {
    const data = await work();
    clearTimeout(timer);
    report({ phase: "ready", data });
  } catch (error) {
    clearTimeout(timer);
    if (!isAbort(error)) report({ phase: "failed", error });
  }
}

/**
 * Calls `run` once the calls have paused for `delayMs`; `cancel` forgets a pending one.
 * @template {unknown[]} A
 * @param {(...values: A) => void} run
 * @param {number} delayMs
 */
export function debounce(run, delayMs) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const later = (/** @type {A} */ ...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      run(...values);
    }, delayMs);
  };
  later.cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  later.isPending = () => timer !== undefined;
  return later;
}
