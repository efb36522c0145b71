/**
 * The one client of our functions: JSON in and out, a time-out on every call, one kind of error.
 */

/**
 * An answer that is not a success. Codes of the server's are passed on (`coupon_invalid`); the client adds
 * `offline` (no connection), `timeout` and `bad_answer` (not JSON); these three have status 0.
 */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{ code: string, status?: number, requestId?: string | null, fields?: Record<string, string>,
   *   retryAfter?: number | null, body?: any }} details `retryAfter` in seconds; `body` is the answer's JSON
   */
  constructor(message, { code, status = 0, requestId = null, fields = {}, retryAfter = null, body = null }) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.fields = fields;
    this.retryAfter = retryAfter;
    this.body = body;
  }

  /** Trying again later may help, with nothing changed by the user. */
  get isTransient() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** @param {unknown} error @returns {boolean} the caller gave up, which is no failure */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** @typedef {"GET" | "POST" | "PUT" | "DELETE"} Method */
/** @typedef {{ query?: Record<string, string | null | undefined>, body?: unknown, signal?: AbortSignal, timeoutMs?: number, as?: "json" | "file" }} CallOptions `as`: a file is given as a Blob */

/**
 * Who calls. `headers` gives what says so; `fresh` when what it gave before has just expired.
 * `renew` lets the user sign in again and tells whether he did.
 * @typedef {{ headers: (options: { fresh: boolean }) => Promise<Record<string, string>>, renew: () => Promise<boolean> }} Caller
 */

/** @type {Caller} */
const NOBODY = { headers: async () => ({}), renew: async () => false };

/**
 * @param {{ base: string, timeoutMs?: number, fetch?: typeof fetch, caller?: Caller }} options `base` is like `/api`
 */
export function createApi({ base, timeoutMs = 12_000, fetch: send = fetch.bind(globalThis), caller = NOBODY }) {
  /**
   * @param {Method} method
   * @param {string} path like `public/templates`
   * @param {CallOptions} [options]
   * @returns {Promise<any>} the answer's JSON, null without a body; raises ApiError, or AbortError when `signal` aborts
   */
  async function call(method, path, options = {}) {
    try {
      return await attempt(method, path, options, { fresh: false });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401) || caller === NOBODY) throw error;
      return await callAgain(method, path, options, error);
    }
  }

  /**
   * A token that ran out on the way is replaced in silence, a session that ended by the user.
   * @param {Method} method @param {string} path @param {CallOptions} options @param {ApiError} refusal
   */
  async function callAgain(method, path, options, refusal) {
    let last = refusal;
    if (refusal.code === "session_expired") {
      try {
        return await attempt(method, path, options, { fresh: true });
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 401)) throw error;
        last = error;
      }
    }
    if (!(await caller.renew())) throw last;
    return attempt(method, path, options, { fresh: true });
  }

  /** @param {Method} method @param {string} path @param {CallOptions} options @param {{ fresh: boolean }} identity */
  async function attempt(method, path, { query = {}, body, signal, timeoutMs: limit = timeoutMs, as = "json" }, identity) {
    const own = await caller.headers(identity);
    if (signal?.aborted) throw new DOMException("The caller gave up", "AbortError");
    const timer = AbortSignal.timeout(limit);
    const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
    const search = new URLSearchParams(/** @type {[string, string][]} */ (pairs)).toString();
    const address = `${base}/${path}${search && `?${search}`}`;
    try {
      const answer = await send(address, {
        method,
        headers: { accept: "application/json", ...(body !== undefined && { "content-type": "application/json" }), ...own },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, timer]) : timer,
      });
      return answer.ok && as === "file" ? await answer.blob() : await read(answer);
    } catch (error) {
      if (signal?.aborted) throw new DOMException("The caller gave up", "AbortError");
      if (error instanceof ApiError) throw error;
      if (timer.aborted) throw new ApiError("The server did not answer in time.", { code: "timeout" });
      throw new ApiError("There is no connection to the server.", { code: "offline" });
    }
  }

  return {
    call,
    /** @param {string} path @param {CallOptions} [options] */
    get: (path, options) => call("GET", path, options),
    /** @param {string} path @param {unknown} body @param {CallOptions} [options] */
    post: (path, body, options) => call("POST", path, { ...options, body }),
    /** @param {string} path @param {unknown} body @param {CallOptions} [options] */
    put: (path, body, options) => call("PUT", path, { ...options, body }),
    /** @param {string} path @param {CallOptions} [options] */
    delete: (path, options) => call("DELETE", path, options),
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

/** @param {Response} answer */
async function read(answer) {
  if (answer.status === 204) return null;
  const data = await answer.json().catch(() => undefined);
  if (answer.ok && data !== undefined) return data;
  const error = data?.error ?? {};
  // In place of a function that died the platform answers 400 in a shape of its own: trying again may help.
  const isPlatforms = answer.status === 400 && typeof error.code !== "string";
  const fallback = answer.ok || isPlatforms ? "bad_answer" : `http_${answer.status}`;
  throw new ApiError(error.message ?? "The server's answer could not be read.", {
    code: error.code ?? fallback,
    status: answer.ok || isPlatforms ? 0 : answer.status,
    requestId: error.request_id ?? answer.headers.get("x-request-id"),
    fields: error.fields ?? {},
    retryAfter: retryAfterSeconds(answer.headers.get("retry-after")),
    body: data,
  });
}

/**
 * @param {string | null} header seconds or an HTTP date (RFC 9110 §10.2.3)
 * @returns {number | null} whole seconds from now
 */
export function retryAfterSeconds(header) {
  if (!header) return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
