/**
 * Hash routes like `#/promo/templates/abc?state=draft`. Filters live in the hash, scroll in the history entry, so that
 * back and reload bring both again.
 */

/**
 * @typedef {{ pattern: string, params: Record<string, string>, query: URLSearchParams, path: string }} Place
 */

/**
 * @param {string} hash
 * @param {readonly string[]} patterns like `/promo/templates/:id`
 * @returns {Place | null} null for an address that no pattern fits, or whose escapes are broken
 */
export function matchRoute(hash, patterns) {
  const [path, search = ""] = (hash.replace(/^#/, "") || "/").split("?");
  for (const pattern of patterns) {
    const names = [...pattern.matchAll(/:(\w+)/g)].map(([, name]) => name);
    const found = new RegExp(`^${pattern.replace(/:\w+/g, "([^/]+)")}/?$`).exec(path);
    if (!found) continue;
    const values = found.slice(1).map(decode);
    if (values.includes(null)) return null;
    const params = Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
    return { pattern, params, query: new URLSearchParams(search), path };
  }
  return null;
}

/** @param {string} part @returns {string | null} null when a percent sign escapes nothing */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

const SCROLL_PREFIX = "scroll:";

/**
 * @param {object} options
 * @param {readonly string[]} options.patterns
 * @param {() => Element} options.scroller
 * @param {(place: Place | null) => void | Promise<void>} options.onPlace gets null for an unknown address; scroll is restored once it has settled
 * @param {() => Promise<boolean>} [options.mayLeave] asked before another address is shown; no means staying
 */
export function createRouter({ patterns, scroller, onPlace, mayLeave = async () => true }) {
  history.scrollRestoration = "manual";
  let turn = 0;
  let shown = location.hash;
  /** Whose scroll is seen. The browser moves to another entry before its view is there, and tells of scrolls late. */
  let seen = "";

  function entryKey() {
    if (typeof history.state?.key !== "string") {
      history.replaceState({ ...history.state, key: Math.random().toString(36).slice(2) }, "");
    }
    return SCROLL_PREFIX + history.state.key;
  }

  async function move() {
    if (location.hash === shown) return;
    if (await mayLeave()) return show();
    history.pushState(null, "", shown || "#/"); // the address goes back, the view was never left
    seen = entryKey();
  }

  async function show() {
    const mine = ++turn;
    shown = location.hash;
    const key = entryKey();
    seen = "";
    await onPlace(matchRoute(location.hash, patterns));
    if (mine !== turn) return;
    scroller().scrollTop = Number(sessionStorage.getItem(key) ?? 0);
    seen = key;
  }

  function rememberScroll() {
    if (seen) sessionStorage.setItem(seen, String(Math.round(scroller().scrollTop)));
  }

  return {
    start() {
      addEventListener("hashchange", move);
      document.addEventListener("scrollend", rememberScroll, { capture: true });
      return show();
    },
    show,
    /** Changes filters in place, without a new history entry. @param {Record<string, string | null>} filters */
    setFilters(filters) {
      const [path, search = ""] = location.hash.split("?");
      const query = new URLSearchParams(search);
      for (const [name, value] of Object.entries(filters)) {
        if (value) query.set(name, value);
        else query.delete(name);
      }
      history.replaceState(history.state, "", `${path || "#/"}${query.size ? `?${query}` : ""}`);
      shown = location.hash;
    },
  };
}
