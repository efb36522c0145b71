/** The finished picture: asked from the server, fetched, and checked against the server's own checksum. */

import { ApiError, isAbort } from "../shared/js/api.js";
import { assetAddress } from "../shared/js/config.js";
import { formatDuration } from "../shared/js/format.js";

const RENDER_TIMEOUT_MS = 30_000; // the platform's own limit for a function
const FETCH_TIMEOUT_MS = 30_000;

/**
 * @typedef {object} PictureRequest
 * @property {string} tenant
 * @property {string} template
 * @property {string} format
 * @property {string} code
 * @property {Record<string, string>} fields
 * @property {boolean} showLogo
 * @property {"png" | "jpeg"} output
 */

/** @typedef {{ file: File, width: number, height: number, sha256: string }} Picture */

/** The bytes that arrived are not those that the server made. */
export class PictureDamaged extends Error {}

/**
 * @param {{ api: import("../shared/js/api.js").Api, assetBase: string }} options
 */
export function createPictures({ api, assetBase }) {
  /** @type {Map<string, Promise<Picture>>} */
  const made = new Map();

  /** @param {PictureRequest} request @returns {Promise<Picture>} */
  async function make(request) {
    const { tenant, template, format, code, fields, showLogo, output } = request;
    const answer = await api.post(
      "public/render-coupon",
      { tenant, template, format, code, fields, output, scale: 1, delivery: "url", ...(!showLogo && { logo: false }) },
      { timeoutMs: RENDER_TIMEOUT_MS },
    );
    if (typeof answer.url !== "string") throw new ApiError("The answer names no picture.", { code: "bad_answer" });
    const bytes = await fetchBytes(assetAddress(answer.url, assetBase));
    if ((await sha256(bytes)) !== answer.sha256) throw new PictureDamaged("The checksum differs from the server's");
    const name = `${template}-${format}-${code}.${output === "jpeg" ? "jpg" : output}`.toLowerCase();
    return { file: new File([bytes], name, { type: `image/${output}` }), width: answer.width, height: answer.height, sha256: answer.sha256 };
  }

  return {
    /** The same request is made once; a failed one is forgotten. @param {PictureRequest} request */
    get(request) {
      const key = JSON.stringify(request);
      const held = made.get(key) ?? make(request);
      made.set(key, held);
      held.catch(() => made.delete(key));
      return held;
    },
  };
}

/** @param {string} address @returns {Promise<ArrayBuffer>} */
async function fetchBytes(address) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!answer.ok) throw new ApiError("The picture could not be fetched.", { code: "asset_missing", status: answer.status });
    return await answer.arrayBuffer();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("The picture could not be fetched.", { code: isAbort(error) ? "timeout" : "offline" });
  }
}

/** @param {ArrayBuffer} bytes @returns {Promise<string>} lower-case hex */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Why there is no picture, and what to do.
 * @param {unknown} error
 * @returns {{ text: string, tone: "danger" | "warning", requestId: string | null, fields: Record<string, string>, retry: boolean }}
 */
export function describePictureError(error) {
  const shown = { tone: /** @type {"danger" | "warning"} */ ("danger"), requestId: null, fields: {}, retry: true };
  if (error instanceof PictureDamaged) return { ...shown, text: "The file arrived damaged and was not saved. Try again." };
  if (!(error instanceof ApiError)) return { ...shown, text: "This picture could not be made. Reload the page and try again." };
  const known = { ...shown, requestId: error.requestId, fields: error.fields };
  const text = TEXTS[error.code];
  if (text) return { ...known, ...text };
  if (error.status === 429) {
    const wait = error.retryAfter ? `in ${formatDuration(error.retryAfter)}` : "in a minute";
    return { ...known, tone: "warning", text: `That was a lot of pictures in a short time. Try again ${wait}.` };
  }
  if (error.status === 422) return { ...known, retry: false, text: "One of the texts can’t be used. It is marked above." };
  if (error.isTransient) return { ...known, text: "The server could not make the picture just now. Try again in a moment." };
  return { ...known, text: error.message };
}

/** @type {Record<string, { text: string, tone?: "danger" | "warning", retry?: boolean }>} */
const TEXTS = {
  coupon_invalid: { text: "This code is not valid, so no picture was made. Check the code and type it again.", retry: false },
  coupon_unknown: { tone: "warning", text: "The code can’t be checked right now, so no picture was made. Try again in a moment." },
  template_unavailable: { text: "This picture can’t be made at the moment; the others can. Close it and choose another one." },
  template_not_found: { text: "This picture is no longer in the gallery. Close it and choose another one.", retry: false },
  asset_missing: { text: "The finished picture could not be fetched. Try again in a moment." },
  offline: { tone: "warning", text: "There is no connection. Check your network, then try again." },
  timeout: { tone: "warning", text: "That took too long. Try again." },
};
