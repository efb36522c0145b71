/** A file on its way: asked for, put into the store with progress, then checked and taken by the server. */

import { ApiError } from "./api.js";

export const PICTURE_TYPES = ["image/png", "image/jpeg", "image/webp", "image/svg+xml"];
export const MOST_BYTES = 10_000_000;
// The check decodes and encodes the picture anew.
const FINISH_MS = 30_000;
// The browser sets these itself and forbids setting them.
const OWN_HEADERS = new Set(["host", "content-length"]);

/** @typedef {{ id: string, url: string, method: string, headers: Record<string, string> }} Ticket */
/** @typedef {{ url: string, width: number, height: number, media_type: string, sha256: string }} Uploaded */

/**
 * What can be said without asking the server, which checks everything anew.
 * @param {Blob} file @returns {string | null}
 */
export function problemOfPicture(file) {
  if (!PICTURE_TYPES.includes(file.type)) return "This is not a PNG, JPEG, WebP or SVG picture. Choose another file.";
  if (file.size === 0) return "This file is empty. Choose another one.";
  return file.size > MOST_BYTES ? "This file is larger than 10 MB. Choose a smaller one." : null;
}

/**
 * @param {import("./api.js").Api} api
 * @param {{ purpose: string, file: Blob, onProgress: (share: number) => void, signal: AbortSignal }} options `share` 0–1
 * @returns {Promise<Uploaded>} raises ApiError with the reason in words, AbortError
 */
export async function uploadPicture(api, { purpose, file, onProgress, signal }) {
  const ticket = await api.post("client/uploads", { purpose, media_type: file.type, bytes: file.size }, { signal });
  await put(ticket, file, onProgress, signal);
  const made = await api.post(`client/uploads/${ticket.id}/finish`, {}, { signal, timeoutMs: FINISH_MS });
  return { ...made, id: ticket.id };
}

/**
 * @param {Ticket} ticket @param {Blob} file @param {(share: number) => void} onProgress @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function put({ url, method, headers }, file, onProgress, signal) {
  const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
  request.open(method, url);
  for (const [name, value] of Object.entries(headers)) {
    if (!OWN_HEADERS.has(name.toLowerCase())) request.setRequestHeader(name, value);
  }
  signal.addEventListener("abort", () => request.abort());
  return new Promise((resolve, reject) => {
    const fail = () => reject(new ApiError("The file did not reach the store. Try again.", { code: "upload_failed", status: request.status }));
    request.upload.addEventListener("progress", (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0));
    request.addEventListener("load", () => (request.status < 300 ? resolve() : fail()));
    request.addEventListener("error", fail);
    request.addEventListener("abort", () => reject(new DOMException("The caller gave up", "AbortError")));
    request.send(file);
  });
}
