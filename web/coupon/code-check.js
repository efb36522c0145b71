/** Checks the code while it is typed: as few calls as possible, because ten a minute are allowed. */

import { ApiError, isAbort } from "../shared/js/api.js";
import { normaliseCode } from "../shared/js/coupon-code.js";
import { debounce } from "../shared/js/state.js";

/** @typedef {import("../shared/components/code-field.js").CodeStatus} CodeStatus */

const TYPING_PAUSE_MS = 600;
const TIMEOUT_MS = 8_000; // the server itself gives up on the CRM after 4 s
const KEPT_MS = { valid: 60_000, invalid: 30_000 }; // as long as the server keeps its own answers
const DEFAULT_WAIT_S = 30;

/**
 * @param {{ api: import("../shared/js/api.js").Api, tenant: string, onStatus: (status: CodeStatus) => void }} options
 */
export function createCodeCheck({ api, tenant, onStatus }) {
  /** @type {Map<string, { status: CodeStatus, until: number }>} */
  const kept = new Map();
  let call = new AbortController();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let countdown;
  let asked = "";
  const askLater = debounce(ask, TYPING_PAUSE_MS);

  /** Stops whatever is under way for the code before. */
  function forget() {
    askLater.cancel();
    call.abort();
    clearInterval(countdown);
  }

  /** @param {string} code */
  async function ask(code) {
    forget();
    call = new AbortController();
    onStatus({ kind: "checking" });
    try {
      const answer = await api.post("public/validate-coupon", { tenant, code }, { signal: call.signal, timeoutMs: TIMEOUT_MS });
      settle(code, statusOf(answer));
    } catch (error) {
      if (isAbort(error)) return;
      if (error instanceof ApiError && error.status === 429) waitAndAsk(code, error.retryAfter ?? DEFAULT_WAIT_S);
      else settle(code, statusOfError(error));
    }
  }

  /** @param {string} code @param {CodeStatus} status */
  function settle(code, status) {
    if (status.kind === "valid" || status.kind === "invalid") kept.set(code, { status, until: Date.now() + KEPT_MS[status.kind] });
    onStatus(status);
  }

  /** @param {string} code @param {number} seconds */
  function waitAndAsk(code, seconds) {
    const end = Date.now() + seconds * 1000;
    const tick = () => {
      const secondsLeft = Math.ceil((end - Date.now()) / 1000);
      if (secondsLeft <= 0) ask(code);
      else onStatus({ kind: "limited", secondsLeft });
    };
    tick();
    countdown = setInterval(tick, 1000);
  }

  /**
   * @param {string} raw as typed
   * @param {{ now?: boolean }} [when] `now`: the user pressed Enter or left the field
   */
  function check(raw, { now = false } = {}) {
    const { code, problem } = normaliseCode(raw);
    if (code === asked && !now) return;
    if (code === asked && now && !askLater.isPending()) return;
    forget();
    asked = code ?? "";
    if (!raw.trim()) return onStatus({ kind: "idle" });
    if (code === null) return onStatus({ kind: "malformed", message: problem });
    const held = kept.get(code);
    if (held && held.until > Date.now()) return onStatus(held.status);
    if (now) return void ask(code);
    onStatus({ kind: "checking" });
    askLater(code);
  }

  return { check, retry: () => asked && ask(asked) };
}

/** @param {{ status: string, message?: string | null, valid_until?: string | null }} answer @returns {CodeStatus} */
function statusOf({ status, message, valid_until: until }) {
  if (status === "valid") return { kind: "valid", validUntil: until ? new Date(until) : null };
  if (status === "invalid") return { kind: "invalid", message: message || "This code is not valid. Check its spelling." };
  return { kind: "unknown" };
}

/** @param {unknown} error @returns {CodeStatus} */
function statusOfError(error) {
  if (error instanceof ApiError && error.status === 422) return { kind: "malformed", message: error.fields.code ?? error.message };
  return { kind: "unknown" };
}
