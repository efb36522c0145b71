/** Live updates by long poll: it passes through any proxy, and a lost answer costs nothing. */

import { control } from './api.js';

const WAIT_S = 25;
const RETRY_MS = 1500;

/**
 * Calls back with each batch of events, for ever.
 * @param {{onEvents: (events: any[]) => void, onRestart: () => void, onState: (online: boolean) => void}} handlers
 */
export async function follow({ onEvents, onRestart, onState }) {
  let boot = null;
  let after = null;
  for (;;) {
    try {
      const query = after === null ? '?wait_s=0' : `?after=${after}&wait_s=${WAIT_S}`;
      const news = await control('GET', `/events${query}`);
      if (boot !== news.boot) onRestart();
      else if (news.events.length) onEvents(news.events);
      boot = news.boot;
      after = news.last;
      onState(true);
    } catch {
      onState(false);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
