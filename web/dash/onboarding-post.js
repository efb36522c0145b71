/** The last step of setting up: the first picture in a channel. */

import { ApiError } from "../shared/js/api.js";

// Rendered and handed to Telegram, which may be slow.
const TIMEOUT_MS = 35_000;
/** Codes of refusals after which the picture may be in the channel all the same. */
export const MAY_BE_THERE = ["posted_before", "post_unclear"];

/**
 * Adds the code where the workspace keeps codes of its own, and posts a picture with it; the same `id` is the same post.
 * @param {import("../shared/js/api.js").Api} api @param {import("./onboarding-words.js").Progress} progress @param {FormData} said @param {string} id
 * @returns {Promise<ApiError | null>} why it did not go out; what else goes wrong is thrown
 */
export async function postFirst(api, progress, said, id) {
  const code = String(said.get("first-code")).trim();
  if (progress.codes.some(({ kind, is_on }) => kind === "local" && is_on)) await addCode(api, code);
  const order = { channel: said.get("first-channel"), template: progress.business.template?.slug, format: "square", code };
  const { caption } = await api.post("client/posts/preview", { ...order, caption: null }, { timeoutMs: TIMEOUT_MS });
  const { state, problem } = await api.post("client/posts", { ...order, caption, again: said.has("again"), id }, { timeoutMs: TIMEOUT_MS });
  if (["posted", "sending"].includes(state)) return null;
  if (state === "unclear") return new ApiError("Telegram did not answer: nobody knows whether the picture is in the channel. Look there.", { code: "post_unclear", status: 409 });
  return new ApiError(`Telegram did not take it. ${problem ?? ""}`, { code: "post_failed", status: 409 });
}

/** A code of the workspace's own, unless it is one already. @param {import("../shared/js/api.js").Api} api @param {string} code */
async function addCode(api, code) {
  try {
    await api.post("client/coupons", { code });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "code_exists")) throw error;
  }
}
