/** Lists that the server gives page by page. */

const PAGE = 200;
const MOST_PAGES = 20;

/**
 * Every row of a short list.
 * @param {import("./api.js").Api} api @param {string} path @param {{ signal: AbortSignal }} options
 * @returns {Promise<any[]>}
 */
export async function listAll(api, path, { signal }) {
  const rows = [];
  let cursor = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    /** @type {{ items: any[], next: string | null }} */
    const answer = await api.get(path, { query: { limit: String(PAGE), cursor }, signal });
    rows.push(...answer.items);
    cursor = answer.next;
    if (!cursor) break;
  }
  return rows;
}

/**
 * A long list, one page after another.
 * @param {import("./api.js").Api} api @param {string} path @param {{ signal: AbortSignal, query?: () => Record<string, string | null>, limit?: number }} options
 */
export function createPages(api, path, { signal, query = () => ({}), limit = 50 }) {
  /** @type {any[]} */
  let rows = [];
  /** @type {string | null} */
  let next = null;
  let turn = 0;
  return {
    rows: () => rows,
    hasMore: () => next !== null,
    /** @param {{ again?: boolean }} [options] `again` starts at the first page */
    async more({ again = false } = {}) {
      const mine = ++turn;
      const answer = await api.get(path, { query: { ...query(), limit: String(limit), cursor: again ? null : next }, signal });
      if (mine !== turn) return rows; // an answer to an older question
      rows = again ? answer.items : [...rows, ...answer.items];
      next = answer.next;
      return rows;
    },
  };
}
