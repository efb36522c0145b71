/** Keeps the draft on the server: a while after each change, one save at a time, each made from the revision before. */

import { isAbort } from "../../shared/js/api.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/** @typedef {{ slug: string, document: TemplateDocument, revision: number, number: number | null, is_changed: boolean, saved_at: string | null, saved_by: string | null }} Draft */
/**
 * @typedef {{ phase: "saved", at: Date | null } | { phase: "waiting" } | { phase: "saving" } | { phase: "refused", fields: Record<string, string>, text: string }
 *   | { phase: "failed", error: unknown } | { phase: "conflict", text: string }} SaveState
 */

const PAUSE_MS = 700;
const AGAIN_MS = 5_000;

export class Saver {
  #api;
  #path;
  #onState;
  #signal;
  /** @type {TemplateDocument} */
  #wanted;
  /** @type {TemplateDocument} */
  #kept;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void> | null} */
  #running = null;
  /** @type {SaveState} */
  #state;
  revision;

  /**
   * @param {{ api: import("../../shared/js/api.js").Api, draft: Draft, signal: AbortSignal, onState: (state: SaveState) => void }} options
   */
  constructor({ api, draft, signal, onState }) {
    this.#api = api;
    this.#path = `client/editor/${draft.slug}`;
    this.#onState = onState;
    this.#signal = signal;
    this.#wanted = this.#kept = draft.document;
    this.revision = draft.revision;
    this.#state = { phase: "saved", at: draft.is_changed && draft.saved_at ? new Date(draft.saved_at) : null };
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    addEventListener("online", () => this.#state.phase === "failed" && void this.flush(), { signal });
  }

  get state() {
    return this.#state;
  }

  get isDirty() {
    return this.#wanted !== this.#kept;
  }

  /** @param {TemplateDocument} document */
  want(document) {
    this.#wanted = document;
    if (this.#state.phase === "conflict") return;
    clearTimeout(this.#timer);
    if (!this.isDirty) return this.#running ? undefined : this.#move({ phase: "saved", at: new Date() });
    this.#move({ phase: "waiting" });
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** Saves now; tells whether everything is kept. @returns {Promise<boolean>} */
  async flush() {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    if (this.isDirty && this.#state.phase !== "conflict") {
      this.#running = this.#save();
      await this.#running;
    }
    return !this.isDirty && this.#state.phase === "saved";
  }

  async #save() {
    const document = this.#wanted;
    this.#move({ phase: "saving" });
    try {
      const { revision, saved_at: at } = await this.#api.put(this.#path, { revision: this.revision, document }, { signal: this.#signal });
      this.revision = revision;
      this.#kept = document;
      this.#move(this.isDirty ? { phase: "waiting" } : { phase: "saved", at: new Date(at) });
    } catch (error) {
      if (!isAbort(error)) this.#fail(error);
    } finally {
      this.#running = null;
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const { code, fields = {}, message, isTransient } = /** @type {import("../../shared/js/api.js").ApiError} */ (error);
    if (code === "draft_changed") return this.#move({ phase: "conflict", text: message });
    if (code === "invalid_document") return this.#move({ phase: "refused", fields, text: message });
    this.#move({ phase: "failed", error });
    if (isTransient) this.#timer = setTimeout(() => void this.flush(), AGAIN_MS);
  }

  /** Somebody else was faster, here is what he saved: what is wanted next is saved over that. @param {Draft} theirs @param {TemplateDocument} document */
  settle(theirs, document) {
    this.revision = theirs.revision;
    this.#kept = theirs.document;
    this.#wanted = document;
    this.#move({ phase: this.isDirty ? "waiting" : "saved", at: new Date() });
    return this.flush();
  }

  /** The draft became a version, or was dropped: what is here is what is kept. @param {number} revision @param {TemplateDocument} [document] */
  renew(revision, document = this.#wanted) {
    this.revision = revision;
    this.#kept = document;
    this.#wanted = document;
    this.#move({ phase: "saved", at: null });
  }

  /** @param {SaveState} state */
  #move(state) {
    this.#state = state;
    if (!this.#signal.aborted) this.#onState(state);
  }
}
