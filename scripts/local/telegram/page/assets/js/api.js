/** The control API, reached by relative addresses so that the page works under any prefix. */

export class Refused extends Error {}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function control(method, path, body, signal) {
  const answer = await fetch(`_control${path}`, {
    method,
    signal,
    headers: body ? { 'Content-Type': 'application/json' } : undefined,
    body: body ? JSON.stringify(body) : undefined,
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(data.error ?? `The simulator answered ${answer.status}`);
  return data;
}

export const get = (path) => control('GET', path);
export const post = (path, body) => control('POST', path, body);
