/** Putting the outbox right: each asks where it has to, does it, and says what came of it. */

import { confirmDestruction } from "../shared/components/dialog.js";
import { ApiError } from "../shared/js/api.js";
import { countOf } from "../shared/js/format.js";

/** @typedef {import("../shared/js/api.js").Api} Api */
/** @typedef {{ text: string, isNothing?: boolean }} Done `isNothing`: the list was out of date */
/** @typedef {(api: Api, ids: string[], what: string) => Promise<Done | null>} Action null: not wanted after all */

// Some are sent before the answer comes.
const SENT_WITHIN_MS = 30_000;

/** @type {Record<string, Action>} */
export const ACTIONS = { requeue, cancel, retry };

/** @type {Action} */
async function requeue(api, ids, what) {
  const send = (/** @type {boolean} */ may_arrive_twice) => api.post("client/outbox/requeue", { ids, may_arrive_twice }, { timeoutMs: SENT_WITHIN_MS });
  try {
    return requeued(await send(false));
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "may_arrive_twice")) throw error;
  }
  const isSure = await confirmDestruction({
    title: `Send ${what} again?`,
    consequence: `Telegram gave no answer${ids.length > 1 ? " to at least one of them" : ""}, so that it may have arrived. Look into the chat first: sent again, it may arrive twice.`,
    verb: "Send again anyway",
  });
  return isSure ? requeued(await send(true)) : null;
}

/** @type {Action} */
async function cancel(api, ids, what) {
  const isSure = await confirmDestruction({
    title: `Cancel ${what}?`,
    consequence: "What was not sent yet is never sent. This cannot be taken back.",
    verb: ids.length > 1 ? "Cancel messages" : "Cancel message",
  });
  if (!isSure) return null;
  const { changed } = await api.post("client/outbox/cancel", { ids });
  if (!changed) return { text: "Nothing to cancel: it has gone out meanwhile, or was over.", isNothing: true };
  return { text: `${countOf(changed, "message", "messages")} cancelled.` };
}

/** @type {Action} */
async function retry(api, ids) {
  const { changed } = await api.post("client/outbox/parked/retry", { ids });
  if (!changed) return { text: "Nothing to answer: nobody expects it any more.", isNothing: true };
  return { text: `${countOf(changed, "update is", "updates are")} answered within a minute.` };
}

/** @param {{ changed: number, sent: number }} done @returns {Done} */
function requeued({ changed, sent }) {
  if (!changed) return { text: "Nothing to send again: it was sent, cancelled or replaced meanwhile.", isNothing: true };
  const left = changed - sent;
  if (!left) return { text: `${countOf(sent, "message was", "messages were")} sent.` };
  const rest = `${countOf(left, "message waits", "messages wait")} and will be tried within a minute.`;
  return { text: sent ? `${countOf(sent, "message was", "messages were")} sent; ${rest}` : rest };
}
